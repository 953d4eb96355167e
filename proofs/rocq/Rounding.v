(* The standard model of floating-point arithmetic: rounded sums of nonnegative terms. *)
Require Export Bounds.

(* A computed number has a relative error of at most u. *)
Definition rounds (u computed exact : R) : Prop := absolute (computed - exact) <= u * absolute exact.

Lemma rounds_nonneg : forall u c v, 0 <= v -> rounds u c v -> (1 - u) * v <= c <= (1 + u) * v.
Proof.
  unfold rounds. intros u c v Hv H. rewrite !absolute_Rabs, (Rabs_right v) in H by lra.
  apply abs_le in H. lra.
Qed.

Lemma rounds_pos : forall u c v, u < 1 -> 0 < v -> rounds u c v -> 0 < c.
Proof.
  intros u c v Hu Hv H. apply rounds_nonneg in H; [| lra].
  assert (0 < (1 - u) * v) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

Lemma pow_le_base : forall a j, 0 <= a <= 1 -> a ^ (j + 1) <= a.
Proof.
  intros a j Ha. rewrite pow_add, pow_1. assert (0 <= a ^ j <= 1); [| nra].
  split; [apply pow_le; lra |]. rewrite <- (pow1 j). apply pow_incr. lra.
Qed.

Lemma pow_ge_base : forall a j, 1 <= a -> a <= a ^ (j + 1).
Proof. intros a j Ha. rewrite pow_add, pow_1. pose proof (pow_R1_Rle a j Ha). nra. Qed.

(* s lists the computed partial sums of e, whose entries are computed for t. *)
Definition adds (u : R) (m : nat) (t e s : nat -> R) : Prop -> Prop := fun rest =>
  (forall i, (i < m + 1)%nat -> rounds u (e i) (t i)) -> s 0%nat = e 0%nat ->
  (forall i, (i < m)%nat -> rounds u (s (i + 1)%nat) (s i + e (i + 1)%nat)) -> rest.

(* Each term meets its own rounding and those of at most m additions. *)
Lemma rounded_sum_bounds : forall m u t e s, 0 <= u -> u < 1 -> (forall i, (i < m + 1)%nat -> 0 <= t i) ->
  adds u m t e s ((1 - u) ^ (m + 1) * Sum (m + 1) t <= s m <= (1 + u) ^ (m + 1) * Sum (m + 1) t).
Proof.
  intros m u t e s Hu Hu1 Ht He H0 Hs.
  cut (forall j, (j <= m)%nat -> (1 - u) ^ (j + 1) * Sum (j + 1) t <= s j <= (1 + u) ^ (j + 1) * Sum (j + 1) t);
    [intro H; apply H; lia |].
  induction j as [| j IH]; intro Hj.
  - pose proof (rounds_nonneg u _ _ (Ht 0%nat ltac:(lia)) (He 0%nat ltac:(lia))). simpl. rewrite H0. lra.
  - specialize (IH ltac:(lia)).
    pose proof (rounds_nonneg u _ _ (Ht (j + 1)%nat ltac:(lia)) (He (j + 1)%nat ltac:(lia))) as Hn.
    assert (HT : 0 <= t (j + 1)%nat) by (apply Ht; lia).
    assert (HS : 0 <= Sum (j + 1) t) by (apply Sum_nonneg; intros; apply Ht; lia).
    pose proof (pow_le_base (1 - u) j ltac:(lra)) as Hlow. pose proof (pow_ge_base (1 + u) j ltac:(lra)) as Hhigh.
    assert (Hl : 0 <= (1 - u) ^ (j + 1)) by (apply pow_le; lra).
    replace (Sum (S j + 1) t) with (Sum (j + 1) t + t (j + 1)%nat) by (rewrite !Nat.add_1_r; reflexivity).
    replace (S j + 1)%nat with (S (j + 1)) by lia. rewrite <- !tech_pow_Rmult.
    assert (A : (1 - u) ^ (j + 1) * (Sum (j + 1) t + t (j + 1)%nat) <= s j + e (j + 1)%nat).
    { apply (Rmult_le_compat_r (t (j + 1)%nat)) in Hlow; auto. lra. }
    assert (B : s j + e (j + 1)%nat <= (1 + u) ^ (j + 1) * (Sum (j + 1) t + t (j + 1)%nat)).
    { apply (Rmult_le_compat_r (t (j + 1)%nat)) in Hhigh; auto. lra. }
    assert (C : 0 <= s j + e (j + 1)%nat).
    { eapply Rle_trans; [| exact A]. apply Rmult_le_pos; lra. }
    pose proof (rounds_nonneg u _ _ C (Hs j ltac:(lia))) as D. replace (S j) with (j + 1)%nat by lia.
    apply (Rmult_le_compat_l (1 - u)) in A; [| lra]. apply (Rmult_le_compat_l (1 + u)) in B; [| lra].
    rewrite !Rmult_assoc. lra.
Qed.

Lemma ln_pow_le : forall a j, 0 < a -> ln (a ^ j) = INR j * ln a.
Proof.
  intros a j Ha. induction j as [| j IH]; [simpl; rewrite ln_1; ring |].
  rewrite <- tech_pow_Rmult, ln_mult, IH, S_INR by (auto; apply pow_lt; auto). ring.
Qed.

Lemma rounded_sum_log : forall m u t e s, 0 <= u -> u < 1 -> (forall i, (i < m + 1)%nat -> 0 <= t i) ->
  adds u m t e s (0 < Sum (m + 1) t -> 0 < s m /\
    ln (Sum (m + 1) t) - (INR m + 1) * u / (1 - u) <= ln (s m) /\
    ln (s m) <= ln (Sum (m + 1) t) + (INR m + 1) * u).
Proof.
  intros m u t e s Hu Hu1 Ht He H0 Hs HS.
  destruct (rounded_sum_bounds m u t e s Hu Hu1 Ht He H0 Hs) as [A B].
  assert (L : 0 < (1 - u) ^ (m + 1)) by (apply pow_lt; lra). assert (H : 0 < (1 + u) ^ (m + 1)) by (apply pow_lt; lra).
  assert (HI : INR (m + 1) = INR m + 1) by (rewrite plus_INR; reflexivity).
  assert (Hm : 0 <= INR m + 1) by (pose proof (pos_INR m); lra).
  assert (P : 0 < s m) by (eapply Rlt_le_trans; [| exact A]; apply Rmult_lt_0_compat; auto).
  split; [auto | split].
  - apply ln_mono in A; [| apply Rmult_lt_0_compat; auto]. rewrite ln_mult, ln_pow_le, HI in A by (auto; lra).
    assert (Hn : - (u / (1 - u)) <= ln (1 - u)).
    { pose proof (exp_tangent (ln (/ (1 - u)))) as Hx. rewrite exp_ln, ln_Rinv in Hx by (try apply Rinv_0_lt_compat; lra).
      replace (u / (1 - u)) with (/ (1 - u) - 1) by (field; lra). lra. }
    apply (Rmult_le_compat_l (INR m + 1)) in Hn; auto. unfold Rdiv in *. lra.
  - apply ln_mono in B; auto. rewrite ln_mult, ln_pow_le, HI in B by (auto; lra).
    assert (Hn : ln (1 + u) <= u).
    { pose proof (exp_tangent (ln (1 + u))) as Hx. rewrite exp_ln in Hx by lra. lra. }
    apply (Rmult_le_compat_l (INR m + 1)) in Hn; auto. lra.
Qed.

(* One rounding more: an error of c in what is rounded gives u|b| + (1 + u) c. *)
Lemma rounds_off : forall u v a b c, 0 <= u -> rounds u v a -> Rabs (a - b) <= c ->
  Rabs (v - b) <= u * Rabs b + (1 + u) * c.
Proof.
  unfold rounds. intros u v a b c Hu Hr Hc. rewrite !absolute_Rabs in Hr.
  replace (v - b) with (v - a + (a - b)) by ring. eapply Rle_trans; [apply Rabs_triang |].
  assert (Ha : Rabs a <= Rabs b + c).
  { replace a with (b + (a - b)) by ring. eapply Rle_trans; [apply Rabs_triang | lra]. }
  apply (Rmult_le_compat_l u) in Ha; auto. lra.
Qed.

(* The log of the computed sum of exponentials is off by at most (m + 1) u / (1 - u). *)
Lemma log_sum_off : forall m u t e s, 0 <= u -> u < 1 ->
  adds u m (fun i => exp (t i)) e s (Rabs (ln (s m) - LSE (m + 1) t) <= (INR m + 1) * u / (1 - u)).
Proof.
  intros m u t e s Hu Hu1 He H0 Hs.
  destruct (rounded_sum_log m u (fun i => exp (t i)) e s Hu Hu1) as [_ [A B]]; auto.
  - intros. apply Rlt_le, exp_pos.
  - apply Z_pos. lia.
  - assert (Hm : 0 <= INR m + 1) by (pose proof (pos_INR m); lra).
    assert ((INR m + 1) * u <= (INR m + 1) * u / (1 - u)).
    { apply le_div; [lra |]. assert (0 <= (INR m + 1) * u) by (apply Rmult_le_pos; auto). nra. }
    apply abs_le. unfold LSE. lra.
Qed.

(* Entries computed for x - max x are off by at most u (max x - min x). *)
Lemma shifted_entry : forall u n t x i, 0 <= u -> (i < n)%nat -> rounds u (t i) (x i - vmax n x) ->
  Rabs (t i - (x i - vmax n x)) <= u * (vmax n x - vmin n x).
Proof.
  intros u n t x i Hu Hi Hr. unfold rounds in Hr. rewrite !absolute_Rabs in Hr. eapply Rle_trans; [exact Hr |].
  apply Rmult_le_compat_l; auto. apply abs_le. pose proof (vmax_ub n x i Hi). pose proof (vmin_lb n x i Hi). lra.
Qed.

(* One division after the sum: the errors of numerator and denominator multiply. *)
Lemma quotient_bounds : forall m u e s z g j, 0 <= u -> u < 1 -> (j < m + 1)%nat ->
  adds u m (fun i => exp (z i)) e s (rounds u g (e j / s m) ->
  (1 - u) ^ 2 * softmax (m + 1) z j <= (1 + u) ^ (m + 1) * g /\
  (1 - u) ^ (m + 1) * g <= (1 + u) ^ 2 * softmax (m + 1) z j).
Proof.
  intros m u e s z g j Hu Hu1 Hj He H0 Hs Hg. unfold softmax.
  assert (Hz : 0 < Sum (m + 1) (fun i => exp (z i))) by (apply Z_pos; lia).
  destruct (rounded_sum_bounds m u (fun i => exp (z i)) e s Hu Hu1) as [A B]; auto.
  { intros. apply Rlt_le, exp_pos. }
  destruct (rounds_nonneg u _ _ (Rlt_le _ _ (exp_pos (z j))) (He j Hj)) as [C D].
  pose proof (exp_pos (z j)) as Hx.
  set (Z := Sum (m + 1) (fun i => exp (z i))) in *. set (X := exp (z j)) in *. set (S := s m) in *.
  assert (L : 0 < (1 - u) ^ (m + 1)) by (apply pow_lt; lra).
  assert (H : 0 < (1 + u) ^ (m + 1)) by (apply pow_lt; lra).
  assert (HS : 0 < S) by (assert (0 < (1 - u) ^ (m + 1) * Z) by (apply Rmult_lt_0_compat; auto); lra).
  assert (E : 0 < e j) by (assert (0 < (1 - u) * X) by (apply Rmult_lt_0_compat; lra); lra).
  assert (Q : 0 <= e j / S) by (apply Rlt_le, Rdiv_lt_0_compat; auto).
  destruct (rounds_nonneg u _ _ Q Hg) as [F G]. split.
  - apply Rle_trans with ((1 + u) ^ (m + 1) * ((1 - u) * (e j / S))); [| apply Rmult_le_compat_l; lra].
    replace ((1 - u) ^ 2 * (X / Z)) with ((1 - u) * ((1 - u) * X / Z)) by (field; lra).
    replace ((1 + u) ^ (m + 1) * ((1 - u) * (e j / S))) with ((1 - u) * ((1 + u) ^ (m + 1) * e j / S)) by (field; lra).
    apply Rmult_le_compat_l; [lra |]. apply div_le; auto.
    replace ((1 + u) ^ (m + 1) * e j / S * Z) with (e j * ((1 + u) ^ (m + 1) * Z / S)) by (field; lra).
    apply Rle_trans with (e j * 1); [lra |]. apply Rmult_le_compat_l; [lra |]. apply le_div; lra.
  - apply Rle_trans with ((1 - u) ^ (m + 1) * ((1 + u) * (e j / S))); [apply Rmult_le_compat_l; lra |].
    replace ((1 + u) ^ 2 * (X / Z)) with ((1 + u) * ((1 + u) * X / Z)) by (field; lra).
    replace ((1 - u) ^ (m + 1) * ((1 + u) * (e j / S))) with ((1 + u) * (e j * ((1 - u) ^ (m + 1) / S))) by (field; lra).
    apply Rmult_le_compat_l; [lra |]. apply Rle_trans with (e j * (1 / Z)).
    + apply Rmult_le_compat_l; [lra |]. apply div_le; auto.
      replace (1 / Z * S) with (S / Z) by (field; lra). apply le_div; auto.
    + unfold Rdiv. rewrite Rmult_1_l. apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat |]; auto.
Qed.

(* Entries that move by d at most, after any shift, move the weights by a factor exp(2d) at most. *)
Lemma softmax_shifted : forall n t x c d j, (j < n)%nat ->
  (forall k, (k < n)%nat -> Rabs (t k - (x k - c)) <= d) ->
  softmax n x j <= exp (2 * d) * softmax n t j /\ softmax n t j <= exp (2 * d) * softmax n x j.
Proof.
  intros n t x c d j Hj Hd. assert (Hn : (1 <= n)%nat) by lia.
  pose proof (lse_close n Hn t (fun k => x k - c) d Hd) as Hl. pose proof (lse_shift n Hn x c) as Hc.
  specialize (Hd j Hj). apply abs_le in Hl. apply abs_le in Hd.
  rewrite !softmax_LSE, <- !exp_plus by auto. split; apply exp_mono; lra.
Qed.

(* The weight as exp of a computed difference from a computed log-sum-exp. *)
Lemma from_log : forall u n v w g b x j, 0 <= u -> u < 1 -> (1 <= n)%nat ->
  absolute (v - LSE n x) <= b -> rounds u w (x j - v) -> rounds u g (exp w) ->
  let margin := b + u * (absolute (x j - LSE n x) + b) in
  (1 - u) * softmax n x j <= exp margin * g /\ g <= (1 + u) * exp margin * softmax n x j.
Proof.
  intros u n v w g b x j Hu Hu1 Hn Hv Hw Hg margin. rewrite absolute_Rabs in Hv.
  assert (Hc : Rabs (x j - v - (x j - LSE n x)) <= b).
  { replace (x j - v - (x j - LSE n x)) with (- (v - LSE n x)) by ring. rewrite Rabs_Ropp. auto. }
  pose proof (rounds_off u w _ _ b Hu Hw Hc) as Hm.
  assert (HM : Rabs (w - (x j - LSE n x)) <= margin) by (unfold margin; rewrite absolute_Rabs; lra).
  apply abs_le in HM. pose proof (rounds_nonneg u _ _ (Rlt_le _ _ (exp_pos w)) Hg) as [A B].
  pose proof (exp_pos margin) as Hp. rewrite softmax_LSE by auto. split.
  - apply Rle_trans with (exp margin * ((1 - u) * exp w)); [| apply Rmult_le_compat_l; lra].
    replace (exp margin * ((1 - u) * exp w)) with ((1 - u) * exp (margin + w)) by (rewrite exp_plus; ring).
    apply Rmult_le_compat_l; [lra |]. apply exp_mono. lra.
  - eapply Rle_trans; [exact B |]. rewrite Rmult_assoc, <- exp_plus. apply Rmult_le_compat_l; [lra |].
    apply exp_mono. lra.
Qed.
