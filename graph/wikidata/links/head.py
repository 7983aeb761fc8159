"""The head of the file of links, YAML after ``#``: what we write there, and what a person has added.

A key that stands keeps its lines, whoever wrote them; only the prefixes are those that the rows need.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from graph.namespaces import GRAPH_LINKS, PREFIXES, cq
from graph.wikidata.links.model import LinkError

_CURIES: Final = "curie_map"
_LONGEST: Final = 20_000
_KEY: Final = re.compile(r"""#["']?(\w+)["']?\s*:""")
_OURS: Final = f"""#sssom_version: "1.1"
#mapping_set_id: "{GRAPH_LINKS.value}"
#mapping_set_title: Things of the documents and items of Wikidata
#license: "https://creativecommons.org/publicdomain/zero/1.0/"
#object_source: "{PREFIXES["wd"]}"
#extension_definitions:
#- slot_name: status
#  property: "{cq("linkStatus").value}"
#- slot_name: agreed
#  property: "{cq("agreedOn").value}"
"""


def check_head(path: Path, head: list[str], lines: list[str]) -> None:
    """The prefixes must be ours: a row would mean something else to other readers of the file; raises LinkError."""
    if lines[: len(head)] != head:
        raise LinkError(f"{path}: lines with '#' stand below the head; SSSOM has them only at the beginning")
    if sum(map(len, head)) > _LONGEST:
        raise LinkError(f"{path}: the head is longer than {_LONGEST} characters")
    try:
        found: Any = YAML(typ="safe", pure=True).load("\n".join(line[1:] for line in head))
    except (YAMLError, ValueError, RecursionError) as error:
        raise LinkError(f"{path}: the lines after '#' are not YAML: {error}") from error
    curies = found.get(_CURIES) if isinstance(found, dict) else None
    for prefix, namespace in (curies if isinstance(curies, dict) else {}).items():
        if PREFIXES.get(prefix) != namespace:
            raise LinkError(f"{path}: the prefix '{prefix}' stands for {PREFIXES.get(prefix)} here, not {namespace}")


def written_head(path: Path, former: Iterable[str], prefixes: Iterable[str]) -> str:
    """The head for rows with these prefixes, in place of a former one; raises LinkError where it would be no YAML."""
    kept = _by_key(_at_margin(former))
    first = [*kept.pop("", ()), *_comments(kept.pop(_CURIES, ()))]
    blocks = (_by_key(_OURS.splitlines()) | kept).values()
    lines = [*first, *(line for block in blocks for line in block)]
    made = [*lines, f"#{_CURIES}:", *(f'#  {name}: "{PREFIXES[name]}"' for name in sorted({*prefixes}))]
    check_head(path, made, made)
    return "".join(line + "\n" for line in made)


def _at_margin(lines: Iterable[str]) -> list[str]:
    """Other programs write a blank after each ``#``."""
    return ["#" + line for line in dedent("\n".join(line[1:] for line in lines)).splitlines()]


def _by_key(lines: Iterable[str]) -> dict[str, list[str]]:
    """Lines by the key under which they stand; what stands before any key is under the empty one."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        begun = _KEY.match(line)
        key = begun[1] if begun else key
        found.setdefault(key, []).append(line)
    return found


def _comments(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if line[1:].lstrip().startswith("#"))
