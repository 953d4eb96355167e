"""Replay refuses forged proofs: one row a forgery of the JSON of an honest one."""

import json

import pytest

from lsetheory.proof.kernel import replay, written
from lsetheory.proof import Claim, as_term, exp, real
from lsetheory.proof.kernel.theorem import Refused, Theorem
from lsetheory.proof.tactics import Prover
from lsetheory.proofs import lse_bounds

r = real("r")
CLAIM = Claim(words="", source="", given=(0 <= r,), parts={"low": 1 <= exp(r)})


def proof(k):
    low = k.by(1 <= exp(r), k.assume(0 <= r), k.exp_tangent(r))
    return k.close(CLAIM.given, low)


def honest():
    return json.loads(json.dumps(written.proof_of(proof(Prover()))))


def verdict(json_proof, claim=CLAIM):
    (row,) = replay.check({"it": json_proof}, {"it": written.formula_to_json(claim.statement)})
    return row["status"]


def test_honest_proof_replays():
    assert verdict(honest()) == "proved"


def edit(path, value):
    def forge(p):
        *way, last = path
        for key in way:
            p = p[key]
        p[last] = value

    return forge


def number_of(p, rule):
    return next(i for i, s in enumerate(p["steps"]) if s["rule"] == rule)


def drop_hypothesis(p):
    p["steps"][number_of(p, "combine")]["hypotheses"] = []


def cite_itself(p):
    i = number_of(p, "combine")
    p["steps"][i]["args"][2][0] = {"step": i}


def cite_later(p):
    p["steps"][0]["args"] = [{"step": 2}]


def change_multiplier(p):
    p["terms"].append(["num", {"number": "2"}])
    step = p["steps"][number_of(p, "combine")]
    step["args"][1][0] = {"term": len(p["terms"]) - 1}


def loose_term(p):
    p["terms"].append(["bound", 0, "real"])
    p["steps"][number_of(p, "exp_tangent")]["args"] = [{"term": len(p["terms"]) - 1}]


def forged_lemma(p):
    last = p["steps"][-1]
    p["steps"] = [{"rule": "lemma", "args": ["truth", {"term": last["conclusion"]}],
                   "hypotheses": [], "conclusion": last["conclusion"]}]  # fmt: skip


def circular_lemma(p):
    forged_lemma(p)
    p["steps"][0]["args"][0] = "it"


def count_from_the_end(p):
    p["steps"][-1]["conclusion"] -= len(p["terms"])


FORGERIES = {
    "a number from the end": count_from_the_end,
    "no steps": edit(["steps"], []),
    "last step missing": lambda p: p["steps"].pop(),
    "hypothesis dropped": drop_hypothesis,
    "a step that cites itself": cite_itself,
    "a step that cites a later one": cite_later,
    "a multiplier changed": change_multiplier,
    "a loose variable": loose_term,
    "a lemma nobody proved": forged_lemma,
    "itself as a lemma": circular_lemma,
    "an unknown rule": edit(["steps", 0, "rule"], "trust_me"),
    "a rule that is Python": edit(["steps", 0, "rule"], "__import__"),
    "another rule": edit(["steps", 0, "rule"], "exp_tangent"),
    "another conclusion": edit(["steps", 0, "conclusion"], 0),
    "a negative number": edit(["steps", 0, "conclusion"], -1),
    "a number too large": edit(["steps", 0, "conclusion"], 10**6),
    "a term that is no row": edit(["terms", 0], "var"),
    "an unknown op": edit(["terms", 0, 0], "eval"),
    "a number that is code": edit(["terms", 0], ["num", {"number": "__import__('os')"}]),
    "a float": edit(["terms", 0], ["num", 0.5]),
    "no table": lambda p: p.pop("terms"),
    "steps that are text": edit(["steps"], "assume"),
    "steps that are numbers": edit(["steps"], [1, 2]),
    "a lemma without a name": edit(["steps", 0], {"rule": "lemma", "args": []}),
    "1/0": edit(["terms", 0], ["num", {"number": "1/0"}]),
    "an endless term": lambda p: p["terms"].extend(
        ["exp", {"term": len(p["terms"]) - 1 + i}] for i in range(100_000)
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_is_refused(name):
    forged = honest()
    FORGERIES[name](forged)
    assert verdict(forged).startswith("not proved")


@pytest.mark.parametrize("foreign", [[], None, "proof", 3, {"steps": None, "terms": []}])
def test_foreign_json_is_not_proved(foreign):
    assert verdict(foreign).startswith("not proved")


def test_a_proof_without_a_claim_is_not_proved():
    (row,) = replay.check({"it": honest()}, {})
    assert row["status"].startswith("not proved")


def test_left_over_hypothesis_is_refused():
    k = Prover()
    low = k.by(1 <= exp(r), k.assume(0 <= r), k.exp_tangent(r))
    status = verdict(written.proof_of(low), Claim(words="", source="", parts={"low": 1 <= exp(r)}))
    assert "hypotheses left over" in status


def test_another_claim_is_refused_and_both_sides_shown():
    other = Claim(words="", source="", given=(0 <= r,), parts={"low": as_term(2) <= exp(r)})
    assert "claimed 0 ≤ r → 2 ≤ exp(r)" in verdict(honest(), other)


def test_forged_object_does_not_survive_replay():
    """Python lets anyone make an object by force; its proof says how, and that fails."""
    forged = object.__new__(Theorem)
    forged.hypotheses, forged.conclusion = frozenset(), CLAIM.statement
    forged.rule, forged.args = "assume", (CLAIM.statement,)
    assert verdict(written.proof_of(forged)).startswith("not proved")


def test_lemmas_come_first():
    k = Prover({"lse_bounds": lse_bounds.CLAIM.statement})
    cited = written.proof_of(k.lemma("lse_bounds"))
    proofs = {"mine": cited, "lse_bounds": written.proof_of(lse_bounds.proof(Prover()))}
    claim = written.formula_to_json(lse_bounds.CLAIM.statement)
    rows = replay.check(proofs, {"mine": claim, "lse_bounds": claim})
    assert [row["status"] for row in rows] == ["proved", "proved"]
    assert "theorem lse_bounds" in rows[0]["rests_on"]


def test_constructor_refuses():
    with pytest.raises(Refused):
        Theorem(None, (frozenset(), CLAIM.statement), "assume", ())
