(* The ledger's claims on binomial sums: one theorem a claim, of the same name. *)
Require Export Definitions.
Require Import Binomials.

(* Five finite sums of binomial coefficients: what the minimax errors of rank estimators rest on. *)
Theorem binomial_sums : forall a b d r t : nat,
  Sum (r + 1 + d + 1) (fun i => (- (1)) ^ i * INR (binom (r + 1 + d) i) * INR (binom i r)) = 0 /\
  Sum (t + 1) (fun i => (- (1)) ^ i * INR (binom (a + 1 + t) (a + 1 + i))) =
    INR (binom (a + t) a) /\
  Sum (t + 1) (fun i => INR (binom (a + 1 + t) (a + 1 + i))) + INR (binom (a + t) a) =
    2 * Sum (t + 1) (fun i => INR (binom (a + t) i)) /\
  2 * Sum (t + 1) (fun i => (- (1)) ^ i * Sum (i + 1) (fun j => INR (binom (a + i) j)) *
    INR (binom (a + 1 + t) (a + 1 + i))) = 1 + (- (1)) ^ t /\
  Sum (t + 1) (fun i => (- (1)) ^ i * INR (binom (b + i) b) *
    INR (binom (b + 2 + t) (b + 2 + i))) = INR t + 1.
Proof.
  intros a b d r t. rewrite (Nat.add_1_r t).
  assert (E : forall i, (a + 1 + i = S (a + i))%nat) by (intro; lia).
  assert (F : forall i, (b + 2 + i = S (S b) + i)%nat) by (intro; lia).
  repeat split.
  - rewrite Nat.add_1_r. apply annihilated. lia.
  - etransitivity; [| apply (alternating a t)]. apply Sum_ext. intros. rewrite !E. reflexivity.
  - etransitivity; [| apply (norm a t)]. apply f_equal2; [| reflexivity].
    apply Sum_ext. intros. rewrite !E. reflexivity.
  - etransitivity; [| apply (inverse_lowest a t)]. f_equal. apply Sum_ext. intros.
    rewrite !E, Nat.add_1_r. reflexivity.
  - rewrite <- S_INR. transitivity (B (1 + t) 1).
    + etransitivity; [| apply (inverse_row b 1 t)]. apply Sum_ext. intros. rewrite !F. reflexivity.
    + unfold B. f_equal. change (1 + t)%nat with (S t). clear.
      induction t; [reflexivity |].
      change (binom (S (S t)) 1) with (binom (S t) 0 + binom (S t) 1)%nat.
      rewrite IHt, binom_0. reflexivity.
Qed.
