"""logsumexp, softmax and log_softmax with less than one ulp of error on every input, fast.

A cascade of tiers: plain float64 with an error bound a row (`fast`), double-double (`precise` over
`doubledouble` and `tables`), arb (`balls`). `lse` walks it; `layout` cuts arrays into blocks.
"""
