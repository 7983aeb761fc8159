"""Proofs: why a triple holds, down to the quoted words."""

from graph.proofs.checker import ProofError, check
from graph.proofs.grounds import grounds
from graph.proofs.model import (
    Absence,
    Bound,
    Explanation,
    Ground,
    Leaf,
    NotInGraphError,
    Proof,
    ProofLimitError,
    Quote,
    Step,
    leaves,
    steps,
)
from graph.proofs.why import supports, why, why_all

__all__ = [
    "Absence",
    "Bound",
    "Explanation",
    "Ground",
    "Leaf",
    "NotInGraphError",
    "Proof",
    "ProofError",
    "ProofLimitError",
    "Quote",
    "Step",
    "check",
    "grounds",
    "leaves",
    "steps",
    "supports",
    "why",
    "why_all",
]
