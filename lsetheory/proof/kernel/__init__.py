"""Everything a proof rests on: terms, the normal form, theorems and rules, balls, the replay.

What a claim says is spelled in these terms by `claim.py` and `language.py` of the folder above. The
rest of it finds proofs, shows them and tries to refute claims: it cannot make a false one proved.
"""
