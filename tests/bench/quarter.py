"""A quarter of 300 people who attest, each with a year of trades: packets, certificate and board page, from the data to the last file."""

import contextlib
import io
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from flows.night import Asked
from flows.quarter import run_quarter
from tests.bench.book import AS_OF, TRADES_A_PERSON, write_book
from tests.runner import Lenient

PEOPLE, SHARE = 300, 4
"""One in four people of the book is designated."""
STATEMENTS = (date(2024, 9, 30), date(2024, 10, 31), date(2024, 11, 29), date(2024, 12, 31))


def main() -> None:
    """Print how long the quarter took, by stage."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        data = home / "data"
        data.mkdir()
        write_book(data, PEOPLE * SHARE * TRADES_A_PERSON)
        held = pl.read_parquet(data / "holdings.parquet")
        pl.concat([held, *(held.with_columns(held_on=pl.lit(day)) for day in STATEMENTS)]).write_parquet(data / "holdings.parquet")
        spent: dict[str, float] = {}

        def timed(stage, name):
            def run(*arguments):
                start = time.perf_counter()
                told = stage(*arguments)
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - start
                return told

            return run

        asked = Asked(data, date.fromisoformat(AS_OF), home / "h.duckdb", home / "out", data / "policy.toml", f"sqlite:///{home}/l.sqlite")
        start = time.perf_counter()
        with contextlib.redirect_stderr(io.StringIO()):
            told = run_quarter(asked, "2024Q4", timed, Lenient)
        whole = time.perf_counter() - start
        size = sum(path.stat().st_size for path in (home / "out").rglob("*") if path.is_file())
        print(
            f"quarter: {told['packets']} people, {whole:.1f} s in all: {spent['send']:.1f} s to send, {spent['write']:.1f} s to write {2 * told['packets'] + 5:,} documents ({size / 1e6:.0f} MB); {told['gaps']:,} gaps"
        )
