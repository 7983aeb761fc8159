"""A corpus of one invented document, made in a folder, whose assertions a test may change."""

from dataclasses import dataclass, field
from pathlib import Path

from graph.anchors import anchor
from graph.documents import sha256

TEXT = """Talks in Bonn

Foreign ministers Sergei Lavrov and Fumio Kishida met in Bonn on 17 February 2017. Tomomi Inada will join them on
20 May 2017. "The islands are ours," said an aide, who was not named. Nothing else happened.
"""

HEAD = """document:
  id: document:{name}
  title: Talks in Bonn
  author: person:streltsov
  publisher: organisation:moscow-times
  date: {date}
  language: en
  genre: news
  sha256: {sha256}
  length: {length}
  recorded: 2026-11-21
assertions:
"""

HELD = """- id: a:{name}-held
  quote: Foreign ministers Sergei Lavrov and Fumio Kishida met in Bonn on 17 February 2017
  modality: Asserted
  voices: [person:streltsov]
  says:
    id: meeting:small-bonn
    type: Meeting
    label: Meeting of the foreign ministers, Bonn
    status: Held
    on: 2017-02-17
    where: place:bonn
    in format: format:foreign-ministers
    participants:
    - {{who: person:lavrov, as: office:ru-foreign-minister, for: state:russia}}
    - {{who: person:kishida, as: office:jp-foreign-minister}}
"""

PLANNED = """- id: a:{name}-planned
  quote: Tomomi Inada will join them on 20 May 2017
  modality: Asserted
  voices: [person:streltsov]
  says:
    id: meeting:small-may
    type: Meeting
    label: Meeting announced for May
    status: Planned
    on: 2017-05-20
    participants:
    - {{who: person:lavrov, as: office:ru-foreign-minister, for: state:russia}}
    - {{who: person:inada, as: office:jp-defence-minister, for: state:japan}}
"""

LISTED = """nothing-asserted:
- {sentence: 1, hash: 7c68b2d70cd8, reason: heading}
"""


@dataclass
class SmallCorpus:
    """Folders ``corpus`` and ``texts`` below a root; ``assertions`` is YAML, item by item, as it will be written."""

    root: Path
    name: str = "small"
    text: str = TEXT
    date: str = "2017-02-18"
    assertions: list[str] = field(default_factory=lambda: [HELD, PLANNED])
    tail: str = ""

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @property
    def texts(self) -> Path:
        return self.root / "texts"

    @property
    def path(self) -> Path:
        return self.corpus / f"{self.name}.yaml"

    def yaml(self) -> str:
        """The assertion file's text."""
        values = {"name": self.name, "date": self.date, "sha256": sha256(self.text), "length": len(self.text)}
        return HEAD.format(**values) + "".join(item.format(**values) for item in self.assertions) + self.tail

    def write(self, *, locked: bool = True) -> "SmallCorpus":
        """Writes the text and the assertion file, and locks its anchors."""
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.texts.mkdir(parents=True, exist_ok=True)
        (self.texts / f"{self.name}.txt").write_bytes(self.text.encode())
        self.path.write_text(self.yaml(), encoding="utf-8")
        if locked:
            anchor(self.corpus, self.texts)
        return self
