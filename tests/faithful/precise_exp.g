# exp in double-double (lsetheory/faithful/doubledouble.py: exp_pieces). p is exact; lo is off by
# little from L, the same without rounding: G + head w1 + L = (G + g)(1 + r + r^2/2 + c + b + b w)
# less g (c + b). By scale G is in [1, 2]. Small r stand apart: there r - w1 is not exact.
@rnd = float<ieee_64, ne>;
@slim = float<26, -1074, ne>;

r = rnd(r_);
b = rnd(b_);
G = rnd(G_);
g = rnd(g_);
head = slim(G);
tail = G - head;
s = fixed<-36, ne>(r);
c6 = 0x1.5555555555555p-3;
c24 = 0x1.5555555555555p-5;
c120 = 0x1.1111111111111p-7;
c720 = 0x1.6c16c16c16c17p-10;

square rnd= 0.5 * s * s;
w0 rnd= r + square;
rest rnd= r - s;
c rnd= (r * r) * (r * (((r * c720 + c120) * r + c24) * r + c6));
q rnd= c + (rest * (s + 0.5 * rest) + (b + b * (w0 + c)));
w1 = fixed<-37, ne>(w0);
p rnd= head * w1;
back rnd= r - w1;
left rnd= back + square;
w2 rnd= left + q;
lo rnd= (tail * w1 + G * w2) + (g + g * w0);

half = 0.5 * s * s;
C = (r * r) * (r * (((r * (1/720) + 1/120) * r + 1/24) * r + 1/6));
Q = C + ((r - s) * (s + 0.5 * (r - s)) + (b + b * (r + half + C)));
W2 = ((r - w1) + half) + Q;
L = (tail * w1 + G * W2) + (g + g * (r + half));

{ G in [1, 2] /\ |b| <= 1b-44 /\ |g| <= 1b-52 ->
  (|r| in [1b-21, 1b-11] -> |p - head * w1| <= 0 /\ |lo - L| <= 3.03e-26 /\ |lo| <= 1.07e-10) /\
  (|r| <= 1b-21 -> |p - head * w1| <= 0 /\ |lo - L| <= 3.03e-26) }

back + square -> (back - (r - w1)) + (w0 - w1) - (w0 - (r + square));
r - w1 + half -> (w0 - w1) - (w0 - (r + square)) - (square - half);
w2 - W2 -> (w2 - (left + q)) + (left - (back + square)) + (back - (r - w1)) + (square - half) + (q - Q);
