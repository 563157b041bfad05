"""A generated book of trades through every stage: seconds, peak memory and each stage's share."""

import itertools
import resource
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from flows.resources import calendars
from flows.stages import contest, derive, judge, judged_rules, load_folder, policy_from
from tests.bench.book import AS_OF, write_book


def measure(trades: int) -> None:
    """Write a book, run its stages, print what each took."""
    with tempfile.TemporaryDirectory() as folder:
        write_book(Path(folder), trades)
        policy = policy_from(Path(folder) / "policy.toml")
        marks = [("", time.perf_counter())]
        calendars()  # an import, not a stage
        night = load_folder(Path(folder), policy, date.fromisoformat(AS_OF))
        marks.append(("load", time.perf_counter()))
        derive(night)
        marks.append(("derive", time.perf_counter()))
        slowest = []
        for name, rule in judged_rules(policy).items():
            start = time.perf_counter()
            night.judgements[name] = judge(night, rule)
            slowest.append((time.perf_counter() - start, name))
        marks.append(("judge", time.perf_counter()))
        peak_before = _peak()
        findings = contest(night)
        marks.append(("contest", time.perf_counter()))
    _print(trades, marks, findings, peak_before, sorted(slowest, reverse=True)[:3])


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _print(trades: int, marks: list[tuple[str, float]], findings: pl.DataFrame, peak: float, slowest: list[tuple[float, str]]) -> None:
    total = marks[-1][1] - marks[0][1]
    print(f"{trades:,} trades, {len(findings):,} findings, {total:.1f} s in all, peak {peak:.2f} GiB before contest, {_peak():.2f} GiB after")
    for (_, before), (name, after) in itertools.pairwise(marks):
        seconds = after - before
        print(f"  {name:8} {seconds:6.1f} s  {seconds / total:5.0%}  {1e6 * seconds / trades:6.1f} µs a trade")
    print("  slowest rules: " + ", ".join(f"{name} {seconds:.1f} s" for seconds, name in slowest))
