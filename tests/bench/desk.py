"""The desk with 10,000 cases and 20 readers at once: how long a page takes, and how far readers and a nightly run disturb each other."""

import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import polars as pl

from desk.ledger import Ledger
from desk.users import Users
from tests.bench.book import AS_OF, write_book
from tests.desk.world import served

TRADES, CASES, READERS, SECONDS, THINKING = 86_000, 10_000, 20, 25.0, 5.0
"""THINKING: seconds between two pages of one reader, in the mean."""
WARMING, ROUNDS = 15.0, 3
Times = dict[str, list[float]]


def main() -> None:
    """Print the 95th percentile of each page, and both ratios."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "data").mkdir()
        write_book(home / "data", TRADES)
        lost = home / "data" / "clearances.parquet"
        pl.read_parquet(lost).filter(pl.int_range(pl.len()) % 2 != 0).write_parquet(lost)  # every second clearance is lost, so that there are cases enough
        night = _night(home)
        print(f"desk: {TRADES:,} trades, nightly run {night:.1f} s")
        ledger = f"sqlite:///{home}/ledger.sqlite"
        users = Users(Ledger(ledger), timedelta(hours=1), timedelta(hours=12))
        readers = [users.add(f"officer{n}@x.example", "Officer", frozenset({"compliance_officer"})) for n in range(READERS)]
        tokens = [users.open_session(each) for each in readers]
        with served(home / "h.duckdb", ledger) as (url, _):
            cases = _cases(url, tokens[0])
            print(f"desk: {len(cases):,} cases")
            _read(url, tokens, cases, WARMING, 0.5)
            _told("20 readers who think", _read(url, tokens, cases, SECONDS, THINKING))
            _told("20 readers who never stop", _read(url, tokens, cases, 15.0, 0.0))
            _disturb(home, url, tokens, cases)


def _disturb(home: Path, url: str, tokens: list[str], cases: list[str]) -> None:
    """Print how far readers and a run disturb each other: each alone and both together by turns, as a machine's own speed wavers.

    A run ends with a night that is new to the desk; pages are told once that is read in.
    """
    nights: dict[str, list[float]] = {"alone": [], "together": []}
    pages: dict[str, list[float]] = {"alone": [], "together": []}
    for _ in range(ROUNDS):
        nights["alone"].append(_night(home))
        _read(url, tokens, cases, WARMING, 0.5)
        pages["alone"] += _all(_read(url, tokens, cases, SECONDS, THINKING))
        with ThreadPoolExecutor(1) as beside:
            reading = beside.submit(_read, url, tokens, cases, SECONDS, THINKING)
            nights["together"].append(_night(home))
            pages["together"] += _all(reading.result())
    print(
        f"desk: runs alone {', '.join(f'{each:.1f}' for each in nights['alone'])} s, beside readers {', '.join(f'{each:.1f}' for each in nights['together'])} s"
    )
    for what, told in (("a run", nights), ("a page", pages)):
        alone, together = (statistics.median(told[how]) for how in ("alone", "together"))
        print(f"desk: {what} in the median {alone:.4f} s alone, {together:.4f} s with the other beside it ({together / alone - 1:+.1%})")


def _all(told: Times) -> list[float]:
    return [each for times in told.values() for each in times]


def _night(home: Path) -> float:
    start = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "flows",
        "nightly",
        "--data",
        str(home / "data"),
        "--as-of",
        AS_OF,
        "--store",
        str(home / "h.duckdb"),
        "--out",
        str(home / "out"),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "HINDSIGHT_LEDGER": f"sqlite:///{home}/ledger.sqlite"})
    return time.perf_counter() - start


class _Browser:
    """Asks for pages over one connection, at as little cost as can be: it shares the machine with what it measures."""

    def __init__(self, url: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        self._headers = {"cookie": f"hindsight_session={token}"}

    def get(self, address: str) -> tuple[int, str]:
        """The page; over a new connection where the desk has closed one that was idle for long, as any browser does."""
        try:
            return self._ask(address)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()
            return self._ask(address)

    def _ask(self, address: str) -> tuple[int, str]:
        self._connection.request("GET", address, headers=self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()


def _cases(url: str, token: str) -> list[str]:
    browser = _Browser(url, token)
    lines = browser.get("/cases.csv?state=all")[1].splitlines()[1:]
    browser.get("/")
    return [line.partition(",")[0].strip('"') for line in lines][:CASES]


def _read(url: str, tokens: list[str], cases: list[str], seconds: float, thinking: float) -> Times:
    """Seconds that each page took, by page: every reader opens one after the other, and thinks between them."""
    told: Times = defaultdict(list)
    until = time.perf_counter() + seconds

    def reader(n: int) -> None:
        chance = random.Random(n)
        browser = _Browser(url, tokens[n])
        time.sleep(chance.uniform(0, thinking))
        while time.perf_counter() < until:
            name, address = _next(chance, cases)
            start = time.perf_counter()
            status, _ = browser.get(address)
            told[name if status == 200 else f"{name} {status}"].append(time.perf_counter() - start)
            time.sleep(chance.expovariate(1 / thinking) if thinking else 0)

    threads = [threading.Thread(target=reader, args=(n,)) for n in range(len(tokens))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return told


def _next(chance: random.Random, cases: list[str]) -> tuple[str, str]:
    from desk.desk import at

    case = chance.choice(cases)
    return chance.choices(
        [("case", at("case", case)), ("cases", "/cases"), ("search", f"/cases?state=all&q={case.partition('/')[0]}"), ("tonight", "/"), ("person", at("person", case.partition("/")[0])), ("ledger", "/ledger"), ("calendar", "/calendar")],
        weights=[12, 3, 2, 2, 1, 1, 1],
    )[0]  # fmt: skip


def _told(what: str, told: Times) -> None:
    every = sorted(_all(told))
    if not every:
        return
    pages = ", ".join(f"{name} {1000 * _part(sorted(times), 0.95):.0f}" for name, times in sorted(told.items()))
    print(
        f"desk: {what}: {len(every):,} pages, median {1000 * statistics.median(every):.0f} ms, 95th percentile {1000 * _part(every, 0.95):.0f} ms ({pages})",
        flush=True,
    )


def _part(ordered: list[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]
