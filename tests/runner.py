"""A night without scheduler and validator, that may kill itself on the way: `python -m tests.runner DATA AS_OF STORE OUT [WHERE]`.

What other readings would give, half of a small night's work, is left out where it is killed. WHERE is a stage (killed as it begins), or `write:N` and `store:N` (killed at the N-th file written or table kept).
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl

import flows.outputs
from flows.night import Asked, run_night
from flows.store import Store
from transforms.contested import OTHERWISE
from transforms.sources import REFUSED


class Lenient:
    """Lets every row pass; for runs that are not about validation."""

    def __init__(self, night: date) -> None:
        self.night = night

    def validate(self, table: str, batch: pl.DataFrame, people: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        return batch, pl.DataFrame(schema=REFUSED)

    def write_docs(self, folder: str) -> None:
        Path(folder).mkdir()


def without_readings() -> Any:
    """A block in which nights do not work out what other readings would give, for tests that are about something else."""
    return patch("flows.stages.other_readings", lambda *_: pl.DataFrame(schema=OTHERWISE))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(where: str) -> Callable[[Callable[..., Any], str], Callable[..., Any]]:
    def staged(stage: Callable[..., Any], name: str) -> Callable[..., Any]:
        if name == where:
            die()
        return stage

    return staged


def count_down(owner: Any, method: str, times: int) -> None:
    left, original = [times], getattr(owner, method)

    def counted(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            die()
        return original(*arguments, **named)

    setattr(owner, method, counted)


def main(data: str, as_of: str, store: str, out: str, where: str = "") -> None:
    kind, _, times = where.partition(":")
    if kind == "write":
        count_down(flows.outputs, "write_csv", int(times))
    elif kind == "store":
        count_down(Store, "_insert", int(times))
    asked = Asked(Path(data), date.fromisoformat(as_of), Path(store), Path(out), Path(data) / "policy.toml")
    with without_readings() if where else nullcontext():
        run_night(asked, deadly(where), Lenient)


if __name__ == "__main__":
    main(*sys.argv[1:])
