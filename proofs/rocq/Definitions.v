(* What the theorems speak of: vectors are functions nat -> R read at the indices 0 .. n-1. *)
From Coq Require Export Reals Lra Lia.
Open Scope R_scope.

(* Sum of f over 0 .. n-1. *)
Fixpoint Sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => Sum m f + f m end.

(* Average of x over 0 .. n-1. *)
Definition mean (n : nat) (x : nat -> R) : R := Sum n x / INR n.

(* Largest of x over 0 .. m, and over 0 .. n-1 for n >= 1. *)
Fixpoint largest (m : nat) (x : nat -> R) : R :=
  match m with O => x O | S k => Rmax (largest k x) (x m) end.
Definition vmax (n : nat) (x : nat -> R) : R := largest (pred n) x.

(* Smallest of x over 0 .. n-1 for n >= 1. *)
Definition vmin (n : nat) (x : nat -> R) : R := - vmax n (fun i => - x i).

(* |t| as the claims write it. *)
Definition absolute (t : R) : R := Rmax t (- t).

(* Log-sum-exp. *)
Definition LSE (n : nat) (x : nat -> R) : R := ln (Sum n (fun i => exp (x i))).

(* Smooth-max pooling (Pinheiro & Collobert 2015), the mellowmax of Asadi & Littman 2017. *)
Definition M (n : nat) (r : R) (x : nat -> R) : R := 
  / r * ln (/ INR n * Sum n (fun i => exp (r * x i))).

(* Softmax weights, softmax-weighted average pooling (Boltzmann operator), Shannon entropy. *)
Definition softmax (n : nat) (x : nat -> R) (i : nat) : R :=
  exp (x i) / Sum n (fun j => exp (x j)).
Definition SWAP (n : nat) (r : R) (x : nat -> R) : R :=
  Sum n (fun i => x i * exp (r * x i)) / Sum n (fun i => exp (r * x i)).
Definition entropy (n : nat) (p : nat -> R) : R := - Sum n (fun i => p i * ln (p i)).

(* Limits of a real function: at a point from both sides or one, and at infinity. *)
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

(* Binomial coefficients by Pascal's rule: 0 above the diagonal. *)
Fixpoint binom (n k : nat) : nat :=
  match n, k with
  | _, O => 1
  | O, S _ => 0
  | S m, S j => binom m j + binom m k
  end.
