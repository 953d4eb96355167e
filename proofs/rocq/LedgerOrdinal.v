(* The ledger's claims on ordinal pooling: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Sorting Calculus.

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

(* Swapping two neighbours of the sorted list leaves the value; going part of the way changes it
   by the difference of the two weights. *)
Theorem ordinal_exchange : forall (j m n : nat) t (a b c q : nat -> nat) w x y, (m <= n)%nat ->
  0 <= t -> 2 * t <= 1 -> listed n a (descending n a x -> listed n b (descending n b y -> listed n c (
  descending n c (fun i => (1 - t) * x i + t * y i) -> (j + 1 < m)%nat -> q j = (j + 1)%nat ->
  q (j + 1)%nat = j -> (forall i, (i < n)%nat -> i <> j -> i <> (j + 1)%nat -> q i = i) ->
  (forall i, (i < n)%nat -> y (a i) = x (a (q i))) ->
  Sum m (fun i => w i * y (b i)) = Sum m (fun i => w i * x (a i)) /\
  Sum m (fun i => w i * ((1 - t) * x (c i) + t * y (c i))) = Sum m (fun i => w i * x (a i)) +
    t * (w (j + 1)%nat - w j) * (x (a j) - x (a (j + 1)%nat))))).
Proof.
  intros j m n t a b c q w x y Hm T0 T1 A1 A2 A3 B1 B2 B3 C1 C2 C3 Hj Q1 Q2 Q3 Hy. split.
  - apply (swapped_value n m j a b q w x y); auto; apply sorts_from; auto.
  - apply (between_value n m j t a c q w x y); auto; apply sorts_from; auto.
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
    (forall i, (i < n)%nat -> y (a i) = x (a (q i))) -> 0 < x (a j) - x (a (j + 1)%nat) ->
    0 < t -> 2 * t <= 1 -> convex -> w (j + 1)%nat <= w j)))).
Proof.
  intros j m n t a b c q w x y Hm Hw H1 T0 T1 convex A1 A2 A3 B1 B2 B3 C1 C2 C3. split.
  - intros Hd. apply (ordinal_convex n m w a b c x y t); auto; try (apply sorts_from; auto).
    intros i Hi. apply Hd; lia.
  - intros Hj Q1 Q2 Q3 Hy Hlt Ht Ht2.
    destruct (ordinal_exchange j m n t a b c q w x y Hm T0 Ht2 A1 A2 A3 B1 B2 B3 C1 C2 C3 Hj Q1 Q2 Q3 Hy)
      as [E1 E2]. unfold convex. rewrite E1, E2. intro H.
    assert (0 < t * (x (a j) - x (a (j + 1)%nat))) by (apply Rmult_lt_0_compat; lra). nra.
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

(* Without ties the value is linear as long as no entry moves more than half the least step: the
   sorting map stays, and the derivative along h pools h in the order of x. *)
Theorem ordinal_gradient : forall (m n : nat) d u s t h w x, (1 <= n)%nat -> (m <= n)%nat ->
  listed n s ((forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i < j)%nat -> x (s j) < x (s i)) ->
  (exists v, 0 < v /\ forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i < j)%nat ->
    x (s j) + v <= x (s i)) /\
  ((forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i < j)%nat -> x (s j) + d <= x (s i)) ->
    (forall i, (i < n)%nat -> absolute (u * h i) <= d / 2) ->
    listed n t (descending n t (fun i => x i + u * h i) ->
    Sum m (fun i => w i * (x (t i) + u * h (t i))) =
      Sum m (fun i => w i * x (s i)) + u * Sum m (fun i => w i * h (s i)))) /\
  derivable_pt_lim (fun v => Sum m (fun i => w i * (x (s i) + v * h (s i)))) 0
    (Sum m (fun i => w i * h (s i)))).
Proof.
  intros m n d u s t h w x Hn Hm S1 S2 S3. repeat split.
  - apply (least_step (fun i => x (s i))). auto.
  - intros Hd Hu T1 T2 T3. rewrite <- Sum_scal, <- Sum_plus. apply Sum_ext. intros i Hi.
    rewrite <- (sorted_values n s t (fun i => x i + u * h i) i); [ring | | | lia];
      apply sorts_from; auto.
    intros a Ha b Hb Hab. destruct (Nat.eq_dec a b) as [-> |]; [lra |].
    specialize (Hd a Ha b Hb ltac:(lia)).
    assert (Hs : forall c, (c < n)%nat -> - (d / 2) <= u * h (s c) <= d / 2).
    { intros c Hc. apply abs_le. rewrite <- absolute_Rabs. auto. }
    pose proof (Hs a Ha). pose proof (Hs b Hb). lra.
  - apply (Sum_deriv m (fun v i => w i * (x (s i) + v * h (s i)))). intros i _.
    apply (deriv_ext (fun v => w i * x (s i) + v * (w i * h (s i)))); [intro; ring | apply line_deriv].
Qed.
