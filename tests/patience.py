"""How long tests wait for what must happen: long, since it costs time only where it does not happen."""

from typing import Final

DEADLINE: Final = 120.0
"""Seconds. On a busy machine all takes longer; what is measured, tests compare within one run."""
