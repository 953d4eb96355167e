(* Derivatives along lines: gradient, Hessian, cumulants, Hoeffding's bound, softmax's Lipschitz constant. *)
Require Export Gibbs.

Lemma deriv_ext : forall f g t d, (forall u, f u = g u) ->
  derivable_pt_lim f t d -> derivable_pt_lim g t d.
Proof.
  intros f g t d E H eps He. destruct (H eps He) as [delta Hd]. exists delta.
  intros h h0 hd. rewrite <- !E. auto.
Qed.

Lemma deriv_eq : forall f t d e, d = e -> derivable_pt_lim f t d -> derivable_pt_lim f t e.
Proof. intros. subst. auto. Qed.

Lemma Sum_deriv : forall n (f : R -> nat -> R) d t,
  (forall i, (i < n)%nat -> derivable_pt_lim (fun u => f u i) t (d i)) ->
  derivable_pt_lim (fun u => Sum n (f u)) t (Sum n d).
Proof.
  induction n; intros f d t H; simpl.
  - apply (derivable_pt_lim_const 0).
  - apply (derivable_pt_lim_plus (fun u => Sum n (f u)) (fun u => f u n)); auto.
Qed.

Lemma line_deriv : forall a b t, derivable_pt_lim (fun u => a + u * b) t b.
Proof.
  intros. apply (deriv_eq _ _ (0 + (1 * b + t * 0))); [ring |].
  apply (derivable_pt_lim_plus (fun _ => a) (fun u => u * b)).
  - apply (derivable_pt_lim_const a).
  - apply (derivable_pt_lim_mult (fun u => u) (fun _ => b)).
    + apply derivable_pt_lim_id.
    + apply (derivable_pt_lim_const b).
Qed.

Lemma exp_line_deriv : forall a b t,
  derivable_pt_lim (fun u => exp (a + u * b)) t (exp (a + t * b) * b).
Proof.
  intros. apply (derivable_pt_lim_comp (fun u => a + u * b) exp).
  - apply line_deriv.
  - apply derivable_pt_lim_exp.
Qed.

Lemma mult_const_deriv : forall f c t d, derivable_pt_lim f t d ->
  derivable_pt_lim (fun u => f u * c) t (d * c).
Proof.
  intros. apply (deriv_eq _ _ (d * c + f t * 0)); [ring |].
  apply (derivable_pt_lim_mult f (fun _ => c)); auto. apply (derivable_pt_lim_const c).
Qed.

Section Line.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Implicit Types x h : nat -> R.

Let at_ x h (t : R) := fun i => x i + t * h i.

(* The derivative of log-sum-exp along h is the softmax-weighted average of h. *)
Lemma lse_deriv : forall x h t, derivable_pt_lim (fun u => LSE n (fun i => x i + u * h i)) t
  (Sum n (fun i => softmax n (fun j => x j + t * h j) i * h i)).
Proof.
  intros. set (Z := Sum n (fun i => exp (x i + t * h i))).
  apply (deriv_eq _ _ (/ Z * Sum n (fun i => exp (x i + t * h i) * h i))).
  - rewrite <- Sum_scal. apply Sum_ext. intros. unfold softmax. fold Z. field.
    apply Rgt_not_eq, Z_pos; auto.
  - apply (derivable_pt_lim_comp (fun u => Sum n (fun i => exp (x i + u * h i))) ln).
    + apply (Sum_deriv n (fun u i => exp (x i + u * h i))). intros. apply exp_line_deriv.
    + apply derivable_pt_lim_ln. apply Z_pos; auto.
Qed.

(* The derivative of a softmax weight along h: p_i (h_i - <p, h>). *)
Lemma softmax_deriv : forall x h i t, (i < n)%nat ->
  derivable_pt_lim (fun u => softmax n (fun j => x j + u * h j) i) t
    (softmax n (at_ x h t) i * (h i - Sum n (fun j => softmax n (at_ x h t) j * h j))).
Proof.
  intros x h i t Hi.
  apply (deriv_ext (fun u => exp ((x i + u * h i) - LSE n (fun j => x j + u * h j)))).
  { intro u. rewrite (softmax_LSE n (fun j => x j + u * h j)); auto. }
  apply (deriv_eq _ _ (exp ((x i + t * h i) - LSE n (at_ x h t)) *
    (h i - Sum n (fun j => softmax n (at_ x h t) j * h j)))).
  - f_equal. rewrite softmax_LSE; auto.
  - apply (derivable_pt_lim_comp (fun u => (x i + u * h i) - LSE n (fun j => x j + u * h j)) exp).
    + apply (derivable_pt_lim_minus (fun u => x i + u * h i)); [apply line_deriv | apply lse_deriv].
    + apply derivable_pt_lim_exp.
Qed.

(* The derivative of a softmax-weighted average of g along h: the covariance of g and h. *)
Lemma average_deriv : forall x h (g : nat -> R) t,
  derivable_pt_lim (fun u => Sum n (fun i => softmax n (fun j => x j + u * h j) i * g i)) t
    (Sum n (fun i => softmax n (at_ x h t) i * (h i * g i)) -
     Sum n (fun i => softmax n (at_ x h t) i * h i) * Sum n (fun i => softmax n (at_ x h t) i * g i)).
Proof.
  intros. set (p := softmax n (at_ x h t)). set (m := Sum n (fun i => p i * h i)).
  apply (deriv_eq _ _ (Sum n (fun i => p i * (h i - m) * g i))).
  - rewrite (Rmult_comm m), <- Sum_scal_r, <- Sum_minus. apply Sum_ext. intros; ring.
  - apply (Sum_deriv n (fun u i => softmax n (fun j => x j + u * h j) i * g i)).
    intros. apply (mult_const_deriv (fun u => softmax n (fun j => x j + u * h j) i)).
    apply softmax_deriv; auto.
Qed.

End Line.

(* Variance and covariance under weights p that sum to one. *)
Section Variance.
Variable n : nat.
Variables p : nat -> R.
Hypothesis Hp : forall i, (i < n)%nat -> 0 <= p i.
Hypothesis Hs : Sum n p = 1.

Definition avg (n : nat) (p h : nat -> R) : R := Sum n (fun i => p i * h i).
Definition var (n : nat) (p h : nat -> R) : R := avg n p (fun i => h i * h i) - avg n p h * avg n p h.

Lemma avg_shift : forall h a b, avg n p (fun i => a * h i + b) = a * avg n p h + b.
Proof.
  intros. unfold avg. rewrite (Sum_ext n _ (fun i => a * (p i * h i) + p i * b)) by (intros; ring).
  rewrite Sum_plus, Sum_scal, Sum_scal_r, Hs. ring.
Qed.

Lemma avg_nonneg : forall h, (forall i, (i < n)%nat -> 0 <= h i) -> 0 <= avg n p h.
Proof. intros. apply Sum_nonneg. intros. apply Rmult_le_pos; auto. Qed.

Lemma avg_ext : forall g h, (forall i, (i < n)%nat -> g i = h i) -> avg n p g = avg n p h.
Proof. intros. apply Sum_ext. intros. rewrite H; auto. Qed.

Lemma avg_le : forall g h, (forall i, (i < n)%nat -> g i <= h i) -> avg n p g <= avg n p h.
Proof. intros. apply Sum_le. intros. apply Rmult_le_compat_l; auto. Qed.

Lemma avg_plus : forall g h, avg n p (fun i => g i + h i) = avg n p g + avg n p h.
Proof. intros. unfold avg. rewrite <- Sum_plus. apply Sum_ext. intros; ring. Qed.

Lemma avg_scal : forall c h, avg n p (fun i => c * h i) = c * avg n p h.
Proof. intros. unfold avg. rewrite <- Sum_scal. apply Sum_ext. intros; ring. Qed.

Lemma avg_const : forall c, avg n p (fun _ => c) = c.
Proof. intros. unfold avg. rewrite Sum_scal_r, Hs. ring. Qed.

Lemma var_centered : forall h, var n p h = avg n p (fun i => (h i - avg n p h) * (h i - avg n p h)).
Proof.
  intros. set (m := avg n p h).
  rewrite (avg_ext _ (fun i => h i * h i + (- (2 * m) * h i + m * m))) by (intros; ring).
  rewrite avg_plus, avg_shift. unfold var. fold m. ring.
Qed.

Lemma var_nonneg : forall h, 0 <= var n p h.
Proof. intros. rewrite var_centered. apply avg_nonneg. intros. apply Rle_0_sqr. Qed.

(* Popoviciu: (b - h)(h - a) >= 0, averaged. *)
Lemma popoviciu : forall h a b, (forall i, (i < n)%nat -> a <= h i <= b) ->
  var n p h <= (b - a) * (b - a) / 4.
Proof.
  intros h a b H. assert (E : avg n p (fun i => h i * h i) <= (a + b) * avg n p h + - (a * b)).
  { rewrite <- avg_shift. apply avg_le. intros i Hi. specialize (H i Hi). nra. }
  unfold var. pose proof (Rle_0_sqr (avg n p h - (a + b) / 2)) as Hq. unfold Rsqr in Hq. lra.
Qed.

End Variance.

(* A function whose derivative on [a, b] is never negative does not decrease. *)
Lemma increasing_from_derivative : forall f d a b, a <= b ->
  (forall t, a <= t <= b -> derivable_pt_lim f t (d t)) -> (forall t, a <= t <= b -> 0 <= d t) ->
  f a <= f b.
Proof.
  intros f d a b [Hab | ->] Hf Hd; [| lra].
  destruct (MVT_cor2 f d a b Hab Hf) as [c [Hc Hin]]. specialize (Hd c ltac:(lra)).
  assert (0 <= d c * (b - a)) by (apply Rmult_le_pos; lra). lra.
Qed.

(* A bound on the derivative bounds the increment. *)
Lemma mean_value_bound : forall f d a b c, a <= b ->
  (forall t, a <= t <= b -> derivable_pt_lim f t (d t)) -> (forall t, a <= t <= b -> Rabs (d t) <= c) ->
  Rabs (f b - f a) <= c * (b - a).
Proof.
  intros f d a b c [Hab | ->] Hf Hd.
  - destruct (MVT_cor2 f d a b Hab Hf) as [t [-> Ht]]. rewrite Rabs_mult, (Rabs_right (b - a)) by lra.
    apply Rmult_le_compat_r; [lra | apply Hd; lra].
  - replace (f b - f b) with 0 by ring. rewrite Rabs_R0. lra.
Qed.

Section Pooling.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Implicit Types x h : nat -> R.

(* Log-sum-exp of r x as a function of r: its first and second derivatives. *)
Lemma lse_scaled_deriv : forall x r,
  derivable_pt_lim (fun s => LSE n (fun i => s * x i)) r (SWAP n r x).
Proof.
  intros. apply (deriv_ext (fun u => LSE n (fun i => 0 + u * x i))).
  { intro u. apply LSE_ext. intros; ring. }
  eapply deriv_eq; [| apply lse_deriv; auto]. rewrite SWAP_avg. apply Sum_ext. intros. f_equal.
  apply softmax_ext; auto. intros; ring.
Qed.

Definition tilted (n : nat) (r : R) (x : nat -> R) : nat -> R := softmax n (fun i => r * x i).

Lemma tilted_simplex : forall r x, (forall i, (i < n)%nat -> 0 <= tilted n r x i) /\ Sum n (tilted n r x) = 1.
Proof. intros. apply softmax_simplex; auto. Qed.

Lemma tilted_deriv : forall (g : nat -> R) x r, derivable_pt_lim (fun s => avg n (tilted n s x) g) r
  (avg n (tilted n r x) (fun i => x i * g i) - avg n (tilted n r x) x * avg n (tilted n r x) g).
Proof.
  intros. assert (E : forall s i, (i < n)%nat -> softmax n (fun j => 0 + s * x j) i = tilted n s x i)
    by (intros; apply softmax_ext; auto; intros; ring).
  apply (deriv_ext (fun u => Sum n (fun i => softmax n (fun j => 0 + u * x j) i * g i))).
  { intro u. apply Sum_ext. intros. rewrite E; auto. }
  eapply deriv_eq; [| apply (average_deriv n Hn (fun _ => 0) x g)].
  unfold avg. f_equal; [| f_equal]; apply Sum_ext; intros; rewrite E; auto.
Qed.

Lemma swap_deriv : forall x r, derivable_pt_lim (fun s => SWAP n s x) r (var n (tilted n r x) x).
Proof.
  intros. apply (deriv_ext (fun s => avg n (tilted n s x) x)); [| apply tilted_deriv].
  intro. rewrite SWAP_avg. reflexivity.
Qed.

Lemma swap_at_0 : forall x, SWAP n 0 x = mean n x.
Proof.
  intros. rewrite SWAP_avg. unfold mean, softmax. rewrite <- Sum_div. apply Sum_ext. intros.
  rewrite (Sum_ext n _ (fun _ => 1)) by (intros; rewrite Rmult_0_l; apply exp_0).
  rewrite Sum_const, Rmult_0_l, exp_0. field. apply Rgt_not_eq, INR_pos; auto.
Qed.

Lemma lse_at_0 : forall x, LSE n (fun i => 0 * x i) = ln (INR n).
Proof.
  intros. unfold LSE. rewrite (Sum_ext n _ (fun _ => 1)) by (intros; rewrite Rmult_0_l; apply exp_0).
  rewrite Sum_const, Rmult_1_r. reflexivity.
Qed.

Lemma tilted_var_bounds : forall r x,
  0 <= var n (tilted n r x) x <= (vmax n x - vmin n x) * (vmax n x - vmin n x) / 4.
Proof.
  intros. destruct (tilted_simplex r x) as [Hp Hs]. split; [apply var_nonneg; auto |].
  apply popoviciu; auto. intros. split; [apply vmin_lb | apply vmax_ub]; auto.
Qed.

Lemma swap_near_mean : forall r x, 0 <= r ->
  SWAP n r x - mean n x <= r * ((vmax n x - vmin n x) * (vmax n x - vmin n x) / 4).
Proof.
  intros r x Hr. rewrite <- swap_at_0.
  pose proof (mean_value_bound (fun s => SWAP n s x) (fun s => var n (tilted n s x) x) 0 r
    ((vmax n x - vmin n x) * (vmax n x - vmin n x) / 4) Hr) as H.
  lapply H; [clear H; intro H | intros; apply swap_deriv].
  lapply H; [clear H; intro H |].
  - apply abs_le in H. lra.
  - intros. destruct (tilted_var_bounds t x). apply abs_le. lra.
Qed.

(* K(r) = log E exp(r X) has K(0) = 0, K' = SWAP, K'' <= (max - min)^2 / 4: integrate twice. *)
Lemma hoeffding_bound : forall r x, 0 < r ->
  M n r x - mean n x <= r * (vmax n x - vmin n x) ^ 2 / 8.
Proof.
  intros r x Hr. set (c := (vmax n x - vmin n x) * (vmax n x - vmin n x) / 4).
  rewrite M_LSE by (auto; lra).
  pose proof (increasing_from_derivative (fun s => mean n x * s + c * s * s / 2 - LSE n (fun i => s * x i))
    (fun s => mean n x + c * s - SWAP n s x) 0 r ltac:(lra)) as H.
  lapply H; [clear H; intro H |].
  - lapply H; [clear H; intro H |].
    + rewrite lse_at_0 in H. cut ((LSE n (fun i => r * x i) - ln (INR n)) / r <= mean n x + c * r / 2).
      { unfold c. lra. }
      apply div_le; auto. lra.
    + intros. pose proof (swap_near_mean t x ltac:(lra)). fold c in H1. lra.
  - intros. apply (derivable_pt_lim_minus (fun s => mean n x * s + c * s * s / 2)); [| apply lse_scaled_deriv].
    apply (deriv_eq _ _ (mean n x * 1 + (c * 1 * t + c * t * 1) * / 2)); [field |].
    apply (derivable_pt_lim_plus (fun s => mean n x * s)).
    + apply (deriv_eq _ _ (0 * t + mean n x * 1)); [ring |].
      apply (derivable_pt_lim_mult (fun _ => mean n x) (fun s => s)).
      * apply (derivable_pt_lim_const (mean n x)).
      * apply derivable_pt_lim_id.
    + apply mult_const_deriv with (f := fun s => c * s * s).
      apply (derivable_pt_lim_mult (fun s => c * s) (fun s => s)); [| apply derivable_pt_lim_id].
      apply (deriv_eq _ _ (0 * t + c * 1)); [ring |].
      apply (derivable_pt_lim_mult (fun _ => c) (fun s => s)).
      * apply (derivable_pt_lim_const c).
      * apply derivable_pt_lim_id.
Qed.

End Pooling.

(* A variance is positive as soon as two entries of positive weight differ. *)
Lemma var_positive : forall n p h i j, (forall k, (k < n)%nat -> 0 <= p k) -> Sum n p = 1 ->
  (i < n)%nat -> (j < n)%nat -> 0 < p i -> 0 < p j -> h i < h j -> 0 < var n p h.
Proof.
  intros n p h i j Hp Hs Hi Hj Pi Pj Hlt. rewrite var_centered by auto. set (m := avg n p h).
  assert (Hq : forall k, 0 <= (h k - m) * (h k - m)) by (intro; apply Rle_0_sqr).
  assert (Ht : forall k, (k < n)%nat -> 0 <= p k * ((h k - m) * (h k - m)))
    by (intros; apply Rmult_le_pos; auto).
  destruct (Req_dec (h i) m) as [E | E].
  - eapply Rlt_le_trans; [| apply (Sum_ge_term n (fun k => p k * ((h k - m) * (h k - m))) j); auto].
    apply Rmult_lt_0_compat; auto. apply Rsqr_pos_lt. lra.
  - eapply Rlt_le_trans; [| apply (Sum_ge_term n (fun k => p k * ((h k - m) * (h k - m))) i); auto].
    apply Rmult_lt_0_compat; auto. apply Rsqr_pos_lt. lra.
Qed.

(* The pooled value along h: the weights of r x, averaged over h. *)
Lemma pooled_deriv : forall n r x h t, (1 <= n)%nat -> r <> 0 ->
  derivable_pt_lim (fun u => M n r (fun i => x i + u * h i)) t
    (Sum n (fun i => softmax n (fun j => r * (x j + t * h j)) i * h i)).
Proof.
  intros n r x h t Hn Hr.
  apply (deriv_ext (fun u => (LSE n (fun i => r * x i + u * (r * h i)) - ln (INR n)) * / r)).
  { intro u. rewrite M_LSE by auto. unfold Rdiv. do 2 f_equal. apply LSE_ext. intros; ring. }
  apply (deriv_eq _ _ ((Sum n (fun i => softmax n (fun j => r * x j + t * (r * h j)) i * (r * h i)) - 0) * / r)).
  - rewrite Rminus_0_r, <- Sum_scal_r. apply Sum_ext. intros i Hi.
    rewrite (softmax_ext n _ (fun j => r * (x j + t * h j))) by (auto; intros; ring). field. auto.
  - apply (mult_const_deriv (fun u => LSE n (fun i => r * x i + u * (r * h i)) - ln (INR n))).
    apply (derivable_pt_lim_minus (fun u => LSE n (fun i => r * x i + u * (r * h i)))).
    + apply (lse_deriv n Hn (fun i => r * x i) (fun i => r * h i)).
    + apply (derivable_pt_lim_const (ln (INR n))).
Qed.

(* SWAP along h: the weights move and so do the entries. *)
Lemma swap_line_deriv : forall n r x h t, (1 <= n)%nat -> let z := fun i => x i + t * h i in
  derivable_pt_lim (fun u => SWAP n r (fun i => x i + u * h i)) t
    (Sum n (fun i => softmax n (fun j => r * z j) i * (1 + r * (z i - SWAP n r z)) * h i)).
Proof.
  intros n r x h t Hn z. set (p := softmax n (fun j => r * x j + t * (r * h j))).
  apply (deriv_ext (fun u => Sum n (fun i => softmax n (fun j => r * x j + u * (r * h j)) i * (x i + u * h i)))).
  { intro u. rewrite SWAP_avg. apply Sum_ext. intros. f_equal. apply softmax_ext; auto. intros; ring. }
  apply (deriv_eq _ _ (Sum n (fun i => p i * (r * h i - Sum n (fun j => p j * (r * h j))) * z i + p i * h i))).
  - rewrite SWAP_avg.
    assert (E : forall i, (i < n)%nat -> softmax n (fun j => r * z j) i = p i)
      by (intros; apply softmax_ext; auto; intros; unfold z; ring).
    rewrite (Sum_ext n (fun i => softmax n (fun j => r * z j) i * z i) (fun i => p i * z i))
      by (intros; rewrite E; auto).
    set (m := Sum n (fun i => p i * z i)).
    rewrite (Sum_ext n (fun j => p j * (r * h j)) (fun j => r * (p j * h j))) by (intros; ring).
    rewrite Sum_scal. set (q := Sum n (fun j => p j * h j)).
    rewrite (Sum_ext n _ (fun i => (p i * h i * (1 + r * z i)) - r * q * (p i * z i))) by (intros; ring).
    rewrite Sum_minus, Sum_scal. fold m.
    rewrite (Sum_ext n (fun i => softmax n (fun j => r * z j) i * (1 + r * (z i - m)) * h i)
      (fun i => p i * h i * (1 + r * z i) - r * m * (p i * h i))) by (intros; rewrite E by auto; ring).
    rewrite Sum_minus, Sum_scal. fold q. ring.
  - apply (Sum_deriv n (fun u i => softmax n (fun j => r * x j + u * (r * h j)) i * (x i + u * h i))).
    intros i Hi. apply (derivable_pt_lim_mult (fun u => softmax n (fun j => r * x j + u * (r * h j)) i)).
    + apply (softmax_deriv n Hn (fun j => r * x j) (fun j => r * h j) i t Hi).
    + apply line_deriv.
Qed.

(* Where two entries differ, SWAP is strictly inside and strictly increasing in r. *)
Lemma swap_strictly_inside : forall n r x i j, (i < n)%nat -> (j < n)%nat -> x i < x j ->
  vmin n x < SWAP n r x < vmax n x.
Proof.
  intros n r x i j Hi Hj Hlt. assert (Hn : (1 <= n)%nat) by lia. rewrite SWAP_avg.
  set (p := softmax n (fun k => r * x k)). assert (Hs : Sum n p = 1) by (apply softmax_sum; auto).
  assert (Hp : forall k, 0 < p k) by (intro; apply softmax_pos; auto).
  rewrite <- (Rmult_1_l (vmin n x)), <- (Rmult_1_l (vmax n x)), <- Hs, <- !Sum_scal_r. split.
  - apply (Sum_lt n _ _ j Hj).
    + intros k Hk. apply Rmult_le_compat_l; [apply Rlt_le, Hp | apply vmin_lb; auto].
    + apply Rmult_lt_compat_l; [apply Hp |]. pose proof (vmin_lb n x i Hi). lra.
  - apply (Sum_lt n _ _ i Hi).
    + intros k Hk. apply Rmult_le_compat_l; [apply Rlt_le, Hp | apply vmax_ub; auto].
    + apply Rmult_lt_compat_l; [apply Hp |]. pose proof (vmax_ub n x j Hj). lra.
Qed.

Lemma swap_strictly_increasing : forall n r s x i j, (i < n)%nat -> (j < n)%nat -> x i < x j ->
  r < s -> SWAP n r x < SWAP n s x.
Proof.
  intros n r s x i j Hi Hj Hlt Hrs. assert (Hn : (1 <= n)%nat) by lia.
  destruct (MVT_cor2 (fun u => SWAP n u x) _ r s Hrs (fun u _ => swap_deriv n Hn x u)) as [c [E _]].
  destruct (tilted_simplex n Hn c x) as [Hp Hs].
  pose proof (var_positive n (tilted n c x) x i j Hp Hs Hi Hj (softmax_pos _ _ _ Hn) (softmax_pos _ _ _ Hn) Hlt).
  assert (0 < var n (tilted n c x) x * (s - r)) by (apply Rmult_lt_0_compat; lra). simpl in E. lra.
Qed.
