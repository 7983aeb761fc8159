"""From an assertion file to JSON-LD nodes: the four steps that a JSON-LD context cannot take.

*anchor* (a quote becomes a passage with offsets), *date* (an EDTF date gets its bounds), *language* (titles and names
are in the document's, unless they say) and *key* (participations, voices and incumbencies get IRIs from what they
join, so that no blank node remains).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.anchors import Anchor, Lock
from graph.assertions import Assertion, CorpusFile, Quote
from graph.dates import DateError, bounds
from graph.namespaces import expand, mint, slug

Node = dict[str, Any]
_DATE_KEYS = ("on", "date")
_TEXT_KEYS = ("title", "name used", "form")
_BOUND_KEYS = ("start earliest", "start latest", "end earliest", "end latest")


@dataclass(frozen=True)
class Names:
    """What the authority file says that an attribution needs: English labels, and which bodies are outlets."""

    labels: Mapping[str, str]
    outlets: frozenset[str]

    def label(self, curie: str) -> str:
        """The English label of a resource, or its slug where it has none."""
        iri = expand(curie)
        return self.labels.get(iri, slug(iri))


def document_nodes(file: CorpusFile, lock: Lock, names: Names) -> Iterator[Node]:
    """The document's node, then each assertion's, ready for the context; raises DateError with file and line."""
    try:
        document = date({"type": "Document", **file.source.data["document"]})
    except DateError as error:
        raise DateError(f"{file.source.at(('document', 'date'))}: {error}") from error
    yield {**language(document, file.document.language), "sentences": len(lock.sentences)}
    anchors = iter(lock.quotes)
    for index, assertion in enumerate(file.content.assertions):
        found = [(quote, next(anchors)) for quote in assertion.located_quotes()]
        yield _assertion_node(file, index, anchor(file, found), names)


def _assertion_node(file: CorpusFile, index: int, passages: list[Node], names: Names) -> Node:
    raw = file.source.data["assertions"][index]
    assertion = file.content.assertions[index]
    kept = {key: value for key, value in raw.items() if key not in ("quote", "prefix", "says", "voices")}
    try:
        spoken = file.document.language
        said = [key_node(language(date(node), spoken), assertion) for node in _list(raw.get("says", []))]
    except DateError as error:
        raise DateError(f"{file.at(index, 'says')}: {assertion.id}: {error}") from error
    return {
        **kept,
        "type": "Assertion",
        "in document": file.document.id,
        "recorded": file.document.recorded,
        "rests on": passages,
        **_attribution(file, assertion, names),
        **({"says": said} if said else {}),
    }


def anchor(file: CorpusFile, quotes: Sequence[tuple[Quote, Anchor]]) -> list[Node]:
    """The passages on which an assertion rests: exact words and offsets in code points (Web Annotation)."""
    return [_passage(file, place.exact or quote.quote, place) for quote, place in quotes]


def _passage(file: CorpusFile, exact: str, place: Anchor) -> Node:
    iri = mint("passage", file.name, f"{place.start}-{place.end}").value
    return {
        "id": iri,
        "type": "Passage",
        "source": file.document.id,
        "in sentence": place.sentences,
        "selectors": [
            {"id": f"{iri}#quote", "type": "TextQuoteSelector", "exact": exact},
            {"id": f"{iri}#position", "type": "TextPositionSelector", "start": place.start, "end": place.end},
        ],
    }


def date(node: Node) -> Node:
    """The node with the four bounds of its EDTF date beside it, all through; an open bound is left out."""
    dated = {key: _dated(value) for key, value in node.items()}
    for key in _DATE_KEYS:
        if key in dated:
            dated[key] = str(dated[key])
            found = bounds(dated[key])
            days = (found.start_earliest, found.start_latest, found.end_earliest, found.end_latest)
            dated |= {name: day.isoformat() for name, day in zip(_BOUND_KEYS, days, strict=True) if day}
    return dated


def _dated(value: Any) -> Any:
    if isinstance(value, dict):
        return date(value)
    return [_dated(item) for item in value] if isinstance(value, list) else value


def key_node(node: Node, assertion: Assertion) -> Node:
    """The node with IRIs for its parts that have none: participations, and incumbencies."""
    if node["type"] == "Incumbency":
        parts = (_slug(node["member"]), _slug(node["as"]), _slug(assertion.id))
        return {**node, "id": mint("incumbency", *parts).value}
    if "participants" not in node:
        return node
    keyed = [key_participation(part, node, _unnamed_before(node, n)) for n, part in enumerate(node["participants"])]
    return {**node, "participants": keyed}


def _unnamed_before(event: Node, index: int) -> int:
    """How many participations like that one, naming nobody, stand before it: two unnamed delegates are two."""
    parts = event["participants"]
    return 0 if "who" in parts[index] else parts[:index].count(parts[index])


def key_participation(part: Node, event: Node, before: int = 0) -> Node:
    """A participation's IRI from event, participant, posts, side and status, each with its kind.

    The status is part of the key: a planned and an actual attendance are two nodes, so that no plan makes anyone
    have met. One in which the words name nobody says so.
    """
    status = event.get("status")
    posts = "+".join(sorted(_slug(post) for post in _list(part.get("as", []))))
    who = _kind_and_slug(part["who"]) if "who" in part else ("unnamed", str(before + 1))
    side = _kind_and_slug(part["for"]) if "for" in part else ("no", "side")
    parts = (*_kind_and_slug(event["id"]), *who, posts or "no-post", *side, (status or "unknown").lower())
    iri = mint("participation", *parts).value
    unnamed = {} if "who" in part else {"unnamed": True}
    return {**part, "id": iri, "type": "Participation", **unnamed, **({"status": status} if status else {})}


def language(node: Node, otherwise: str) -> Node:
    """The node with its title and names in the language that they are in: the document's, if it does not say."""
    given = node.get("language", otherwise)
    texts = {key: {"@value": node[key], "@language": given} for key in _TEXT_KEYS if key in node}
    kept = {key: value for key, value in node.items() if key != "language" or node["type"] == "Document"}
    return {**kept, **texts}


def _attribution(file: CorpusFile, assertion: Assertion, names: Names) -> Node:
    """Voices as nodes (innermost first), the speaker and outlet they come to, and the chain in words."""
    if not assertion.voices:
        return {"outlet": file.document.publisher}
    own = _slug(assertion.id)
    return {
        "voices": [
            {"id": mint("voice", own, str(n)).value, "type": "Voice", "agent": agent, "position": n}
            for n, agent in enumerate(assertion.voices, 1)
        ],
        "innermost voice": assertion.voices[0],
        "outlet": next(
            (voice for voice in assertion.voices if expand(voice) in names.outlets), file.document.publisher
        ),
        "attribution": in_words(file, assertion, names),
    }


def in_words(file: CorpusFile, assertion: Assertion, names: Names) -> str:
    """The attribution chain as a person reads it, from the speaker out to the document's outlet."""
    speaker, *others = assertion.voices
    addressees = sorted(
        {names.label(agent) for node in assertion.says for agent in getattr(node, "addressee", None) or []}
    )
    words = names.label(speaker) + (f", to {' and '.join(addressees)}" if addressees else "")
    for voice in others:
        words += f", {'in' if expand(voice) in names.outlets else 'as reported by'} {names.label(voice)}"
    publisher = file.document.publisher
    return words if assertion.voices[-1] == publisher else f"{words} in {names.label(publisher)}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _kind_and_slug(curie: str) -> tuple[str, str]:
    return curie.partition(":")[0], _slug(curie)


def _slug(curie: str) -> str:
    return curie.rpartition(":")[2]
