(* Limits of the pooled value and of SWAP in r, with the rates that give them. *)
Require Export Calculus.

(* Squeezes with an explicit rate: linear at a point, c / r at infinity. *)
Lemma tends_linear : forall f a l c, (forall r, r <> a -> Rabs (f r - l) <= c * Rabs (r - a)) ->
  tends f a l.
Proof.
  intros f a l c H eps He. set (k := Rmax c 1). assert (Hk : 0 < k /\ c <= k).
  { unfold k. split; [eapply Rlt_le_trans; [apply Rlt_0_1 | apply Rmax_r] | apply Rmax_l]. }
  exists (eps / k). split; [apply Rdiv_lt_0_compat; lra |].
  intros r Hr Hd. specialize (H r Hr). apply (Rmult_lt_compat_r k) in Hd; [| lra].
  replace (eps / k * k) with eps in Hd by (field; lra). pose proof (Rabs_pos (r - a)). nra.
Qed.

Lemma tends_inf_rate : forall f l c, 0 <= c -> (forall r, 0 < r -> Rabs (f r - l) <= c / r) ->
  tends_inf f l.
Proof.
  intros f l c Hc H eps He. exists ((c + 1) / eps). intros r Hr.
  assert (0 < (c + 1) / eps) by (apply Rdiv_lt_0_compat; lra).
  eapply Rle_lt_trans; [apply H; lra |]. apply (Rmult_lt_reg_r r); [lra |].
  replace (c / r * r) with c by (field; lra).
  apply (Rmult_lt_compat_r eps) in Hr; auto. replace ((c + 1) / eps * eps) with (c + 1) in Hr by (field; lra). lra.
Qed.

Lemma tends_mirror : forall f g l, (forall r, r < 0 -> f r = - g (- r)) ->
  tends_inf g l -> tends_minus_inf f (- l).
Proof.
  intros f g l E H eps He. destruct (H eps He) as [b Hb]. exists (Rmin (- b) 0). intros r Hr.
  pose proof (Rmin_l (- b) 0). pose proof (Rmin_r (- b) 0).
  rewrite E by lra. replace (- g (- r) - - l) with (- (g (- r) - l)) by ring.
  rewrite Rabs_Ropp. apply Hb. lra.
Qed.

Section Limits.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Variable x : nat -> R.

Lemma pooled_to_max : tends_inf (fun r => M n r x) (vmax n x).
Proof.
  apply tends_inf_rate with (c := ln (INR n)); [apply ln_INR_nonneg; auto |].
  intros r Hr. pose proof (pooled_between n Hn r x Hr).
  assert (0 <= ln (INR n) / r) by (apply le_div; [auto | rewrite Rmult_0_l; apply ln_INR_nonneg; auto]).
  apply abs_le. lra.
Qed.

Lemma swap_limit_max : tends_inf (fun r => SWAP n r x) (vmax n x).
Proof.
  apply tends_inf_rate with (c := ln (INR n)); [apply ln_INR_nonneg; auto |].
  intros r Hr. pose proof (pooled_between n Hn r x Hr). pose proof (swap_over_pooled n Hn r x Hr).
  pose proof (swap_inside n Hn r x).
  assert (0 <= ln (INR n) / r) by (apply le_div; [auto | rewrite Rmult_0_l; apply ln_INR_nonneg; auto]).
  apply abs_le. lra.
Qed.

End Limits.

Section Limits.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Variable x : nat -> R.

Lemma pooled_to_min : tends_minus_inf (fun r => M n r x) (vmin n x).
Proof.
  unfold vmin. apply tends_mirror with (g := fun r => M n r (fun i => - x i)).
  - intros. apply M_opp. lra.
  - apply pooled_to_max; auto.
Qed.

Lemma swap_limit_min : tends_minus_inf (fun r => SWAP n r x) (vmin n x).
Proof.
  unfold vmin. apply tends_mirror with (g := fun r => SWAP n r (fun i => - x i)).
  - intros. apply SWAP_opp.
  - apply swap_limit_max; auto.
Qed.

Lemma range_opp : vmax n (fun i => - x i) - vmin n (fun i => - x i) = vmax n x - vmin n x.
Proof.
  unfold vmin.
  replace (vmax n (fun i => - - x i)) with (vmax n x); [lra |].
  apply Rle_antisym; apply vmax_lub; auto; intros.
  - rewrite <- (Ropp_involutive (x i)). apply (vmax_ub n (fun i => - - x i)); auto.
  - rewrite Ropp_involutive. apply vmax_ub; auto.
Qed.

End Limits.

Section Limits.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Variable x : nat -> R.
Let c := (vmax n x - vmin n x) ^ 2 / 4.

(* Hoeffding's bound on both sides of r = 0. *)
Lemma pooled_near_mean : forall r, r <> 0 -> Rabs (M n r x - mean n x) <= c / 2 * Rabs (r - 0).
Proof.
  intros r Hr. rewrite Rminus_0_r. destruct (Rtotal_order r 0) as [H | [H | H]]; [| lra |].
  - pose proof (mean_above_pooled n Hn r x H). rewrite (Rabs_left r), (Rabs_left1 (M n r x - mean n x)) by lra.
    rewrite M_opp in * by auto. pose proof (hoeffding_bound n Hn (- r) (fun i => - x i) ltac:(lra)) as H1.
    rewrite range_opp, mean_opp in H1 by auto. unfold c. lra.
  - pose proof (mean_below_pooled n Hn r x H). rewrite !Rabs_right by lra.
    pose proof (hoeffding_bound n Hn r x H). unfold c. lra.
Qed.

Lemma pooled_to_mean : tends (fun r => M n r x) 0 (mean n x).
Proof. apply tends_linear with (c := c / 2). apply pooled_near_mean. Qed.

Lemma swap_near_mean_two_sided : forall r, Rabs (SWAP n r x - mean n x) <= c * Rabs (r - 0).
Proof.
  intros r. rewrite Rminus_0_r. destruct (Rle_dec 0 r) as [H | H].
  - pose proof (swap_increasing n Hn 0 r x H) as Hi. rewrite swap_at_0 in Hi by auto.
    rewrite !Rabs_right by lra. pose proof (swap_near_mean n Hn r x H). unfold c. lra.
  - pose proof (swap_increasing n Hn r 0 x ltac:(lra)) as Hi. rewrite swap_at_0 in Hi by auto.
    rewrite (Rabs_left r), (Rabs_left1 (SWAP n r x - mean n x)) by lra. rewrite SWAP_opp.
    pose proof (swap_near_mean n Hn (- r) (fun i => - x i) ltac:(lra)) as H1.
    rewrite range_opp, mean_opp in H1 by auto. unfold c. lra.
Qed.

Lemma swap_limit_mean : tends (fun r => SWAP n r x) 0 (mean n x).
Proof. apply tends_linear with (c := c). intros. apply swap_near_mean_two_sided. Qed.

End Limits.
