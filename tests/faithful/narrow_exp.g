# The polynomial of exp for 24-bit entries (lsetheory/faithful/loops.py: exp), |s| <= 0.3467:
# p against the Taylor polynomial P of degree 12 with exact coefficients, relative to P; q is p with
# every product fused into the sum that follows, as a compiler may choose.
@rnd = float<ieee_64, ne>;

s = rnd(s_);
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

p rnd= 1 + s * (1 + s * (0.5 + s * (c3 + s * (c4 + s * (c5 + s * (c6 + s * (c7 + s * (c8 + s * (c9
    + s * (c10 + s * (c11 + s * c12)))))))))));
q = rnd(1 + s * rnd(1 + s * rnd(0.5 + s * rnd(c3 + s * rnd(c4 + s * rnd(c5 + s * rnd(c6 + s *
    rnd(c7 + s * rnd(c8 + s * rnd(c9 + s * rnd(c10 + s * rnd(c11 + s * c12))))))))))));
P = 1 + s * (1 + s * (0.5 + s * (1/6 + s * (1/24 + s * (1/120 + s * (1/720 + s * (1/5040 + s *
    (1/40320 + s * (1/362880 + s * (1/3628800 + s * (1/39916800 + s * 1/479001600)))))))))));

{ |s| <= 0.3467 -> |p -/ P| <= 3.2e-16 /\ |q -/ P| <= 3.2e-16 }

$ s;
