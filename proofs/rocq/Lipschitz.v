(* Softmax is 1/2-Lipschitz in the sup norm and in the Euclidean norm (Nair 2025, arXiv 2510.23012). *)
Require Export Calculus.

Section Lipschitz.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Implicit Types x y h : nat -> R.

(* Along h a weight moves at the rate p (h_i - <p, h>), at most 2 p (1 - p) d <= d / 2. *)
Lemma weight_rate : forall p h i d, (forall j, (j < n)%nat -> 0 <= p j) -> Sum n p = 1 ->
  (i < n)%nat -> (forall j, (j < n)%nat -> Rabs (h j) <= d) ->
  Rabs (p i * (h i - Sum n (fun j => p j * h j))) <= d / 2.
Proof.
  intros p h i d Hp Hs Hi Hd.
  assert (Hrest : Rabs (Sum n (fun j => if Nat.eq_dec j i then 0 else p j * h j)) <= (1 - p i) * d).
  { eapply Rle_trans; [apply Sum_abs |]. rewrite <- Hs, (Sum_split n p i Hi).
    replace (p i + Sum n (fun j => if Nat.eq_dec j i then 0 else p j) - p i)
      with (Sum n (fun j => if Nat.eq_dec j i then 0 else p j)) by ring.
    rewrite <- Sum_scal_r. apply Sum_le. intros j Hj. destruct (Nat.eq_dec j i).
    - rewrite Rabs_R0. lra.
    - rewrite Rabs_mult, Rabs_right by (apply Rle_ge; auto). apply Rmult_le_compat_l; auto. }
  rewrite (Sum_split n (fun j => p j * h j) i Hi). apply abs_le in Hrest.
  pose proof (proj1 (abs_le _ _) (Hd i Hi)). pose proof (Hp i Hi) as H0.
  assert (H1 : p i <= 1) by (rewrite <- Hs; apply Sum_ge_term; auto).
  set (s := Sum n (fun j => if Nat.eq_dec j i then 0 else _)) in *. set (q := p i) in *. assert (0 <= d) by lra.
  assert (q * (1 - q) <= 1 / 4) by (pose proof (Rle_0_sqr (q - 1 / 2)) as Hq; unfold Rsqr in Hq; lra).
  assert (Hb : - (2 * (1 - q) * d) <= h i - (q * h i + s) <= 2 * (1 - q) * d).
  { pose proof (Rmult_le_pos (1 - q) (d - h i) ltac:(lra) ltac:(lra)).
    pose proof (Rmult_le_pos (1 - q) (h i + d) ltac:(lra) ltac:(lra)). lra. }
  assert (q * (1 - q) * d <= 1 / 4 * d) by (apply Rmult_le_compat_r; lra).
  apply abs_le. split.
  - apply Rle_trans with (q * - (2 * (1 - q) * d)); [lra | apply Rmult_le_compat_l; lra].
  - apply Rle_trans with (q * (2 * (1 - q) * d)); [apply Rmult_le_compat_l; lra | lra].
Qed.

Lemma softmax_lipschitz_sup : forall x y i d, (i < n)%nat ->
  (forall j, (j < n)%nat -> Rabs (x j - y j) <= d) ->
  Rabs (softmax n x i - softmax n y i) <= d / 2.
Proof.
  intros x y i d Hi Hd. set (h := fun j => x j - y j).
  rewrite (softmax_ext n x (fun j => y j + 1 * h j)), (softmax_ext n y (fun j => y j + 0 * h j) i Hi)
    by (auto; intros; unfold h; ring).
  replace (d / 2) with (d / 2 * (1 - 0)) by ring.
  refine (mean_value_bound (fun u => softmax n (fun j => y j + u * h j) i) _ 0 1 (d / 2) Rle_0_1 _ _).
  - intros t Ht. exact (softmax_deriv n Hn y h i t Hi).
  - intros t Ht. simpl. destruct (softmax_simplex n Hn (fun j => y j + t * h j)). apply weight_rate; auto.
Qed.

Lemma softmax_scaled_lipschitz : forall r x y i d, (i < n)%nat ->
  (forall j, (j < n)%nat -> Rabs (x j - y j) <= d) ->
  Rabs (softmax n (fun j => r * x j) i - softmax n (fun j => r * y j) i) <= Rabs r / 2 * d.
Proof.
  intros r x y i d Hi Hd. replace (Rabs r / 2 * d) with (Rabs r * d / 2) by field.
  apply softmax_lipschitz_sup; auto. intros j Hj. rewrite <- Rmult_minus_distr_l, Rabs_mult.
  apply Rmult_le_compat_l; [apply Rabs_pos | auto].
Qed.

(* The covariance of g and h under p is at most |g| |h| / 2, here for |g|^2 = a, |h|^2 = b. *)
Lemma weights_spread : forall p h, (forall j, (j < n)%nat -> 0 <= p j) -> Sum n p = 1 ->
  2 * var n p h <= Sum n (fun i => h i * h i).
Proof.
  intros p h Hp Hs. destruct (vmax_in n h Hn) as [a [Ha Ea]]. destruct (vmin_in n h Hn) as [b [Hb Eb]].
  pose proof (popoviciu n p Hp Hs h (h b) (h a)) as H.
  lapply H; [clear H; intro H | intros; rewrite <- Ea, <- Eb; split; [apply vmin_lb | apply vmax_ub]; auto].
  destruct (Nat.eq_dec a b) as [-> | Hab].
  - pose proof (Sum_nonneg n (fun i => h i * h i) (fun i _ => Rle_0_sqr (h i))).
    replace ((h b - h b) * (h b - h b) / 4) with 0 in H by field. lra.
  - pose proof (Sum_split n (fun i => h i * h i) a Ha) as Hsplit. simpl in Hsplit.
    pose proof (Sum_ge_term n (fun i => if Nat.eq_dec i a then 0 else h i * h i) b Hb) as Ht.
    lapply Ht; [clear Ht; intro Ht | intros i _; destruct (Nat.eq_dec i a); [lra | apply Rle_0_sqr]].
    simpl in Ht. destruct (Nat.eq_dec b a); [congruence |].
    pose proof (Rle_0_sqr (h a + h b)) as Hq. unfold Rsqr in Hq. lra.
Qed.

(* Twice a covariance is a difference of variances; optimized over the scale it is Cauchy-Schwarz. *)
Lemma covariance_rate : forall p g h, (forall j, (j < n)%nat -> 0 <= p j) -> Sum n p = 1 ->
  avg n p (fun i => h i * g i) - avg n p h * avg n p g <=
  Sum n (fun i => g i * g i) / 2 + Sum n (fun i => h i * h i) / 8.
Proof.
  intros p g h Hp Hs.
  assert (E : forall s, var n p (fun i => h i + s * g i) = var n p h +
    2 * s * (avg n p (fun i => h i * g i) - avg n p h * avg n p g) + s * s * var n p g).
  { intro s. unfold var.
    rewrite (avg_ext n p (fun i => (h i + s * g i) * (h i + s * g i))
      (fun i => h i * h i + (2 * s * (h i * g i) + s * s * (g i * g i)))) by (intros; ring).
    rewrite !avg_plus, !avg_scal. ring. }
  pose proof (E (- (2))) as Em. pose proof (var_nonneg n p Hp Hs (fun i => h i + - (2) * g i)).
  pose proof (weights_spread p g Hp Hs). pose proof (weights_spread p h Hp Hs). lra.
Qed.

Lemma softmax_lipschitz_euclid : forall x y,
  Sum n (fun i => (softmax n x i - softmax n y i) ^ 2) <= / 4 * Sum n (fun i => (x i - y i) ^ 2).
Proof.
  intros x y. set (h := fun j => x j - y j). set (g := fun i => softmax n x i - softmax n y i).
  set (f := fun u => Sum n (fun i => softmax n (fun j => y j + u * h j) i * g i)).
  destruct (MVT_cor2 f _ 0 1 Rlt_0_1 (fun t _ => average_deriv n Hn y h g t)) as [c [Hc _]].
  assert (Ef : f 1 - f 0 = Sum n (fun i => g i * g i)).
  { unfold f. rewrite <- Sum_minus. apply Sum_ext. intros i Hi.
    rewrite (softmax_ext n (fun j => y j + 1 * h j) x), (softmax_ext n (fun j => y j + 0 * h j) y i Hi)
      by (auto; intros; unfold h; ring). unfold g. ring. }
  destruct (softmax_simplex n Hn (fun j => y j + c * h j)) as [Hp Hs].
  pose proof (covariance_rate (softmax n (fun j => y j + c * h j)) g h Hp Hs) as H. unfold avg in H.
  rewrite Ef in Hc. simpl in *.
  rewrite (Sum_ext n (fun i => (softmax n x i - softmax n y i) * _) (fun i => g i * g i)),
    (Sum_ext n (fun i => (x i - y i) * _) (fun i => h i * h i)) by (intros; unfold g, h; ring).
  lra.
Qed.

End Lipschitz.
