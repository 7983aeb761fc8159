"""YAML 1.2 files that people edit, read with the line on which each thing stands.

ruamel.yaml returns ``date`` objects for dates even in 1.2 mode, which would lose ``2017-03`` and EDTF; so its
timestamp resolver is taken away, and a date stays the text that was written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, ScalarEvent
from ruamel.yaml.nodes import ScalarNode

LARGEST = 4_000_000
DEEPEST = 30
# U+0007 is not among them: ruamel.yaml marks folds with it while it parses.
_ODD = re.compile(r"[\x00-\x06\x08\x0b-\x1f\x7f\ud800-\udfff]")

Location = tuple[int | str, ...]


class YamlError(ValueError):
    """A file is not YAML, is not UTF-8, is not there, or uses what an assertion file has no need of."""


class _TextDates(RoundTripConstructor):
    """Constructs dates as the text that stands in the file."""


def _as_written(_constructor: RoundTripConstructor, node: ScalarNode) -> str:
    return str(node.value)


_TextDates.add_constructor("tag:yaml.org,2002:timestamp", _as_written)


@dataclass(frozen=True)
class YamlFile:
    """A parsed file: its path, its plain data, and where each part of it stands."""

    path: Path
    data: Any
    _tree: Any

    def line(self, location: Location) -> int:
        """The line (from 1) of the innermost part of a location; steps that the file lacks are passed over."""
        tree, line = self._tree, 1
        for step in location:
            if _has(tree, step):
                line = _line_of(tree, step)
                tree = tree[step]
        return line

    def at(self, location: Location) -> str:
        """``path:line`` of a location, as editors and compilers write it."""
        return f"{self.path}:{self.line(location)}"


def _has(tree: Any, step: int | str) -> bool:
    if isinstance(tree, CommentedMap):
        return step in tree
    return isinstance(tree, CommentedSeq) and isinstance(step, int) and step < len(tree)


def _line_of(tree: Any, step: int | str) -> int:
    place = tree.lc.item(step) if isinstance(tree, CommentedSeq) else tree.lc.key(step)
    return int(place[0]) + 1


def read_yaml(path: Path) -> YamlFile:
    """The data of a YAML 1.2 file; raises :class:`YamlError` with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
        _check(path, text)
        tree = _parser().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(f"{path}:{line}: not YAML: {error.problem or error.context}") from error
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        raise YamlError(f"{path}: cannot be read as YAML: {error}") from error
    return YamlFile(path, plain(tree), tree)


def _parser() -> YAML:
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    yaml.Constructor = _TextDates
    return yaml


def _check(path: Path, text: str) -> None:
    """Refuses what could cost more than it says: deep nesting, aliases within aliases, tags, odd characters."""
    if len(text) > LARGEST:
        raise YamlError(f"{path}: {len(text)} characters are too many for one file; the limit is {LARGEST}")
    depth = 0
    anchored: list[int] = []
    for event in YAML(typ="rt", pure=True).parse(text):
        place = f"{path}:{event.start_mark.line + 1}"
        if isinstance(event, CollectionStartEvent):
            depth += 1
            anchored += [depth] if event.anchor else []
            if depth > DEEPEST:
                raise YamlError(f"{place}: nested more than {DEEPEST} levels deep")
        elif isinstance(event, CollectionEndEvent):
            anchored = [level for level in anchored if level < depth]
            depth -= 1
        elif isinstance(event, AliasEvent) and anchored:
            raise YamlError(f"{place}: an alias within what is itself anchored; write it out")
        _check_node(event, place)


def _check_node(event: Event, place: str) -> None:
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise YamlError(f"{place}: the tag {tag} has no place here; write plain values")
    odd = _ODD.search(event.value) if isinstance(event, ScalarEvent) else None
    if odd:
        raise YamlError(f"{place}: the character U+{ord(odd[0]):04X} cannot stand in a text")


def plain(tree: Any) -> Any:
    """Ruamel's nodes as the dict, list, str, int, float, bool and None that they stand for."""
    if isinstance(tree, dict):
        return {str(key): plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [plain(item) for item in tree]
    for kind in (bool, int, float, str):
        if isinstance(tree, kind):
            return kind(tree)
    return tree


def yaml_files(folder: Path) -> Iterable[Path]:
    """The ``*.yaml`` files of a folder in the order of their names."""
    return sorted(folder.glob("*.yaml"))
