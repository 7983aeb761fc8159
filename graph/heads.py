"""The head of a query or rule file: YAML after ``#+`` at the start of its lines (grlc's style).

The lines are comments to SPARQL, so the file is a query as it stands.
"""

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_LINE = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)


class HeadError(ValueError):
    """A file's head is missing, is not YAML, lacks a key, or does not fit what stands below it."""


def read_head(text: str, where: str) -> dict[str, Any]:
    """The head of a file's text as plain data; ``where`` names the file in messages; raises HeadError."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    try:
        head = yaml.load("\n".join(_LINE.findall(text)))
    except YAMLError as error:
        raise HeadError(f"{where}: the lines after '#+' are not YAML: {error}") from error
    if not isinstance(head, dict):
        raise HeadError(f"{where}: begin the file with a head: '#+ title: …' and so on")
    return {str(key): value for key, value in head.items()}


def required(head: Mapping[str, Any], key: str, where: str) -> str:
    """The text under a key that a head must have, its spaces and line ends folded; raises HeadError."""
    value = head.get(key)
    if not isinstance(value, str) or not value.strip():
        raise HeadError(f"{where}: the head lacks '{key}'; add a line '#+ {key}: …'")
    return " ".join(value.split())
