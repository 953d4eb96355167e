# The logarithm of the float64 tiers (fast._log, loops.refined): z against Z = (front + other)
# (head + tail) - 1 multiplied out, front of 27 bits times head of 26 exact and near 1; log1p(z) by its series to
# z^5 against the same without rounding. w is the series with products fused into sums.
@rnd = float<ieee_64, ne>;
@wide = float<27, -1074, ne>;
@slim = float<26, -1074, ne>;

front = wide(front_);
head = slim(head_);
tail = rnd(tail_);
other = rnd(other_);
third = 0x1.5555555555555p-2;
fifth = 0x1.999999999999ap-3;

product rnd= front * head;
first rnd= product - 1;
near rnd= front * tail;
far rnd= other * rnd(head + tail);
z rnd= first + rnd(near + far);
Z = (front * head - 1) + (front * tail + other * (head + tail));

t = rnd(t_);
series rnd= t - t * t * (0.5 - t * (third - t * (0.25 - t * fifth)));
w = rnd(t - rnd(t * t) * rnd(0.5 - t * rnd(third - t * rnd(0.25 - t * fifth))));
S = t - t * t * (0.5 - t * (1/3 - t * (0.25 - t * (1/5))));

{ front in [0.99, 1b25] /\ head in [1b-26, 1] /\ |front * head - 1| <= 1.13e-3 /\
  |front * tail| <= 3.1e-8 /\ |other * (head + tail)| <= 5.61e-4 /\ |tail| <= 1b-26 /\
  |Z| <= 5.61e-4 /\ |t| <= 5.61e-4 ->
  |z - Z| <= 2.3e-19 /\ |series - S| <= 1.6e-19 /\ |w - S| <= 1.6e-19 }
