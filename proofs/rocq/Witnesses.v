(* SWAP at two small vectors: the numbers behind its counterexamples. *)
Require Export Numeric.

Lemma exp_double : forall t, exp (t + t) = exp t * exp t.
Proof. intro. apply exp_plus. Qed.

Lemma e2_bounds : 7.38905 < exp 2 < 7.38907.
Proof.
  replace 2 with (1 + 1) by ring. rewrite exp_double. destruct e_bounds. split; nra.
Qed.

Lemma e3_bounds : 20.0855 < exp 3 < 20.0857.
Proof.
  replace 3 with (2 + 1) by ring. rewrite exp_plus. destruct e_bounds. destruct e2_bounds. split; nra.
Qed.

Lemma e4_bounds : 54.598 < exp 4 < 54.599.
Proof. replace 4 with (2 + 2) by ring. rewrite exp_double. destruct e2_bounds. split; nra. Qed.

Lemma e6_bounds : 403.42 < exp 6 < 403.44.
Proof. replace 6 with (3 + 3) by ring. rewrite exp_double. destruct e3_bounds. split; nra. Qed.

(* SWAP_1(0, -c) = -c / (e^c + 1). *)
Lemma swap_pair : forall c, SWAP 2 1 (fun i => - c * INR i) = - (c / (exp c + 1)).
Proof.
  intro c. unfold SWAP. simpl. rewrite !Rmult_0_r, !Rmult_1_r, !Rmult_1_l, exp_0, exp_Ropp.
  pose proof (exp_pos c). field. lra.
Qed.

Lemma swap_pair_between : forall c a b, 0 < c -> 0 < a -> a < exp c < b ->
  - (c / (a + 1)) < SWAP 2 1 (fun i => - c * INR i) < - (c / (b + 1)).
Proof.
  intros c a b Hc Ha [H1 H2]. rewrite swap_pair. unfold Rdiv.
  split; apply Ropp_lt_contravar, Rmult_lt_compat_l; auto; apply Rinv_lt_contravar; nra.
Qed.

Lemma SWAP_ext : forall n r x y, (forall i, (i < n)%nat -> x i = y i) -> SWAP n r x = SWAP n r y.
Proof.
  intros n r x y H. unfold SWAP.
  rewrite (Sum_ext n (fun i => x i * exp (r * x i)) (fun i => y i * exp (r * y i))),
    (Sum_ext n (fun i => exp (r * x i)) (fun i => exp (r * y i))) by (intros; rewrite H; auto).
  reflexivity.
Qed.

(* SWAP_r(0, c / r) = c e^c / (1 + e^c) / r. *)
Lemma swap_pair_scaled : forall r c, r <> 0 ->
  SWAP 2 r (fun i => c * INR i / r) = c * exp c / (1 + exp c) / r.
Proof.
  intros r c Hr. unfold SWAP. simpl. pose proof (exp_pos c).
  replace (r * (c * 0 / r)) with 0 by (field; auto). replace (r * (c * 1 / r)) with c by (field; auto).
  rewrite exp_0. field. lra.
Qed.

Lemma swap_pair_low : forall r c a b, 0 < r -> 0 < a -> 0 < c -> a < exp c < b ->
  - (c / (a + 1)) / r < SWAP 2 r (fun i => - c * INR i / r) < - (c / (b + 1)) / r.
Proof.
  intros r c a b Hr Ha Hc [H1 H2]. rewrite swap_pair_scaled by lra.
  replace (- c * exp (- c) / (1 + exp (- c))) with (- (c / (exp c + 1)))
    by (rewrite exp_Ropp; pose proof (exp_pos c); field; lra).
  assert (0 < / r) by (apply Rinv_0_lt_compat; auto).
  split; apply Rmult_lt_compat_r; auto; apply Ropp_lt_contravar, Rmult_lt_compat_l; auto;
  apply Rinv_lt_contravar; nra.
Qed.
