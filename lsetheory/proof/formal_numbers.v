(* Refutes an instance of a false statement by interval arithmetic: hypotheses are proved, bounded
   quantifiers run through, maxima decided, and one comparison is shown to fail. *)

Ltac spread := cbv beta iota zeta delta [Sum vmax largest pred binom INR Nat.add Nat.mul] in *.

Ltac decide_maxima := unfold Rmax in *;
  repeat match goal with |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b); try lra end.

Ltac compare := first [lia | lra | decide_maxima; first [lra | interval | interval with (i_prec 120)]].

Ltac hold :=
  match goal with
  | |- _ /\ _ => split; hold
  | |- forall i : nat, (i < _)%nat -> _ =>
      let i := fresh "i" in let Hi := fresh "Hi" in intros i Hi; repeat (destruct i as [| i]; [spread; hold |]); lia
  | |- _ -> _ => let h := fresh in intro h; hold
  | |- _ => spread; compare
  end.

Ltac fails H :=
  match type of H with
  | ?A /\ ?B =>
      let H1 := fresh in let H2 := fresh in destruct H as [H1 H2]; first [fails H1 | fails H2]
  | forall i : nat, _ =>
      let K := fresh in
      first [pose proof (H 0%nat) as K; fails K | pose proof (H 1%nat) as K; fails K
           | pose proof (H 2%nat) as K; fails K | pose proof (H 3%nat) as K; fails K]
  | ?A -> ?B => let h := fresh in assert (h : A) by hold; specialize (H h); fails H
  | ?a <= ?b => apply (Rle_not_lt _ _ H); spread; compare
  | ?a < ?b => apply (Rlt_not_le _ _ H); spread; compare
  | ?a = ?b => first [apply (Rlt_not_eq a b); [spread; compare | exact H]
                     | apply (Rlt_not_eq b a); [spread; compare | symmetry; exact H]]
  end.

(* The same for a statement at given values. *)
Ltac fails_at instance := let K := fresh in pose proof instance as K; fails K.
