# The polynomial of a float64 term (lsetheory/faithful/loops.py: term): q against Q, the same with
# exact coefficients and no rounding; h is s on the grid 2^-26, and h^2/2 exact. v is q with products
# fused into the sums that follow, as a compiler may choose. |rest| < 2^-42.3.
@rnd = float<ieee_64, ne>;

s = rnd(s_);
rest = rnd(rest_);
h = fixed<-26, ne>(s);
c3 = 0x1.5555555555555p-3;
c4 = 0x1.5555555555555p-5;
c5 = 0x1.1111111111111p-7;
c6 = 0x1.6c16c16c16c17p-10;
c7 = 0x1.a01a01a01a01ap-13;
c8 = 0x1.a01a01a01a01ap-16;
c9 = 0x1.71de3a556c734p-19;
c10 = 0x1.27e4fb7789f5cp-22;
c11 = 0x1.ae64567f544e4p-26;
c12 = 0x1.1eed8eff8d898p-29;
c13 = 0x1.6124613a86d09p-33;
c14 = 0x1.93974a8c07c9dp-37;

square rnd= 0.5 * h * h;
lack rnd= s - h;
p rnd= c3 + s * (c4 + s * (c5 + s * (c6 + s * (c7 + s * (c8 + s * (c9 + s * (c10 + s * (c11
    + s * (c12 + s * (c13 + s * c14))))))))));
c rnd= s * s * s * p;
q rnd= c + (lack * (h + 0.5 * lack) + (rest + rest * (s + square + c)));

f = rnd(c3 + s * rnd(c4 + s * rnd(c5 + s * rnd(c6 + s * rnd(c7 + s * rnd(c8 + s * rnd(c9
    + s * rnd(c10 + s * rnd(c11 + s * rnd(c12 + s * rnd(c13 + s * c14)))))))))));
cube = rnd(rnd(s * s) * s);
e rnd= cube * f;
v = rnd(cube * f + rnd(lack * rnd(h + 0.5 * lack) + rnd(rest + rest * rnd(rnd(s + square) + e))));

P = 1/6 + s * (1/24 + s * (1/120 + s * (1/720 + s * (1/5040 + s * (1/40320 + s * (1/362880
    + s * (1/3628800 + s * (1/39916800 + s * (1/479001600 + s * (1/6227020800
    + s * (1/87178291200)))))))))));
C = s * s * s * P;
Q = C + ((s - h) * (h + 0.5 * (s - h)) + (rest + rest * (s + 0.5 * h * h + C)));

{ |s| <= 0.3467 /\ |rest| <= 1.85e-13 ->
  |q - Q| <= 3.6e-18 /\ |v - Q| <= 3.6e-18 /\ |q| <= 8.1e-3 /\ |square - 0.5 * h * h| <= 0 }
