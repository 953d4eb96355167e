(* How fast the pooled value reaches the maximum, and where the bounds on it are attained. *)
Require Export Limits Cumulants.

(* Any b may be taken out of the pooled value. *)
Lemma pooled_shifted : forall n r x b, (1 <= n)%nat -> r <> 0 ->
  M n r x = b + (ln (Sum n (fun i => exp (r * (x i - b)))) - ln (INR n)) / r.
Proof.
  intros. rewrite M_LSE, (lse_shift n H _ (r * b)) by auto.
  rewrite (LSE_ext n _ (fun i => r * (x i - b))) by (intros; ring). unfold LSE. field. auto.
Qed.

Lemma ln_ratio_le : forall a c, 0 < a -> 0 <= c -> ln (a + c) <= ln a + c / a.
Proof.
  intros a c Ha Hc. rewrite <- (ln_exp (c / a)), <- ln_mult by (auto; apply exp_pos).
  apply ln_mono; [lra |]. pose proof (exp_tangent (c / a)).
  replace (a + c) with (a * (1 + c / a)) by (field; lra). apply Rmult_le_compat_l; lra.
Qed.

(* One top entry j and all others lower by (1 + w) / r: SWAP's gap is w / r. *)
Lemma swap_gap_attained : forall n r w x j, 0 < r -> w * exp w = (INR n - 1) * exp (- (1)) ->
  (j < n)%nat -> (forall i, (i < n)%nat -> i <> j -> x i = x j - (1 + w) / r) ->
  vmax n x - SWAP n r x = w / r.
Proof.
  intros n r w x j Hr Hw Hj Hx. assert (Hn : (1 <= n)%nat) by lia.
  assert (H1 : 1 <= INR n) by (change 1 with (INR 1); apply le_INR; auto).
  pose proof (exp_pos w) as Ew. pose proof (exp_pos (- (1))) as E1.
  assert (W0 : 0 <= w).
  { apply Rnot_lt_le. intro H. assert (w * exp w < 0) by nra.
    assert (0 <= (INR n - 1) * exp (- (1))) by (apply Rmult_le_pos; lra). lra. }
  set (q := exp (- (1 + w))).
  assert (Hq : (INR n - 1) * q = w).
  { unfold q. replace (- (1 + w)) with (- (1) + - w) by ring. rewrite exp_plus, <- Rmult_assoc, <- Hw, exp_Ropp.
    field. lra. }
  assert (Hc : forall c, Sum n (fun i => if Nat.eq_dec i j then 0 else c) = (INR n - 1) * c).
  { intro c. pose proof (Sum_split n (fun _ => c) j Hj) as H. rewrite Sum_const in H. simpl in H. lra. }
  assert (Hm : vmax n x = x j).
  { apply Rle_antisym; [| apply vmax_ub; auto]. apply vmax_lub; auto. intros i Hi.
    destruct (Nat.eq_dec i j) as [-> | H]; [lra |]. rewrite (Hx i Hi H).
    assert (0 < (1 + w) / r) by (apply Rdiv_lt_0_compat; lra). lra. }
  assert (HE : forall i, (i < n)%nat -> i <> j -> exp (r * x i) = exp (r * x j) * q).
  { intros i Hi H. rewrite (Hx i Hi H). unfold q. rewrite <- exp_plus. f_equal. field. lra. }
  rewrite Hm. unfold SWAP. rewrite (Sum_split n (fun i => x i * exp (r * x i)) j Hj), (Sum_split n (fun i => exp (r * x i)) j Hj).
  rewrite (Sum_ext n (fun i => if Nat.eq_dec i j then 0 else x i * exp (r * x i))
    (fun i => if Nat.eq_dec i j then 0 else (x j - (1 + w) / r) * (exp (r * x j) * q))).
  2: { intros i Hi. destruct (Nat.eq_dec i j); auto. rewrite HE, Hx; auto. }
  rewrite (Sum_ext n (fun i => if Nat.eq_dec i j then 0 else exp (r * x i))
    (fun i => if Nat.eq_dec i j then 0 else exp (r * x j) * q)).
  2: { intros i Hi. destruct (Nat.eq_dec i j); auto. }
  rewrite !Hc. pose proof (exp_pos (r * x j)).
  replace ((INR n - 1) * ((x j - (1 + w) / r) * (exp (r * x j) * q)))
    with ((x j - (1 + w) / r) * exp (r * x j) * ((INR n - 1) * q)) by ring.
  replace ((INR n - 1) * (exp (r * x j) * q)) with (exp (r * x j) * ((INR n - 1) * q)) by ring.
  rewrite Hq. field. repeat split; try lra. apply Rgt_not_eq. nra.
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
