(* The ledger's claims on softmax: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Gibbs Calculus Lipschitz Powers.

(* Softmax weights are positive and sum to one. *)
Theorem softmax_weights : forall n x, (1 <= n)%nat ->
  (forall i, (i < n)%nat -> 0 <= softmax n x i) /\ Sum n (fun i => softmax n x i) = 1 /\
  (forall i, (i < n)%nat -> 0 < softmax n x i).
Proof.
  intros. repeat split; intros; try apply softmax_sum; auto; try apply Rlt_le; apply softmax_pos; auto.
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

(* Young's inequality with a real exponent; t^p is t exp((p - 1) ln t). *)
Theorem young_real : forall p s w, 1 <= p -> 0 <= s -> 0 <= w ->
  (0 < s -> exp ((p - 1) * ln s) * w <= (1 - 1 / p) * powered p s + powered p w / p) /\
  powered p (s * w) = powered p s * powered p w /\ 0 <= powered p s.
Proof.
  intros p s w Hp Hs Hw. split; [| split].
  - intro. apply young_powered; auto.
  - apply powered_mult; auto.
  - apply powered_nonneg; auto.
Qed.

(* Softmax of r x is r/2-Lipschitz in every l_p norm, p real. *)
Theorem softmax_lipschitz_every_p : forall n p r x y, (1 <= n)%nat -> 1 <= p ->
  Sum n (fun i => powered p (absolute (softmax n (fun j => r * x j) i - softmax n (fun j => r * y j) i))) <=
  powered p (absolute r / 2) * Sum n (fun i => powered p (absolute (x i - y i))).
Proof.
  intros n p r x y Hn Hp.
  rewrite (Sum_ext n _ (fun i => powered p (Rabs (softmax n (fun j => r * x j) i - softmax n (fun j => r * y j) i))))
    by (intros; rewrite absolute_Rabs; auto).
  eapply Rle_trans; [apply softmax_lipschitz_powered; auto |]. apply Req_le. rewrite <- Sum_scal.
  apply Sum_ext. intros i _. pose proof (Rabs_pos r). pose proof (Rabs_pos (x i - y i)).
  rewrite !absolute_Rabs, <- Rmult_minus_distr_l, Rabs_mult, <- powered_mult by lra. f_equal. field.
Qed.
