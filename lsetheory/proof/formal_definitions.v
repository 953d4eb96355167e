(* What generated statements are written with; proofs/rocq/Definitions.v must agree word by word. *)

Fixpoint Sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => Sum m f + f m end.

Fixpoint largest (m : nat) (x : nat -> R) : R :=
  match m with O => x O | S k => Rmax (largest k x) (x m) end.

Definition vmax (n : nat) (x : nat -> R) : R := largest (pred n) x.

Fixpoint binom (n k : nat) : nat :=
  match n, k with
  | _, O => 1
  | O, S _ => 0
  | S m, S j => binom m j + binom m k
  end.

Definition tends (f : R -> R) (a l : R) : Prop := forall eps, 0 < eps -> exists delta, 0 < delta /\
  forall r, r <> a -> Rabs (r - a) < delta -> Rabs (f r - l) < eps.

Definition tends_above (f : R -> R) (a l : R) : Prop := forall eps, 0 < eps -> exists delta,
  0 < delta /\ forall r, a < r -> r - a < delta -> Rabs (f r - l) < eps.

Definition tends_below (f : R -> R) (a l : R) : Prop := forall eps, 0 < eps -> exists delta,
  0 < delta /\ forall r, r < a -> a - r < delta -> Rabs (f r - l) < eps.

Definition tends_inf (f : R -> R) (l : R) : Prop := forall eps, 0 < eps -> exists b,
  forall r, b < r -> Rabs (f r - l) < eps.

Definition tends_minus_inf (f : R -> R) (l : R) : Prop := forall eps, 0 < eps -> exists b,
  forall r, r < b -> Rabs (f r - l) < eps.
