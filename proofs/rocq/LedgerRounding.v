(* The ledger's claims on overflow and rounding: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Bounds.

(* Naive log-sum-exp passes a threshold just where its value does; shifted sums stay below n. *)
Theorem overflow_threshold : forall n omega x, (1 <= n)%nat -> 0 < omega ->
  let top := vmax n x in let shifted := fun m => Sum m (fun i => exp (x i - top)) in
  (ln omega < top -> exists i, (i < n)%nat /\ omega < exp (x i)) /\
  ((exists i, (i < n)%nat /\ omega < exp (x i)) -> ln omega < top) /\
  (ln omega < LSE n x -> omega < Sum n (fun i => exp (x i))) /\
  ((exists i, (i < n)%nat /\ omega < Sum (i + 1) (fun j => exp (x j))) -> ln omega < LSE n x) /\
  (forall i, (i < n)%nat -> exp (x i - top) <= 1) /\
  (forall i, (i < n)%nat -> shifted (i + 1)%nat <= INR n) /\
  (INR n <= omega -> forall i, (i < n)%nat -> exp (x i - top) <= omega) /\
  (INR n <= omega -> shifted n <= omega) /\
  (INR n <= omega -> forall i, (i < n)%nat -> shifted (i + 1)%nat <= omega) /\
  LSE n x = top + ln (shifted n).
Proof.
  intros n omega x Hn Ho top shifted.
  assert (Hpart : forall f i, (forall j, 0 < f j) -> (i < n)%nat -> Sum (i + 1) f <= Sum n f).
  { intros f i Hf Hi. replace n with (i + 1 + (n - (i + 1)))%nat by lia. rewrite (Sum_cat (i + 1)).
    assert (0 <= Sum (n - (i + 1)) (fun j => f (i + 1 + j)%nat)); [| lra].
    apply Sum_nonneg. intros. apply Rlt_le, Hf. }
  assert (Hterm : forall i, (i < n)%nat -> exp (x i - top) <= 1).
  { intros i Hi. rewrite <- exp_0. apply exp_mono. pose proof (vmax_ub n x i Hi). unfold top. lra. }
  assert (Hone : 1 <= INR n) by (apply (le_INR 1); auto).
  assert (Hsums : forall m, (m <= n)%nat -> shifted m <= INR n).
  { intros m Hm. apply Rle_trans with (INR m); [| apply le_INR; auto].
    rewrite <- (Rmult_1_r (INR m)), <- Sum_const. apply Sum_le. intros. apply Hterm. lia. }
  assert (Hlog : forall s, 0 < s -> ln omega < ln s -> omega < s).
  { intros s Hs H. rewrite <- (exp_ln omega), <- (exp_ln s) by auto. apply exp_increasing; auto. }
  split; [| split; [| split; [| split; [| repeat split]]]]; auto.
  - intro H. destruct (vmax_in n x Hn) as [i [Hi E]]. exists i. split; auto.
    rewrite <- (exp_ln omega) by auto. apply exp_increasing. rewrite <- E. auto.
  - intros [i [Hi H]]. apply Rlt_le_trans with (x i); [| apply vmax_ub; auto].
    rewrite <- (ln_exp (x i)). apply ln_increasing; auto.
  - apply Hlog. apply Z_pos; auto.
  - intros [i [Hi H]]. apply ln_increasing; auto. eapply Rlt_le_trans; [exact H |].
    apply (Hpart (fun j => exp (x j))); auto. intro. apply exp_pos.
  - intros i Hi. apply Hsums. lia.
  - intros H i Hi. specialize (Hterm i Hi). lra.
  - intro H. specialize (Hsums n ltac:(lia)). lra.
  - intros H i Hi. specialize (Hsums (i + 1)%nat ltac:(lia)). lra.
  - unfold LSE. rewrite (Sum_ext n (fun i => exp (x i)) (fun i => exp top * exp (x i - top))).
    + rewrite Sum_scal, ln_mult, ln_exp; [reflexivity | apply exp_pos |].
      apply (Z_pos n (fun i => x i - top)); auto.
    + intros. rewrite <- exp_plus. f_equal. ring.
Qed.
