"""Log-sum-exp and its relatives: proved, audited, measured.

`pooling` holds the operators under study; `proof` the kernel that checks claims about them and
`proofs` the claims; `audit` certifies implementations against a correctly rounded reference;
`relu` measures how well ReLU networks approximate the maximum; `figures` and `report` show it.
Nothing is imported before it is used, so `import lsetheory` stays cheap.
"""

from importlib import import_module
from pathlib import Path

__version__ = "0.1.0"

#: Public name -> the module that defines it.
_HOMES: dict[str, str] = {
    "exact_logsumexp": "lsetheory.audit.reference.operations",
    "log_softmax": "lsetheory.faithful",
    "logsumexp": "lsetheory.faithful",
    "softmax": "lsetheory.faithful",
}

__all__ = ["__version__", *_HOMES]

# In a checkout the folders proofs/ and figures/ lie beside the package; in a wheel, inside it.
_checkout = Path(__file__).resolve().parent.parent
if (_checkout / "pyproject.toml").is_file():
    __path__.append(str(_checkout))


def __getattr__(name: str) -> object:
    """Import the home of a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lsetheory' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
