(* The claims of the ledger: one theorem a claim, of the same name, stated for all n and all r. *)
Require Export Definitions.
Require Import Limits Lipschitz Cumulants Sorting.

(* The largest entry is one term of the sum, and no term exceeds it. *)
Theorem lse_bounds : forall n x, (1 <= n)%nat ->
  vmax n x <= LSE n x /\ LSE n x <= vmax n x + ln (INR n) /\ ((2 <= n)%nat -> vmax n x < LSE n x).
Proof.
  intros n x Hn. destruct (lse_between n Hn x). repeat split; auto. apply lse_above_max; auto.
Qed.

(* Log-sum-exp's bounds at r x, less log n, divided by r. *)
Theorem pooled_bounds : forall n r x, (1 <= n)%nat -> 0 < r ->
  vmax n x - ln (INR n) / r <= M n r x /\ M n r x <= vmax n x.
Proof. intros n r x Hn. apply pooled_between; auto. Qed.

(* Squeezed between max - log n / r and max. *)
Theorem limit_max : forall n x, (1 <= n)%nat -> tends_inf (fun r => M n r x) (vmax n x).
Proof. intros. apply pooled_to_max; auto. Qed.

(* Hoeffding's bound makes the distance to the mean linear in |r|. *)
Theorem limit_mean : forall n x, (1 <= n)%nat -> tends (fun r => M n r x) 0 (mean n x).
Proof. intros. apply pooled_to_mean; auto. Qed.
