"""``uv run python -m tests.benchmarks``: see :mod:`tests.benchmarks.bench`."""

from .bench import main

main()
