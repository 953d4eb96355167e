(* The ledger's claims on SWAP: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Limits Rates Witnesses.

(* A weighted average lies between, strictly where two entries differ. *)
Theorem swap_between : forall (i j n : nat) r x, (1 <= n)%nat ->
  vmin n x <= SWAP n r x /\ SWAP n r x <= vmax n x /\
  ((i < n)%nat -> (j < n)%nat -> x i < x j -> vmin n x < SWAP n r x) /\
  ((i < n)%nat -> (j < n)%nat -> x i < x j -> SWAP n r x < vmax n x).
Proof.
  intros i j n r x Hn. destruct (swap_inside n Hn r x).
  repeat split; auto; intros Hi Hj H1; apply (swap_strictly_inside n r x i j Hi Hj H1).
Qed.

(* Gibbs' principle at its maximizer. *)
Theorem swap_entropy : forall n r x, (1 <= n)%nat ->
  let p := softmax n (fun i => r * x i) in
  r * SWAP n r x - Sum n (fun i => p i * ln (p i)) = LSE n (fun i => r * x i) /\
  (r <> 0 -> M n r x = SWAP n r x + (- Sum n (fun i => p i * ln (p i)) - ln (INR n)) / r).
Proof.
  intros n r x Hn p. pose proof (swap_plus_entropy n Hn r x) as H. unfold entropy in H. fold p in H.
  split; [exact H |]. intro Hr. rewrite M_LSE, <- H by auto. field. auto.
Qed.

(* Gibbs' principle at r and at s, added; strictly through the variance. *)
Theorem swap_increasing_in_r : forall (i j n : nat) r s x, (1 <= n)%nat ->
  (r <= s -> SWAP n r x <= SWAP n s x) /\
  (r < s -> (i < n)%nat -> (j < n)%nat -> x i < x j -> SWAP n r x < SWAP n s x) /\
  SWAP n 0 x = mean n x.
Proof.
  intros i j n r s x Hn. repeat split.
  - apply swap_increasing; auto.
  - intros Hrs Hi Hj H. apply (swap_strictly_increasing n r s x i j); auto.
  - apply swap_at_0; auto.
Qed.

(* SWAP is the derivative of log-sum-exp in r, the variance its own; and its gradient. *)
Theorem swap_is_derivative : forall n r h x, (1 <= n)%nat ->
  let p := softmax n (fun j => r * x j) in
  derivable_pt_lim (fun t => LSE n (fun i => t * x i)) r (SWAP n r x) /\
  derivable_pt_lim (fun t => SWAP n t x) r
    (Sum n (fun i => p i * x i ^ 2) - Sum n (fun i => p i * x i) ^ 2) /\
  derivable_pt_lim (fun t => SWAP n r (fun i => x i + t * h i)) 0
    (Sum n (fun i => p i * (1 + r * (x i - SWAP n r x)) * h i)).
Proof.
  intros n r h x Hn p. repeat split.
  - apply lse_scaled_deriv; auto.
  - eapply deriv_eq; [| apply swap_deriv; auto]. unfold var, avg, tilted. fold p.
    rewrite (Sum_ext n (fun i => p i * x i ^ 2) (fun i => p i * (x i * x i))) by (intros; ring). ring.
  - eapply deriv_eq; [| apply swap_line_deriv; auto]. apply Sum_ext. intros i Hi.
    rewrite (SWAP_ext n r (fun i => x i + 0 * h i) x) by (intros; ring).
    rewrite (softmax_ext n (fun j => r * (x j + 0 * h j)) (fun j => r * x j)) by (auto; intros; ring).
    unfold p. ring.
Qed.

(* The gap is (log n - H) / r with 0 <= H <= log n; r < 0 by reflection. *)
Theorem swap_above_pooled : forall n r x, (1 <= n)%nat ->
  (0 < r -> M n r x <= SWAP n r x) /\ (0 < r -> SWAP n r x <= M n r x + ln (INR n) / r) /\
  (r < 0 -> SWAP n r x <= M n r x) /\ (r < 0 -> M n r x + ln (INR n) / r <= SWAP n r x).
Proof.
  intros n r x Hn.
  assert (Hpos : forall r x, 0 < r -> M n r x <= SWAP n r x /\ SWAP n r x <= M n r x + ln (INR n) / r).
  { intros s z Hs. destruct (swap_over_pooled n Hn s z Hs). lra. }
  assert (Hneg : r < 0 -> SWAP n r x <= M n r x /\ M n r x + ln (INR n) / r <= SWAP n r x).
  { intro Hr. rewrite (M_opp n r x), (SWAP_opp n r x) by lra.
    destruct (Hpos (- r) (fun i => - x i) ltac:(lra)).
    replace (ln (INR n) / r) with (- (ln (INR n) / - r)) by (field; lra). lra. }
  repeat split; intro Hr; try apply (Hpos r x Hr); apply (Hneg Hr).
Qed.

(* The entropy gap is at most log n / |r|; at 0 SWAP is the mean, and it is continuous there. *)
Theorem swap_limits : forall n x, (1 <= n)%nat -> tends_inf (fun r => SWAP n r x) (vmax n x) /\
  tends_minus_inf (fun r => SWAP n r x) (vmin n x) /\ tends (fun r => SWAP n r x) 0 (mean n x).
Proof.
  intros. split; [| split]; [apply swap_limit_max | apply swap_limit_min | apply swap_limit_mean]; auto.
Qed.

(* Two numbers, bounded through rational bounds on e. *)
Theorem swap_not_monotone :
  SWAP 2 1 (fun i => - (2) * INR i) + 12 / 125 < SWAP 2 1 (fun i => - (3) * INR i).
Proof.
  pose proof (swap_pair_between 2 7.38905 7.38907 ltac:(lra) ltac:(lra) e2_bounds).
  pose proof (swap_pair_between 3 20.0855 20.0857 ltac:(lra) ltac:(lra) e3_bounds). lra.
Qed.

(* SWAP_r(0, c/r) = c e^c / (1 + e^c) / r at five c, bounded through rational bounds on e. *)
Theorem swap_not_convex : forall r, 0 < r ->
  273 / 5000 / r < SWAP 2 r (fun i => - (4) * INR i / r) -
    (SWAP 2 r (fun i => - (2) * INR i / r) + SWAP 2 r (fun i => - (6) * INR i / r)) / 2 /\
  SWAP 2 r (fun i => 0 * INR i / r) -
    (SWAP 2 r (fun i => - INR i / r) + SWAP 2 r (fun i => 1 * INR i / r)) / 2 < - (231 / 1000) / r.
Proof.
  intros r Hr. assert (H0 : 0 < / r) by (apply Rinv_0_lt_compat; auto).
  destruct (swap_pair_low r 2 7.38905 7.38907 Hr ltac:(lra) ltac:(lra) e2_bounds).
  destruct (swap_pair_low r 4 54.598 54.599 Hr ltac:(lra) ltac:(lra) e4_bounds).
  destruct (swap_pair_low r 6 403.42 403.44 Hr ltac:(lra) ltac:(lra) e6_bounds).
  split.
  - unfold Rdiv in *. nra.
  - rewrite (SWAP_ext 2 r (fun i => - INR i / r) (fun i => - (1) * INR i / r)) by (intros; field; lra).
    rewrite !swap_pair_scaled by lra. destruct e_bounds as [He1 He2].
    replace (- (1) * exp (- (1)) / (1 + exp (- (1)))) with (- (1 / (exp 1 + 1)))
      by (rewrite exp_Ropp; field; lra).
    replace (1 * exp 1 / (1 + exp 1)) with (1 - 1 / (exp 1 + 1)) by (field; lra).
    assert (Hc : 1 / (exp 1 + 1) < 0.269).
    { apply (Rmult_lt_reg_r (exp 1 + 1)); [lra |]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
    set (c := 1 / (exp 1 + 1)) in *. unfold Rdiv. rewrite Rmult_0_l, Rmult_0_l, Rmult_0_l. nra.
Qed.

(* The tangent line at w of D exp(-D), with D = r (max - x); attained by one top entry. *)
Theorem swap_gap_lambert : forall (j n : nat) r w x, (1 <= n)%nat -> 0 < r ->
  (INR n - 1) * exp (- (1)) <= w * exp w ->
  vmax n x - SWAP n r x <= w / r /\
  (w * exp w = (INR n - 1) * exp (- (1)) -> (j < n)%nat ->
    (forall i, (i < n)%nat -> i <> j -> x i = x j - (1 + w) / r) ->
    vmax n x - SWAP n r x = w / r).
Proof.
  intros j n r w x Hn Hr Hw. split; [apply swap_gap; auto |].
  intros E Hj Hx. apply (swap_gap_attained n r w x j); auto.
Qed.
