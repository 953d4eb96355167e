(* Order statistics through a sorting map: s lists the indices 0 .. n-1, largest entry first. *)
Require Export Bounds.

Lemma count_one : forall n j f, (j < n)%nat -> Sum n (fun i => if Nat.eq_dec i j then f i else 0) = f j.
Proof.
  intros. rewrite (Sum_split n _ j H). destruct (Nat.eq_dec j j); [| congruence].
  rewrite (Sum_ext n _ (fun _ => 0)); [rewrite Sum_const; ring |].
  intros. destruct (Nat.eq_dec i j); auto.
Qed.

(* A sum over distinct indices of nonnegative terms is at most the sum over all of them. *)
Lemma Sum_injective_le : forall n k f t, (forall i, (i < n)%nat -> 0 <= f i) ->
  (forall i, (i < k)%nat -> (t i < n)%nat) ->
  (forall i j, (i < k)%nat -> (j < k)%nat -> t i = t j -> i = j) ->
  Sum k (fun i => f (t i)) <= Sum n f.
Proof.
  intros n k f t Hf Ht Hinj.
  rewrite (Sum_ext k _ (fun i => Sum n (fun j => if Nat.eq_dec j (t i) then f j else 0)))
    by (intros; rewrite count_one; auto).
  rewrite Sum_swap. apply Sum_le. intros j Hj.
  assert (H : forall m, (m <= k)%nat ->
    Sum m (fun i => if Nat.eq_dec j (t i) then f j else 0) <= f j /\
    ((forall i, (i < m)%nat -> j <> t i) -> Sum m (fun i => if Nat.eq_dec j (t i) then f j else 0) = 0)).
  { induction m as [| m IH]; intro Hm; [specialize (Hf j Hj); simpl; auto |].
    destruct (IH ltac:(lia)) as [Hle H0]. simpl. destruct (Nat.eq_dec j (t m)) as [E | E]; split.
    - rewrite H0; [lra |]. intros i Hi Ei. pose proof (Hinj i m ltac:(lia) ltac:(lia) ltac:(lia)). lia.
    - intro H. exfalso. apply (H m); auto.
    - lra.
    - intro H. rewrite H0; [lra |]. intros; apply H; lia. }
  apply H. lia.
Qed.

Section Sorting.
Variable n : nat.
Implicit Types x y z : nat -> R.

(* s lists the indices below n, each once, entries never increasing. *)
Definition sorts n (s : nat -> nat) x : Prop :=
  (forall i, (i < n)%nat -> (s i < n)%nat) /\
  (forall i j, (i < n)%nat -> (j < n)%nat -> s i = s j -> i = j) /\
  (forall i, (S i < n)%nat -> x (s (S i)) <= x (s i)).

Lemma sorts_from : forall s x, (forall i, (i < n)%nat -> (s i < n)%nat) ->
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> s i = s j -> i = j) ->
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i <= j)%nat -> x (s j) <= x (s i)) -> sorts n s x.
Proof. intros s x H1 H2 H3. repeat split; auto. intros i Hi. apply H3; lia. Qed.

Lemma sorts_down : forall s x, sorts n s x -> forall i j, (i <= j)%nat -> (j < n)%nat -> x (s j) <= x (s i).
Proof.
  intros s x [_ [_ H]] i j Hij. induction Hij as [| j Hij IH]; intro Hj; [lra |].
  eapply Rle_trans; [apply H; lia | apply IH; lia].
Qed.

(* The k first of a sorted list have the largest sum among all choices of k entries. *)
Lemma top_sum : forall s t z k, sorts n s z -> (k <= n)%nat ->
  (forall i, (i < k)%nat -> (t i < n)%nat) ->
  (forall i j, (i < k)%nat -> (j < k)%nat -> t i = t j -> i = j) ->
  Sum k (fun i => z (t i)) <= Sum k (fun i => z (s i)).
Proof.
  intros s t z k Hs Hk Ht Hinj. destruct k as [| k]; [simpl; lra |].
  set (c := z (s k)). set (f := fun i => Rmax (z i - c) 0).
  assert (Hf : forall i, 0 <= f i) by (intro; apply Rmax_r).
  assert (H1 : Sum (S k) (fun i => z (t i) - c) <= Sum n f).
  { eapply Rle_trans; [| apply (Sum_injective_le n (S k) f t); auto].
    apply Sum_le. intros. apply Rmax_l. }
  assert (H2 : Sum n f = Sum (S k) (fun i => z (s i) - c)).
  { destruct Hs as [Hin [Hi Hd]]. rewrite <- (Sum_permutation n f s Hin Hi).
    replace n with (S k + (n - S k))%nat by lia. rewrite Sum_cat.
    rewrite (Sum_ext (n - S k) _ (fun _ => 0)).
    - rewrite Sum_const, Rmult_0_r, Rplus_0_r. apply Sum_ext. intros i H. unfold f. apply Rmax_left.
      pose proof (sorts_down s z (conj Hin (conj Hi Hd)) i k ltac:(lia) ltac:(lia)). unfold c. lra.
    - intros i H. unfold f. apply Rmax_right.
      pose proof (sorts_down s z (conj Hin (conj Hi Hd)) k (S k + i) ltac:(lia) ltac:(lia)). unfold c. lra. }
  rewrite H2, !Sum_minus in H1. lra.
Qed.

(* Order statistics are 1-Lipschitz: count the entries above a threshold. *)
Lemma order_statistic_close : forall s t x y d k, sorts n s x -> sorts n t y -> (k < n)%nat ->
  (forall i, (i < n)%nat -> x i <= y i + d) -> x (s k) <= y (t k) + d.
Proof.
  intros s t x y d k Hs Ht Hk Hd. apply Rnot_lt_le. intro Hlt. set (c := y (t k)) in *.
  set (f := fun i => if Rlt_dec c (y i) then 1 else 0).
  assert (Hf : forall i, 0 <= f i <= 1) by (intro; unfold f; destruct (Rlt_dec c (y i)); lra).
  assert (H1 : INR (S k) <= Sum n f).
  { rewrite <- (Rmult_1_r (INR (S k))), <- Sum_const. destruct Hs as [Hin [Hi Hdn]].
    eapply Rle_trans; [| apply (Sum_injective_le n (S k) f s)].
    - apply Req_le. apply Sum_ext. intros i H. unfold f. destruct (Rlt_dec c (y (s i))) as [| Hn]; auto.
      exfalso. apply Hn. pose proof (sorts_down s x (conj Hin (conj Hi Hdn)) i k ltac:(lia) ltac:(lia)).
      pose proof (Hd (s i) (Hin i ltac:(lia))). lra.
    - intros. apply Hf.
    - intros. apply Hin. lia.
    - intros. apply Hi; auto; lia. }
  assert (H2 : Sum n f <= INR k).
  { destruct Ht as [Hin [Hi Hdn]]. rewrite <- (Sum_permutation n f t Hin Hi).
    replace n with (k + (n - k))%nat by lia. rewrite Sum_cat.
    rewrite (Sum_ext (n - k) _ (fun _ => 0)).
    - rewrite Sum_const, Rmult_0_r, Rplus_0_r, <- (Rmult_1_r (INR k)), <- Sum_const.
      apply Sum_le. intros. apply Hf.
    - intros i H. unfold f. destruct (Rlt_dec c (y (t (k + i)%nat))) as [Hy |]; auto.
      pose proof (sorts_down t y (conj Hin (conj Hi Hdn)) k (k + i) ltac:(lia) ltac:(lia)). unfold c in Hy. lra. }
  rewrite S_INR in H1. lra.
Qed.

End Sorting.

(* Ordinal pooling with a sorting map: weights on the k largest entries. *)
Definition ordinal (k : nat) (w : nat -> R) (s : nat -> nat) (x : nat -> R) : R :=
  Sum k (fun i => w i * x (s i)).

(* Abel summation: a weighted sum through the partial sums. *)
Lemma abel : forall k (w z : nat -> R), Sum (S k) (fun i => w i * z i) =
  w k * Sum (S k) z + Sum k (fun j => (w j - w (S j)) * Sum (S j) z).
Proof.
  induction k; intros; [simpl; ring |].
  change (Sum (S (S k)) (fun i => w i * z i)) with (Sum (S k) (fun i => w i * z i) + w (S k) * z (S k)).
  rewrite IHk. simpl. ring.
Qed.

(* Nonincreasing nonnegative weights: no choice of k entries beats the k largest in order. *)
Lemma ordinal_best : forall n k w s t z, (k <= n)%nat -> sorts n s z ->
  (forall i, (i < n)%nat -> (t i < n)%nat) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> t i = t j -> i = j) ->
  (forall i, (i < k)%nat -> 0 <= w i) -> (forall i, (S i < k)%nat -> w (S i) <= w i) ->
  ordinal k w t z <= ordinal k w s z.
Proof.
  intros n k w s t z Hk Hs Ht Hi Hw Hd. unfold ordinal. destruct k as [| k]; [simpl; lra |].
  rewrite (abel k w (fun i => z (t i))), (abel k w (fun i => z (s i))). apply Rplus_le_compat.
  - apply Rmult_le_compat_l; auto. apply (top_sum n s t z); auto; intros; [apply Ht | apply Hi]; auto; lia.
  - apply Sum_le. intros j Hj. specialize (Hd j ltac:(lia)). apply Rmult_le_compat_l; [lra |].
    apply (top_sum n s t z); auto; try lia; intros; [apply Ht | apply Hi]; auto; lia.
Qed.

(* Convexity, for any maps that sort the two points and the one between them. *)
Lemma ordinal_convex : forall n k w s t u x y a, (k <= n)%nat ->
  sorts n s x -> sorts n t y -> sorts n u (fun i => (1 - a) * x i + a * y i) -> 0 <= a <= 1 ->
  (forall i, (i < k)%nat -> 0 <= w i) -> (forall i, (S i < k)%nat -> w (S i) <= w i) ->
  ordinal k w u (fun i => (1 - a) * x i + a * y i) <= (1 - a) * ordinal k w s x + a * ordinal k w t y.
Proof.
  intros n k w s t u x y a Hk Hs Ht [Hu1 [Hu2 Hu3]] Ha Hw Hd.
  pose proof (ordinal_best n k w s u x Hk Hs Hu1 Hu2 Hw Hd).
  pose proof (ordinal_best n k w t u y Hk Ht Hu1 Hu2 Hw Hd).
  assert (E : ordinal k w u (fun i => (1 - a) * x i + a * y i) =
    (1 - a) * ordinal k w u x + a * ordinal k w u y).
  { unfold ordinal. rewrite <- !Sum_scal, <- Sum_plus. apply Sum_ext. intros; ring. }
  rewrite E. apply Rplus_le_compat; apply Rmult_le_compat_l; lra.
Qed.

Lemma ordinal_close : forall n k w s t x y d, (k <= n)%nat -> sorts n s x -> sorts n t y ->
  (forall i, (i < k)%nat -> 0 <= w i) -> Sum k w = 1 ->
  (forall i, (i < n)%nat -> Rabs (x i - y i) <= d) -> Rabs (ordinal k w s x - ordinal k w t y) <= d.
Proof.
  intros n k w s t x y d Hk Hs Ht Hw H1 Hd. unfold ordinal. rewrite <- Sum_minus.
  eapply Rle_trans; [apply Sum_abs |]. rewrite <- (Rmult_1_l d), <- H1, <- Sum_scal_r.
  apply Sum_le. intros i Hi. specialize (Hw i Hi).
  rewrite <- Rmult_minus_distr_l, Rabs_mult, Rabs_right by lra.
  apply Rmult_le_compat_l; auto. apply abs_le. split.
  - cut (y (t i) <= x (s i) + d); [lra |]. apply (order_statistic_close n t s y x d i); auto; [lia |].
    intros j Hj. specialize (Hd j Hj). apply abs_le in Hd. lra.
  - cut (x (s i) <= y (t i) + d); [lra |]. apply (order_statistic_close n s t x y d i); auto; [lia |].
    intros j Hj. specialize (Hd j Hj). apply abs_le in Hd. lra.
Qed.

Lemma ordinal_inside : forall n k w s x, (k <= n)%nat -> (forall i, (i < n)%nat -> (s i < n)%nat) ->
  (forall i, (i < k)%nat -> 0 <= w i) -> Sum k w = 1 -> vmin n x <= ordinal k w s x <= vmax n x.
Proof.
  intros n k w s x Hk Hs Hw H1. unfold ordinal.
  rewrite <- (Rmult_1_l (vmin n x)), <- (Rmult_1_l (vmax n x)), <- H1, <- !Sum_scal_r.
  split; apply Sum_le; intros i Hi; specialize (Hw i Hi); specialize (Hs i ltac:(lia));
  apply Rmult_le_compat_l; auto; [apply vmin_lb | apply vmax_ub]; auto.
Qed.

(* An injective map of 0 .. n-1 into itself misses nothing. *)
Lemma into_onto : forall n s, (forall i, (i < n)%nat -> (s i < n)%nat) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> s i = s j -> i = j) ->
  forall j, (j < n)%nat -> exists i, (i < n)%nat /\ s i = j.
Proof.
  intros n s Hs Hi j Hj. set (f := fun i => if Nat.eq_dec i j then 1 else 0).
  assert (E : Sum n (fun i => f (s i)) = 1).
  { rewrite (Sum_permutation n f s Hs Hi). apply (count_one n j (fun _ => 1) Hj). }
  assert (H : forall m, (m <= n)%nat -> Sum m (fun i => f (s i)) = 0 \/ exists i, (i < m)%nat /\ s i = j).
  { induction m as [| m IH]; intro Hm; [left; reflexivity |].
    destruct (IH ltac:(lia)) as [H0 | [i [H1 H2]]]; [| right; exists i; split; [lia | auto]].
    unfold f in *. simpl. destruct (Nat.eq_dec (s m) j); [right; exists m; auto | left; lra]. }
  destruct (H n ltac:(lia)) as [H0 | H0]; [lra | auto].
Qed.

Lemma sorted_first : forall n s x, (1 <= n)%nat -> sorts n s x -> x (s 0%nat) = vmax n x.
Proof.
  intros n s x Hn Hs. destruct (vmax_in n x Hn) as [j [Hj E]]. destruct Hs as [H1 [H2 H3]].
  destruct (into_onto n s H1 H2 j Hj) as [i [Hi Ei]]. apply Rle_antisym.
  - apply vmax_ub. apply H1. lia.
  - rewrite E, <- Ei. apply (sorts_down n s x (conj H1 (conj H2 H3))); [lia | auto].
Qed.

(* Two maps that sort the same vector list the same values. *)
Lemma sorted_values : forall n s t x k, sorts n s x -> sorts n t x -> (k < n)%nat -> x (s k) = x (t k).
Proof.
  intros n s t x k Hs Ht Hk. apply Rle_antisym.
  - pose proof (order_statistic_close n s t x x 0 k Hs Ht Hk) as H. rewrite <- (Rplus_0_r (x (t k))).
    apply H. intros; lra.
  - pose proof (order_statistic_close n t s x x 0 k Ht Hs Hk) as H. rewrite <- (Rplus_0_r (x (s k))).
    apply H. intros; lra.
Qed.

(* y is x with the entries at places j and j + 1 of its sorted list swapped; convexity on a point
   between them orders the two weights. *)
Section Swap.
Variables (n m j : nat) (t : R) (a b c q : nat -> nat) (w x y : nat -> R).
Hypothesis Hm : (m <= n)%nat.
Hypothesis Hj : (j + 1 < m)%nat.
Hypothesis Ha : sorts n a x.
Hypothesis Q1 : q j = (j + 1)%nat.
Hypothesis Q2 : q (j + 1)%nat = j.
Hypothesis Q3 : forall i, (i < n)%nat -> i <> j -> i <> (j + 1)%nat -> q i = i.
Hypothesis Hy : forall i, (i < n)%nat -> y (a i) = x (a (q i)).
Hypothesis Ht : 0 <= t.
Hypothesis Ht2 : 2 * t <= 1.
Let z i := (1 - t) * x i + t * y i.

Lemma swap_involution : forall i, (i < n)%nat -> (q i < n)%nat /\ q (q i) = i.
Proof.
  intros i Hi. destruct (Nat.eq_dec i j) as [-> | H1]; [rewrite Q1, Q2; lia |].
  destruct (Nat.eq_dec i (j + 1)%nat) as [-> | H2]; [rewrite Q2, Q1; lia |]. rewrite !Q3; auto.
Qed.

Lemma swapped_sorted : sorts n (fun i => a (q i)) y.
Proof.
  destruct Ha as [A1 [A2 A3]]. repeat split.
  - intros i Hi. apply A1, swap_involution. auto.
  - intros i k Hi Hk E. destruct (swap_involution i Hi) as [Hqi Ei]. destruct (swap_involution k Hk) as [Hqk Ek].
    apply A2 in E; auto. rewrite <- Ei, E. auto.
  - intros i Hi. rewrite !Hy by (apply swap_involution; lia).
    rewrite (proj2 (swap_involution i ltac:(lia))), (proj2 (swap_involution (S i) Hi)). auto.
Qed.

Lemma between_sorted : sorts n a z.
Proof.
  pose proof Ha as [A1 [A2 A3]]. repeat split; auto. intros i Hi. unfold z. rewrite !Hy by lia.
  assert (Hd : forall i k, (i <= k)%nat -> (k < n)%nat -> x (a k) <= x (a i)) by (apply (sorts_down n a x Ha)).
  assert (Q : (j + 1)%nat = S j) by lia. pose proof Q1 as R1. pose proof Q2 as R2. pose proof (Hd j (S j) ltac:(lia) ltac:(lia)) as Hl.
  rewrite Q in R1, R2. pose proof (Hd i (S i) ltac:(lia) Hi).
  destruct (Nat.eq_dec i j) as [-> | H1]; [rewrite R1, R2; nra |].
  destruct (Nat.eq_dec (S i) j) as [E | H2].
  - rewrite (Q3 i), E, R1 by lia. pose proof (Hd i j ltac:(lia) ltac:(lia)).
    pose proof (Hd i (S j) ltac:(lia) ltac:(lia)). nra.
  - destruct (Nat.eq_dec i (S j)) as [-> | H3].
    + rewrite (Q3 (S (S j))), R2 by lia. pose proof (Hd j (S (S j)) ltac:(lia) ltac:(lia)). nra.
    + rewrite (Q3 i), (Q3 (S i)) by lia. lra.
Qed.

Lemma swapped_value : sorts n b y -> Sum m (fun i => w i * y (b i)) = Sum m (fun i => w i * x (a i)).
Proof.
  intro Hb. apply Sum_ext. intros i Hi. f_equal. rewrite (sorted_values n b _ y i Hb swapped_sorted) by lia.
  rewrite Hy by (apply swap_involution; lia). f_equal. f_equal. apply swap_involution. lia.
Qed.

Lemma between_value : sorts n c z -> Sum m (fun i => w i * z (c i)) =
  Sum m (fun i => w i * x (a i)) + t * (w (j + 1)%nat - w j) * (x (a j) - x (a (j + 1)%nat)).
Proof.
  intro Hc. set (gap := x (a j) - x (a (j + 1)%nat)).
  rewrite (Sum_ext m _ (fun i => w i * x (a i) + ((if Nat.eq_dec i j then w j * (- t * gap) else 0) +
    (if Nat.eq_dec i (j + 1) then w (j + 1)%nat * (t * gap) else 0)))).
  - rewrite !Sum_plus, (count_one m j (fun _ => _)), (count_one m (j + 1) (fun _ => _)) by lia. ring.
  - intros i Hi. rewrite (sorted_values n c a z i Hc between_sorted) by lia. unfold z, gap.
    rewrite Hy by lia.
    destruct (Nat.eq_dec i j) as [-> | H1]; [destruct (Nat.eq_dec j (j + 1)); [lia | rewrite Q1; ring] |].
    destruct (Nat.eq_dec i (j + 1)) as [-> | H2]; [rewrite Q2; ring | rewrite Q3 by lia; ring].
Qed.
End Swap.

(* Entries that fall strictly fall by some least step. *)
Lemma least_step : forall (z : nat -> R) n,
  (forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i < j)%nat -> z j < z i) ->
  exists v, 0 < v /\ forall i, (i < n)%nat -> forall j, (j < n)%nat -> (i < j)%nat -> z j + v <= z i.
Proof.
  intros z n. induction n as [| [| k] IH]; intro H;
    [exists 1; split; [lra | intros; lia] | exists 1; split; [lra | intros; lia] |].
  destruct IH as [v [Hv IH]]; [intros; apply H; lia |].
  pose proof (H k ltac:(lia) (S k) ltac:(lia) ltac:(lia)) as Hk.
  exists (Rmin v (z k - z (S k))). split; [apply Rmin_glb_lt; lra |]. intros i Hi j Hj Hij.
  pose proof (Rmin_l v (z k - z (S k))). pose proof (Rmin_r v (z k - z (S k))).
  destruct (Nat.eq_dec j (S k)) as [-> |]; [| specialize (IH i ltac:(lia) j ltac:(lia) Hij); lra].
  destruct (Nat.eq_dec i k) as [-> |]; [lra |]. specialize (IH i ltac:(lia) k ltac:(lia) ltac:(lia)). lra.
Qed.
