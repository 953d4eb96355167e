(* The ledger's claims on the pooled value M_r: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Limits Cumulants Rates Sorting.

(* Log-sum-exp's bounds at r x, less log n, divided by r. *)
Theorem pooled_bounds : forall n r x, (1 <= n)%nat -> 0 < r ->
  vmax n x - ln (INR n) / r <= M n r x /\ M n r x <= vmax n x.
Proof. intros n r x Hn. apply pooled_between; auto. Qed.

(* Squeezed between max - log n / r and max. *)
Theorem limit_max : forall n x, (1 <= n)%nat -> tends_inf (fun r => M n r x) (vmax n x).
Proof. intros. apply pooled_to_max; auto. Qed.

(* Hoeffding's bound makes the distance to the mean linear in |r|. *)
Theorem limit_mean : forall n x, (1 <= n)%nat -> tends (fun r => M n r x) 0 (mean n x).
Proof. intros. apply pooled_to_mean; auto. Qed.

(* The mirror image of the limit at infinity. *)
Theorem limit_min : forall n x, (1 <= n)%nat -> tends_minus_inf (fun r => M n r x) (vmin n x).
Proof. intros. apply pooled_to_min; auto. Qed.

(* Gibbs' inequality with uniform weights. *)
Theorem mean_below : forall n r x, (1 <= n)%nat ->
  (0 < r -> mean n x <= M n r x) /\ (r < 0 -> M n r x <= mean n x).
Proof. intros. split; intro; [apply mean_below_pooled | apply mean_above_pooled]; auto. Qed.

(* Gibbs' inequality with the weights at r, on either side of 0 and across it. *)
Theorem monotone_in_r : forall n r s x, (1 <= n)%nat ->
  (r <> 0 -> s <> 0 -> r <= s -> M n r x <= M n s x) /\
  (r < 0 -> M n r x <= mean n x) /\ (0 < s -> mean n x <= M n s x).
Proof.
  intros n r s x Hn. split; [intros; apply monotone_nonzero; auto |].
  split; intro; [apply mean_above_pooled | apply mean_below_pooled]; auto.
Qed.

(* Derivatives of K(r) = log E exp(r X): SWAP, variance, third moment; Taylor's remainder. *)
Theorem cumulants : forall n r x, (1 <= n)%nat ->
  let k2 s := Sum n (fun i => softmax n (fun j => s * x j) i * (x i - SWAP n s x) ^ 2) in
  let k3 s := Sum n (fun i => softmax n (fun j => s * x j) i * (x i - SWAP n s x) ^ 3) in
  let K s := ln (/ INR n * Sum n (fun i => exp (s * x i))) in
  let central k := mean n (fun i => (x i - mean n x) ^ k) in
  derivable_pt_lim K r (SWAP n r x) /\
  derivable_pt_lim (fun s => SWAP n s x) r (k2 r) /\
  derivable_pt_lim k2 r (k3 r) /\
  absolute (K r - r * mean n x - r ^ 2 * central 2%nat / 2 - r ^ 3 * central 3%nat / 6) <=
    (vmax n x - vmin n x) ^ 4 * r ^ 4 / 192.
Proof.
  intros n r x Hn k2 k3 K central. pose proof (INR_pos n Hn) as HN.
  assert (EK : forall s, LSE n (fun i => s * x i) - ln (INR n) = K s).
  { intro s. unfold K. rewrite ln_mult, ln_Rinv by (auto using Rinv_0_lt_compat, Z_pos). unfold LSE. ring. }
  repeat split.
  - apply (deriv_ext _ _ _ _ EK). rewrite <- moment_1. apply K_deriv; auto.
  - apply (deriv_ext (moment n x 1)); [apply moment_1 |]. unfold k2. rewrite K2_form by auto.
    apply K1_deriv; auto.
  - unfold k3. rewrite K3_form by auto.
    apply (deriv_ext (fun s => moment n x 2 s - moment n x 1 s * moment n x 1 s)).
    { intro s. unfold k2. rewrite K2_form by auto. reflexivity. }
    apply K2_deriv; auto.
  - rewrite absolute_Rabs, <- EK. unfold central. rewrite !central_at_0, K2_form, K3_form by auto.
    rewrite <- (swap_at_0 n Hn x), <- moment_1.
    replace ((vmax n x - vmin n x) ^ 4 * r ^ 4 / 192) with
      ((vmax n x - vmin n x) ^ 4 / 8 / 1 / 2 / 3 / 4 * Rabs r ^ 4).
    + eapply Rle_trans; [| apply (K_error_3 n Hn x r)]. apply Req_le. f_equal. field.
    + replace (Rabs r ^ 4) with (r ^ 4); [field |].
      rewrite RPow_abs. symmetry. apply Rabs_right. replace (r ^ 4) with ((r ^ 2) ^ 2) by ring.
      apply Rle_ge, pow2_ge_0.
Qed.

(* The difference quotient of the pooled value at r = 0: half the variance. *)
Theorem slope_at_zero : forall n x, (1 <= n)%nat ->
  tends (fun r => (M n r x - mean n x) / r) 0 (mean n (fun i => (x i - mean n x) ^ 2) / 2).
Proof.
  intros n x Hn. apply tends_linear with (c := (vmax n x - vmin n x) ^ 3 / 24). intros r Hr.
  pose proof (pooled_slope n r x Hn Hr) as H. rewrite Rminus_0_r.
  replace (mean n (fun i => (x i - mean n x) ^ 2)) with (mean n (fun i => x i ^ 2) - mean n x ^ 2); auto.
  rewrite (mean_ext n (fun i => (x i - mean n x) ^ 2)
    (fun i => x i ^ 2 + (- (2) * mean n x * x i + mean n x ^ 2))) by (intros; ring).
  pose proof (INR_pos n Hn). unfold mean at 3. rewrite !Sum_plus, Sum_scal, Sum_const. unfold mean. field. lra.
Qed.

(* Fourth cumulant under weights: m4 >= v^2 from below, m4 <= d^2 v from above. *)
Theorem fourth_cumulant : forall n a b (h p : nat -> R), (forall i, (i < n)%nat -> 0 <= p i) ->
  Sum n p = 1 -> (forall i, (i < n)%nat -> a <= h i) -> (forall i, (i < n)%nat -> h i <= b) ->
  let m := Sum n (fun i => p i * h i) in
  let k4 := Sum n (fun i => p i * ((h i - m) ^ 2) ^ 2) - 3 * Sum n (fun i => p i * (h i - m) ^ 2) ^ 2 in
  - (b - a) ^ 4 / 8 <= k4 /\ k4 <= (b - a) ^ 4 / 12.
Proof.
  intros n a b h p Hp Hs Ha Hb m k4. set (v := Sum n (fun i => p i * (h i - m) ^ 2)) in *.
  assert (Hm : a <= m <= b) by (apply (weighted_between n p h a b (conj Hp Hs)); auto).
  assert (Hv : 0 <= v <= (b - a) ^ 2 / 4).
  { replace v with (var n p h).
    - split; [apply var_nonneg; auto |]. replace ((b - a) ^ 2) with ((b - a) * (b - a)) by ring.
      apply popoviciu; auto.
    - rewrite var_centered by auto. apply Sum_ext. intros. fold (avg n p h) in m. fold m. ring. }
  set (q := Sum n (fun i => p i * ((h i - m) ^ 2) ^ 2)) in *.
  assert (Hup : q <= (b - a) ^ 2 * v).
  { unfold q, v. rewrite <- Sum_scal. apply Sum_le. intros i Hi. specialize (Ha i Hi). specialize (Hb i Hi).
    set (u := (h i - m) ^ 2). assert (0 <= u) by apply pow2_ge_0.
    assert (u <= (b - a) ^ 2) by (unfold u; nra).
    replace (p i * u ^ 2) with (u * (p i * u)) by ring. apply Rmult_le_compat_r; auto.
    apply Rmult_le_pos; auto. }
  assert (Hlow : v * v <= q).
  { pose proof (avg_nonneg n p Hp (fun i => ((h i - m) ^ 2 - v) ^ 2) (fun i _ => pow2_ge_0 _)) as H.
    unfold avg in H.
    rewrite (Sum_ext n _ (fun i => p i * ((h i - m) ^ 2) ^ 2 + (- (2) * v * (p i * (h i - m) ^ 2) + p i * (v * v)))) in H
      by (intros; ring).
    rewrite !Sum_plus, Sum_scal, Sum_scal_r, Hs in H. fold q v in H. lra. }
  unfold k4. set (d := b - a) in *. clearbody q v.
  replace (d ^ 4) with (d ^ 2 * d ^ 2) by ring. pose proof (pow2_ge_0 (d ^ 2 - 6 * v)).
  assert (v * v <= d ^ 2 / 4 * (d ^ 2 / 4)) by (apply Rmult_le_compat; lra). split; nra.
Qed.

(* K'' is at most a quarter of the squared range; (0, 1) has just that variance at r = 0. *)
Theorem hoeffding : forall n r x, (1 <= n)%nat ->
  (0 < r -> M n r x - mean n x <= r * (vmax n x - vmin n x) ^ 2 / 8) /\
  (r < 0 -> mean n x - M n r x <= - r * (vmax n x - vmin n x) ^ 2 / 8) /\
  tends (fun t => (M 2 t INR - mean 2 INR) / t) 0 (1 / 8).
Proof.
  intros n r x Hn. split; [apply hoeffding_bound; auto |]. split.
  - intro Hr. pose proof (hoeffding_bound n Hn (- r) (fun i => - x i) ltac:(lra)) as H.
    rewrite range_opp, mean_opp in H by auto. rewrite M_opp by lra. lra.
  - replace (1 / 8) with (mean 2 (fun i => (INR i - mean 2 INR) ^ 2) / 2) by (unfold mean; simpl; field).
    apply (slope_at_zero 2 INR). lia.
Qed.

(* e marks the entries at the maximum, the others lie at least d below it. *)
Theorem rate_at_infinity : forall (j n : nat) d r e x, (1 <= n)%nat -> 0 < r ->
  (forall i, (i < n)%nat -> e i = 1 /\ x i = vmax n x \/ e i = 0 /\ x i <= vmax n x - d) -> 0 < d ->
  let excess := ln (INR n / Sum n e) / r - (vmax n x - M n r x) in
  0 <= excess /\
  excess <= ln (1 + (INR n / Sum n e - 1) * exp (- r * d)) / r /\
  excess <= (INR n / Sum n e - 1) * exp (- r * d) / r /\
  ((j < n)%nat -> x j = vmax n x - d -> ln (1 + exp (- r * d) / Sum n e) / r <= excess).
Proof.
  intros j n d r e x Hn Hr He Hd excess. set (b := vmax n x) in *. set (q := exp (- r * d)) in *.
  set (T := Sum n e) in *. set (S := Sum n (fun i => exp (r * (x i - b)))).
  pose proof (INR_pos n Hn) as HN. assert (Hq : 0 < q) by apply exp_pos.
  assert (Ht : forall i, (i < n)%nat -> exp (r * (x i - b)) = 1 /\ e i = 1 \/
    exp (r * (x i - b)) <= q /\ e i = 0).
  { intros i Hi. destruct (He i Hi) as [[-> ->] | [-> Hx]]; [left | right]; split; auto.
    - replace (r * (b - b)) with 0 by ring. apply exp_0.
    - apply exp_mono. nra. }
  assert (Hpos : forall i, 0 < exp (r * (x i - b))) by (intro; apply exp_pos).
  assert (HT : 1 <= T).
  { destruct (vmax_in n x Hn) as [k [Hk Ek]]. fold b in Ek.
    destruct (He k Hk) as [[E _] | [_ H]]; [| lra]. rewrite <- E. apply Sum_ge_term; auto.
    intros i Hi. destruct (He i Hi) as [[-> _] | [-> _]]; lra. }
  assert (HS : T <= S).
  { apply Sum_le. intros i Hi. specialize (Hpos i). destruct (Ht i Hi) as [[-> ->] | [_ ->]]; lra. }
  assert (HU : S <= T + (INR n - T) * q).
  { replace (T + (INR n - T) * q) with (Sum n (fun i => e i + (1 - e i) * q)).
    - apply Sum_le. intros i Hi. destruct (Ht i Hi) as [[-> ->] | [H ->]]; lra.
    - rewrite Sum_plus, Sum_scal_r, Sum_minus, Sum_const. fold T. ring. }
  assert (Ex : excess = (ln S - ln T) / r).
  { unfold excess. rewrite (pooled_shifted n r x b) by (auto; lra). fold S. unfold Rdiv at 2.
    rewrite ln_mult, ln_Rinv by (try apply Rinv_0_lt_compat; lra). field. lra. }
  assert (Hfit : forall c, 0 <= c -> ln (T + c) - ln T = ln (1 + c / T)).
  { intros c Hc. replace (T + c) with (T * (1 + c / T)) by (field; lra).
    assert (0 <= c / T) by (apply le_div; lra). rewrite ln_mult by lra. ring. }
  assert (Hc : 0 <= (INR n - T) * q) by lra.
  assert (E2 : (INR n - T) * q / T = (INR n / T - 1) * q) by (field; lra).
  assert (Hr' : 0 <= / r) by (apply Rlt_le, Rinv_0_lt_compat; auto).
  pose proof (ln_mono T S ltac:(lra) HS). pose proof (ln_mono S _ ltac:(lra) HU).
  pose proof (ln_ratio_le T _ ltac:(lra) Hc) as Hl. rewrite E2 in Hl.
  rewrite Ex. split; [| split; [| split]].
  - apply Rmult_le_pos; lra.
  - rewrite <- E2, <- Hfit by auto. apply Rmult_le_compat_r; lra.
  - apply Rmult_le_compat_r; lra.
  - intros Hj Ej. assert (HL : T + q <= S).
    { replace (T + q) with (Sum n (fun i => e i + (if Nat.eq_dec i j then q else 0))).
      - apply Sum_le. intros i Hi. specialize (Hpos i). destruct (Nat.eq_dec i j) as [-> | Hne].
        + destruct (He j Hj) as [[_ H1] | [-> _]]; [lra |]. rewrite Ej.
          replace (r * (b - d - b)) with (- r * d) by ring. fold q. lra.
        + destruct (Ht i Hi) as [[-> ->] | [_ ->]]; lra.
      - rewrite Sum_plus, (count_one n j (fun _ => q) Hj). reflexivity. }
    rewrite <- Hfit by lra. apply Rmult_le_compat_r; auto.
    pose proof (ln_mono (T + q) S ltac:(lra) HL). lra.
Qed.

(* M_r is SWAP somewhere between 0 and r, and SWAP strictly increases where two entries differ. *)
Theorem strictly_monotone_in_r : forall (i j n : nat) r s x, (i < n)%nat -> (j < n)%nat -> x i < x j ->
  (r <> 0 -> s <> 0 -> r < s -> M n r x < M n s x) /\
  (r < 0 -> M n r x < mean n x) /\ (0 < s -> mean n x < M n s x).
Proof.
  intros i j n r s x Hi Hj Hlt. assert (Hn : (1 <= n)%nat) by lia.
  assert (Step : forall z a b, a < b -> exists c, a < c < b /\
    LSE n (fun k => b * z k) - LSE n (fun k => a * z k) = SWAP n c z * (b - a)).
  { intros z a b Hab. destruct (MVT_cor2 (fun u => LSE n (fun k => u * z k)) _ a b Hab
      (fun u _ => lse_scaled_deriv n Hn z u)) as [c [E Hc]]. exists c. auto. }
  assert (Pos : forall z k l, (k < n)%nat -> (l < n)%nat -> z k < z l -> forall a, 0 < a ->
    mean n z < M n a z /\ forall b, a < b -> M n a z < M n b z).
  { intros z k l Hk Hl Hz a Ha. destruct (Step z 0 a Ha) as [c [Hc E]]. rewrite lse_at_0 in E.
    assert (Ea : M n a z = SWAP n c z) by (rewrite M_LSE, E by (auto; lra); field; lra).
    pose proof (swap_strictly_increasing n 0 c z k l Hk Hl Hz ltac:(lra)) as H0.
    rewrite swap_at_0 in H0 by auto. split; [lra |]. intros b Hb.
    destruct (Step z a b Hb) as [e [He Eb]].
    pose proof (swap_strictly_increasing n c e z k l Hk Hl Hz ltac:(lra)).
    assert (EM : M n b z = (a * SWAP n c z + (b - a) * SWAP n e z) / b).
    { rewrite M_LSE by (auto; lra). unfold Rdiv. f_equal. lra. }
    rewrite Ea, EM. apply (Rmult_lt_reg_r b); [lra |].
    replace ((a * SWAP n c z + (b - a) * SWAP n e z) / b * b) with (a * SWAP n c z + (b - a) * SWAP n e z)
      by (field; lra). nra. }
  assert (Neg : forall a, a < 0 -> M n a x < mean n x /\ forall b, b < a -> M n b x < M n a x).
  { intros a Ha.
    destruct (Pos (fun k => - x k) j i Hj Hi ltac:(simpl; lra) (- a) ltac:(lra)) as [P1 P2].
    rewrite mean_opp in P1 by auto. split; [rewrite M_opp by lra; lra |].
    intros b Hb. rewrite (M_opp n b), (M_opp n a) by lra. specialize (P2 (- b) ltac:(lra)). lra. }
  destruct (Rtotal_order r 0) as [R0 | [R0 | R0]]; destruct (Rtotal_order s 0) as [S0 | [S0 | S0]];
  repeat split; intros; try lra;
  try (apply (Neg r R0)); try (apply (Neg s S0); assumption); try (apply (Pos x i j Hi Hj Hlt); assumption).
  apply Rlt_trans with (mean n x); [apply (Neg r R0) | apply (Pos x i j Hi Hj Hlt); assumption].
Qed.
