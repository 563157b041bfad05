"""`make bench`: a generated book of a million trades through every stage, then a crowd of insiders through Section 16(b).

Benchmarks, not tests: they never fail for being slow. Run with other counts to see how the stages grow:
`python -m tests.bench 250000 1000000`; with `swings` for the crowd alone, with `desk` for 20 readers of 10,000 cases, with `quarter` for the attestations of 300 people. Imports stand where they are used, so that a second process
of the solver starts at once.
"""

import sys


def main(asked: list[str]) -> None:
    """Run what was asked for."""
    if not {"swings", "desk", "quarter"} & set(asked):
        from tests.bench.trades import measure

        for count in map(int, asked or ["1000000"]):
            measure(count)
    if not asked or "swings" in asked:
        from tests.bench.swings import main as swings

        swings()
    if not asked or "quarter" in asked:
        from tests.bench.quarter import main as quarter

        quarter()
    if not asked or "desk" in asked:
        from tests.bench.desk import main as desk

        desk()


if __name__ == "__main__":
    main(sys.argv[1:])
