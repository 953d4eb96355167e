(* Order statistics by insertion, and ordinal pooling. *)
Require Export Sums.

Lemma desc_first : forall n x, (1 <= n)%nat -> desc n x 0 = vmax n x.
Proof.
  destruct n as [| n]; intros x Hn; [lia |]. clear Hn. unfold vmax. simpl pred.
  induction n as [| n IH]; [simpl; destruct (le_lt_dec 0 0); [auto | lia] |].
  change (desc (S (S n)) x 0) with
    (if le_lt_dec (S n) 0 then x (S n) else Rmax (desc (S n) x 0) (x (S n))).
  destruct (le_lt_dec (S n) 0); [lia |]. rewrite IH. reflexivity.
Qed.

(* Insertion keeps the order, and keeps every value between the same bounds. *)
Lemma desc_down : forall n x k, (S k < n)%nat -> desc n x (S k) <= desc n x k.
Proof.
  induction n as [| n IH]; intros x k Hk; [lia |]. simpl.
  destruct (le_lt_dec n (S k)); destruct (le_lt_dec n k); try lia.
  - destruct k as [| k]; [apply Rle_trans with (desc n x 0); [apply Rmin_l | apply Rmax_l] |].
    pose proof (IH x k ltac:(lia)). pose proof (Rmin_l (desc n x (S k)) (x n)).
    apply Rmin_glb; [lra |]. eapply Rle_trans; [apply Rmin_l | apply Rmax_l].
  - destruct k as [| k]; [eapply Rle_trans; [apply Rmin_l | apply Rmax_l] |].
    pose proof (IH x k ltac:(lia)). apply Rmin_glb.
    + eapply Rle_trans; [apply Rmin_l | auto].
    + eapply Rle_trans; [apply Rmin_l | apply Rmax_l].
Qed.

Lemma desc_between : forall n x a b, (forall i, (i < n)%nat -> a <= x i <= b) ->
  forall k, (k < n)%nat -> a <= desc n x k <= b.
Proof.
  induction n as [| n IH]; intros x a b H k Hk; [lia |]. simpl.
  pose proof (H n ltac:(lia)) as Hx. specialize (IH x a b ltac:(intros; apply H; lia)).
  destruct (le_lt_dec n k) as [Hnk | Hnk].
  - destruct k; auto. pose proof (IH k ltac:(lia)). unfold Rmin. destruct (Rle_dec _ _); lra.
  - pose proof (IH k ltac:(lia)).
    assert (a <= Rmax (desc n x k) (x n) <= b) by (unfold Rmax; destruct (Rle_dec _ _); lra).
    destruct k; auto. pose proof (IH k ltac:(lia)). unfold Rmin. destruct (Rle_dec _ _); lra.
Qed.

Lemma Rmax_close : forall a b c d e, Rabs (a - c) <= e -> Rabs (b - d) <= e ->
  Rabs (Rmax a b - Rmax c d) <= e.
Proof.
  intros a b c d e H1 H2. apply abs_le in H1. apply abs_le in H2. apply abs_le.
  unfold Rmax. destruct (Rle_dec a b); destruct (Rle_dec c d); lra.
Qed.

Lemma Rmin_close : forall a b c d e, Rabs (a - c) <= e -> Rabs (b - d) <= e ->
  Rabs (Rmin a b - Rmin c d) <= e.
Proof.
  intros a b c d e H1 H2. apply abs_le in H1. apply abs_le in H2. apply abs_le.
  unfold Rmin. destruct (Rle_dec a b); destruct (Rle_dec c d); lra.
Qed.

Lemma desc_nonexpansive : forall n x y d, (forall i, (i < n)%nat -> Rabs (x i - y i) <= d) ->
  forall k, (k < n)%nat -> Rabs (desc n x k - desc n y k) <= d.
Proof.
  induction n as [| n IH]; intros x y d H k Hk; [lia |]. simpl.
  pose proof (H n ltac:(lia)) as Hx. specialize (IH x y d ltac:(intros; apply H; lia)).
  destruct (le_lt_dec n k) as [Hnk | Hnk]; destruct k; auto using Rmax_close.
  - apply Rmin_close; auto. apply IH. lia.
  - apply Rmin_close; [apply IH; lia |]. apply Rmax_close; auto.
Qed.

(* Sum of the k largest, by the same insertion. *)
Fixpoint top (n k : nat) (x : nat -> R) : R :=
  match n, k with
  | _, O => 0
  | O, S _ => 0
  | S m, S j => if le_lt_dec m j then top m j x + x m else Rmax (top m k x) (top m j x + x m)
  end.

Lemma top_0 : forall n x, top n 0 x = 0.
Proof. destruct n; auto. Qed.

Lemma desc_0_S : forall n x, (0 < n)%nat -> desc (S n) x 0 = Rmax (desc n x 0) (x n).
Proof. intros. simpl. destruct (le_lt_dec n 0); [lia | auto]. Qed.

Lemma top_desc : forall n k x, (k <= n)%nat -> Sum k (desc n x) = top n k x.
Proof.
  induction n as [| n IH]; [intros; replace k with 0%nat by lia; auto |].
  induction k as [| k IHk]; intros x Hk; [auto |].
  change (Sum (S k) (desc (S n) x)) with (Sum k (desc (S n) x) + desc (S n) x k).
  rewrite IHk by lia. simpl. destruct (le_lt_dec n k) as [H | H].
  - replace k with n in * by lia. destruct n as [| n]; [simpl; lra |].
    simpl top at 1. destruct (le_lt_dec (S n) n); [lia |].
    rewrite <- !IH by lia. change (Sum (S n) (desc (S n) x)) with (Sum n (desc (S n) x) + desc (S n) x n).
    unfold Rmax, Rmin. destruct (Rle_dec _ _); destruct (Rle_dec _ _); lra.
  - destruct k as [| k].
    + rewrite !top_0. rewrite <- IH by lia. simpl. rewrite !Rplus_0_l. reflexivity.
    + simpl top at 1. destruct (le_lt_dec n k); [lia |]. rewrite <- !IH by lia.
      change (Sum (S (S k)) (desc n x)) with (Sum k (desc n x) + desc n x k + desc n x (S k)).
      change (Sum (S k) (desc n x)) with (Sum k (desc n x) + desc n x k).
      pose proof (desc_down n x k ltac:(lia)).
      unfold Rmax, Rmin. repeat destruct (Rle_dec _ _); lra.
Qed.

(* Sums of the k largest are convex: maxima of sums of convex functions. *)
Lemma top_convex : forall n k x y t, 0 <= t <= 1 ->
  top n k (fun i => t * x i + (1 - t) * y i) <= t * top n k x + (1 - t) * top n k y.
Proof.
  induction n as [| n IH]; intros k x y t Ht; destruct k as [| k]; try (simpl; lra).
  simpl. pose proof (IH k x y t Ht). pose proof (IH (S k) x y t Ht).
  destruct (le_lt_dec n k); [lra |].
  pose proof (Rmax_l (top n (S k) x) (top n k x + x n)).
  pose proof (Rmax_r (top n (S k) x) (top n k x + x n)).
  pose proof (Rmax_l (top n (S k) y) (top n k y + y n)).
  pose proof (Rmax_r (top n (S k) y) (top n k y + y n)).
  apply Rmax_lub; nra.
Qed.

(* Abel summation: the weighted sum of order statistics through sums of the largest. *)
Lemma abel : forall k (w s : nat -> R), Sum (S k) (fun i => w i * s i) =
  w k * Sum (S k) s + Sum k (fun j => (w j - w (S j)) * Sum (S j) s).
Proof.
  induction k; intros; [simpl; ring |].
  change (Sum (S (S k)) (fun i => w i * s i)) with (Sum (S k) (fun i => w i * s i) + w (S k) * s (S k)).
  rewrite IHk. simpl. ring.
Qed.

Lemma ordinal_top : forall n k w x, (S k <= n)%nat -> ordinal n (S k) w x =
  w k * top n (S k) x + Sum k (fun j => (w j - w (S j)) * top n (S j) x).
Proof.
  intros. unfold ordinal. rewrite (abel k w (desc n x)), top_desc by auto. f_equal.
  apply Sum_ext. intros. rewrite top_desc by lia. reflexivity.
Qed.

Section Ordinal.
Variables n k : nat.
Hypothesis Hk : (1 <= k <= n)%nat.
Variable w : nat -> R.
Implicit Types x y : nat -> R.

Lemma ordinal_convex_if : (forall i, (i < k)%nat -> 0 <= w i) ->
  (forall i, (S i < k)%nat -> w (S i) <= w i) ->
  forall x y t, 0 <= t <= 1 ->
  ordinal n k w (fun i => t * x i + (1 - t) * y i) <= t * ordinal n k w x + (1 - t) * ordinal n k w y.
Proof.
  intros Hpos Hw x y t Ht. destruct k as [| j]; [lia |].
  rewrite !ordinal_top, !Rmult_plus_distr_l, <- !Sum_scal by lia.
  match goal with |- _ <= ?a + ?b + (?c + ?d) => replace (a + b + (c + d)) with ((a + c) + (b + d)) by ring end.
  rewrite <- Sum_plus. apply Rplus_le_compat.
  - pose proof (top_convex n (S j) x y t Ht). specialize (Hpos j ltac:(lia)). nra.
  - apply Sum_le. intros i Hi.
    pose proof (top_convex n (S i) x y t Ht). specialize (Hw i ltac:(lia)). nra.
Qed.

Hypothesis Hw : forall i, (i < k)%nat -> 0 <= w i.
Hypothesis Hs : Sum k w = 1.

Lemma ordinal_inside : forall x, vmin n x <= ordinal n k w x <= vmax n x.
Proof.
  intro x. assert (H : forall i, (i < k)%nat -> vmin n x <= desc n x i <= vmax n x).
  { intros. apply desc_between; [| lia]. intros. split; [apply vmin_lb | apply vmax_ub]; auto. }
  rewrite <- (Rmult_1_l (vmin n x)), <- (Rmult_1_l (vmax n x)), <- Hs, <- !Sum_scal_r.
  split; apply Sum_le; intros i Hi; specialize (H i Hi); specialize (Hw i Hi); nra.
Qed.

Lemma ordinal_close : forall x y d, (forall i, (i < n)%nat -> Rabs (x i - y i) <= d) ->
  Rabs (ordinal n k w x - ordinal n k w y) <= d.
Proof.
  intros x y d H. unfold ordinal. rewrite <- Sum_minus.
  eapply Rle_trans; [apply Sum_abs |]. rewrite <- (Rmult_1_l d), <- Hs, <- Sum_scal_r.
  apply Sum_le. intros i Hi. specialize (Hw i Hi). rewrite <- Rmult_minus_distr_l, Rabs_mult, Rabs_right by lra.
  apply Rmult_le_compat_l; auto. apply desc_nonexpansive; [auto | lia].
Qed.

End Ordinal.

Lemma ordinal_first : forall n x, (1 <= n)%nat -> ordinal n 1 (fun _ => 1) x = vmax n x.
Proof. intros. unfold ordinal. simpl Sum. rewrite desc_first by auto. ring. Qed.
