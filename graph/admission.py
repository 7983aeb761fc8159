"""Admission: how far what an assertion says may be built on, by one table kept as data.

``ontology/admission.ttl`` gives, for modality × status × voice, one of *premise* (in the merged view, and rules may
build on it), *admitted* (in the merged view, its voice visible, but no premise) and *statement only* (that it was
said is admitted, what was said is not).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import NamedNode, RdfFormat, parse

from graph.assertions import Assertion, CorpusFile
from graph.content import TerritorialClaim
from graph.namespaces import slug

PREMISE, ADMITTED, STATEMENT_ONLY = "Premise", "Admitted", "StatementOnly"
NO_STATUS = "NoStatus"


class AdmissionError(ValueError):
    """The admission table has no row, or more than one, for a combination."""


@dataclass(frozen=True)
class Row:
    """One row: the statuses and the voices it is for (none = any), and what it grants."""

    modality: str
    statuses: frozenset[str]
    voices: frozenset[str]
    admission: str

    def fits(self, modality: str, status: str, voice: str) -> bool:
        """Whether the row is for this combination."""
        right_status = not self.statuses or status in self.statuses
        return self.modality == modality and right_status and (not self.voices or voice in self.voices)


@cache
def table() -> tuple[Row, ...]:
    """The rows of ``ontology/admission.ttl``, by the names of their terms."""
    data = files("ontology").joinpath("admission.ttl").read_bytes()
    facts: dict[NamedNode, dict[str, set[str]]] = {}
    for quad in parse(data, format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            facts.setdefault(quad.subject, {}).setdefault(slug(quad.predicate.value), set()).add(
                slug(quad.object.value)
            )
    return tuple(row for fact in facts.values() if "ifModality" in fact for row in _rows(fact))


def _rows(fact: dict[str, set[str]]) -> Iterable[Row]:
    (admission,) = fact["admission"]
    for modality in sorted(fact["ifModality"]):
        yield Row(modality, frozenset(fact.get("ifStatus", ())), frozenset(fact.get("ifVoice", ())), admission)


def admission(modality: str, status: str, voice: str) -> str:
    """What the one fitting row grants; raises AdmissionError if not exactly one fits."""
    found = [row.admission for row in table() if row.fits(modality, status, voice)]
    if len(found) != 1:
        raise AdmissionError(
            f"{len(found)} rows of ontology/admission.ttl fit {modality} × {status} × {voice}; one must"
        )
    return found[0]


def admission_of(file: CorpusFile, assertion: Assertion) -> str:
    """What an assertion is granted: of the statuses that it gives, the most careful decides."""
    voice = voice_kind(file, assertion)
    statuses = {getattr(node, "status", None) or NO_STATUS for node in assertion.says}
    granted = {admission(assertion.modality or "", status, voice) for status in statuses}
    return max(granted, key=(PREMISE, ADMITTED, STATEMENT_ONLY).index)


def voice_kind(file: CorpusFile, assertion: Assertion) -> str:
    """Whose voice is innermost: the author's (or publisher's), a claimant's for its own claim, or a quoted one."""
    innermost = assertion.voices[0]
    if innermost in (file.document.author, file.document.publisher):
        return "AuthorVoice"
    claims = [isinstance(node, TerritorialClaim) and node.claimant == innermost for node in assertion.says]
    return "ClaimantVoice" if all(claims) else "QuotedVoice"
