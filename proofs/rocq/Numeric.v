(* Rational bounds on exp from its Taylor polynomials, and on the number e. *)
Require Export Calculus.

(* n! as a real product, so that it stays a short expression. *)
Fixpoint rfact (n : nat) : R := match n with O => 1 | S m => rfact m * INR n end.

Lemma rfact_pos : forall n, 0 < rfact n.
Proof.
  induction n as [| n IH]; [simpl; lra |].
  change (0 < rfact n * INR (S n)). apply Rmult_lt_0_compat; auto. apply lt_0_INR. lia.
Qed.

Definition taylor (n : nat) (x : R) : R := Sum n (fun i => x ^ i / rfact i).

Lemma taylor_S : forall n x, taylor (S n) x = 1 + Sum n (fun i => x ^ S i / rfact (S i)).
Proof.
  induction n; intro x; [unfold taylor; simpl; field |].
  change (taylor (S (S n)) x) with (taylor (S n) x + x ^ S n / rfact (S n)).
  rewrite IHn. change (Sum (S n) (fun i => x ^ S i / rfact (S i))) with
    (Sum n (fun i => x ^ S i / rfact (S i)) + x ^ S n / rfact (S n)). ring.
Qed.

Lemma taylor_deriv : forall n t, derivable_pt_lim (taylor (S n)) t (taylor n t).
Proof.
  intros. apply (deriv_ext (fun x => 1 + Sum n (fun i => x ^ S i / rfact (S i)))).
  { intro u. rewrite taylor_S. reflexivity. }
  apply (deriv_eq _ _ (0 + taylor n t)); [ring |].
  apply (derivable_pt_lim_plus (fun _ => 1)); [apply (derivable_pt_lim_const 1) |].
  apply (Sum_deriv n (fun x i => x ^ S i / rfact (S i))). intros i _.
  apply (deriv_eq _ _ (INR (S i) * t ^ i * / rfact (S i))).
  - change (rfact (S i)) with (rfact i * INR (S i)). field.
    split; [apply Rgt_not_eq, rfact_pos | apply not_0_INR; lia].
  - apply (mult_const_deriv (fun x => x ^ S i)). apply derivable_pt_lim_pow.
Qed.

Lemma taylor_at_0 : forall n, taylor (S n) 0 = 1.
Proof.
  intros. rewrite taylor_S, (Sum_ext n _ (fun _ => 0)); [rewrite Sum_const; ring |].
  intros. simpl. unfold Rdiv. ring.
Qed.

(* The partial sums stay below exp on the right half line. *)
Lemma taylor_below : forall n x, 0 <= x -> taylor n x <= exp x.
Proof.
  induction n as [| n IH]; intros x Hx; [unfold taylor; simpl; apply Rlt_le, exp_pos |].
  cut (exp 0 - taylor (S n) 0 <= exp x - taylor (S n) x).
  { rewrite exp_0, taylor_at_0. lra. }
  apply (increasing_from_derivative (fun t => exp t - taylor (S n) t) (fun t => exp t - taylor n t)); auto.
  - intros. apply (derivable_pt_lim_minus exp); [apply derivable_pt_lim_exp | apply taylor_deriv].
  - intros t Ht. specialize (IH t ltac:(lra)). lra.
Qed.

(* On the left half line they lie above and below in turn. *)
Lemma taylor_turns : forall n x, 0 <= x -> 0 <= (-1) ^ n * (exp (- x) - taylor n (- x)).
Proof.
  induction n as [| n IH]; intros x Hx.
  - unfold taylor. simpl. pose proof (exp_pos (- x)). lra.
  - replace 0 with ((-1) ^ S n * (exp (- 0) - taylor (S n) (- 0))) at 1
      by (rewrite Ropp_0, exp_0, taylor_at_0; ring).
    apply (increasing_from_derivative (fun t => (-1) ^ S n * (exp (- t) - taylor (S n) (- t)))
      (fun t => (-1) ^ n * (exp (- t) - taylor n (- t)))); auto.
    + intros. apply (deriv_eq _ _ ((- (1) * (exp (- t) - taylor n (- t))) * (-1) ^ S n)); [simpl; ring |].
      apply (deriv_ext (fun u => (exp (- u) - taylor (S n) (- u)) * (-1) ^ S n)); [intro; ring |].
      apply (mult_const_deriv (fun u => exp (- u) - taylor (S n) (- u))).
      apply (deriv_eq _ _ ((exp (- t) - taylor n (- t)) * - (1))); [ring |].
      apply (derivable_pt_lim_comp (fun u => - u) (fun v => exp v - taylor (S n) v)).
      * apply (derivable_pt_lim_opp (fun u => u)). apply derivable_pt_lim_id.
      * apply (derivable_pt_lim_minus exp); [apply derivable_pt_lim_exp | apply taylor_deriv].
    + intros. apply IH. lra.
Qed.

Lemma e_bounds : 2.718281 < exp 1 < 2.718284.
Proof.
  split.
  - eapply Rlt_le_trans; [| apply (taylor_below 10); lra]. unfold taylor. simpl. lra.
  - pose proof (taylor_turns 10 1 ltac:(lra)) as H. unfold taylor in H. simpl in H.
    rewrite exp_Ropp in H. pose proof (exp_pos 1) as He.
    assert (H1 : 0.36787918 < / exp 1) by lra.
    apply (Rmult_lt_compat_r (exp 1)) in H1; auto. rewrite Rinv_l in H1 by lra. lra.
Qed.
