# One term of the float64 fast tier (lsetheory/faithful/fast.py): H + l approximates
# (H + h)(1 + P(s)), P(s) = s + s^2/2 + s^3/6 + s^4/24. Its roundings, of p, of H + h, of their
# product and of the sum with h, amount to at most 5 * 2^-11 u = 2^-61.678 for H <= 1.
# (The truncation of P, s^5/120 < 2^-61.9, comes on top.)
@rnd = float<ieee_64, ne>;

s = rnd(s_);
h = rnd(h_);
H = rnd(H_);
c4 = 0x1.5555555555555p-5;
c3 = 0x1.5555555555555p-3;

p rnd= s * (1 + s * (0.5 + s * (c3 + s * c4)));
l rnd= h + (H + h) * p;

P = s * (1 + s * (0.5 + s * (1/6 + s * (1/24))));
L = h + (H + h) * P;

{ |s| <= 1b-11 /\ H in [0.5, 1] /\ |h| <= 1b-41 -> |l - L| <= 2.72e-19 }
