"""The LSE of the blocks' LSEs is the LSE of everything: blocks of any sizes >= 1, or two in a row.

Source: folklore; Blanchard, Higham & Higham 2021, and every streaming or parallel softmax.
Idea: exp undoes each block's log, so what the outer log sees is the sum of all exponentials.
"""

from lsetheory.proof import (
    Claim, Mutant, Sum, each, eq, exp, index_map, log, lse, nat, vector,
)  # fmt: skip

n, p, q = nat("n"), nat("p"), nat("q")
size, x, y = index_map("size"), vector("x"), vector("y")

blocks = lse(n, lambda k: lse(size[k], lambda i: x[k, i]))
everything = log(Sum(n, lambda k: Sum(size[k], lambda i: exp(x[k, i]))))
head, tail = lse(p, lambda i: y[i]), lse(q, lambda i: y[p + i])
joined = lse(p + q, lambda i: y[i])

CLAIM = Claim(
    words="Log-sum-exp can be worked out block by block, whatever the sizes of the blocks.",
    source="folklore",
    given=(1 <= n, each(n, lambda k: 1 <= size[k]), 1 <= p, 1 <= q),
    parts={"blocks": eq(blocks, everything), "two": eq(log(exp(head) + exp(tail)), joined)},
)
EQUALITY = ()  # equations, which hold everywhere

PAIR = {"n": 1, "size": lambda k: 1, "x": ((0,),), "p": 1, "q": 1, "y": (0, 1)}
MUTANTS = (
    Mutant("means of blocks", CLAIM.but(blocks=eq(blocks - log(n), everything)),
           {**PAIR, "n": 2, "x": ((0,), (1,))}),
    Mutant("sum of two LSEs", CLAIM.but(two=eq(head + tail, joined)), PAIR),
    Mutant("both blocks from the start", CLAIM.but(
        two=eq(log(exp(head) + exp(lse(q, lambda i: y[i]))), joined)), PAIR),
)  # fmt: skip


def sample(rng):
    """A few blocks of 1 to 3 entries, and a vector in two parts."""
    sizes = [int(s) for s in rng.integers(1, 4, size=3)]
    rows = (rng.standard_normal((3, 3)) * float(rng.choice([1e-7, 1, 30]))).tolist()
    one, other = (int(s) for s in rng.integers(1, 4, size=2))
    return {"n": int(rng.integers(1, 4)), "size": lambda k: sizes[k], "x": rows,
            "p": one, "q": other, "y": (30 * rng.standard_normal(6)).tolist()}  # fmt: skip


def proof(k):
    """exp log of every block's sum is that sum; a sum splits into its head and its tail."""
    every = k.assume(CLAIM.given[1])

    def undone(b, inside):
        """exp LSE of block b is its sum."""
        some = k.by(0 < size[b], k.use(every, b, inside))
        return k.exp_log(k.positive(Sum(size[b], lambda i: exp(x[b, i])), some))

    first = k.congruent(log, k.sum_equal(k.each(n, undone)))

    positive = [
        k.positive(total, k.by(0 < count, k.assume(1 <= count)))
        for count, total in ((p, Sum(p, lambda i: exp(y[i]))), (q, Sum(q, lambda i: exp(y[p + i]))))
    ]
    split = k.sum_split(Sum(p + q, lambda i: exp(y[i])), p, q)
    inner = k.by(eq(exp(head) + exp(tail), split.conclusion.args[0]), split, known=positive)
    return k.close(CLAIM.given, first, k.congruent(log, inner))
