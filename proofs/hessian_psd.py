"""The Hessian of LSE is diag(p) - p pᵀ with p = softmax(x): a variance, so positive semidefinite.

Source: Boyd & Vandenberghe 2004, section 3.1.5.
Idea: along x + s h the gradient's component is the average of h under p; its slope is Var_p(h).
"""

from lsetheory.proof import (
    Claim, Deriv, Equality, Implies, Mutant, Sum, as_term, exp, expectation, function, nat,
    softmax, variance, vector,
)  # fmt: skip

n, i, j, x, h = nat("n"), nat("i"), nat("j"), vector("x"), vector("h")


def along(s):
    """d/ds LSE(x + s h)."""
    return expectation(n, lambda i: softmax(n, lambda j: x[j] + s * h[j], i), lambda i: h[i])


def weight(i):
    """softmax(x)_i."""
    return softmax(n, lambda j: x[j], i)


curvature = variance(n, weight, lambda i: h[i])

CLAIM = Claim(
    words="The Hessian of log-sum-exp is the covariance of softmax; only constants have none.",
    source="Boyd & Vandenberghe 2004, section 3.1.5",
    given=(1 <= n,),
    parts={
        "second": Deriv(along, 0, curvature),
        "semidefinite": 0 <= curvature,
        "strict": Implies(i < n, j < n, h[i] < h[j], 0 < curvature),
    },
)
EQUALITY = (Equality("semidefinite", {"n": 3, "i": 0, "j": 0, "x": (0, 1, 2), "h": (7, 7, 7)}),)
AT = {"n": 2, "i": 0, "j": 1, "x": (0, 1), "h": (0, 1)}
MUTANTS = (
    Mutant("without - p pᵀ", CLAIM.but(second=Deriv(
        along, 0, expectation(n, weight, lambda i: h[i] ** 2))), AT),
    Mutant("equal weights", CLAIM.but(second=Deriv(along, 0, variance(
        n, lambda i: 1 / n, lambda i: h[i]))), AT),
    Mutant("definite", CLAIM.but(semidefinite=0 < curvature), {**AT, "n": 1}),
)  # fmt: skip


def proof(k):
    """Differentiate the gradient; the rest is variance_bounds with p for weights."""
    start = k.assume(1 <= n)
    positive = k.positive(Sum(n, lambda i: exp(x[i])), k.by(0 < n, start))
    second = k.restate(k.derivative(along, as_term(0), positive), CLAIM.parts["second"], positive)

    nonnegative, total, seen = k.conjuncts(k.use(k.lemma("softmax_weights"), start))
    lower, _, strict = k.conjuncts(
        k.use(k.lemma("variance_bounds", p=function(weight)), nonnegative, total)
    )

    def apart(i_here, j_here, rises):
        return k.use(strict, i_here, j_here, k.use(seen, i, i_here), k.use(seen, j, j_here), rises)

    return k.close(CLAIM.given, second, lower, k.supposing((i < n, j < n, h[i] < h[j]), apart))
