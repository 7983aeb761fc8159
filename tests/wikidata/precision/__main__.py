"""``uv run python -m tests.wikidata.precision`` from the checkout: the table of precision and recall."""

import argparse
from pathlib import Path

from .measure import PROPOSALS, SEED, measure

TABLES = Path(__file__).parents[4] / "shared" / "wikidata" / "tenures"


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--tables", type=Path, default=TABLES, help="the folder of the holders' tables")
    given.add_argument("--count", type=int, default=PROPOSALS, help="how many labels to draw")
    given.add_argument("--seed", type=int, default=SEED, help="where drawing starts")
    options = given.parse_args()
    print(*measure(options.tables, options.count, options.seed).lines(), sep="\n")  # noqa: T201 - it is for this


if __name__ == "__main__":
    main()
