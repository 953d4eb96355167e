(* Gibbs' variational principle and what follows from it without calculus. *)
Require Export Bounds.

Section Gibbs.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Implicit Types x y p : nat -> R.

Let simplex p := (forall i, (i < n)%nat -> 0 <= p i) /\ Sum n p = 1.

Lemma softmax_simplex : forall x, simplex (softmax n x).
Proof. intro x. split; [intros; apply Rlt_le, softmax_pos; auto | apply softmax_sum; auto]. Qed.

(* The tangent line of exp at x_i - LSE - ln p_i, averaged with the weights p. *)
Lemma gibbs_below : forall x p, simplex p -> Sum n (fun i => p i * x i) + entropy n p <= LSE n x.
Proof.
  intros x p [Hp Hs]. set (L := LSE n x).
  assert (H : Sum n (fun i => p i + p i * x i + - (p i * ln (p i)) + p i * - L)
              <= Sum n (fun i => exp (x i) * exp (- L))).
  { apply Sum_le. intros i Hi. destruct (Hp i Hi) as [Hpos | <-].
    - rewrite <- (exp_ln (p i) Hpos) at 1 2 3 5. rewrite <- exp_plus.
      pose proof (exp_tangent (x i - L - ln (p i))).
      replace (x i + - L) with (ln (p i) + (x i - L - ln (p i))) by ring.
      rewrite exp_plus. pose proof (exp_pos (ln (p i))). nra.
    - pose proof (exp_pos (x i)). pose proof (exp_pos (- L)). nra. }
  rewrite !Sum_plus, !Sum_scal_r, Sum_opp, Hs in H. rewrite <- (exp_LSE n x Hn) in H.
  rewrite <- exp_plus in H. fold L in H. rewrite Rplus_opp_r, exp_0 in H. unfold entropy. lra.
Qed.

(* The termwise inequality is strict where p_j is not the softmax weight. *)
Lemma gibbs_strict : forall x p j, simplex p -> (j < n)%nat -> p j <> softmax n x j ->
  Sum n (fun i => p i * x i) + entropy n p < LSE n x.
Proof.
  intros x p j [Hp Hs] Hj Hne. set (L := LSE n x).
  assert (T : forall i, (i < n)%nat -> 0 < p i -> p i * (1 + (x i - L - ln (p i))) <= softmax n x i /\
    (p i <> softmax n x i -> p i * (1 + (x i - L - ln (p i))) < softmax n x i)).
  { intros i Hi Hpos. rewrite softmax_LSE by auto. fold L. set (t := x i - L - ln (p i)).
    replace (exp (x i - L)) with (p i * exp t)
      by (rewrite <- (exp_ln (p i) Hpos) at 1; rewrite <- exp_plus; f_equal; unfold t; ring).
    split; [apply Rmult_le_compat_l; [lra | apply exp_tangent] |]. intro Hd.
    apply Rmult_lt_compat_l; auto. apply exp_ineq1. intro H0. apply Hd. rewrite H0, exp_0. ring. }
  assert (H : Sum n (fun i => p i * (1 + (x i - L - ln (p i)))) < Sum n (softmax n x)).
  { apply (Sum_lt n _ _ j); auto.
    - intros i Hi. destruct (Hp i Hi) as [Hpos | <-]; [apply T; auto |].
      rewrite Rmult_0_l. apply Rlt_le, softmax_pos; auto.
    - destruct (Hp j Hj) as [Hpos | <-]; [apply T; auto |]. rewrite Rmult_0_l. apply softmax_pos; auto. }
  rewrite softmax_sum in H by auto.
  rewrite (Sum_ext n _ (fun i => p i + p i * x i + - (p i * ln (p i)) + p i * - L)) in H by (intros; ring).
  rewrite !Sum_plus, Sum_scal_r, Sum_opp, Hs in H. unfold entropy. lra.
Qed.

Lemma gibbs_attained : forall x,
  Sum n (fun i => softmax n x i * x i) + entropy n (softmax n x) = LSE n x.
Proof.
  intro x. unfold entropy. rewrite <- Sum_opp, <- Sum_plus.
  rewrite (Sum_ext n _ (fun i => softmax n x i * LSE n x)).
  - rewrite Sum_scal_r, softmax_sum; auto; ring.
  - intros. rewrite ln_softmax by auto. ring.
Qed.

(* Two averages with the same weights; the weights may be moved through a combination. *)
Lemma Sum_mix : forall p x y a b,
  Sum n (fun i => p i * (a * x i + b * y i)) =
  a * Sum n (fun i => p i * x i) + b * Sum n (fun i => p i * y i).
Proof. intros. rewrite <- !Sum_scal, <- Sum_plus. apply Sum_ext. intros; ring. Qed.

Lemma lse_convex : forall x y t, 0 <= t <= 1 ->
  LSE n (fun i => t * x i + (1 - t) * y i) <= t * LSE n x + (1 - t) * LSE n y.
Proof.
  intros x y t Ht. set (z := fun i => t * x i + (1 - t) * y i).
  rewrite <- (gibbs_attained z). unfold z at 2. rewrite Sum_mix.
  pose proof (gibbs_below x _ (softmax_simplex z)). pose proof (gibbs_below y _ (softmax_simplex z)).
  nra.
Qed.

Lemma entropy_le : forall p, simplex p -> entropy n p <= ln (INR n).
Proof.
  intros p Hp. pose proof (gibbs_below (fun _ => 0) p Hp) as H. unfold LSE in H.
  rewrite exp_0, Sum_const, Rmult_1_r in H. rewrite Sum_scal_r, Rmult_0_r, Rplus_0_l in H. auto.
Qed.

Lemma entropy_nonneg : forall x, 0 <= entropy n (softmax n x).
Proof.
  intro x. unfold entropy. rewrite <- Sum_opp. apply Sum_nonneg. intros i Hi.
  pose proof (softmax_pos n x i Hn). pose proof (softmax_le_1 n x i Hi).
  pose proof (ln_mono _ 1 H H0). rewrite ln_1 in *. nra.
Qed.

(* With p the weights at parameter r: r SWAP + H(p) = LSE(r x). *)
Lemma swap_plus_entropy : forall r x,
  r * SWAP n r x + entropy n (softmax n (fun i => r * x i)) = LSE n (fun i => r * x i).
Proof.
  intros. rewrite <- gibbs_attained. f_equal. rewrite SWAP_avg, <- Sum_scal.
  apply Sum_ext. intros; ring.
Qed.

Lemma gibbs_scaled : forall r s x,
  s * SWAP n r x + entropy n (softmax n (fun i => r * x i)) <= LSE n (fun i => s * x i).
Proof.
  intros. eapply Rle_trans; [| apply (gibbs_below _ _ (softmax_simplex (fun i => r * x i)))].
  apply Req_le. f_equal. rewrite SWAP_avg, <- Sum_scal. apply Sum_ext. intros; ring.
Qed.

Lemma swap_increasing : forall r s x, r <= s -> SWAP n r x <= SWAP n s x.
Proof.
  intros r s x [H | ->]; [| lra]. pose proof (gibbs_scaled r s x). pose proof (gibbs_scaled s r x).
  pose proof (swap_plus_entropy r x). pose proof (swap_plus_entropy s x). nra.
Qed.

Lemma weighted_between : forall p x a b, simplex p -> (forall i, (i < n)%nat -> a <= x i <= b) ->
  a <= Sum n (fun i => p i * x i) <= b.
Proof.
  intros p x a b [Hp Hs] H. rewrite <- (Rmult_1_l a), <- (Rmult_1_l b), <- Hs.
  rewrite <- !Sum_scal_r. split; apply Sum_le; intros i Hi; specialize (Hp i Hi); specialize (H i Hi); nra.
Qed.

Lemma swap_inside : forall r x, vmin n x <= SWAP n r x <= vmax n x.
Proof.
  intros. rewrite SWAP_avg. apply weighted_between; [apply softmax_simplex |].
  intros. split; [apply vmin_lb | apply vmax_ub]; auto.
Qed.

(* The uniform weights in Gibbs' inequality. *)
Lemma mean_below_pooled : forall r x, 0 < r -> mean n x <= M n r x.
Proof.
  intros r x Hr. rewrite M_LSE by (auto; lra). pose proof (INR_pos n Hn) as HN.
  assert (Hp : simplex (fun _ => / INR n)).
  { split; [intros; apply Rlt_le, Rinv_0_lt_compat; auto | rewrite Sum_const; field; lra]. }
  pose proof (gibbs_below (fun i => r * x i) _ Hp) as H. unfold entropy in H.
  rewrite Sum_const, ln_Rinv in H by auto. rewrite (Sum_scal n (/ INR n) (fun i => r * x i)), Sum_scal in H.
  apply le_div; auto. unfold mean.
  replace (Sum n x / INR n * r) with (/ INR n * (r * Sum n x)) by (field; lra).
  replace (- (INR n * (/ INR n * - ln (INR n)))) with (ln (INR n)) in H by (field; lra). lra.
Qed.

Lemma mean_opp : forall x, mean n (fun i => - x i) = - mean n x.
Proof. intros. unfold mean. rewrite Sum_opp. field. apply Rgt_not_eq, INR_pos; auto. Qed.

Lemma mean_above_pooled : forall r x, r < 0 -> M n r x <= mean n x.
Proof.
  intros. rewrite M_opp by lra. pose proof (mean_below_pooled (- r) (fun i => - x i) ltac:(lra)) as H0.
  rewrite mean_opp in H0. lra.
Qed.

Lemma monotone_positive : forall r s x, 0 < r -> r <= s -> M n r x <= M n s x.
Proof.
  intros r s x Hr Hs. rewrite !M_LSE by (auto; lra).
  pose proof (gibbs_scaled r s x). pose proof (swap_plus_entropy r x) as Hr'.
  pose proof (entropy_le _ (softmax_simplex (fun i => r * x i))).
  set (h := entropy n (softmax n (fun i => r * x i))) in *. set (l := ln (INR n)) in *.
  apply Rle_trans with (SWAP n r x + (h - l) / s).
  - rewrite <- Hr'. replace ((r * SWAP n r x + h - l) / r) with (SWAP n r x + (h - l) / r) by (field; lra).
    apply Rplus_le_compat_l. apply (Rmult_le_reg_r (r * s)); [nra |].
    replace ((h - l) / r * (r * s)) with ((h - l) * s) by (field; lra).
    replace ((h - l) / s * (r * s)) with ((h - l) * r) by (field; lra). nra.
  - apply le_div; [lra |].
    replace ((SWAP n r x + (h - l) / s) * s) with (s * SWAP n r x + h - l) by (field; lra). lra.
Qed.

(* Both signs, and across zero through the mean. *)
Lemma monotone_nonzero : forall r s x, r <> 0 -> s <> 0 -> r <= s -> M n r x <= M n s x.
Proof.
  intros r s x Hr Hs H. destruct (Rlt_dec 0 r); [apply monotone_positive; lra |].
  destruct (Rlt_dec 0 s).
  - apply Rle_trans with (mean n x); [apply mean_above_pooled | apply mean_below_pooled]; lra.
  - rewrite (M_opp n r), (M_opp n s) by auto. apply Ropp_le_contravar, monotone_positive; lra.
Qed.

Lemma swap_over_pooled : forall r x, 0 < r ->
  M n r x <= SWAP n r x /\ SWAP n r x - M n r x <= ln (INR n) / r.
Proof.
  intros r x Hr. rewrite M_LSE by (auto; lra). pose proof (swap_plus_entropy r x) as H.
  pose proof (entropy_le _ (softmax_simplex (fun i => r * x i))).
  pose proof (entropy_nonneg (fun i => r * x i)).
  split; [apply div_le; lra |]. rewrite <- H. apply le_div; auto. unfold Rminus at 1.
  rewrite Rmult_plus_distr_r. rewrite Ropp_mult_distr_l_reverse. unfold Rdiv.
  rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(* Tangent of t exp(-t) at t = 1: the point of the bound below. *)
Lemma t_exp_opp : forall t, t * exp (- t) <= exp (- 1).
Proof.
  intro t. replace (exp (- 1)) with (exp (t - 1) * exp (- t)) by (rewrite <- exp_plus; f_equal; ring).
  apply Rmult_le_compat_r; [apply Rlt_le, exp_pos |]. pose proof (exp_tangent (t - 1)). lra.
Qed.

(* w is Lambert's W((n-1)/e), or any larger number. *)
Lemma swap_gap : forall r x w, 0 < r -> (INR n - 1) * exp (- (1)) <= w * exp w ->
  vmax n x - SWAP n r x <= w / r.
Proof.
  intros r x w Hr Hw. apply le_div; auto. set (m := vmax n x). set (D := fun i => r * (m - x i)).
  destruct (vmax_in n x Hn) as [k [Hk Hxk]].
  assert (Hz : 0 < Sum n (fun i => exp (- D i))) by (apply Sum_pos; auto; intros; apply exp_pos).
  assert (HS : SWAP n r x = m - Sum n (fun i => exp (- D i) * (m - x i)) / Sum n (fun i => exp (- D i))).
  { rewrite SWAP_avg. apply (Rmult_eq_reg_r (Sum n (fun i => exp (- D i)))); [| lra].
    replace ((m - Sum n (fun i => exp (- D i) * (m - x i)) / Sum n (fun i => exp (- D i))) *
      Sum n (fun i => exp (- D i))) with
      (m * Sum n (fun i => exp (- D i)) - Sum n (fun i => exp (- D i) * (m - x i))) by (field; lra).
    rewrite <- (Sum_scal n m), <- Sum_minus, <- Sum_scal_r. apply Sum_ext. intros i Hi.
    assert (HE : forall j, (j < n)%nat -> exp (r * x j) = exp (r * m) * exp (- D j))
      by (intros; rewrite <- exp_plus; f_equal; unfold D; ring).
    unfold softmax. rewrite HE by auto. rewrite (Sum_ext n (fun j => exp (r * x j)) _ HE), Sum_scal.
    field. split; [lra | apply Rgt_not_eq, exp_pos]. }
  rewrite HS. replace ((m - (m - _)) * r) with (Sum n (fun i => D i * exp (- D i)) / Sum n (fun i => exp (- D i))).
  2: { rewrite (Sum_ext n (fun i => D i * exp (- D i)) (fun i => r * (exp (- D i) * (m - x i))))
         by (intros; unfold D; ring). rewrite Sum_scal. field. lra. }
  apply div_le; auto. rewrite <- Sum_scal.
  cut (Sum n (fun i => (D i - w) * exp (- D i)) <= 0).
  { intro H. rewrite (Sum_ext n _ (fun i => D i * exp (- D i) - w * exp (- D i))), Sum_minus in H
      by (intros; ring). lra. }
  assert (Hk' : (D k - w) * exp (- D k) = - w).
  { replace (D k) with 0 by (unfold D, m; rewrite Hxk; ring). rewrite Ropp_0, exp_0. ring. }
  assert (Ht : forall i, (D i - w) * exp (- D i) <= exp (- 1) * exp (- w)).
  { intro i. pose proof (t_exp_opp (D i - w)) as H. pose proof (exp_pos (- w)).
    replace (exp (- D i)) with (exp (- (D i - w)) * exp (- w)) by (rewrite <- exp_plus; f_equal; ring).
    rewrite <- Rmult_assoc. apply Rmult_le_compat_r; lra. }
  assert (Hw' : (INR n - 1) * (exp (- 1) * exp (- w)) <= w).
  { replace (exp (- 1)) with (exp (- (1))) by (f_equal; lra). rewrite <- Rmult_assoc, (exp_Ropp w).
    pose proof (exp_pos w). apply (Rmult_le_reg_r (exp w)); auto.
    rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact Hw. }
  rewrite (Sum_split n _ k Hk), Hk'. set (c := exp (- 1) * exp (- w)) in *.
  apply Rle_trans with (- w + Sum n (fun i => if Nat.eq_dec i k then 0 else c)).
  { apply Rplus_le_compat_l, Sum_le. intros i Hi. destruct (Nat.eq_dec i k); [lra | apply Ht]. }
  pose proof (Sum_split n (fun _ => c) k Hk) as Hc. rewrite Sum_const in Hc. simpl in Hc. lra.
Qed.

End Gibbs.
