(* The cumulants of the tilted distribution: derivatives of K(r) = LSE(r x), and Taylor's bounds. *)
Require Export Calculus.

(* Integrating a bound c |t|^k on the derivative. *)
Lemma integrate_right : forall f g k c, f 0 = 0 -> (forall t, derivable_pt_lim f t (g t)) ->
  (forall t, Rabs (g t) <= c * Rabs t ^ k) -> forall t, 0 <= t -> f t <= c / INR (S k) * t ^ S k.
Proof.
  intros f g k c H0 Hf Hg t Ht. assert (HK : 0 < INR (S k)) by (apply lt_0_INR; lia).
  pose proof (increasing_from_derivative (fun u => u ^ S k * (c / INR (S k)) - f u)
    (fun u => INR (S k) * u ^ k * (c / INR (S k)) - g u) 0 t Ht) as H.
  lapply H; [clear H; intro H |].
  - lapply H; [clear H; intro H |].
    + rewrite H0, pow_i in H by lia. lra.
    + intros u Hu. specialize (Hg u). rewrite (Rabs_right u) in Hg by lra. apply abs_le in Hg.
      replace (INR (S k) * u ^ k * (c / INR (S k))) with (c * u ^ k) by (field; lra). lra.
  - intros u _. apply (derivable_pt_lim_minus (fun u => u ^ S k * (c / INR (S k)))); auto.
    apply mult_const_deriv with (f := fun u => u ^ S k). apply derivable_pt_lim_pow.
Qed.

Lemma mirror_deriv : forall f g t, (forall t, derivable_pt_lim f t (g t)) ->
  derivable_pt_lim (fun u => f (- u)) t (- g (- t)).
Proof.
  intros. apply (deriv_eq _ _ (g (- t) * - 1)); [ring |].
  apply (derivable_pt_lim_comp (fun u => - u) f); auto.
  apply (derivable_pt_lim_opp (fun u => u)). apply derivable_pt_lim_id.
Qed.

Lemma integrate_bound : forall f g k c, f 0 = 0 -> (forall t, derivable_pt_lim f t (g t)) ->
  (forall t, Rabs (g t) <= c * Rabs t ^ k) -> forall t, Rabs (f t) <= c / INR (S k) * Rabs t ^ S k.
Proof.
  assert (Hpos : forall f g k c, f 0 = 0 -> (forall t, derivable_pt_lim f t (g t)) ->
    (forall t, Rabs (g t) <= c * Rabs t ^ k) -> forall t, 0 <= t -> Rabs (f t) <= c / INR (S k) * t ^ S k).
  { intros f g k c H0 Hf Hg t Ht. apply abs_le. split; [| eapply integrate_right; eauto].
    cut (- f t <= c / INR (S k) * t ^ S k); [lra |].
    apply (integrate_right (fun u => - f u) (fun u => - g u)); auto.
    - rewrite H0. ring.
    - intro. apply (derivable_pt_lim_opp f). auto.
    - intro. rewrite Rabs_Ropp. auto. }
  intros f g k c H0 Hf Hg t. destruct (Rle_dec 0 t) as [Ht | Ht].
  - rewrite (Rabs_right t) by lra. eapply Hpos; eauto.
  - rewrite (Rabs_left t) by lra. rewrite <- (Ropp_involutive t) at 1.
    apply (Hpos (fun u => f (- u)) (fun u => - g (- u))); try lra.
    + rewrite Ropp_0. auto.
    + intro. apply mirror_deriv. auto.
    + intro u. rewrite Rabs_Ropp, <- (Rabs_Ropp u). auto.
Qed.

Lemma integrate_to : forall f g k c m, INR (S k) = m -> f 0 = 0 ->
  (forall t, derivable_pt_lim f t (g t)) -> (forall t, Rabs (g t) <= c * Rabs t ^ k) ->
  forall t, Rabs (f t) <= c / m * Rabs t ^ S k.
Proof. intros f g k c m <-. apply integrate_bound. Qed.

Section Cumulants.
Variable n : nat.
Hypothesis Hn : (1 <= n)%nat.
Variable x : nat -> R.

(* Raw moments of the tilted distribution, and the cumulants made of them. *)
Definition moment (n : nat) (x : nat -> R) (k : nat) (r : R) : R :=
  avg n (tilted n r x) (fun i => x i ^ k).
Let a := moment n x.
Definition kappa3 (a1 a2 a3 : R) : R := a3 - 3 * a1 * a2 + 2 * (a1 * a1 * a1).
Definition kappa4 (a1 a2 a3 a4 : R) : R :=
  a4 - 4 * a1 * a3 - 3 * (a2 * a2) + 12 * (a1 * a1 * a2) - 6 * (a1 * a1 * (a1 * a1)).

Lemma moment_deriv : forall k r, derivable_pt_lim (a k) r (a (S k) r - a 1 r * a k r).
Proof.
  intros. eapply deriv_eq; [| apply (tilted_deriv n Hn (fun i => x i ^ k))].
  unfold a, moment. f_equal. f_equal. apply avg_ext. intros. ring.
Qed.

Lemma moment_1 : forall r, a 1 r = SWAP n r x.
Proof. intro. rewrite SWAP_avg. apply Sum_ext. intros. unfold tilted. ring. Qed.

Lemma product_deriv : forall f g t d e, derivable_pt_lim f t d -> derivable_pt_lim g t e ->
  derivable_pt_lim (fun u => f u * g u) t (d * g t + f t * e).
Proof. intros. apply (derivable_pt_lim_mult f g); auto. Qed.

Lemma K1_deriv : forall r, derivable_pt_lim (a 1) r (a 2 r - a 1 r * a 1 r).
Proof. intro. apply moment_deriv. Qed.

Lemma K2_deriv : forall r, derivable_pt_lim (fun s => a 2 s - a 1 s * a 1 s) r (kappa3 (a 1 r) (a 2 r) (a 3 r)).
Proof.
  intro r. pose proof (derivable_pt_lim_minus _ _ _ _ _ (moment_deriv 2 r)
    (product_deriv _ _ _ _ _ (K1_deriv r) (K1_deriv r))) as H.
  eapply deriv_eq; [| exact H]. unfold kappa3. ring.
Qed.

Lemma K3_deriv : forall r, derivable_pt_lim (fun s => kappa3 (a 1 s) (a 2 s) (a 3 s)) r
  (kappa4 (a 1 r) (a 2 r) (a 3 r) (a 4 r)).
Proof.
  intro r. pose proof (K1_deriv r) as d1. pose proof (moment_deriv 2 r) as d2.
  pose proof (derivable_pt_lim_plus _ _ _ _ _
    (derivable_pt_lim_minus _ _ _ _ _ (moment_deriv 3 r)
      (product_deriv _ _ _ _ _ (derivable_pt_lim_scal _ 3 _ _ d1) d2))
    (derivable_pt_lim_scal _ 2 _ _ (product_deriv _ _ _ _ _ (product_deriv _ _ _ _ _ d1 d1) d1))) as H.
  eapply deriv_eq; [| exact H]. unfold kappa4, mult_real_fct. ring.
Qed.

(* The cumulants as central moments, whence their bounds by powers of the range. *)
Lemma moments_centered : forall r, let p := tilted n r x in let m := a 1 r in
  a 2 r - m * m = avg n p (fun i => (x i - m) ^ 2) /\
  kappa3 m (a 2 r) (a 3 r) = avg n p (fun i => (x i - m) ^ 3) /\
  a 4 r - 4 * m * a 3 r + 6 * (m * m * a 2 r) - 3 * (m * m * (m * m)) = avg n p (fun i => (x i - m) ^ 4).
Proof.
  intros. destruct (tilted_simplex n Hn r x) as [Hp Hs]. fold p in Hp, Hs.
  assert (E : forall c0 c1 c2 c3 c4, avg n p (fun i => c4 * x i ^ 4 + (c3 * x i ^ 3 + (c2 * x i ^ 2 + (c1 * x i ^ 1 + c0))))
    = c4 * a 4 r + (c3 * a 3 r + (c2 * a 2 r + (c1 * m + c0)))).
  { intros. rewrite !avg_plus, !avg_scal, avg_const by auto. reflexivity. }
  unfold kappa3. repeat split.
  - rewrite (avg_ext n p _ (fun i => 0 * x i ^ 4 + (0 * x i ^ 3 + (1 * x i ^ 2 + (- (2) * m * x i ^ 1 + m * m))))) by (intros; ring).
    rewrite E. ring.
  - rewrite (avg_ext n p _ (fun i => 0 * x i ^ 4 + (1 * x i ^ 3 + (- (3) * m * x i ^ 2 + (3 * m * m * x i ^ 1 + - (m * m * m)))))) by (intros; ring).
    rewrite E. ring.
  - rewrite (avg_ext n p _ (fun i => 1 * x i ^ 4 + (- (4) * m * x i ^ 3 + (6 * m * m * x i ^ 2 + (- (4) * m * m * m * x i ^ 1 + m * m * m * m))))) by (intros; ring).
    rewrite E. ring.
Qed.

Let d := vmax n x - vmin n x.

Lemma range_nonneg : 0 <= d.
Proof. pose proof (vmin_le_vmax n x Hn). unfold d. lra. Qed.

Lemma K2_bounds : forall r, 0 <= a 2 r - a 1 r * a 1 r <= d ^ 2 / 4.
Proof.
  intro r. pose proof (tilted_var_bounds n Hn r x) as H. unfold var in H. unfold d.
  replace (a 2 r) with (avg n (tilted n r x) (fun i => x i * x i)) by (apply avg_ext; intros; ring).
  replace (a 1 r) with (avg n (tilted n r x) x) by (apply avg_ext; intros; ring). lra.
Qed.

Lemma deviation : forall r i, (i < n)%nat -> Rabs (x i - a 1 r) <= d.
Proof.
  intros r i Hi. rewrite moment_1. pose proof (swap_inside n Hn r x). apply abs_le. unfold d.
  pose proof (vmax_ub n x i Hi). pose proof (vmin_lb n x i Hi). lra.
Qed.

Lemma K3_bound : forall r, Rabs (kappa3 (a 1 r) (a 2 r) (a 3 r)) <= d ^ 3 / 4.
Proof.
  intro r. destruct (moments_centered r) as [E2 [E3 _]]. destruct (tilted_simplex n Hn r x) as [Hp Hs].
  pose proof (K2_bounds r) as Hv. pose proof range_nonneg as Hd. rewrite E3. rewrite E2 in Hv.
  assert (H : forall s, s = 1 \/ s = - (1) -> s * avg n (tilted n r x) (fun i => (x i - a 1 r) ^ 3)
    <= d * avg n (tilted n r x) (fun i => (x i - a 1 r) ^ 2)).
  { intros s Hs1. rewrite <- !avg_scal. apply avg_le; auto. intros i Hi.
    pose proof (proj1 (abs_le _ _) (deviation r i Hi)). set (u := x i - a 1 r) in *.
    replace (s * u ^ 3) with (s * u * u ^ 2) by ring. apply Rmult_le_compat_r; [apply pow2_ge_0 |].
    destruct Hs1 as [-> | ->]; lra. }
  pose proof (H 1 (or_introl eq_refl)). pose proof (H (- (1)) (or_intror eq_refl)).
  assert (d * avg n (tilted n r x) (fun i => (x i - a 1 r) ^ 2) <= d * (d ^ 2 / 4)) by (apply Rmult_le_compat_l; lra).
  apply abs_le. lra.
Qed.

Lemma K4_bound : forall r, Rabs (kappa4 (a 1 r) (a 2 r) (a 3 r) (a 4 r)) <= d ^ 4 / 8.
Proof.
  intro r. destruct (moments_centered r) as [E2 [_ E4]]. destruct (tilted_simplex n Hn r x) as [Hp Hs].
  pose proof (K2_bounds r) as Hv. pose proof range_nonneg as Hd.
  set (v := a 2 r - a 1 r * a 1 r) in *.
  assert (H4 : 0 <= avg n (tilted n r x) (fun i => (x i - a 1 r) ^ 4) <= d ^ 2 * v).
  { rewrite E2, <- avg_scal. split.
    - apply avg_nonneg; auto. intros. replace ((x i - a 1 r) ^ 4) with (((x i - a 1 r) ^ 2) ^ 2) by ring. apply pow2_ge_0.
    - apply avg_le; auto. intros i Hi. pose proof (proj1 (abs_le _ _) (deviation r i Hi)).
      set (u := x i - a 1 r) in *. replace (u ^ 4) with (u ^ 2 * u ^ 2) by ring.
      apply Rmult_le_compat_r; [apply pow2_ge_0 | nra]. }
  assert (Hs2 : 0 <= avg n (tilted n r x) (fun i => ((x i - a 1 r) ^ 2 - v) ^ 2)).
  { apply avg_nonneg; auto. intros. apply pow2_ge_0. }
  rewrite (avg_ext n _ _ (fun i => (x i - a 1 r) ^ 4 + (- (2) * v * (x i - a 1 r) ^ 2 + v * v))) in Hs2
    by (intros; ring).
  rewrite avg_plus, avg_shift, <- E2 in Hs2 by auto. rewrite <- E4 in H4, Hs2. pose proof (pow2_ge_0 d).
  replace (kappa4 (a 1 r) (a 2 r) (a 3 r) (a 4 r)) with
    (a 4 r - 4 * a 1 r * a 3 r + 6 * (a 1 r * a 1 r * a 2 r) - 3 * (a 1 r * a 1 r * (a 1 r * a 1 r)) - 3 * (v * v))
    by (unfold kappa4, v; ring).
  assert (v * v <= (d ^ 2 / 4) * (d ^ 2 / 4)) by (apply Rmult_le_compat; lra).
  pose proof (pow2_ge_0 (d ^ 2 - 6 * v)).
  replace (d ^ 4) with (d ^ 2 * d ^ 2) by ring. apply abs_le. split; nra.
Qed.

(* The cumulants in the words of the claims. *)
Lemma K2_form : forall r,
  Sum n (fun i => softmax n (fun j => r * x j) i * (x i - SWAP n r x) ^ 2) = a 2 r - a 1 r * a 1 r.
Proof. intro r. destruct (moments_centered r) as [E _]. rewrite E, moment_1. reflexivity. Qed.

Lemma K3_form : forall r, Sum n (fun i => softmax n (fun j => r * x j) i * (x i - SWAP n r x) ^ 3) =
  kappa3 (a 1 r) (a 2 r) (a 3 r).
Proof. intro r. destruct (moments_centered r) as [_ [E _]]. rewrite E, moment_1. reflexivity. Qed.

Lemma softmax_at_0 : forall i, softmax n (fun j => 0 * x j) i = / INR n.
Proof.
  intro i. unfold softmax. rewrite (Sum_ext n _ (fun _ => 1)) by (intros; rewrite Rmult_0_l; apply exp_0).
  rewrite Sum_const, Rmult_0_l, exp_0. field. apply Rgt_not_eq, INR_pos; auto.
Qed.

Lemma central_at_0 : forall k, mean n (fun i => (x i - mean n x) ^ k) =
  Sum n (fun i => softmax n (fun j => 0 * x j) i * (x i - SWAP n 0 x) ^ k).
Proof.
  intro k. rewrite swap_at_0 by auto. unfold mean at 1. rewrite <- Sum_div. apply Sum_ext. intros.
  rewrite softmax_at_0. unfold Rdiv. ring.
Qed.

(* Taylor's bounds: one more integration for each order. *)
Lemma constant_deriv : forall c t, derivable_pt_lim (fun _ => c) t 0.
Proof. intros. apply (derivable_pt_lim_const c). Qed.

Lemma monomial_deriv : forall c k t, derivable_pt_lim (fun u => u ^ S k * c) t (INR (S k) * t ^ k * c).
Proof. intros. apply (mult_const_deriv (fun u => u ^ S k)). apply derivable_pt_lim_pow. Qed.

Let k1 := a 1 0.
Let k2 := a 2 0 - a 1 0 * a 1 0.
Let k3 := kappa3 (a 1 0) (a 2 0) (a 3 0).
Let K r := LSE n (fun i => r * x i) - ln (INR n).

Lemma K_deriv : forall r, derivable_pt_lim K r (a 1 r).
Proof.
  intro r. apply (deriv_eq _ _ (SWAP n r x - 0)); [rewrite moment_1; ring |].
  apply (derivable_pt_lim_minus (fun s => LSE n (fun i => s * x i))).
  - apply lse_scaled_deriv; auto.
  - apply constant_deriv.
Qed.

Lemma variance_error : forall r, Rabs (a 2 r - a 1 r * a 1 r - k2) <= d ^ 3 / 4 / 1 * Rabs r ^ 1.
Proof.
  apply (integrate_to (fun s => a 2 s - a 1 s * a 1 s - k2) (fun s => kappa3 (a 1 s) (a 2 s) (a 3 s) - 0)
    0 (d ^ 3 / 4) 1);
    [simpl; ring | | |].
  - unfold k2. ring.
  - intro t. apply (derivable_pt_lim_minus (fun s => a 2 s - a 1 s * a 1 s)); [apply K2_deriv | apply constant_deriv].
  - intro t. rewrite Rminus_0_r. simpl. rewrite Rmult_1_r. apply K3_bound.
Qed.

Lemma mean_error : forall r, Rabs (a 1 r - k1 - r ^ 1 * k2) <= d ^ 3 / 4 / 1 / 2 * Rabs r ^ 2.
Proof.
  apply (integrate_to (fun s => a 1 s - k1 - s ^ 1 * k2) (fun s => a 2 s - a 1 s * a 1 s - 0 - INR 1 * s ^ 0 * k2)
    1 (d ^ 3 / 4 / 1) 2);
    [simpl; ring | | |].
  - unfold k1. ring.
  - intro t. apply (derivable_pt_lim_minus (fun s => a 1 s - k1)); [| apply monomial_deriv].
    apply (derivable_pt_lim_minus (a 1)); [apply K1_deriv | apply constant_deriv].
  - intro t. replace (a 2 t - a 1 t * a 1 t - 0 - INR 1 * t ^ 0 * k2) with (a 2 t - a 1 t * a 1 t - k2) by (simpl; ring).
    apply variance_error.
Qed.

Lemma K_error_2 : forall r, Rabs (K r - r ^ 1 * k1 - r ^ 2 * (k2 / 2)) <= d ^ 3 / 4 / 1 / 2 / 3 * Rabs r ^ 3.
Proof.
  apply (integrate_to (fun s => K s - s ^ 1 * k1 - s ^ 2 * (k2 / 2))
    (fun s => a 1 s - INR 1 * s ^ 0 * k1 - INR 2 * s ^ 1 * (k2 / 2))
    2 (d ^ 3 / 4 / 1 / 2) 3);
    [simpl; ring | | |].
  - unfold K. rewrite lse_at_0. ring.
  - intro t. apply (derivable_pt_lim_minus (fun s => K s - s ^ 1 * k1)); [| apply monomial_deriv].
    apply (derivable_pt_lim_minus K); [apply K_deriv | apply monomial_deriv].
  - intro t. replace (a 1 t - INR 1 * t ^ 0 * k1 - INR 2 * t ^ 1 * (k2 / 2)) with (a 1 t - k1 - t ^ 1 * k2) by (simpl; field).
    apply mean_error.
Qed.

Lemma variance_error_3 : forall r,
  Rabs (a 2 r - a 1 r * a 1 r - k2 - r ^ 1 * k3) <= d ^ 4 / 8 / 1 / 2 * Rabs r ^ 2.
Proof.
  assert (H : forall r, Rabs (kappa3 (a 1 r) (a 2 r) (a 3 r) - k3) <= d ^ 4 / 8 / 1 * Rabs r ^ 1).
  { apply (integrate_to (fun s => kappa3 (a 1 s) (a 2 s) (a 3 s) - k3)
      (fun s => kappa4 (a 1 s) (a 2 s) (a 3 s) (a 4 s) - 0)
    0 (d ^ 4 / 8) 1);
    [simpl; ring | | |].
    - unfold k3. ring.
    - intro t. apply (derivable_pt_lim_minus (fun s => kappa3 (a 1 s) (a 2 s) (a 3 s))); [apply K3_deriv | apply constant_deriv].
    - intro t. rewrite Rminus_0_r. simpl pow at 2. rewrite Rmult_1_r. apply K4_bound. }
  apply (integrate_to (fun s => a 2 s - a 1 s * a 1 s - k2 - s ^ 1 * k3)
    (fun s => kappa3 (a 1 s) (a 2 s) (a 3 s) - 0 - INR 1 * s ^ 0 * k3)
    1 (d ^ 4 / 8 / 1) 2);
    [simpl; ring | | |].
  - unfold k2. ring.
  - intro t. apply (derivable_pt_lim_minus (fun s => a 2 s - a 1 s * a 1 s - k2)); [| apply monomial_deriv].
    apply (derivable_pt_lim_minus (fun s => a 2 s - a 1 s * a 1 s)); [apply K2_deriv | apply constant_deriv].
  - intro t. replace (kappa3 (a 1 t) (a 2 t) (a 3 t) - 0 - INR 1 * t ^ 0 * k3)
      with (kappa3 (a 1 t) (a 2 t) (a 3 t) - k3) by (simpl; ring). auto.
Qed.

Lemma mean_error_3 : forall r,
  Rabs (a 1 r - k1 - r ^ 1 * k2 - r ^ 2 * (k3 / 2)) <= d ^ 4 / 8 / 1 / 2 / 3 * Rabs r ^ 3.
Proof.
  apply (integrate_to (fun s => a 1 s - k1 - s ^ 1 * k2 - s ^ 2 * (k3 / 2))
    (fun s => a 2 s - a 1 s * a 1 s - 0 - INR 1 * s ^ 0 * k2 - INR 2 * s ^ 1 * (k3 / 2))
    2 (d ^ 4 / 8 / 1 / 2) 3);
    [simpl; ring | | |].
  - unfold k1. ring.
  - intro t. apply (derivable_pt_lim_minus (fun s => a 1 s - k1 - s ^ 1 * k2)); [| apply monomial_deriv].
    apply (derivable_pt_lim_minus (fun s => a 1 s - k1)); [| apply monomial_deriv].
    apply (derivable_pt_lim_minus (a 1)); [apply K1_deriv | apply constant_deriv].
  - intro t. replace (a 2 t - a 1 t * a 1 t - 0 - INR 1 * t ^ 0 * k2 - INR 2 * t ^ 1 * (k3 / 2))
      with (a 2 t - a 1 t * a 1 t - k2 - t ^ 1 * k3) by (simpl; field). apply variance_error_3.
Qed.

Lemma K_error_3 : forall r, Rabs (K r - r ^ 1 * k1 - r ^ 2 * (k2 / 2) - r ^ 3 * (k3 / 6))
  <= d ^ 4 / 8 / 1 / 2 / 3 / 4 * Rabs r ^ 4.
Proof.
  apply (integrate_to (fun s => K s - s ^ 1 * k1 - s ^ 2 * (k2 / 2) - s ^ 3 * (k3 / 6))
    (fun s => a 1 s - INR 1 * s ^ 0 * k1 - INR 2 * s ^ 1 * (k2 / 2) - INR 3 * s ^ 2 * (k3 / 6))
    3 (d ^ 4 / 8 / 1 / 2 / 3) 4);
    [simpl; ring | | |].
  - unfold K. rewrite lse_at_0. ring.
  - intro t. apply (derivable_pt_lim_minus (fun s => K s - s ^ 1 * k1 - s ^ 2 * (k2 / 2))); [| apply monomial_deriv].
    apply (derivable_pt_lim_minus (fun s => K s - s ^ 1 * k1)); [| apply monomial_deriv].
    apply (derivable_pt_lim_minus K); [apply K_deriv | apply monomial_deriv].
  - intro t. replace (a 1 t - INR 1 * t ^ 0 * k1 - INR 2 * t ^ 1 * (k2 / 2) - INR 3 * t ^ 2 * (k3 / 6))
      with (a 1 t - k1 - t ^ 1 * k2 - t ^ 2 * (k3 / 2)) by (simpl; field). apply mean_error_3.
Qed.

End Cumulants.
