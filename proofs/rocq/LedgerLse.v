(* The ledger's claims on log-sum-exp and the rectifier: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Gibbs Calculus.

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

(* Case by case on the signs. *)
Theorem relu_max_of_two : forall x y,
  Rmax x y = (Rmax (x - y) 0 + Rmax (y - x) 0 + Rmax (x + y) 0 - Rmax (- x - y) 0) / 2.
Proof. intros. unfold Rmax. repeat destruct (Rle_dec _ _); lra. Qed.
