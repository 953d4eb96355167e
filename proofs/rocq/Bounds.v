(* Bounds and symmetries of log-sum-exp that need no calculus. *)
Require Export Sums.

Section Bounds.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Implicit Types x y : nat -> R.

(* One term is at most the sum, and the sum at most n times the largest. *)
Lemma sum_exp_bounds : forall x,
  exp (vmax n x) <= Sum n (fun i => exp (x i)) <= INR n * exp (vmax n x).
Proof.
  intro x. destruct (vmax_in n x Hn) as [k [Hk Hx]]. split.
  - rewrite Hx. apply (Sum_ge_term n (fun i => exp (x i))); auto. intros. apply Rlt_le, exp_pos.
  - rewrite <- Sum_const. apply Sum_le. intros. apply exp_mono, vmax_ub; auto.
Qed.

Lemma lse_between : forall x, vmax n x <= LSE n x <= vmax n x + ln (INR n).
Proof.
  intro x. destruct (sum_exp_bounds x). pose proof (INR_pos n Hn). split.
  - rewrite <- (ln_exp (vmax n x)). apply ln_mono; auto. apply exp_pos.
  - rewrite <- (ln_exp (vmax n x)), <- ln_mult by (auto; apply exp_pos).
    rewrite (Rmult_comm (exp _)). apply ln_mono; auto. apply Z_pos; auto.
Qed.

(* For two or more entries the lower bound is strict. *)
Lemma lse_above_max : forall x, (2 <= n)%nat -> vmax n x < LSE n x.
Proof.
  intros x H2. destruct (vmax_in n x Hn) as [k [Hk Hx]]. rewrite Hx, <- (ln_exp (x k)).
  apply ln_increasing; [apply exp_pos |]. rewrite (Sum_split n _ k Hk).
  set (j := if Nat.eq_dec k 0 then 1%nat else 0%nat).
  assert (Hj : (j < n)%nat /\ j <> k) by (unfold j; destruct (Nat.eq_dec k 0); lia).
  assert (Hpos : forall i, 0 <= (if Nat.eq_dec i k then 0 else exp (x i)))
    by (intro i; destruct (Nat.eq_dec i k); [lra | apply Rlt_le, exp_pos]).
  pose proof (Sum_ge_term n (fun i => if Nat.eq_dec i k then 0 else exp (x i)) j
    (proj1 Hj) (fun i _ => Hpos i)) as H.
  simpl in H. destruct (Nat.eq_dec j k); [tauto |]. pose proof (exp_pos (x j)). lra.
Qed.

(* Adding a constant to every entry adds it to the value. *)
Lemma lse_translate : forall x c, LSE n (fun i => x i + c) = LSE n x + c.
Proof.
  intros. unfold LSE. rewrite <- (ln_exp c) at 1. rewrite <- ln_mult by (apply exp_pos || apply Z_pos; auto).
  f_equal. rewrite <- Sum_scal_r. apply Sum_ext. intros. apply exp_plus.
Qed.

(* The log-sum-exp trick: any shift may be taken out. *)
Lemma lse_shift : forall x c, LSE n x = c + LSE n (fun i => x i - c).
Proof. intros. unfold Rminus. rewrite lse_translate. ring. Qed.

Lemma shifted_sum_between : forall x, 1 <= Sum n (fun i => exp (x i - vmax n x)) <= INR n.
Proof.
  intros. destruct (sum_exp_bounds x) as [H1 H2]. pose proof (exp_pos (vmax n x)) as He.
  rewrite (Sum_ext n _ (fun i => exp (x i) / exp (vmax n x))).
  2: { intros. unfold Rminus. rewrite exp_plus, exp_Ropp. reflexivity. }
  rewrite (Sum_div n _ (fun i => exp (x i))). split.
  - apply (Rmult_le_reg_r (exp (vmax n x))); auto. field_simplify; lra.
  - apply (Rmult_le_reg_r (exp (vmax n x))); auto. field_simplify; lra.
Qed.

(* Entries in any order give the same sum: s permutes 0 .. n-1. *)
Lemma lse_monotone : forall x y, (forall i, (i < n)%nat -> x i <= y i) -> LSE n x <= LSE n y.
Proof. intros. apply ln_mono; [apply Z_pos; auto |]. apply Sum_le. intros. apply exp_mono; auto. Qed.

Lemma lse_increasing : forall x y, (forall i, (i < n)%nat -> x i <= y i) ->
  (exists k, (k < n)%nat /\ x k < y k) -> LSE n x < LSE n y.
Proof.
  intros x y H [k [Hk Hlt]]. apply ln_increasing; [apply Z_pos; auto |].
  apply (Sum_lt _ _ _ k); auto; [intros; apply exp_mono; auto | apply exp_increasing; auto].
Qed.

(* Sup-norm lse_close: a bound on the moves of the entries bounds the move of the value. *)
Lemma lse_close : forall x y d, (forall i, (i < n)%nat -> Rabs (x i - y i) <= d) ->
  Rabs (LSE n x - LSE n y) <= d.
Proof.
  assert (H : forall x y d, (forall i, (i < n)%nat -> Rabs (x i - y i) <= d) -> LSE n x <= LSE n y + d).
  { intros x y d H. rewrite <- lse_translate. apply lse_monotone. intros i Hi.
    specialize (H i Hi). apply abs_le in H. lra. }
  intros x y d Hd. apply abs_le. split.
  - cut (LSE n y <= LSE n x + d); [lra |]. apply H. intros. rewrite Rabs_minus_sym. auto.
  - cut (LSE n x <= LSE n y + d); [lra |]. auto.
Qed.

(* The same for the pooled value, whatever the sign of r. *)
Lemma pooled_monotone : forall r x y, r <> 0 -> (forall i, (i < n)%nat -> x i <= y i) ->
  M n r x <= M n r y.
Proof.
  assert (Hpos : forall r x y, 0 < r -> (forall i, (i < n)%nat -> x i <= y i) -> M n r x <= M n r y).
  { intros r x y Hr H. rewrite !M_LSE by (auto; lra). unfold Rdiv.
    apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat; auto |].
    apply Rplus_le_compat_r, lse_monotone. intros. apply Rmult_le_compat_l; [lra | auto]. }
  intros r x y Hr H. destruct (Rtotal_order r 0) as [H0 | [H0 | H0]]; [| lra | apply Hpos; auto].
  rewrite (M_opp n r x), (M_opp n r y) by auto. apply Ropp_le_contravar, Hpos; [lra |].
  intros. apply Ropp_le_contravar. auto.
Qed.

Lemma pooled_translate : forall r x c, r <> 0 -> M n r (fun i => x i + c) = M n r x + c.
Proof.
  intros r x c Hr. rewrite !M_LSE by auto.
  rewrite (LSE_ext n _ (fun i => r * x i + r * c)), lse_translate by (auto; intros; ring). field. auto.
Qed.

Lemma pooled_close : forall r x y d, r <> 0 -> (forall i, (i < n)%nat -> Rabs (x i - y i) <= d) ->
  Rabs (M n r x - M n r y) <= d.
Proof.
  assert (H : forall r x y d, r <> 0 -> (forall i, (i < n)%nat -> Rabs (x i - y i) <= d) ->
    M n r x <= M n r y + d).
  { intros r x y d Hr H. rewrite <- pooled_translate by auto. apply pooled_monotone; auto.
    intros i Hi. specialize (H i Hi). apply abs_le in H. lra. }
  intros r x y d Hr Hd. apply abs_le. split.
  - cut (M n r y <= M n r x + d); [lra |]. apply H; auto. intros. rewrite Rabs_minus_sym. auto.
  - cut (M n r x <= M n r y + d); [lra |]. auto.
Qed.

Lemma pooled_between : forall r x, 0 < r -> vmax n x - ln (INR n) / r <= M n r x <= vmax n x.
Proof.
  intros r x Hr. rewrite M_LSE by (auto; lra).
  assert (Hm : vmax n (fun i => r * x i) = r * vmax n x).
  { apply Rle_antisym.
    - apply vmax_lub; auto. intros. apply Rmult_le_compat_l; [lra | apply vmax_ub; auto].
    - destruct (vmax_in n x Hn) as [k [Hk ->]]. apply (vmax_ub n (fun i => r * x i)); auto. }
  destruct (lse_between (fun i => r * x i)) as [H1 H2]. rewrite Hm in *.
  split; apply (Rmult_le_reg_r r); auto; field_simplify; lra.
Qed.

End Bounds.

Lemma Sum_cat : forall n m f, Sum (n + m) f = Sum n f + Sum m (fun i => f (n + i)%nat).
Proof.
  induction m; intros; [rewrite Nat.add_0_r; simpl; lra |].
  rewrite Nat.add_succ_r. simpl. rewrite IHm. lra.
Qed.

(* A lse_permuted of the indices does not change a sum. *)
Lemma Sum_permutation : forall n f s,
  (forall i, (i < n)%nat -> (s i < n)%nat) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> s i = s j -> i = j) ->
  Sum n (fun i => f (s i)) = Sum n f.
Proof.
  induction n; intros f s Hs Hinj; [auto |].
  (* t is s with the value n rerouted, so that it permutes 0 .. n-1. *)
  set (t := fun i => if Nat.eq_dec (s i) n then s n else s i).
  assert (Ht : forall i, (i < n)%nat -> (t i < n)%nat).
  { intros i Hi. unfold t. pose proof (Hs i ltac:(lia)). pose proof (Hs n ltac:(lia)).
    destruct (Nat.eq_dec (s i) n); [| lia]. destruct (Nat.eq_dec (s n) n); [| lia].
    pose proof (Hinj i n ltac:(lia) ltac:(lia) ltac:(lia)). lia. }
  assert (Hu : forall i j, (i < n)%nat -> (j < n)%nat -> t i = t j -> i = j).
  { intros i j Hi Hj. unfold t.
    destruct (Nat.eq_dec (s i) n); destruct (Nat.eq_dec (s j) n); intro E.
    - apply Hinj; lia.
    - pose proof (Hinj n j ltac:(lia) ltac:(lia) E). lia.
    - pose proof (Hinj i n ltac:(lia) ltac:(lia) E). lia.
    - apply Hinj; lia. }
  simpl. rewrite <- (IHn f t Ht Hu). destruct (Nat.eq_dec (s n) n) as [E | E].
  - rewrite E. f_equal. apply Sum_ext. intros i Hi. unfold t.
    destruct (Nat.eq_dec (s i) n); auto. pose proof (Hinj i n ltac:(lia) ltac:(lia) ltac:(lia)). lia.
  - (* some k < n has s k = n: n+1 distinct values below n+1 cannot all avoid n *)
    assert (Hk : exists k, (k < n)%nat /\ s k = n).
    { destruct (List.in_dec Nat.eq_dec n (List.map s (List.seq 0 n))) as [H | H].
      - apply List.in_map_iff in H. destruct H as [k [Hk Hin]]. apply List.in_seq in Hin. exists k; lia.
      - exfalso. assert (HN : List.NoDup (List.map s (List.seq 0 (S n)))).
        { apply (proj2 (List.NoDup_nth _ 0%nat)). rewrite List.map_length, List.seq_length.
          intros i j Hi Hj. rewrite !(List.nth_indep _ 0%nat (s 0%nat))
            by (rewrite List.map_length, List.seq_length; lia).
          rewrite !List.map_nth, !List.seq_nth by lia. simpl. apply Hinj; lia. }
        assert (HL : (length (List.map s (List.seq 0 (S n))) <= length (List.seq 0 n))%nat).
        { apply List.NoDup_incl_length; auto. intros v Hv. apply List.in_map_iff in Hv.
          destruct Hv as [k [Hk Hin]]. apply List.in_seq in Hin. apply List.in_seq.
          destruct (Nat.eq_dec v n) as [-> |]; [| pose proof (Hs k ltac:(lia)); lia].
          destruct (Nat.eq_dec k n) as [-> |]; [lia |].
          exfalso. apply H. apply List.in_map_iff. exists k. rewrite List.in_seq. lia. }
        rewrite List.map_length, !List.seq_length in HL. lia. }
    destruct Hk as [k [Hk Ek]]. rewrite (Sum_split n (fun i => f (s i)) k Hk).
    rewrite (Sum_split n (fun i => f (t i)) k Hk). simpl.
    replace (t k) with (s n) by (unfold t; destruct (Nat.eq_dec (s k) n); lia). rewrite Ek.
    rewrite (Sum_ext n (fun i => if Nat.eq_dec i k then 0 else f (t i))
      (fun i => if Nat.eq_dec i k then 0 else f (s i))); [lra |].
    intros i Hi. destruct (Nat.eq_dec i k); auto. unfold t. destruct (Nat.eq_dec (s i) n); auto.
    pose proof (Hinj i k ltac:(lia) ltac:(lia) ltac:(lia)). lia.
Qed.

Lemma lse_permuted : forall n x s,
  (forall i, (i < n)%nat -> (s i < n)%nat) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> s i = s j -> i = j) ->
  LSE n (fun i => x (s i)) = LSE n x.
Proof. intros. unfold LSE. f_equal. apply (Sum_permutation n (fun i => exp (x i))); auto. Qed.
