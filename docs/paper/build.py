"""Builds the sample paper: figures, tables and proofs into docs/paper/build/, then paper.pdf.

Run from anywhere: `python docs/paper/build.py` (add --quick for small figures and tables). Needs
pdflatex with the packages amsmath, booktabs, caption and microtype.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
FIGURES = ("limits", "gaps", "overflow", "leaderboard", "minimax_error", "network_max5")
#: The claims whose proofs are printed; the table of claims has all.
PROVED = ("pooled_bounds", "swap_gap_lambert", "hoeffding", "overflow_threshold")
#: What the paper is made of: words after `lsetheory`.
MAKES = (
    ("draw", *FIGURES, "--style", "icml", "--format", "pdf", "--out", str(BUILD)),
    ("draw", "--tables", "--out", str(BUILD)),
    ("prove", *PROVED, "--latex", str(BUILD / "appendix.tex"), "--quiet"),
)


def main(options: list[str]) -> int:
    """Make the parts, then run LaTeX twice; 0 if paper.pdf lies there."""
    if shutil.which("pdflatex") is None:
        print("pdflatex: expected it on the path, got none; install LaTeX", file=sys.stderr)
        return 2
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    for words in MAKES:
        sized = (*words, *options) if words[0] == "draw" else words
        command = [sys.executable, "-m", "lsetheory", *sized]
        if subprocess.run(command, cwd=HERE, env=environment).returncode:
            return 1
    whole = (BUILD / "appendix.tex").read_text(encoding="utf-8")
    (BUILD / "proofs.tex").write_text(body(whole), encoding="utf-8")
    for _ in range(2):
        latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
        done = subprocess.run(latex, cwd=HERE, capture_output=True, text=True, errors="replace")
        if done.returncode:
            print(done.stdout[-3000:], file=sys.stderr)
            return 1
    print(HERE / "paper.pdf")
    return 0


def body(document: str) -> str:
    """What a LaTeX document has between its \\begin{document} and \\end{document}, no heading."""
    inside = document.split("\\begin{document}", 1)[1].rsplit("\\end{document}", 1)[0]
    return inside.replace("\\section*{Proofs}\n", "", 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
