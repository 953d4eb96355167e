(* Real powers t^p = t exp((p - 1) ln t), which are 0 at 0: Young's inequality and softmax in l_p. *)
Require Export Lipschitz.

Definition powered (p t : R) : R := t * exp ((p - 1) * ln t).

Lemma powered_nonneg : forall p t, 0 <= t -> 0 <= powered p t.
Proof. intros. apply Rmult_le_pos; [auto | apply Rlt_le, exp_pos]. Qed.

Lemma powered_mult : forall p s w, 0 <= s -> 0 <= w -> powered p (s * w) = powered p s * powered p w.
Proof.
  intros p s w [Hs | <-] [Hw | <-]; unfold powered; try ring.
  rewrite ln_mult, Rmult_plus_distr_l, exp_plus by auto. ring.
Qed.

Lemma exp_above_tangent : forall c t, exp c * (1 + t - c) <= exp t.
Proof.
  intros. replace (exp t) with (exp c * exp (t - c)) by (rewrite <- exp_plus; f_equal; ring).
  apply Rmult_le_compat_l; [apply Rlt_le, exp_pos |]. pose proof (exp_tangent (t - c)). lra.
Qed.

(* Young: exp lies above its tangent at the weighted mean of p ln s and p ln w. *)
Lemma young_powered : forall p s w, 1 <= p -> 0 < s -> 0 <= w ->
  exp ((p - 1) * ln s) * w <= (1 - 1 / p) * powered p s + powered p w / p.
Proof.
  intros p s w Hp Hs Hw. assert (Hi : 0 < / p) by (apply Rinv_0_lt_compat; lra).
  assert (Hone : / p <= 1) by (rewrite <- Rinv_1; apply Rinv_le_contravar; lra).
  unfold Rdiv. rewrite Rmult_1_l. destruct Hw as [Hw | <-].
  - set (c := (p - 1) * ln s + ln w).
    assert (E : forall t, 0 < t -> powered p t = exp (p * ln t)).
    { intros t Ht. unfold powered. rewrite <- (exp_ln t) at 1 by auto. rewrite <- exp_plus. f_equal. ring. }
    rewrite !E by auto. replace (exp ((p - 1) * ln s) * w) with (exp c)
      by (unfold c; rewrite exp_plus, (exp_ln w); auto).
    pose proof (exp_above_tangent c (p * ln s)) as H1. pose proof (exp_above_tangent c (p * ln w)) as H2.
    apply (Rmult_le_compat_l (1 - / p)) in H1; [| lra]. apply (Rmult_le_compat_r (/ p)) in H2; [| lra].
    replace (exp c) with ((1 - / p) * (exp c * (1 + p * ln s - c)) + exp c * (1 + p * ln w - c) * / p) at 1;
      [lra | unfold c; field; lra].
  - pose proof (powered_nonneg p s ltac:(lra)). unfold powered at 2. rewrite Rmult_0_r, !Rmult_0_l, Rplus_0_r.
    apply Rmult_le_pos; lra.
Qed.

(* Pair the change with sign(D) |D|^(p-1) along the line from y to x. *)
Lemma softmax_lipschitz_powered : forall n p x y, (1 <= n)%nat -> 1 <= p ->
  Sum n (fun i => powered p (Rabs (softmax n x i - softmax n y i))) <=
  Sum n (fun i => powered p (Rabs (x i - y i) / 2)).
Proof.
  intros n p x y Hn Hp. set (D := fun i => softmax n x i - softmax n y i).
  set (W := fun i => Rabs (x i - y i) / 2).
  assert (Hi : 0 < / p) by (apply Rinv_0_lt_compat; lra).
  assert (Hone : / p <= 1) by (rewrite <- Rinv_1; apply Rinv_le_contravar; lra).
  set (g := fun i => if Req_EM_T (D i) 0 then 0 else D i / Rabs (D i) * exp ((p - 1) * ln (Rabs (D i)))).
  pose proof (softmax_paired n Hn g (fun i => 2 * (1 - / p) * powered p (Rabs (D i)))
    (fun i => 2 * / p * powered p (W i)) x y) as H.
  lapply H; [clear H; intro H |].
  - rewrite (Sum_ext n _ (fun i => powered p (Rabs (D i)))) in H.
    2: { intros i _. unfold g, powered. fold (D i). destruct (Req_EM_T (D i) 0) as [-> | Hd].
         - rewrite Rabs_R0. ring.
         - pose proof (Rabs_no_R0 _ Hd). apply (Rmult_eq_reg_r (Rabs (D i))); auto.
           replace (Rabs (D i) * exp ((p - 1) * ln (Rabs (D i))) * Rabs (D i)) with
             (Rabs (D i) * Rabs (D i) * exp ((p - 1) * ln (Rabs (D i)))) by ring.
           rewrite <- Rabs_mult, (Rabs_right (D i * D i)) by (apply Rle_ge, Rle_0_sqr). field. auto. }
    rewrite Sum_plus, !Sum_scal in H. set (A := Sum n (fun i => powered p (Rabs (D i)))) in *.
    set (B := Sum n (fun i => powered p (W i))) in *. change (A <= B).
    apply (Rmult_le_reg_l (/ p)); auto. lra.
  - intros i Hin j Hj. assert (HW : 0 <= W j) by (unfold W; pose proof (Rabs_pos (x j - y j)); lra).
    pose proof (powered_nonneg p (W j) HW) as Hv. pose proof (powered_nonneg p _ (Rabs_pos (D i))) as Hu.
    rewrite Rabs_mult. unfold g. destruct (Req_EM_T (D i) 0) as [_ | Hd].
    + rewrite Rabs_R0, Rmult_0_l. apply Rplus_le_le_0_compat; apply Rmult_le_pos; lra.
    + pose proof (Rabs_pos_lt _ Hd) as Hd'. unfold Rdiv.
      rewrite !Rabs_mult, Rabs_inv, Rabs_Rabsolu, Rinv_r, Rmult_1_l by lra.
      rewrite (Rabs_right (exp _)) by (apply Rle_ge, Rlt_le, exp_pos).
      pose proof (young_powered p (Rabs (D i)) (W j) Hp Hd' HW) as Hy. unfold Rdiv in Hy.
      replace (Rabs (x j - y j)) with (2 * W j) by (unfold W; field). lra.
Qed.
