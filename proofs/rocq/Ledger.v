(* The claims of the ledger: one theorem a claim, of the same name, stated for all n and all r. *)
Require Export Definitions.
Require Import Limits Lipschitz Rates Sorting Witnesses.

(* The largest entry is one term of the sum, and no term exceeds it. *)
Theorem lse_bounds : forall n x, (1 <= n)%nat ->
  vmax n x <= LSE n x /\ LSE n x <= vmax n x + ln (INR n) /\ ((2 <= n)%nat -> vmax n x < LSE n x).
Proof.
  intros n x Hn. destruct (lse_between n Hn x). repeat split; auto. apply lse_above_max; auto.
Qed.

(* Any shift may be taken out; the maximum is the one that cannot overflow. *)
Theorem shift_invariance : forall n c x, (1 <= n)%nat ->
  LSE n x = c + LSE n (fun i => x i - c) /\
  LSE n x = vmax n x + LSE n (fun i => x i - vmax n x) /\
  (forall i, (i < n)%nat -> softmax n (fun j => x j - c) i = softmax n x i).
Proof.
  intros n c x Hn. repeat split; try (apply lse_shift; auto).
  intros i Hi. rewrite !softmax_LSE, (lse_shift n Hn x c) by auto. f_equal. ring.
Qed.

(* Every shifted term is at most 1 and the largest is 1. *)
Theorem shifted_sum_range : forall n x, (1 <= n)%nat ->
  (forall i, (i < n)%nat -> exp (x i - vmax n x) <= 1) /\
  1 <= Sum n (fun i => exp (x i - vmax n x)) /\
  Sum n (fun i => exp (x i - vmax n x)) <= INR n.
Proof.
  intros n x Hn. split; [| apply shifted_sum_between; auto].
  intros i Hi. rewrite <- exp_0. apply exp_mono. pose proof (vmax_ub n x i Hi). lra.
Qed.

(* Blocks of any sizes, and a vector cut in two. *)
Theorem associativity : forall n p q size (x : nat -> nat -> R) y, (1 <= n)%nat ->
  (forall i, (i < n)%nat -> (1 <= size i)%nat) -> (1 <= p)%nat -> (1 <= q)%nat ->
  LSE n (fun i => LSE (size i) (x i)) = ln (Sum n (fun i => Sum (size i) (fun j => exp (x i j)))) /\
  ln (exp (LSE p y) + exp (LSE q (fun i => y (p + i)%nat))) = LSE (p + q) y.
Proof.
  intros n p q size x y Hn Hs Hp Hq. split.
  - unfold LSE at 1. f_equal. apply Sum_ext. intros. apply exp_LSE; auto.
  - rewrite !exp_LSE by auto. unfold LSE. rewrite Sum_cat. reflexivity.
Qed.

(* A constant added to every entry is added to the value. *)
Theorem translation : forall n c r x, (1 <= n)%nat -> LSE n (fun i => x i + c) = LSE n x + c /\
  (r <> 0 -> M n r (fun i => x i + c) = M n r x + c).
Proof.
  intros n c r x Hn. split; [apply lse_translate; auto |]. intro Hr. rewrite !M_LSE by auto.
  rewrite (LSE_ext n _ (fun i => r * x i + r * c)), lse_translate by (auto; intros; ring). field. auto.
Qed.

(* The entries in another order: p permutes the indices below n. *)
Theorem permutation : forall n r p x, (forall i, (i < n)%nat -> (p i < n)%nat) ->
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> p i = p j -> i = j) ->
  LSE n (fun i => x (p i)) = LSE n x /\ M n r (fun i => x (p i)) = M n r x.
Proof.
  intros n r p x Hp Hi. split; [apply lse_permuted; auto |]. unfold M. do 3 f_equal.
  apply (Sum_permutation n (fun i => exp (r * x i))); auto.
Qed.

(* One strictly larger entry is enough, with r of either sign. *)
Theorem strictly_increasing : forall j n r x y, (j < n)%nat -> x j < y j ->
  (forall i, (i < n)%nat -> x i <= y i) ->
  LSE n x < LSE n y /\ (r <> 0 -> M n r x < M n r y).
Proof.
  intros j n r x y Hj Hlt Hle. assert (Hn : (1 <= n)%nat) by lia.
  assert (HL : forall x y, x j < y j -> (forall i, (i < n)%nat -> x i <= y i) -> LSE n x < LSE n y)
    by (intros; apply lse_increasing; eauto).
  split; auto. intro Hr.
  assert (Hpos : forall r x y, 0 < r -> x j < y j -> (forall i, (i < n)%nat -> x i <= y i) ->
    M n r x < M n r y).
  { clear - Hn HL. intros r x y Hr Hlt Hle. rewrite !M_LSE by (auto; lra).
    apply Rmult_lt_compat_r; [apply Rinv_0_lt_compat; auto |]. apply Rplus_lt_compat_r, HL.
    - apply Rmult_lt_compat_l; auto.
    - intros. apply Rmult_le_compat_l; [lra | auto]. }
  destruct (Rtotal_order r 0) as [H | [H | H]]; [| lra | apply Hpos; auto].
  rewrite (M_opp n r x), (M_opp n r y) by auto. apply Ropp_lt_contravar, Hpos; [lra | simpl; lra |].
  intros. apply Ropp_le_contravar. auto.
Qed.

(* Gibbs' inequality with the weights of the mixture. *)
Theorem convexity : forall n t x y, (1 <= n)%nat -> 0 <= t -> t <= 1 ->
  LSE n (fun i => (1 - t) * x i + t * y i) <= (1 - t) * LSE n x + t * LSE n y.
Proof.
  intros n t x y Hn H0 H1. pose proof (lse_convex n Hn y x t ltac:(lra)) as H.
  rewrite (LSE_ext n _ (fun i => (1 - t) * x i + t * y i)) in H by (intros; ring). lra.
Qed.

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

(* The chain rule: the gradient of log-sum-exp is softmax, and every entry gets some of it. *)
Theorem gradient_softmax : forall n r h x, (1 <= n)%nat ->
  derivable_pt_lim (fun t => LSE n (fun i => x i + t * h i)) 0 (Sum n (fun i => softmax n x i * h i)) /\
  (r <> 0 -> derivable_pt_lim (fun t => M n r (fun i => x i + t * h i)) 0
    (Sum n (fun i => softmax n (fun j => r * x j) i * h i))) /\
  (forall i, (i < n)%nat -> 0 < softmax n x i) /\ Sum n (fun i => softmax n x i) = 1.
Proof.
  intros n r h x Hn. repeat split.
  - eapply deriv_eq; [| apply lse_deriv; auto]. apply Sum_ext. intros. f_equal.
    apply softmax_ext; auto. intros; ring.
  - intro Hr. eapply deriv_eq; [| apply pooled_deriv; auto]. apply Sum_ext. intros. f_equal.
    apply softmax_ext; auto. intros; ring.
  - intros. apply softmax_pos; auto.
  - apply softmax_sum; auto.
Qed.

(* Along the diagonal log-sum-exp is affine, though the points differ. *)
Theorem not_strictly_convex : forall n c t x, (1 <= n)%nat ->
  LSE n (fun i => (1 - t) * x i + t * (x i + c)) = (1 - t) * LSE n x + t * LSE n (fun i => x i + c) /\
  (c <> 0 -> forall i, (i < n)%nat -> x i <> x i + c).
Proof.
  intros n c t x Hn. split; [| intros; lra].
  rewrite (LSE_ext n _ (fun i => x i + t * c)) by (intros; ring).
  rewrite (lse_translate n Hn x (t * c)), (lse_translate n Hn x c). ring.
Qed.

(* Variance under weights: nonnegative, at most a quarter of the squared range, positive if spread. *)
Theorem variance_bounds : forall (i j n : nat) a b (h p : nat -> R),
  (forall k, (k < n)%nat -> 0 <= p k) -> Sum n p = 1 ->
  0 <= Sum n (fun k => p k * h k ^ 2) - Sum n (fun k => p k * h k) ^ 2 /\
  ((forall k, (k < n)%nat -> a <= h k) -> (forall k, (k < n)%nat -> h k <= b) ->
    Sum n (fun k => p k * h k ^ 2) - Sum n (fun k => p k * h k) ^ 2 <= (b - a) ^ 2 / 4) /\
  ((i < n)%nat -> (j < n)%nat -> 0 < p i -> 0 < p j -> h i < h j ->
    0 < Sum n (fun k => p k * h k ^ 2) - Sum n (fun k => p k * h k) ^ 2).
Proof.
  intros i j n a b h p Hp Hs.
  replace (Sum n (fun k => p k * h k ^ 2) - Sum n (fun k => p k * h k) ^ 2) with (var n p h).
  2: { unfold var, avg. rewrite (Sum_ext n (fun k => p k * h k ^ 2) (fun k => p k * (h k * h k)))
         by (intros; ring). ring. }
  repeat split.
  - apply var_nonneg; auto.
  - intros. replace ((b - a) ^ 2) with ((b - a) * (b - a)) by ring. apply popoviciu; auto.
  - intros. apply (var_positive n p h i j); auto.
Qed.

(* The derivative of the gradient along h is the variance of h under the softmax weights. *)
Theorem hessian_psd : forall (i j n : nat) h x, (1 <= n)%nat ->
  let v := Sum n (fun k => softmax n x k * h k ^ 2) - Sum n (fun k => softmax n x k * h k) ^ 2 in
  derivable_pt_lim (fun t => Sum n (fun k => softmax n (fun l => x l + t * h l) k * h k)) 0 v /\
  0 <= v /\ ((i < n)%nat -> (j < n)%nat -> h i < h j -> 0 < v).
Proof.
  intros i j n h x Hn. destruct (softmax_simplex n Hn x) as [Hp Hs].
  destruct (variance_bounds i j n 0 0 h (softmax n x) Hp Hs) as [H0 [_ Hpos]].
  intro v. repeat split; auto.
  - eapply deriv_eq; [| apply (average_deriv n Hn x h h)]. unfold v. set (z := fun k => x k + 0 * h k).
    assert (E : forall k, (k < n)%nat -> softmax n z k = softmax n x k)
      by (intros; apply softmax_ext; auto; intros; unfold z; ring).
    rewrite (Sum_ext n _ (fun k => softmax n x k * h k ^ 2)) by (intros; rewrite E by auto; ring).
    rewrite (Sum_ext n (fun k => softmax n z k * h k) (fun k => softmax n x k * h k))
      by (intros; rewrite E by auto; ring). ring.
  - intros. apply Hpos; auto; apply softmax_pos; auto.
Qed.

(* The variational principle: never above, attained at softmax and nowhere else. *)
Theorem gibbs_duality : forall (j n : nat) (p x : nat -> R), (1 <= n)%nat ->
  (forall i, (i < n)%nat -> 0 <= p i) -> Sum n p = 1 ->
  Sum n (fun i => p i * x i) - Sum n (fun i => p i * ln (p i)) <= LSE n x /\
  Sum n (fun i => softmax n x i * x i) - Sum n (fun i => softmax n x i * ln (softmax n x i)) = LSE n x /\
  ((j < n)%nat -> p j <> softmax n x j ->
    Sum n (fun i => p i * x i) - Sum n (fun i => p i * ln (p i)) < LSE n x).
Proof.
  intros j n p x Hn Hp Hs. split; [| split].
  - apply (gibbs_below n Hn); auto.
  - apply (gibbs_attained n Hn).
  - intros. apply (gibbs_strict n Hn x p j); auto.
Qed.

(* Monotone and translating, hence nonexpansive in the sup norm, r of either sign. *)
Theorem nonexpansive : forall n r x y, (1 <= n)%nat ->
  absolute (LSE n x - LSE n y) <= vmax n (fun i => absolute (x i - y i)) /\
  (r <> 0 -> absolute (M n r x - M n r y) <= vmax n (fun i => absolute (x i - y i))).
Proof.
  intros n r x y Hn.
  assert (H : forall i, (i < n)%nat -> Rabs (x i - y i) <= vmax n (fun i => absolute (x i - y i))).
  { intros. rewrite <- absolute_Rabs. apply (vmax_ub n (fun i => absolute (x i - y i))); auto. }
  split; [| intro]; rewrite absolute_Rabs; [apply lse_close | apply pooled_close]; auto.
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

(* Case by case on the signs. *)
Theorem relu_max_of_two : forall x y,
  Rmax x y = (Rmax (x - y) 0 + Rmax (y - x) 0 + Rmax (x + y) 0 - Rmax (- x - y) 0) / 2.
Proof. intros. unfold Rmax. repeat destruct (Rle_dec _ _); lra. Qed.

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

(* Softmax weights are positive and sum to one. *)
Theorem softmax_weights : forall n x, (1 <= n)%nat ->
  (forall i, (i < n)%nat -> 0 <= softmax n x i) /\ Sum n (fun i => softmax n x i) = 1 /\
  (forall i, (i < n)%nat -> 0 < softmax n x i).
Proof.
  intros. repeat split; intros; try apply softmax_sum; auto; try apply Rlt_le; apply softmax_pos; auto.
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

(* The hypotheses under which s lists the entries of x, largest first. *)
Local Definition listed (n : nat) (s : nat -> nat) : Prop -> Prop := fun rest =>
  (forall i, (i < n)%nat -> (s i < n)%nat) ->
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> s i = s j -> i = j) -> rest.
Local Definition descending (n : nat) (s : nat -> nat) (x : nat -> R) : Prop :=
  forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i <= j)%nat -> x (s j) <= x (s i).

(* A weighted average of entries lies between the smallest and the largest. *)
Theorem ordinal_between : forall m n s w x, (1 <= m)%nat -> (m <= n)%nat ->
  (forall i, (i < m)%nat -> 0 <= w i) -> Sum m w = 1 -> listed n s (descending n s x ->
  vmin n x <= Sum m (fun i => w i * x (s i)) /\ Sum m (fun i => w i * x (s i)) <= vmax n x).
Proof. intros m n s w x H1 Hm Hw Hs Hin _ _. apply (ordinal_inside n m w s x); auto. Qed.

(* One weight picks the first in the list; equal weights on all give the mean. *)
Theorem ordinal_is_max : forall n s w x, (1 <= n)%nat -> listed n s (descending n s x ->
  ((forall i, (i < 1)%nat -> 0 <= w i) -> Sum 1 w = 1 -> Sum 1 (fun i => w i * x (s i)) = vmax n x) /\
  ((forall i, (i < n)%nat -> w i = 1 / INR n) -> Sum n (fun i => w i * x (s i)) = mean n x)).
Proof.
  intros n s w x Hn Hin Hi Hd. split.
  - intros _ H1. simpl in *. rewrite Rplus_0_l in *. rewrite H1, Rmult_1_l.
    apply sorted_first; auto. apply sorts_from; auto.
  - intro Hw. unfold mean. rewrite <- (Sum_permutation n x s Hin) by auto. rewrite <- Sum_div.
    apply Sum_ext. intros i Hl. rewrite Hw by auto. unfold Rdiv. ring.
Qed.

(* Each order statistic moves at most as far as some entry; so does their average. *)
Theorem ordinal_nonexpansive : forall (m n : nat) s t w x y,
  let far := vmax n (fun i => absolute (x i - y i)) in
  listed n s (descending n s x -> listed n t (descending n t y ->
  (forall i, (i < n)%nat -> absolute (x (s i) - y (t i)) <= far) /\
  ((m <= n)%nat -> (forall i, (i < m)%nat -> 0 <= w i) -> Sum m w = 1 ->
    absolute (Sum m (fun i => w i * x (s i)) - Sum m (fun i => w i * y (t i))) <= far))).
Proof.
  intros m n s t w x y far Hs1 Hs2 Hs3 Ht1 Ht2 Ht3.
  pose proof (sorts_from n s x Hs1 Hs2 Hs3) as Hs. pose proof (sorts_from n t y Ht1 Ht2 Ht3) as Ht.
  assert (Hd : forall i, (i < n)%nat -> Rabs (x i - y i) <= far).
  { intros. rewrite <- absolute_Rabs. apply (vmax_ub n (fun i => absolute (x i - y i))); auto. }
  assert (Hx : forall i, (i < n)%nat -> x i <= y i + far).
  { intros i Hi. specialize (Hd i Hi). apply abs_le in Hd. lra. }
  assert (Hy : forall i, (i < n)%nat -> y i <= x i + far).
  { intros i Hi. specialize (Hd i Hi). apply abs_le in Hd. lra. }
  split; intros.
  - rewrite absolute_Rabs. apply abs_le. split.
    + pose proof (order_statistic_close n t s y x far i Ht Hs H Hy). lra.
    + pose proof (order_statistic_close n s t x y far i Hs Ht H Hx). lra.
  - rewrite absolute_Rabs. apply (ordinal_close n m w s t x y far); auto.
Qed.

(* Diagonal and rest apart, each weight times its complement at most a quarter. *)
Theorem covariance_bound : forall n (g h p u v : nat -> R), (forall i, (i < n)%nat -> 0 <= p i) ->
  Sum n p = 1 ->
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> absolute (g i * h j) <= u i + v j) ->
  Sum n (fun i => p i * (g i * h i)) - Sum n (fun i => p i * g i) * Sum n (fun i => p i * h i) <=
  Sum n (fun i => u i + v i) / 2.
Proof.
  intros n g h p u v Hp Hs H. apply covariance_spread; auto.
  intros. rewrite <- absolute_Rabs. auto.
Qed.

(* The mean value theorem along the segment from y to x, with the covariance as derivative. *)
Theorem softmax_pairing : forall n (g u v x y : nat -> R), (1 <= n)%nat ->
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> absolute (g i * (x j - y j)) <= u i + v j) ->
  Sum n (fun i => g i * (softmax n x i - softmax n y i)) <= Sum n (fun i => u i + v i) / 2.
Proof.
  intros n g u v x y Hn H. apply softmax_paired; auto. intros. rewrite <- absolute_Rabs. auto.
Qed.

(* By induction on the exponent. *)
Theorem young : forall k s w, 0 <= s -> 0 <= w ->
  (INR k + 1) * s ^ k * w <= INR k * s ^ (k + 1) + w ^ (k + 1) /\ 0 <= s ^ k.
Proof. intros k s w Hs Hw. split; [apply young_step | apply pow_le]; auto. Qed.

(* Softmax of r x is r/2-Lipschitz in every l_p norm, p natural, and in the sup norm. *)
Theorem softmax_lipschitz : forall n q r x y, (1 <= n)%nat ->
  let change i := absolute (softmax n (fun j => r * x j) i - softmax n (fun j => r * y j) i) in
  Sum n (fun i => change i ^ (q + 1)) <=
    (absolute r / 2) ^ (q + 1) * Sum n (fun i => absolute (x i - y i) ^ (q + 1)) /\
  vmax n change <= absolute r / 2 * vmax n (fun i => absolute (x i - y i)).
Proof.
  intros n q r x y Hn change. split.
  - unfold change.
    rewrite (Sum_ext n _ (fun i => Rabs (softmax n (fun j => r * x j) i - softmax n (fun j => r * y j) i) ^ (q + 1)))
      by (intros; rewrite absolute_Rabs; auto).
    eapply Rle_trans; [apply softmax_lipschitz_power; auto |]. apply Req_le. rewrite <- Sum_scal.
    apply Sum_ext. intros i _. rewrite !absolute_Rabs, <- Rmult_minus_distr_l, Rabs_mult, <- Rpow_mult_distr.
    f_equal. field.
  - apply vmax_lub; auto. intros i Hi. unfold change. rewrite !absolute_Rabs.
    apply softmax_scaled_lipschitz; auto. intros j Hj. rewrite <- absolute_Rabs.
    apply (vmax_ub n (fun i => absolute (x i - y i))); auto.
Qed.

(* t / |t| is the sign of t, and 0 at 0. *)
Theorem sign : forall t, t * (t / absolute t) = absolute t /\ t / absolute t <= 1 /\ - (t / absolute t) <= 1.
Proof.
  intro t. rewrite absolute_Rabs. destruct (Rtotal_order t 0) as [H | [-> | H]].
  - rewrite Rabs_left by auto. replace (t / - t) with (- (1)) by (field; lra). lra.
  - rewrite Rabs_R0. unfold Rdiv. rewrite !Rmult_0_l. lra.
  - rewrite Rabs_right by lra. replace (t / t) with 1 by (field; lra). lra.
Qed.

(* One weight moves at most half as far as the entries. *)
Theorem softmax_entry : forall (i n : nat) d x y, (i < n)%nat ->
  (forall j, (j < n)%nat -> absolute (x j - y j) <= d) ->
  absolute (softmax n x i - softmax n y i) <= d / 2.
Proof.
  intros i n d x y Hi Hd. rewrite absolute_Rabs. apply softmax_lipschitz_sup; auto; [lia |].
  intros. rewrite <- absolute_Rabs. auto.
Qed.

(* Abel summation: the sum of any k entries is at most that of the k largest. *)
Theorem rearrangement : forall (m n : nat) p s w x, (m <= n)%nat ->
  (forall i, (i < m)%nat -> 0 <= w i) ->
  (forall i, (i < m)%nat -> forall j, (j < m)%nat -> (i <= j)%nat -> w j <= w i) ->
  listed n s (descending n s x -> listed n p (
  Sum m (fun i => w i * x (p i)) <= Sum m (fun i => w i * x (s i)))).
Proof.
  intros m n p s w x Hm Hw Hd Hs1 Hs2 Hs3 Hp1 Hp2.
  apply (ordinal_best n m w s p x Hm (sorts_from n s x Hs1 Hs2 Hs3)); auto.
  intros i Hi. apply Hd; lia.
Qed.

(* Nonincreasing weights make it convex; and convexity between a point and the one with two
   neighbours of its sorted list swapped orders their weights. *)
Theorem ordinal_convex_iff : forall (j m n : nat) t (a b c q : nat -> nat) w x y, (m <= n)%nat ->
  (forall i, (i < m)%nat -> 0 <= w i) -> Sum m w = 1 -> 0 <= t -> t <= 1 ->
  let convex := Sum m (fun i => w i * ((1 - t) * x (c i) + t * y (c i))) <=
    (1 - t) * Sum m (fun i => w i * x (a i)) + t * Sum m (fun i => w i * y (b i)) in
  listed n a (descending n a x -> listed n b (descending n b y -> listed n c (
  descending n c (fun i => (1 - t) * x i + t * y i) ->
  ((forall i, (i < m)%nat -> forall k, (k < m)%nat -> (i <= k)%nat -> w k <= w i) -> convex) /\
  ((j + 1 < m)%nat -> q j = (j + 1)%nat -> q (j + 1)%nat = j ->
    (forall i, (i < n)%nat -> i <> j -> i <> (j + 1)%nat -> q i = i) ->
    (forall i, (i < n)%nat -> y (a i) = x (a (q i))) -> x (a (j + 1)%nat) < x (a j) ->
    0 < t -> 2 * t <= 1 -> convex -> w (j + 1)%nat <= w j)))).
Proof.
  intros j m n t a b c q w x y Hm Hw H1 T0 T1 convex A1 A2 A3 B1 B2 B3 C1 C2 C3. split.
  - intros Hd. apply (ordinal_convex n m w a b c x y t); auto; try (apply sorts_from; auto).
    intros i Hi. apply Hd; lia.
  - intros Hj Q1 Q2 Q3 Hy Hlt Ht Ht2.
    apply (weights_from_convexity n m j t a b c q w x y); auto; apply sorts_from; auto.
Qed.

(* Ties do not matter: two maps that sort the same entries list the same values. *)
Theorem ordinal_well_defined : forall (m n : nat) s t w x, (m <= n)%nat ->
  listed n s (descending n s x -> listed n t (descending n t x ->
  (forall i, (i < n)%nat -> x (s i) = x (t i)) /\
  Sum m (fun i => w i * x (s i)) = Sum m (fun i => w i * x (t i)))).
Proof.
  intros m n s t w x Hm S1 S2 S3 T1 T2 T3.
  assert (E : forall i, (i < n)%nat -> x (s i) = x (t i))
    by (intros; apply (sorted_values n s t x i); auto; apply sorts_from; auto).
  split; auto. apply Sum_ext. intros. rewrite E; auto. lia.
Qed.

(* Swapping two neighbours permutes the indices and moves each by one place at most. *)
Theorem neighbour_exchange : forall (j n : nat) q, (j + 1 < n)%nat -> q j = (j + 1)%nat ->
  q (j + 1)%nat = j -> (forall i, (i < n)%nat -> i <> j -> i <> (j + 1)%nat -> q i = i) ->
  (forall i, (i < n)%nat -> (q i < n)%nat) /\ (forall i, (i < n)%nat -> q (q i) = i) /\
  (forall i, (i < n)%nat -> forall k, (k < n)%nat -> q i = q k -> i = k) /\
  (forall i, (i < n)%nat -> (q i <= i + 1)%nat) /\ (forall i, (i < n)%nat -> (i <= q i + 1)%nat).
Proof.
  intros j n q Hj Q1 Q2 Q3.
  assert (H : forall i, (i < n)%nat -> i = j /\ q i = (j + 1)%nat \/ i = (j + 1)%nat /\ q i = j \/ q i = i).
  { intros i Hi. destruct (Nat.eq_dec i j) as [-> | H1]; [left; auto |].
    destruct (Nat.eq_dec i (j + 1)) as [-> | H2]; [right; left; auto | right; right; auto]. }
  assert (I : forall i, (i < n)%nat -> q (q i) = i).
  { intros i Hi. destruct (H i Hi) as [[-> E] | [[-> E] | E]]; rewrite E; auto. }
  repeat split; auto; try (intros i Hi; specialize (H i Hi); lia).
  intros i Hi k Hk E. rewrite <- (I i Hi), <- (I k Hk), E. reflexivity.
Qed.
