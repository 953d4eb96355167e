(* Finite sums, largest and smallest entries: the lemmas that everything else rests on. *)
Require Export Definitions.

Lemma Sum_ext : forall n f g, (forall i, (i < n)%nat -> f i = g i) -> Sum n f = Sum n g.
Proof. induction n; intros; simpl; auto. rewrite (IHn f g), (H n); auto. Qed.

Lemma Sum_le : forall n f g, (forall i, (i < n)%nat -> f i <= g i) -> Sum n f <= Sum n g.
Proof. induction n; intros; simpl; [lra | apply Rplus_le_compat; auto]. Qed.

Lemma Sum_lt : forall n f g k, (k < n)%nat ->
  (forall i, (i < n)%nat -> f i <= g i) -> f k < g k -> Sum n f < Sum n g.
Proof.
  induction n; intros f g k Hk Hle Hlt; [lia | simpl].
  destruct (Nat.eq_dec k n) as [-> |].
  - apply Rplus_le_lt_compat; auto. apply Sum_le; auto.
  - apply Rplus_lt_le_compat; auto. apply (IHn _ _ k); auto; lia.
Qed.

Lemma Sum_plus : forall n f g, Sum n (fun i => f i + g i) = Sum n f + Sum n g.
Proof. induction n; intros; simpl; [lra | rewrite IHn; lra]. Qed.

Lemma Sum_minus : forall n f g, Sum n (fun i => f i - g i) = Sum n f - Sum n g.
Proof. induction n; intros; simpl; [lra | rewrite IHn; lra]. Qed.

Lemma Sum_scal : forall n c f, Sum n (fun i => c * f i) = c * Sum n f.
Proof. induction n; intros; simpl; [lra | rewrite IHn; lra]. Qed.

Lemma Sum_scal_r : forall n c f, Sum n (fun i => f i * c) = Sum n f * c.
Proof. induction n; intros; simpl; [lra | rewrite IHn; lra]. Qed.

Lemma Sum_div : forall n c f, Sum n (fun i => f i / c) = Sum n f / c.
Proof. intros. apply Sum_scal_r. Qed.

Lemma Sum_const : forall n c, Sum n (fun _ => c) = INR n * c.
Proof. induction n; intros; [simpl; lra | rewrite S_INR; simpl; rewrite IHn; lra]. Qed.

Lemma Sum_opp : forall n f, Sum n (fun i => - f i) = - Sum n f.
Proof. induction n; intros; simpl; [lra | rewrite IHn; lra]. Qed.

Lemma Sum_abs : forall n f, Rabs (Sum n f) <= Sum n (fun i => Rabs (f i)).
Proof.
  induction n; intros; simpl; [rewrite Rabs_R0; lra |].
  eapply Rle_trans; [apply Rabs_triang | specialize (IHn f); lra].
Qed.

Lemma Sum_nonneg : forall n f, (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= Sum n f.
Proof. intros. rewrite <- (Rmult_0_r (INR n)), <- Sum_const. apply Sum_le; auto. Qed.

Lemma Sum_pos : forall n f, (1 <= n)%nat -> (forall i, (i < n)%nat -> 0 < f i) -> 0 < Sum n f.
Proof.
  intros. rewrite <- (Rmult_0_r (INR n)), <- Sum_const.
  apply (Sum_lt _ _ _ 0%nat); auto. intros; apply Rlt_le; auto.
Qed.

Lemma Sum_ge_term : forall n f k, (k < n)%nat -> (forall i, (i < n)%nat -> 0 <= f i) ->
  f k <= Sum n f.
Proof.
  induction n; intros f k Hk Hf; [lia | simpl]. destruct (Nat.eq_dec k n) as [-> |].
  - pose proof (Sum_nonneg n f ltac:(auto)). lra.
  - pose proof (IHn f k ltac:(lia) ltac:(auto)). pose proof (Hf n ltac:(lia)). lra.
Qed.

(* One entry set apart: used wherever one term plays a part of its own. *)
Lemma Sum_split : forall n f k, (k < n)%nat ->
  Sum n f = f k + Sum n (fun i => if Nat.eq_dec i k then 0 else f i).
Proof.
  induction n; intros f k Hk; [lia | simpl]. destruct (Nat.eq_dec n k) as [-> | Hn].
  - rewrite (Sum_ext k (fun i => if Nat.eq_dec i k then 0 else f i) f); [lra |].
    intros i Hi. destruct (Nat.eq_dec i k); [lia | auto].
  - rewrite (IHn f k) by lia. lra.
Qed.

Lemma Sum_swap : forall n m (f : nat -> nat -> R),
  Sum n (fun i => Sum m (f i)) = Sum m (fun j => Sum n (fun i => f i j)).
Proof.
  induction n; intros; simpl.
  - rewrite Sum_const. ring.
  - rewrite IHn, Sum_plus. reflexivity.
Qed.

Lemma INR_pos : forall n, (1 <= n)%nat -> 0 < INR n.
Proof. intros. apply lt_0_INR. lia. Qed.

Lemma ln_INR_nonneg : forall n, (1 <= n)%nat -> 0 <= ln (INR n).
Proof.
  intros. rewrite <- ln_1. destruct (Req_dec (INR n) 1) as [-> | ]; [lra |].
  apply Rlt_le, ln_increasing; [lra |]. pose proof (le_INR 1 n H). simpl in *. lra.
Qed.

Lemma ln_mono : forall a b, 0 < a -> a <= b -> ln a <= ln b.
Proof. intros a b Ha [H | ->]; [apply Rlt_le, ln_increasing; auto | lra]. Qed.

Lemma exp_mono : forall a b, a <= b -> exp a <= exp b.
Proof. intros a b [H | ->]; [apply Rlt_le, exp_increasing; auto | lra]. Qed.

(* The tangent line of exp at 0: the one inequality behind Gibbs' and Jensen's. *)
Lemma exp_tangent : forall t, 1 + t <= exp t.
Proof.
  intro t. destruct (Req_dec t 0) as [-> | Ht]; [rewrite exp_0; lra |].
  apply Rlt_le, exp_ineq1. auto.
Qed.

Lemma mean_ext : forall n x y, (forall i, (i < n)%nat -> x i = y i) -> mean n x = mean n y.
Proof. intros. unfold mean. rewrite (Sum_ext n x y); auto. Qed.

Lemma largest_ub : forall m x i, (i <= m)%nat -> x i <= largest m x.
Proof.
  induction m; intros x i Hi; simpl; [replace i with 0%nat by lia; lra |].
  destruct (Nat.eq_dec i (S m)) as [-> |]; [apply Rmax_r |].
  eapply Rle_trans; [apply IHm; lia | apply Rmax_l].
Qed.

Lemma largest_in : forall m x, exists i, (i <= m)%nat /\ largest m x = x i.
Proof.
  induction m; intros x; simpl; [exists 0%nat; auto |].
  destruct (IHm x) as [i [Hi Hx]]. unfold Rmax. destruct (Rle_dec _ _); eauto.
Qed.

Lemma vmax_ub : forall n x i, (i < n)%nat -> x i <= vmax n x.
Proof. intros. apply largest_ub. lia. Qed.

Lemma vmax_in : forall n x, (1 <= n)%nat -> exists i, (i < n)%nat /\ vmax n x = x i.
Proof. intros. destruct (largest_in (pred n) x) as [i [Hi Hx]]. exists i. split; [lia | auto]. Qed.

Lemma vmin_lb : forall n x i, (i < n)%nat -> vmin n x <= x i.
Proof. intros. pose proof (vmax_ub n (fun i => - x i) i H). unfold vmin. simpl in *. lra. Qed.

Lemma vmin_in : forall n x, (1 <= n)%nat -> exists i, (i < n)%nat /\ vmin n x = x i.
Proof.
  intros n x Hn. destruct (vmax_in n (fun i => - x i) Hn) as [i [Hi E]].
  exists i. split; auto. unfold vmin. rewrite E. ring.
Qed.

Lemma vmax_lub : forall n x b, (1 <= n)%nat -> (forall i, (i < n)%nat -> x i <= b) -> vmax n x <= b.
Proof. intros n x b Hn H. destruct (vmax_in n x Hn) as [i [Hi ->]]. auto. Qed.

Lemma vmin_le_vmax : forall n x, (1 <= n)%nat -> vmin n x <= vmax n x.
Proof. intros n x Hn. destruct (vmin_in n x Hn) as [i [Hi ->]]. apply vmax_ub; auto. Qed.

(* The normalizer of softmax is positive, and the weights are positive and sum to one. *)
Lemma Z_pos : forall n x, (1 <= n)%nat -> 0 < Sum n (fun i => exp (x i)).
Proof. intros. apply Sum_pos; auto. intros. apply exp_pos. Qed.

Lemma softmax_pos : forall n x i, (1 <= n)%nat -> 0 < softmax n x i.
Proof. intros. apply Rdiv_lt_0_compat; [apply exp_pos | apply Z_pos; auto]. Qed.

Lemma softmax_sum : forall n x, (1 <= n)%nat -> Sum n (softmax n x) = 1.
Proof.
  intros n x Hn. unfold softmax. rewrite (Sum_div n _ (fun i => exp (x i))).
  field. apply Rgt_not_eq, Z_pos; auto.
Qed.

Lemma softmax_le_1 : forall n x i, (i < n)%nat -> softmax n x i <= 1.
Proof.
  intros n x i Hi. rewrite <- (softmax_sum n x) by lia. apply Sum_ge_term; auto.
  intros. apply Rlt_le, softmax_pos. lia.
Qed.

Lemma softmax_ext : forall n x y i, (i < n)%nat -> (forall j, (j < n)%nat -> x j = y j) ->
  softmax n x i = softmax n y i.
Proof.
  intros n x y i Hi H. unfold softmax. rewrite (H i Hi).
  rewrite (Sum_ext n (fun j => exp (x j)) (fun j => exp (y j))); auto.
  intros. rewrite H; auto.
Qed.

Lemma LSE_ext : forall n x y, (forall i, (i < n)%nat -> x i = y i) -> LSE n x = LSE n y.
Proof. intros. unfold LSE. f_equal. apply Sum_ext. intros. rewrite H; auto. Qed.

Lemma exp_LSE : forall n x, (1 <= n)%nat -> exp (LSE n x) = Sum n (fun i => exp (x i)).
Proof. intros. apply exp_ln, Z_pos; auto. Qed.

Lemma softmax_LSE : forall n x i, (1 <= n)%nat -> softmax n x i = exp (x i - LSE n x).
Proof.
  intros. unfold softmax, Rminus. rewrite exp_plus, exp_Ropp, exp_LSE; auto.
Qed.

Lemma ln_softmax : forall n x i, (1 <= n)%nat -> ln (softmax n x i) = x i - LSE n x.
Proof. intros. rewrite softmax_LSE, ln_exp; auto. Qed.

Lemma M_LSE : forall n r x, (1 <= n)%nat -> r <> 0 ->
  M n r x = (LSE n (fun i => r * x i) - ln (INR n)) / r.
Proof.
  intros. unfold M, LSE. rewrite ln_mult, ln_Rinv; [field; auto | | | apply Z_pos; auto];
  try apply Rinv_0_lt_compat; apply INR_pos; auto.
Qed.

Lemma M_opp : forall n r x, r <> 0 -> M n r x = - M n (- r) (fun i => - x i).
Proof.
  intros. unfold M. rewrite (Sum_ext n (fun i => exp (- r * - x i)) (fun i => exp (r * x i))).
  - field; auto.
  - intros. f_equal. ring.
Qed.

(* SWAP is the average of the entries with softmax weights. *)
Lemma SWAP_avg : forall n r x, SWAP n r x = Sum n (fun i => softmax n (fun j => r * x j) i * x i).
Proof.
  intros. unfold SWAP, softmax. rewrite <- Sum_div. apply Sum_ext. intros. unfold Rdiv. ring.
Qed.

Lemma SWAP_opp : forall n r x, SWAP n r x = - SWAP n (- r) (fun i => - x i).
Proof.
  intros. rewrite !SWAP_avg. rewrite <- Sum_opp. apply Sum_ext. intros i Hi.
  rewrite (softmax_ext n (fun j => - r * - x j) (fun j => r * x j)); auto; [ring |].
  intros; ring.
Qed.

Lemma abs_le : forall a b, Rabs a <= b <-> - b <= a <= b.
Proof. intros. unfold Rabs. destruct (Rcase_abs a); split; lra. Qed.

Lemma div_le : forall a b c, 0 < c -> a <= b * c -> a / c <= b.
Proof. intros. apply (Rmult_le_reg_r c); auto. replace (a / c * c) with a by (field; lra). auto. Qed.

Lemma le_div : forall a b c, 0 < c -> a * c <= b -> a <= b / c.
Proof. intros. apply (Rmult_le_reg_r c); auto. replace (b / c * c) with b by (field; lra). auto. Qed.

Lemma absolute_Rabs : forall t, absolute t = Rabs t.
Proof. intro. unfold absolute, Rmax, Rabs. destruct (Rle_dec _ _); destruct (Rcase_abs t); lra. Qed.
