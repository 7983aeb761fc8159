"""Documents of a generated world and the assertions read from them, each with its passage, voices and admission."""

from datetime import date
from random import Random

from .cast import RECORDED, Cast, person_node
from .writing import TERMS, Sink, When, day, facts, node, number, on_day, text

_LENGTH = 200_000


class Library:
    """The documents; one is written when it is first asked for, and none twice."""

    def __init__(self, cast: Cast, sink: Sink, random: Random) -> None:
        self._cast, self._sink, self._random = cast, sink, random
        self._read: dict[str, int] = {}
        self._assertions = 0

    def assertion(
        self,
        document: str,
        dated: date,
        modality: str = "Asserted",
        admission: str = "Premise",
        voice: str | None = None,
    ) -> str:
        """The term of a new assertion in a document; ``voice`` is whoever the author quotes."""
        author, outlet = self._author(document)
        if document not in self._read:
            self._read[document] = 0
            self._sink.provenance(self._document(document, on_day(dated), author, outlet))
        self._assertions += 1
        slug = f"{document}-{self._assertions}"
        it, passage = node(f"a:{slug}"), self._passage(document)
        agents = [voice or author] + ([author] if voice else [])
        found = facts(
            it,
            ("rdf:type", TERMS["cq:Assertion"]),
            ("cq:admission", TERMS[f"cq:{admission}"]),
            ("cq:attribution", text(f"Somebody in {document}", "en")),
            ("cq:inDocument", node(f"document:{document}")),
            ("cq:modality", TERMS[f"cq:{modality}"]),
            ("cq:outlet", outlet),
            ("cq:recordedOn", day(RECORDED)),
            ("cq:restsOn", passage),
            ("cq:speaker", agents[0]),
            *(("cq:hasVoice", node(f"voice:{slug}.{n}")) for n, _ in enumerate(agents, 1)),
        )
        for n, agent in enumerate(agents, 1):
            voice_node = node(f"voice:{slug}.{n}")
            found += facts(
                voice_node, ("rdf:type", TERMS["cq:Voice"]), ("prov:agent", agent), ("cq:position", number(n))
            )
        self._sink.provenance(found)
        self._sink.admit(it, admission)
        return it

    def _author(self, document: str) -> tuple[str, str]:
        """Who wrote and who published a document: always the same, and known from its slug."""
        number_of_it = int(document.rpartition("-")[2])
        author = person_node(self._cast.persons[number_of_it % len(self._cast.persons)])
        return author, TERMS[f"organisation:organisation{number_of_it % self._cast.outlets}"]

    def _document(self, document: str, when: When, author: str, outlet: str) -> list[str]:
        foreign = self._random.random() < 0.05
        return facts(
            node(f"document:{document}"),
            ("rdf:type", TERMS["cq:Document"]),
            ("dcterms:title", text(f"News of {when.first} ({document})", "en")),
            ("dcterms:creator", author),
            ("dcterms:publisher", outlet),
            ("dcterms:language", text("en")),
            ("cq:genre", text("news")),
            ("cq:sha256", text(f"{int(document.rpartition('-')[2]):064x}")),
            ("cq:length", number(_LENGTH)),
            ("cq:sentences", number(_LENGTH // 40)),
            ("cq:recordedOn", day(RECORDED)),
            ("cq:translatedFrom", text("ru") if foreign else None),
            ("cq:caveat", text("A machine translation.", "en") if foreign else None),
            *when.facts,
        )

    def _passage(self, document: str) -> str:
        """The term of a new passage, each behind the one before it."""
        start = self._read[document]
        end = self._read[document] = start + 40
        it = expanded = node(f"passage:{document}.{start}-{end}")
        quote, position = (f"{expanded[:-1]}#{part}>" for part in ("quote", "position"))
        self._sink.provenance(
            [
                *facts(it, ("rdf:type", TERMS["cq:Passage"]), ("oa:hasSource", node(f"document:{document}"))),
                *facts(it, ("oa:hasSelector", quote), ("oa:hasSelector", position)),
                *facts(it, ("cq:inSentence", number(start // 40 + 1))),
                *facts(
                    quote,
                    ("rdf:type", TERMS["oa:TextQuoteSelector"]),
                    ("oa:exact", text(f"words of {start} to {end}")),
                ),
                *facts(position, ("rdf:type", TERMS["oa:TextPositionSelector"])),
                *facts(position, ("oa:start", number(start)), ("oa:end", number(end))),
            ]
        )
        return it
