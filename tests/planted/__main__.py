"""`python -m tests.planted`: a generated book with planted faults through the rules; what was missed and what was invented."""

import argparse
import sys
import time

from tests.planted.comparison import compare, print_comparison
from tests.planted.generate import planted_book


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description="Measure the rules on a generated book with planted faults.")
    parser.add_argument("--trades", type=int, default=20_000, help="about how many trades the book has")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    start = time.perf_counter()
    book = planted_book(asked.trades, asked.seed)
    made = time.perf_counter()
    comparison = compare(book)
    print_comparison(comparison, book)
    print(f"{made - start:.1f} s to write the book, {time.perf_counter() - made:.1f} s to judge it")
    return 0 if comparison.is_exact else 1


if __name__ == "__main__":
    sys.exit(main())
