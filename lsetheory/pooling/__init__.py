"""The pooling operators under study, on any array that follows the Python array API standard.

`lse`, `softmax`, `swap`, `ordinal`, `max` and `mean` reduce one axis; `pool` slides any of them
over one to three axes. They run as they are on numpy, torch, jax (also under jit and grad) and
other libraries; half precision is computed in float32 and rounded once at the end. r may be any
real number or infinity. Answers are the same in every library; where an element is not finite:

    elements of a row                 lse, swap (r>0)   lse, swap (r<0)   mean, r=0    max
    a NaN                             nan               nan               nan          nan
    +inf, no -inf, maybe finite       inf               as without (1)    inf          inf
    -inf, no +inf, maybe finite       as without (1)    -inf              -inf         as without
    both infinities                   inf               -inf              nan          inf
    only -inf                         -inf              -inf              -inf         -inf
    only +inf                         inf               inf               inf          inf

(1) the infinite elements have weight 0; the mean form of lse still counts them in n.
`ordinal` follows mean, over the elements it keeps (an infinity of share 0 counts for nothing);
`softmax` shares the weight equally among the elements that tie for an infinite extreme, so a row
of -inf gives 1/n each, and is nan in a row with a NaN.

Gradients: that of lse is softmax(x, r), that of swap is p (1 + r (x - y)) with p = softmax(x, r);
tied elements share that of max equally; mean and ordinal are linear and keep their weights. Where
the extreme (the largest, or for r < 0 the smallest) is infinite, max, softmax and, but for r = 0,
lse and swap have gradient 0. Where an element is NaN, so is the gradient of every element in lse,
swap and softmax with finite r != 0; with other r, softmax has it NaN at that element, lse and swap
follow mean and max, whose gradient stays finite, as ordinal's does. Not specified are how ties in
ordinal split, and the gradient of its weights where an element it keeps is not finite.

From 2^124/n (float32) or 2^1020/n (float64) on, at the latest from twice that, |r| counts as
infinite: log(n)/r is then below 4 n log(n) times the smallest normal number.

jax on processors and accelerators flushes subnormal numbers to zero, elements and differences of
elements alike. In mean, and in lse and swap where r is 0 or so small that a sum might overflow
(below 2^-115 in float32 or 2^-1011 in float64, for n > 4096 below about n 2^-126 or n 2^-1022),
numbers are scaled down first, so that it flushes those below 4n times the smallest normal number:
the mean of 64 float32 numbers below 3e-36 may come out as the largest. Other libraries keep
subnormal numbers; what was scaled down has an absolute error of a few times n times the smallest.
"""

from lsetheory.pooling._layer import pool
from lsetheory.pooling.operators import lse, max, mean, ordinal, softmax, swap

__all__ = ["lse", "max", "mean", "ordinal", "pool", "softmax", "swap"]
