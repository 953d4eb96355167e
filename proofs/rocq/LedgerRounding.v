(* The ledger's claims on overflow and rounding: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Bounds Rounding.

(* Naive log-sum-exp passes a threshold just where its value does; shifted sums stay below n. *)
Theorem overflow_threshold : forall n omega x, (1 <= n)%nat -> 0 < omega ->
  let top := vmax n x in let shifted := fun m => Sum m (fun i => exp (x i - top)) in
  (ln omega < top -> exists i, (i < n)%nat /\ omega < exp (x i)) /\
  ((exists i, (i < n)%nat /\ omega < exp (x i)) -> ln omega < top) /\
  (ln omega < LSE n x -> omega < Sum n (fun i => exp (x i))) /\
  ((exists i, (i < n)%nat /\ omega < Sum (i + 1) (fun j => exp (x j))) -> ln omega < LSE n x) /\
  (forall i, (i < n)%nat -> exp (x i - top) <= 1) /\
  (forall i, (i < n)%nat -> shifted (i + 1)%nat <= INR n) /\
  (INR n <= omega -> forall i, (i < n)%nat -> exp (x i - top) <= omega) /\
  (INR n <= omega -> shifted n <= omega) /\
  (INR n <= omega -> forall i, (i < n)%nat -> shifted (i + 1)%nat <= omega) /\
  LSE n x = top + ln (shifted n).
Proof.
  intros n omega x Hn Ho top shifted.
  assert (Hpart : forall f i, (forall j, 0 < f j) -> (i < n)%nat -> Sum (i + 1) f <= Sum n f).
  { intros f i Hf Hi. replace n with (i + 1 + (n - (i + 1)))%nat by lia. rewrite (Sum_cat (i + 1)).
    assert (0 <= Sum (n - (i + 1)) (fun j => f (i + 1 + j)%nat)); [| lra].
    apply Sum_nonneg. intros. apply Rlt_le, Hf. }
  assert (Hterm : forall i, (i < n)%nat -> exp (x i - top) <= 1).
  { intros i Hi. rewrite <- exp_0. apply exp_mono. pose proof (vmax_ub n x i Hi). unfold top. lra. }
  assert (Hone : 1 <= INR n) by (apply (le_INR 1); auto).
  assert (Hsums : forall m, (m <= n)%nat -> shifted m <= INR n).
  { intros m Hm. apply Rle_trans with (INR m); [| apply le_INR; auto].
    rewrite <- (Rmult_1_r (INR m)), <- Sum_const. apply Sum_le. intros. apply Hterm. lia. }
  assert (Hlog : forall s, 0 < s -> ln omega < ln s -> omega < s).
  { intros s Hs H. rewrite <- (exp_ln omega), <- (exp_ln s) by auto. apply exp_increasing; auto. }
  split; [| split; [| split; [| split; [| repeat split]]]]; auto.
  - intro H. destruct (vmax_in n x Hn) as [i [Hi E]]. exists i. split; auto.
    rewrite <- (exp_ln omega) by auto. apply exp_increasing. rewrite <- E. auto.
  - intros [i [Hi H]]. apply Rlt_le_trans with (x i); [| apply vmax_ub; auto].
    rewrite <- (ln_exp (x i)). apply ln_increasing; auto.
  - apply Hlog. apply Z_pos; auto.
  - intros [i [Hi H]]. apply ln_increasing; auto. eapply Rlt_le_trans; [exact H |].
    apply (Hpart (fun j => exp (x j))); auto. intro. apply exp_pos.
  - intros i Hi. apply Hsums. lia.
  - intros H i Hi. specialize (Hterm i Hi). lra.
  - intro H. specialize (Hsums n ltac:(lia)). lra.
  - intros H i Hi. specialize (Hsums (i + 1)%nat ltac:(lia)). lra.
  - unfold LSE. rewrite (Sum_ext n (fun i => exp (x i)) (fun i => exp top * exp (x i - top))).
    + rewrite Sum_scal, ln_mult, ln_exp; [reflexivity | apply exp_pos |].
      apply (Z_pos n (fun i => x i - top)); auto.
    + intros. rewrite <- exp_plus. f_equal. ring.
Qed.

(* Each term meets its own rounding and those of at most m additions. *)
Theorem rounded_sum : forall m u e s t, 0 <= u -> u < 1 -> (forall i, (i < m + 1)%nat -> 0 <= t i) ->
  adds u m t e s (
  (1 - u) ^ (m + 1) * Sum (m + 1) t <= s m /\ s m <= (1 + u) ^ (m + 1) * Sum (m + 1) t /\
  (0 < Sum (m + 1) t -> 0 < s m /\ ln (Sum (m + 1) t) - (INR m + 1) * u / (1 - u) <= ln (s m) /\
    ln (s m) <= ln (Sum (m + 1) t) + (INR m + 1) * u)).
Proof.
  intros m u e s t Hu Hu1 Ht He H0 Hs.
  destruct (rounded_sum_bounds m u t e s Hu Hu1 Ht He H0 Hs). split; [| split]; auto.
  apply (rounded_sum_log m u t e s); auto.
Qed.

(* The log turns the sum's relative error into an absolute one; then come the last roundings. *)
Theorem lse_rounding_bounds : forall m q u v e s t x, 0 <= u -> u < 1 ->
  let n := (m + 1)%nat in let top := vmax n x in let sum := (INR m + 1) * u / (1 - u) in
  adds u m (fun i => exp (x i)) e s (rounds u v (ln (s m)) ->
    absolute (v - LSE n x) <= u * absolute (LSE n x) + (1 + u) * sum) /\
  ((forall i, (i < n)%nat -> rounds u (t i) (x i - top)) ->
    adds u m (fun i => exp (t i)) e s (rounds u q (ln (s m)) -> rounds u v (top + q) ->
    absolute (v - LSE n x) <= u * absolute (LSE n x) +
      (1 + u) * (u * (LSE n x - top) + (1 + u) * (u * (top - vmin n x) + sum)))).
Proof.
  intros m q u v e s t x Hu Hu1 n top sum. rewrite !absolute_Rabs.
  assert (Hn : (1 <= n)%nat) by (unfold n; lia). split.
  - intros He H0 Hs Hv. apply (rounds_off u v (ln (s m))); auto. apply (log_sum_off m u x e s); auto.
  - intros Ht He H0 Hs Hq Hv. apply (rounds_off u v (top + q)); auto.
    assert (Hy : 0 <= LSE n x - top) by (pose proof (lse_between n Hn x); unfold top; lra).
    replace (top + q - LSE n x) with (q - (LSE n x - top)) by ring.
    rewrite <- (Rabs_right (LSE n x - top)) at 2 by lra.
    apply (rounds_off u q (ln (s m))); auto.
    replace (ln (s m) - (LSE n x - top)) with
      (ln (s m) - LSE n t + (LSE n t - LSE n (fun i => x i - top))) by (rewrite (lse_shift n Hn x top); ring).
    eapply Rle_trans; [apply Rabs_triang |].
    pose proof (log_sum_off m u t e s Hu Hu1 He H0 Hs) as H1. fold n in H1. fold sum in H1.
    assert (H2 : Rabs (LSE n t - LSE n (fun i => x i - top)) <= u * (top - vmin n x)).
    { apply lse_close; auto. intros i Hi. apply shifted_entry; auto. }
    lra.
Qed.

(* Softmax computed by division, from shifted entries, and from log-sum-exp: errors of numerator and
   denominator multiply, and exp turns an absolute error into a factor. *)
Theorem softmax_rounding_bounds : forall (j m : nat) b g u v w e s t x, 0 <= u -> u < 1 -> (j < m + 1)%nat ->
  let n := (m + 1)%nat in let top := vmax n x in let exact := softmax n x j in
  let low := (1 - u) ^ n in let high := (1 + u) ^ n in
  let spread := exp (2 * u * (top - vmin n x)) in
  let moved := forall i, (i < n)%nat -> rounds u (t i) (x i - top) in
  let quotient := rounds u g (e j / s m) in
  let margin := b + u * (absolute (x j - LSE n x) + b) in
  adds u m (fun i => exp (x i)) e s (quotient -> (1 - u) ^ 2 * exact <= high * g) /\
  adds u m (fun i => exp (x i)) e s (quotient -> low * g <= (1 + u) ^ 2 * exact) /\
  (moved -> adds u m (fun i => exp (t i)) e s (quotient -> (1 - u) ^ 2 * exact <= spread * high * g)) /\
  (moved -> adds u m (fun i => exp (t i)) e s (quotient -> low * g <= spread * (1 + u) ^ 2 * exact)) /\
  (absolute (v - LSE n x) <= b -> rounds u w (x j - v) -> rounds u g (exp w) ->
    (1 - u) * exact <= exp margin * g) /\
  (absolute (v - LSE n x) <= b -> rounds u w (x j - v) -> rounds u g (exp w) ->
    g <= (1 + u) * exp margin * exact).
Proof.
  intros j m b g u v w e s t x Hu Hu1 Hj n top exact low high spread moved quotient margin.
  assert (Hn : (1 <= n)%nat) by (unfold n; lia).
  assert (Hfrom : absolute (v - LSE n x) <= b -> rounds u w (x j - v) -> rounds u g (exp w) ->
    (1 - u) * exact <= exp margin * g /\ g <= (1 + u) * exp margin * exact).
  { intros Hv Hw Hg. apply (from_log u n v w g b x j); auto. }
  assert (Hmoved : moved -> forall k, (k < n)%nat ->
    Rabs (t k - (x k - top)) <= u * (top - vmin n x)).
  { intros H k Hk. apply shifted_entry; auto. }
  assert (Hshift : moved -> exact <= spread * softmax n t j /\ softmax n t j <= spread * exact).
  { intro H. unfold spread. rewrite (Rmult_assoc 2 u). apply (softmax_shifted n t x top (u * (top - vmin n x)) j); auto. }
  assert (Hq : forall z, adds u m (fun i => exp (z i)) e s (quotient ->
    (1 - u) ^ 2 * softmax n z j <= high * g /\ low * g <= (1 + u) ^ 2 * softmax n z j)).
  { intros z He H0 Hs Hg. apply (quotient_bounds m u e s z g j); auto. }
  assert (Hsp : 0 < spread) by apply exp_pos.
  unfold adds in *. split; [| split; [| split; [| split; [| split]]]]; intros.
  - apply (Hq x); auto.
  - apply (Hq x); auto.
  - destruct Hshift as [A _]; auto. destruct (Hq t) as [B _]; auto.
    apply Rle_trans with (spread * ((1 - u) ^ 2 * softmax n t j)).
    + apply (Rmult_le_compat_l ((1 - u) ^ 2)) in A; [lra | apply pow_le; lra].
    + apply (Rmult_le_compat_l spread) in B; lra.
  - destruct Hshift as [_ A]; auto. destruct (Hq t) as [_ B]; auto.
    eapply Rle_trans; [exact B |]. apply (Rmult_le_compat_l ((1 + u) ^ 2)) in A; [lra | apply pow_le; lra].
  - apply Hfrom; auto.
  - apply Hfrom; auto.
Qed.
