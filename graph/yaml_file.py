"""YAML 1.2 files that people edit, read with the line on which each thing stands.

ruamel.yaml returns ``date`` objects for dates even in 1.2 mode, which would lose ``2017-03`` and EDTF; so its
timestamp resolver is taken away, and a date stays the text that was written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

Location = tuple[int | str, ...]


class YamlError(ValueError):
    """A file is not YAML, is not UTF-8, or is not there."""


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
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    yaml.Constructor = _TextDates
    try:
        tree = yaml.load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(f"{path}:{line}: not YAML: {error.problem or error.context}") from error
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        raise YamlError(f"{path}: cannot be read as YAML: {error}") from error
    return YamlFile(path, plain(tree), tree)


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
