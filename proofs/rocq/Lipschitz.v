(* Softmax is 1/2-Lipschitz in the sup norm and in every l_p norm (Nair 2025, arXiv 2510.23012). *)
Require Export Calculus Sorting.

(* Young's inequality for natural exponents, by induction. *)
Lemma young_step : forall k s w, 0 <= s -> 0 <= w ->
  (INR k + 1) * s ^ k * w <= INR k * s ^ (k + 1) + w ^ (k + 1).
Proof.
  induction k as [| k IH]; intros s w Hs Hw; [simpl; lra |].
  specialize (IH s w Hs Hw). apply (Rmult_le_compat_r w) in IH; auto.
  pose proof (pow_le s k Hs) as Hk. pose proof (pos_INR k).
  assert (0 <= (INR k + 1) * (s ^ k * ((s - w) * (s - w)))).
  { apply Rmult_le_pos; [lra |]. apply Rmult_le_pos; [auto | apply Rle_0_sqr]. }
  rewrite S_INR. replace (S k + 1)%nat with (S (S k)) by lia.
  replace (k + 1)%nat with (S k) in IH by lia. simpl pow in *. nra.
Qed.

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

(* A covariance under p, from a bound on the products: diagonal and rest apart, p (1 - p) <= 1/4. *)
Lemma covariance_spread : forall (p g h u v : nat -> R), (forall i, (i < n)%nat -> 0 <= p i) ->
  Sum n p = 1 -> (forall i, (i < n)%nat -> forall j, (j < n)%nat -> Rabs (g i * h j) <= u i + v j) ->
  Sum n (fun i => p i * (g i * h i)) - Sum n (fun i => p i * g i) * Sum n (fun i => p i * h i) <=
  Sum n (fun i => u i + v i) / 2.
Proof.
  intros p g h u v Hp Hs H.
  assert (Hoff : - (Sum n (fun i => p i * g i) * Sum n (fun i => p i * h i)) <=
    Sum n (fun i => p i * u i + p i * Sum n (fun j => p j * v j) - p i * p i * (u i + v i + g i * h i))).
  { rewrite <- Sum_scal_r, <- Sum_opp. apply Sum_le. intros i Hi.
    replace (p i * u i + p i * Sum n (fun j => p j * v j) - p i * p i * (u i + v i + g i * h i)) with
      (Sum n (fun j => p i * u i * p j + p i * (p j * v j) +
        - (if Nat.eq_dec j i then p i * p i * (u i + v i + g i * h i) else 0))).
    - rewrite <- Sum_scal, <- Sum_opp. apply Sum_le. intros j Hj.
      pose proof (proj1 (abs_le _ _) (H i Hi j Hj)). pose proof (Rmult_le_pos _ _ (Hp i Hi) (Hp j Hj)).
      destruct (Nat.eq_dec j i) as [-> |]; [apply Req_le; ring |].
      assert (0 <= p i * p j * (u i + v j + g i * h j)) by (apply Rmult_le_pos; lra). lra.
    - rewrite !Sum_plus, Sum_opp, !Sum_scal, Hs, (count_one n i (fun _ => _) Hi). ring. }
  rewrite Sum_minus, Sum_plus, Sum_scal_r, Hs, Rmult_1_l in Hoff.
  assert (Hall : Sum n (fun i => p i * (g i * h i)) + (Sum n (fun i => p i * u i) + Sum n (fun i => p i * v i) -
    Sum n (fun i => p i * p i * (u i + v i + g i * h i))) =
    Sum n (fun i => p i * (1 - p i) * (u i + v i + g i * h i))).
  { rewrite <- Sum_plus, <- Sum_minus, <- Sum_plus. apply Sum_ext. intros; ring. }
  apply Rle_trans with (Sum n (fun i => p i * (1 - p i) * (u i + v i + g i * h i))); [lra |].
  unfold Rdiv. rewrite <- Sum_scal_r. apply Sum_le. intros i Hi.
  pose proof (proj1 (abs_le _ _) (H i Hi i Hi)) as Hg. pose proof (Rabs_pos (g i * h i)).
  pose proof (H i Hi i Hi). pose proof (Hp i Hi).
  assert (p i <= 1) by (rewrite <- Hs; apply Sum_ge_term; auto).
  assert (Hq : 0 <= p i * (1 - p i) <= 1 / 4).
  { pose proof (Rle_0_sqr (p i - 1 / 2)) as Hq. unfold Rsqr in Hq. split; [apply Rmult_le_pos |]; lra. }
  apply Rle_trans with (1 / 4 * (u i + v i + g i * h i)); [apply Rmult_le_compat_r |]; lra.
Qed.

(* The mean value theorem on the weights paired with g. *)
Lemma softmax_paired : forall (g u v x y : nat -> R),
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> Rabs (g i * (x j - y j)) <= u i + v j) ->
  Sum n (fun i => g i * (softmax n x i - softmax n y i)) <= Sum n (fun i => u i + v i) / 2.
Proof.
  intros g u v x y H. set (h := fun j => x j - y j).
  set (f := fun t => Sum n (fun i => softmax n (fun j => y j + t * h j) i * g i)).
  destruct (MVT_cor2 f _ 0 1 Rlt_0_1 (fun t _ => average_deriv n Hn y h g t)) as [c [Hc _]].
  destruct (softmax_simplex n Hn (fun j => y j + c * h j)) as [Hp Hs].
  pose proof (covariance_spread _ g h u v Hp Hs H) as Hcov.
  replace (Sum n (fun i => g i * (softmax n x i - softmax n y i))) with (f 1 - f 0).
  - rewrite Hc. simpl. rewrite (Sum_ext n (fun i => softmax n (fun j => y j + c * h j) i * (h i * g i))
      (fun i => softmax n (fun j => y j + c * h j) i * (g i * h i))) by (intros; ring). lra.
  - unfold f. rewrite <- Sum_minus. apply Sum_ext. intros i Hi.
    rewrite (softmax_ext n (fun j => y j + 1 * h j) x), (softmax_ext n (fun j => y j + 0 * h j) y i Hi)
      by (auto; intros; unfold h; ring). ring.
Qed.

Lemma signed_power : forall q t,
  (if Rle_dec 0 t then Rabs t ^ q else - Rabs t ^ q) * t = Rabs t ^ (q + 1).
Proof.
  intros q t. rewrite pow_add, pow_1.
  destruct (Rle_dec 0 t); [rewrite (Rabs_right t) by lra | rewrite (Rabs_left t) by lra]; ring.
Qed.

(* Every l_p norm with natural p: pair with the dual vector and split by Young's inequality. *)
Lemma softmax_lipschitz_power : forall q x y,
  Sum n (fun i => Rabs (softmax n x i - softmax n y i) ^ (q + 1)) <=
  Sum n (fun i => (Rabs (x i - y i) / 2) ^ (q + 1)).
Proof.
  intros q x y. set (D := fun i => softmax n x i - softmax n y i). set (W := fun i => Rabs (x i - y i) / 2).
  assert (HQ : 0 < INR q + 1) by (pose proof (pos_INR q); lra).
  set (g := fun i => if Rle_dec 0 (D i) then Rabs (D i) ^ q else - Rabs (D i) ^ q).
  assert (Hg : forall i, Rabs (g i) = Rabs (D i) ^ q).
  { intro i. unfold g. destruct (Rle_dec 0 (D i)); rewrite ?Rabs_Ropp;
    apply Rabs_right, Rle_ge, pow_le, Rabs_pos. }
  pose proof (softmax_paired g (fun i => 2 * INR q / (INR q + 1) * Rabs (D i) ^ (q + 1))
    (fun i => 2 / (INR q + 1) * W i ^ (q + 1)) x y) as H.
  lapply H; [clear H; intro H |].
  - rewrite (Sum_ext n _ (fun i => Rabs (D i) ^ (q + 1))) in H.
    2: { intros i _. apply signed_power. }
    rewrite Sum_plus, !Sum_scal in H. set (A := Sum n (fun i => Rabs (D i) ^ (q + 1))) in *.
    set (B := Sum n (fun i => W i ^ (q + 1))) in *. change (A <= B).
    apply (Rmult_le_compat_r (INR q + 1)) in H; [| lra].
    replace ((2 * INR q / (INR q + 1) * A + 2 / (INR q + 1) * B) / 2 * (INR q + 1)) with (INR q * A + B) in H
      by (field; lra). lra.
  - intros i Hi j Hj. rewrite Rabs_mult, Hg.
    pose proof (young_step q (Rabs (D i)) (W j) (Rabs_pos _)) as Hy.
    assert (0 <= W j) by (unfold W; pose proof (Rabs_pos (x j - y j)); lra). specialize (Hy H0).
    apply (Rmult_le_reg_r ((INR q + 1) / 2)); [lra |].
    replace ((2 * INR q / (INR q + 1) * Rabs (D i) ^ (q + 1) + 2 / (INR q + 1) * W j ^ (q + 1)) * ((INR q + 1) / 2))
      with (INR q * Rabs (D i) ^ (q + 1) + W j ^ (q + 1)) by (field; lra).
    replace (Rabs (D i) ^ q * Rabs (x j - y j) * ((INR q + 1) / 2)) with ((INR q + 1) * Rabs (D i) ^ q * W j)
      by (unfold W; field). auto.
Qed.

End Lipschitz.
