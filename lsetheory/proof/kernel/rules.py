"""The closed list of rules by name; importing this module fills it, and nothing else may."""

from lsetheory.proof.kernel import rules_analysis, rules_logic, rules_real, rules_sum
from lsetheory.proof.kernel.theorem import RULES

__all__ = ["RULES", "rules_analysis", "rules_logic", "rules_real", "rules_sum"]
