(* Refutes an instance of a false statement by interval arithmetic: hypotheses are proved, bounded
   quantifiers run through, maxima decided, and one comparison is shown to fail. *)

Ltac spread := cbv beta iota zeta delta [Sum vmax largest pred binom INR Nat.add Nat.mul] in *.

Ltac decide_maxima := unfold Rmax in *;
  repeat match goal with |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b); try lra end.

(* interval arithmetic knows absolute values, not maxima *)
Lemma size : forall t : R, Rmax t (- t) = Rabs t.
Proof. intro t. unfold Rmax, Rabs. destruct (Rle_dec t (- t)), (Rcase_abs t); lra. Qed.

Ltac compare := first [lia | lra | repeat rewrite size in *; first [interval | interval with (i_prec 120)]
                      | decide_maxima; first [lra | interval | interval with (i_prec 120)]].

Ltac hold :=
  match goal with
  | |- _ /\ _ => split; hold
  | |- forall i : nat, (i < _)%nat -> _ =>
      let i := fresh "i" in let Hi := fresh "Hi" in intros i Hi; hold_below i
  | |- _ -> _ => let h := fresh in intro h; first [exfalso; spread; compare | hold]
  | |- _ => spread; compare
  end
(* the bound comes first: beyond it an entry may have any value, and the cases would not end *)
with hold_below i := first [exfalso; lia | destruct i as [| i]; [hold | hold_below i]].

Ltac fails H :=
  match type of H with
  | ?A /\ ?B =>
      let H1 := fresh in let H2 := fresh in destruct H as [H1 H2]; first [fails H1 | fails H2]
  | forall i : nat, _ =>
      let K := fresh in
      first [pose proof (H 0%nat) as K; fails K | pose proof (H 1%nat) as K; fails K
           | pose proof (H 2%nat) as K; fails K | pose proof (H 3%nat) as K; fails K]
  | ?A -> ?B => let h := fresh in assert (h : A) by hold; specialize (H h); fails H
  | @eq nat _ _ => spread; discriminate H
  | (_ <= _)%nat => spread; lia
  | (_ < _)%nat => spread; lia
  | exists i : nat, (i < _)%nat /\ _ =>
      let i := fresh "i" in let Hi := fresh "Hi" in let K := fresh in
      destruct H as [i [Hi K]]; fails_below i K
  | ?a <= ?b => apply (Rle_not_lt _ _ H); spread; compare
  | ?a < ?b => apply (Rlt_not_le _ _ H); spread; compare
  | ?a = ?b => first [apply (Rlt_not_eq a b); [spread; compare | exact H]
                     | apply (Rlt_not_eq b a); [spread; compare | symmetry; exact H]]
  end
with fails_below i K := first [exfalso; lia | destruct i as [| i]; [fails K | fails_below i K]].

(* The same for a statement at given values. *)
Ltac fails_at instance := let K := fresh in pose proof instance as K; fails K.
