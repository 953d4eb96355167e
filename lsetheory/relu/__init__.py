"""How well ReLU networks approximate the maximum: exact, constructed, fitted, on real images.

`minimax` finds best rank estimators in rational arithmetic and `certificate` checks them again;
`residual` has the exact law of what is left over; `networks` turns estimators into explicit
networks and settles exactly what they compute; `stability` shows where floats lose all of it.
"""
