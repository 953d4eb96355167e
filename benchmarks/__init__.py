"""Every speed claim, measured beside its peer in one run: `python -m benchmarks [--quick]`.

One file a subject, found by listing. Each defines `rows(quick)`: flat rows with the keys `claim`,
`ours`, `peer`, `ours_s`, `peer_s`, `ratio`, `ratio_low`, `ratio_high` and `target`, the largest
ratio the README promises (None where it promises none); further keys as the subject needs. Those
named in the optional `SHOWN` stand beside the others in the subject's own table.
"""
