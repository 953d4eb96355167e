(* Alternating sums of binomial coefficients, by Pascal's rule. *)
Require Export Sums.

Definition B (n k : nat) : R := INR (binom n k).
Definition sgn (i : nat) : R := (- (1)) ^ i.

Lemma sgn_S : forall i, sgn (S i) = - sgn i.
Proof. intro. unfold sgn. simpl. ring. Qed.

Lemma binom_0 : forall n, binom n 0 = 1%nat.
Proof. destruct n; reflexivity. Qed.

Lemma B_0 : forall n, B n 0 = 1.
Proof. intro. unfold B. rewrite binom_0. reflexivity. Qed.

Lemma B_S : forall n k, B (S n) (S k) = B n k + B n (S k).
Proof. intros. unfold B. rewrite <- plus_INR. reflexivity. Qed.

Lemma binom_beyond : forall n k, (n < k)%nat -> binom n k = 0%nat.
Proof.
  induction n; intros [| k] H; try lia; [reflexivity |].
  simpl. rewrite !IHn by lia. reflexivity.
Qed.

Lemma B_beyond : forall n k, (n < k)%nat -> B n k = 0.
Proof. intros. unfold B. rewrite binom_beyond; auto. Qed.

Lemma binom_diag : forall n, binom n n = 1%nat.
Proof. induction n; [reflexivity |]. simpl. rewrite IHn, binom_beyond by lia. lia. Qed.

Lemma B_diag : forall n, B n n = 1.
Proof. intro. unfold B. rewrite binom_diag. reflexivity. Qed.

(* C(a + t, a) = C(a + t, t). *)
Lemma binom_sym : forall a t, binom (a + t) a = binom (a + t) t.
Proof.
  induction a; intro t.
  - rewrite binom_0. simpl. rewrite binom_diag. reflexivity.
  - induction t.
    + rewrite Nat.add_0_r, binom_0, binom_diag. reflexivity.
    + replace (S a + S t)%nat with (S (a + S t)) by lia.
      simpl. rewrite (IHa (S t)).
      replace (a + S t)%nat with (S a + t)%nat by lia. rewrite IHt. lia.
Qed.

Lemma Sum_first : forall n f, Sum (S n) f = f 0%nat + Sum n (fun i => f (S i)).
Proof.
  induction n; intro f; [simpl; lra |].
  change (Sum (S (S n)) f) with (Sum (S n) f + f (S n)). rewrite IHn. simpl. lra.
Qed.

Lemma Sum_reverse : forall n f, Sum (S n) f = Sum (S n) (fun i => f (n - i)%nat).
Proof.
  induction n; intro f; [reflexivity |].
  rewrite (Sum_first (S n) (fun i => f (S n - i)%nat)).
  change (Sum (S (S n)) f) with (Sum (S n) f + f (S n)). rewrite IHn, Nat.sub_0_r.
  rewrite (Sum_ext (S n) (fun i => f (S n - S i)%nat) (fun i => f (n - i)%nat)); [lra |].
  intros. reflexivity.
Qed.

(* Neighbouring terms of an alternating sum cancel. *)
Lemma Sum_telescope : forall t g,
  Sum (S t) (fun i => sgn i * (g i + g (S i))) = g 0%nat + sgn t * g (S t).
Proof.
  induction t; intro g; [unfold sgn; simpl; lra |].
  change (Sum (S (S t)) ?f) with (Sum (S t) f + f (S t)). cbv beta.
  rewrite IHt, sgn_S. ring.
Qed.

(* The d-th difference, by Pascal's rule. *)
Lemma difference : forall n f,
  Sum (S (S n)) (fun i => sgn i * B (S n) i * f i) =
  Sum (S n) (fun i => sgn i * B n i * f i) - Sum (S n) (fun i => sgn i * B n i * f (S i)).
Proof.
  intros. rewrite Sum_first.
  rewrite (Sum_ext (S n) _ (fun i => sgn (S i) * B n (S i) * f (S i) - sgn i * B n i * f (S i))).
  2: { intros. rewrite B_S, sgn_S. ring. }
  rewrite Sum_minus, !B_0.
  assert (E : Sum (S (S n)) (fun i => sgn i * B n i * f i) =
              Sum (S n) (fun i => sgn i * B n i * f i)).
  { change (Sum (S (S n)) ?g) with (Sum (S n) g + g (S n)). cbv beta.
    rewrite (B_beyond n (S n)) by lia. ring. }
  rewrite <- E, (Sum_first (S n)), B_0. ring.
Qed.

Lemma annihilated : forall r n, (r < n)%nat -> Sum (S n) (fun i => sgn i * B n i * B i r) = 0.
Proof.
  induction r; intros [| n] H; try lia; rewrite difference.
  - rewrite (Sum_ext (S n) (fun i => sgn i * B n i * B (S i) 0) (fun i => sgn i * B n i * B i 0));
      [ring |]. intros. rewrite !B_0. reflexivity.
  - rewrite <- Sum_minus, (Sum_ext _ _ (fun i => - (sgn i * B n i * B i r))).
    2: { intros. rewrite B_S. ring. }
    rewrite Sum_opp, IHr by lia. ring.
Qed.

Lemma alternating : forall a t,
  Sum (S t) (fun i => sgn i * B (S (a + t)) (S (a + i))) = B (a + t) a.
Proof.
  intros. rewrite (Sum_ext _ _ (fun i => sgn i * (B (a + t) (a + i) + B (a + t) (a + S i)))).
  2: { intros. rewrite B_S. replace (a + S i)%nat with (S (a + i)) by lia. reflexivity. }
  rewrite (Sum_telescope t (fun i => B (a + t) (a + i))), Nat.add_0_r.
  rewrite (B_beyond _ (a + S t)) by lia. ring.
Qed.

Lemma norm : forall a t, Sum (S t) (fun i => B (S (a + t)) (S (a + i))) + B (a + t) a =
  2 * Sum (S t) (fun i => B (a + t) i).
Proof.
  intros. rewrite (Sum_ext _ _ (fun i => B (a + t) (a + i) + B (a + t) (S (a + i)))).
  2: { intros. apply B_S. }
  assert (E : Sum (S t) (fun i => B (a + t) (a + i)) = Sum (S t) (fun i => B (a + t) i)).
  { rewrite (Sum_reverse t (fun i => B (a + t) i)). apply Sum_ext. intros i Hi. unfold B.
    replace (a + t)%nat with (a + i + (t - i))%nat at 1 2 by lia. rewrite binom_sym. reflexivity. }
  assert (F : Sum (S t) (fun i => B (a + t) (S (a + i))) + B (a + t) a =
              Sum (S t) (fun i => B (a + t) (a + i))).
  { assert (G : Sum (S (S t)) (fun i => B (a + t) (a + i)) =
                Sum (S t) (fun i => B (a + t) (a + i))).
    { change (Sum (S (S t)) ?g) with (Sum (S t) g + g (S t)). cbv beta.
      rewrite (B_beyond _ (a + S t)) by lia. ring. }
    rewrite <- G, (Sum_first (S t)), Nat.add_0_r.
    rewrite (Sum_ext (S t) (fun i => B (a + t) (a + S i)) (fun i => B (a + t) (S (a + i))));
      [ring |]. intros. f_equal. lia. }
  rewrite Sum_plus. lra.
Qed.

(* I(t, f) is sum (-1)^i f(i) C(c+t, c+i) for i <= t, with c = S p. *)
Definition inverse (p t : nat) (f : nat -> R) : R :=
  Sum (S t) (fun i => sgn i * f i * B (S p + t) (S p + i)).

Lemma inverse_S : forall p t f,
  inverse p (S t) f = inverse p t f - inverse p t (fun i => f (S i)) + f 0%nat * B (S p + t) p.
Proof.
  intros. unfold inverse.
  rewrite (Sum_ext (S (S t)) _ (fun i => sgn i * f i * B (S p + t) (p + i) +
    sgn i * f i * B (S p + t) (S p + i))).
  2: { intros. replace (S p + S t)%nat with (S (S p + t)) by lia.
       change (S p + i)%nat with (S (p + i)). rewrite B_S. ring. }
  rewrite Sum_plus, (Sum_first (S t) (fun i => sgn i * f i * B (S p + t) (p + i))), Nat.add_0_r.
  change (Sum (S (S t)) (fun i => sgn i * f i * B (S p + t) (S p + i))) with
    (Sum (S t) (fun i => sgn i * f i * B (S p + t) (S p + i)) +
     sgn (S t) * f (S t) * B (S p + t) (S p + S t)).
  rewrite (B_beyond _ (S p + S t)) by lia.
  rewrite (Sum_ext (S t) (fun i => sgn (S i) * f (S i) * B (S p + t) (p + S i))
    (fun i => - (sgn i * f (S i) * B (S p + t) (S p + i)))).
  2: { intros. rewrite sgn_S. replace (p + S i)%nat with (S p + i)%nat by lia. ring. }
  rewrite Sum_opp. unfold sgn at 1. simpl pow. ring.
Qed.

Lemma inverse_ext : forall p t f g, (forall i, f i = g i) -> inverse p t f = inverse p t g.
Proof. intros. unfold inverse. apply Sum_ext. intros. rewrite H. reflexivity. Qed.

Lemma inverse_0 : forall p f, inverse p 0 f = f 0%nat.
Proof.
  intros. unfold inverse. change (Sum 1 ?g) with (0 + g 0%nat). cbv beta.
  rewrite !Nat.add_0_r, B_diag. unfold sgn. simpl pow. ring.
Qed.

Lemma inverse_plus : forall p t f g,
  inverse p t (fun i => f i + g i) = inverse p t f + inverse p t g.
Proof. intros. unfold inverse. rewrite <- Sum_plus. apply Sum_ext. intros. ring. Qed.

(* f(i) = C(w+i, w): its sums are differences of those for w - 1. *)
Lemma inverse_row : forall w m t, inverse (m + w) t (fun i => B (w + i) w) = B (m + t) m.
Proof.
  induction w; intros m t.
  - rewrite (inverse_ext _ _ _ (fun _ => 1)) by (intros; apply B_0).
    rewrite Nat.add_0_r. unfold inverse.
    rewrite (Sum_ext _ _ (fun i => sgn i * B (S (m + t)) (S (m + i)))).
    + apply alternating.
    + intros. simpl Nat.add. ring.
  - destruct t.
    + rewrite inverse_0, !Nat.add_0_r, !B_diag. reflexivity.
    + assert (E : forall u, inverse (m + S w) u (fun i => B (w + i) w) = B (S m + u) (S m)).
      { intro u. replace (m + S w)%nat with (S m + w)%nat by lia. apply IHw. }
      assert (F : forall i, B (S w + S i) (S w) = B (S w + i) (S w) + B (w + S i) w).
      { intro. replace (S w + S i)%nat with (S (S w + i)) by lia. rewrite B_S.
        replace (w + S i)%nat with (S w + i)%nat by lia. ring. }
      rewrite inverse_S, (inverse_ext _ _ _ _ F), inverse_plus.
      pose proof (inverse_S (m + S w) t (fun i => B (w + i) w)) as G. rewrite !E in G.
      replace (S m + S t)%nat with (S (S m + t)) in G by lia. rewrite B_S in G.
      replace (m + S t)%nat with (S m + t)%nat by lia.
      rewrite !Nat.add_0_r, B_diag in *. lra.
Qed.

Definition lowest (a i : nat) : R := Sum (S i) (fun j => B (a + i) j).

Lemma lowest_S : forall a i, lowest a (S i) = 2 * lowest a i + B (a + i) (S i).
Proof.
  intros. unfold lowest. rewrite Sum_first, B_0.
  rewrite (Sum_ext (S i) _ (fun j => B (a + i) j + B (a + i) (S j))).
  2: { intros. replace (a + S i)%nat with (S (a + i)) by lia. apply B_S. }
  rewrite Sum_plus.
  assert (E : Sum (S (S i)) (fun j => B (a + i) j) = 1 + Sum (S i) (fun j => B (a + i) (S j))).
  { rewrite Sum_first, B_0. reflexivity. }
  change (Sum (S (S i)) (fun j => B (a + i) j)) with
    (Sum (S i) (fun j => B (a + i) j) + B (a + i) (S i)) in E.
  change (fun j => B (a + i) j) with (B (a + i)) in *. lra.
Qed.

(* What a step from L(a, i) to L(a, i+1) adds. *)
Lemma inverse_step : forall a t,
  inverse a t (fun i => B (a + i) (S i)) = B (S a + t) a - 1.
Proof.
  intros [| b] t.
  - rewrite (inverse_ext _ _ _ (fun _ => 0)) by (intros; apply B_beyond; lia).
    rewrite B_0. unfold inverse. rewrite (Sum_ext _ _ (fun _ => 0)) by (intros; ring).
    rewrite Sum_const. ring.
  - rewrite (inverse_ext _ _ _ (fun i => B (b + S i) b)).
    2: { intro. unfold B. rewrite (binom_sym b (S i)). f_equal. f_equal. lia. }
    pose proof (inverse_S (S b) t (fun i => B (b + i) b)) as G.
    pose proof (inverse_row b 1 t) as E. pose proof (inverse_row b 1 (S t)) as F.
    replace (1 + b)%nat with (S b) in * by lia. rewrite E, F in G.
    replace (1 + S t)%nat with (S (1 + t)) in G by lia. rewrite (B_S (1 + t) 0), !B_0 in G.
    rewrite Nat.add_0_r, B_diag in G. lra.
Qed.

Lemma inverse_lowest : forall a t, 2 * inverse a t (lowest a) = 1 + sgn t.
Proof.
  intro a. induction t.
  - rewrite inverse_0. unfold lowest, sgn. simpl Sum. rewrite B_0. simpl. ring.
  - rewrite inverse_S, (inverse_ext _ _ (fun i => lowest a (S i))
      (fun i => (lowest a i + lowest a i) + B (a + i) (S i))).
    2: { intro. rewrite lowest_S. ring. }
    rewrite inverse_plus, inverse_plus, inverse_step, sgn_S.
    replace (lowest a 0) with 1 by (unfold lowest; simpl Sum; rewrite B_0; ring). lra.
Qed.
