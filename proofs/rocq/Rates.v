(* How fast the pooled value reaches the maximum, and where the bounds on it are attained. *)
Require Export Limits Cumulants.

(* Any b may be taken out of the pooled value. *)
Lemma pooled_shifted : forall n r x b, (1 <= n)%nat -> r <> 0 ->
  M n r x = b + (ln (Sum n (fun i => exp (r * (x i - b)))) - ln (INR n)) / r.
Proof.
  intros. rewrite M_LSE, (lse_shift n H _ (r * b)) by auto.
  rewrite (LSE_ext n _ (fun i => r * (x i - b))) by (intros; ring). unfold LSE. field. auto.
Qed.

(* m entries at the top b, k others at least g below it. *)
Lemma sum_with_gap : forall m k r x b g, 0 <= r ->
  (forall i, (i < m)%nat -> x i = b) -> (forall i, (i < k)%nat -> x (m + i)%nat <= b - g) ->
  INR m <= Sum (m + k) (fun i => exp (r * (x i - b))) <= INR m + INR k * exp (- (r * g)).
Proof.
  intros m k r x b g Hr Htop Hlow. rewrite Sum_cat.
  rewrite (Sum_ext m _ (fun _ => 1)).
  2: { intros i Hi. rewrite Htop by auto. replace (r * (b - b)) with 0 by ring. apply exp_0. }
  rewrite Sum_const, Rmult_1_r, <- Sum_const. split.
  - pose proof (Sum_nonneg k (fun i => exp (r * (x (m + i)%nat - b))) (fun i _ => Rlt_le _ _ (exp_pos _))). lra.
  - apply Rplus_le_compat_l, Sum_le. intros i Hi. apply exp_mono. specialize (Hlow i Hi). nra.
Qed.

Lemma ln_ratio_le : forall a c, 0 < a -> 0 <= c -> ln (a + c) <= ln a + c / a.
Proof.
  intros a c Ha Hc. rewrite <- (ln_exp (c / a)), <- ln_mult by (auto; apply exp_pos).
  apply ln_mono; [lra |]. pose proof (exp_tangent (c / a)).
  replace (a + c) with (a * (1 + c / a)) by (field; lra). apply Rmult_le_compat_l; lra.
Qed.

Lemma pooled_rate : forall m k r x b g, (1 <= m)%nat -> 0 < r ->
  (forall i, (i < m)%nat -> x i = b) -> (forall i, (i < k)%nat -> x (m + i)%nat <= b - g) ->
  let gap := b - M (m + k) r x - (ln (INR (m + k)) - ln (INR m)) / r in
  - (INR k / INR m * exp (- (r * g)) / r) <= gap <= 0.
Proof.
  intros m k r x b g Hm Hr Htop Hlow gap. pose proof (INR_pos m Hm).
  destruct (sum_with_gap m k r x b g ltac:(lra) Htop Hlow) as [H1 H2]. unfold gap.
  rewrite (pooled_shifted _ r x b) by (lia || lra). set (s := Sum (m + k) _) in *.
  replace (b - (b + (ln s - ln (INR (m + k))) / r) - (ln (INR (m + k)) - ln (INR m)) / r)
    with ((ln (INR m) - ln s) / r) by (field; lra).
  pose proof (ln_mono _ _ H H1). assert (0 <= INR k * exp (- (r * g))).
  { apply Rmult_le_pos; [apply pos_INR | apply Rlt_le, exp_pos]. }
  pose proof (ln_mono s _ ltac:(lra) H2). pose proof (ln_ratio_le (INR m) _ H H3). split.
  - replace (- (INR k / INR m * exp (- (r * g)) / r)) with (- (INR k * exp (- (r * g)) / INR m) / r) by (field; lra).
    apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat; auto | lra].
  - apply div_le; lra.
Qed.

(* The gap of SWAP at one top value and n - 1 equal others at distance (1 + w) / r is w / r. *)
Lemma swap_gap_attained : forall n r w, 0 < r -> 0 <= w -> w * exp w = INR n / exp 1 ->
  SWAP (S n) r (fun i => match i with O => 0 | S _ => - ((1 + w) / r) end) = - (w / r).
Proof.
  intros n r w Hr Hw E. unfold SWAP.
  replace (S n) with (1 + n)%nat by lia. rewrite !Sum_cat. simpl Sum at 1 3.
  replace (r * - ((1 + w) / r)) with (- (1 + w)) by (field; lra).
  assert (H : INR n * exp (- (1 + w)) = w).
  { rewrite exp_Ropp, exp_plus. pose proof (exp_pos 1). pose proof (exp_pos w).
    apply (Rmult_eq_reg_r (exp w)); [| lra]. rewrite E. field. lra. }
  simpl. rewrite !Sum_const, Rmult_0_r, exp_0.
  replace (r * - ((1 + w) / r)) with (- (1 + w)) by (field; lra).
  replace (INR n * (- ((1 + w) / r) * exp (- (1 + w)))) with (- ((1 + w) / r) * (INR n * exp (- (1 + w)))) by ring.
  rewrite H. field. lra.
Qed.

(* Hoeffding's constant: (M_r - mean) / r tends to half the variance, a quarter of it for (0, 1). *)
Lemma pooled_slope : forall n r x, (1 <= n)%nat -> r <> 0 ->
  let v := mean n (fun i => x i ^ 2) - mean n x ^ 2 in
  Rabs ((M n r x - mean n x) / r - v / 2) <= (vmax n x - vmin n x) ^ 3 / 24 * Rabs r.
Proof.
  intros n r x Hn Hr v. pose proof (K_error_2 n Hn x r) as H.
  assert (Hr' : 0 < Rabs r) by (apply Rabs_pos_lt; auto).
  assert (E1 : moment n x 1 0 = mean n x).
  { rewrite moment_1. apply swap_at_0; auto. }
  assert (E2 : moment n x 2 0 = mean n (fun i => x i ^ 2)).
  { unfold moment, avg, tilted, softmax, mean. rewrite <- Sum_div. apply Sum_ext. intros.
    rewrite (Sum_ext n _ (fun _ => 1)) by (intros; rewrite Rmult_0_l; apply exp_0).
    rewrite Sum_const, Rmult_0_l, exp_0. field. apply Rgt_not_eq, INR_pos; auto. }
  rewrite E1, E2 in H. apply (Rmult_le_reg_r (Rabs r ^ 2)); [apply pow_lt; auto |].
  rewrite RPow_abs at 1. rewrite <- Rabs_mult.
  replace (((M n r x - mean n x) / r - v / 2) * r ^ 2) with
    (LSE n (fun i => r * x i) - ln (INR n) - r ^ 1 * mean n x - r ^ 2 * ((mean n (fun i => x i ^ 2) - mean n x * mean n x) / 2))
    by (rewrite M_LSE by auto; unfold v; field; auto).
  eapply Rle_trans; [exact H |]. apply Req_le. field.
Qed.
