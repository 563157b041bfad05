"""The night that the desk shows: read from the reading copy, kept in memory, and changed when a new one is there."""

import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from transforms.calendar import BusinessDays, Sessions
from transforms.facts import Derivation, every_fact, needs_of
from transforms.policy import Policy, read_policy
from transforms.reading_copy import folder_of
from transforms.tables import TABLES

Calendars = tuple[Sessions, BusinessDays]


class NoNightError(Exception):
    """No night can be shown yet; the message is one sentence."""


class Shown(Derivation):
    """What is known of a night: tables and facts of the copy, read at their first use; other facts computed from them."""

    def __init__(self, folder: Path, asked: dict[str, list[str]], **given: Any) -> None:  # noqa: ANN401 - a derivation holds things of every type
        """Look into a copy's folder."""
        super().__init__(**given)
        self._folder = folder
        self._reading = threading.Lock()
        self.asked = {name: frozenset(keys) for name, keys in asked.items()}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as above
        """A thing by name; two threads never compute the same one."""
        if name in self.known:
            return self.known[name]
        with self._reading:
            return self._held(name)

    def _held(self, name: str) -> Any:  # noqa: ANN401 - as above
        if name not in self.known:
            places = [self._folder / kind / f"{name}.parquet" for kind in ("tables", "facts")]
            held = next((path for path in places if path.is_file()), None)
            self.known[name] = pl.read_parquet(held) if held else TABLES[name].empty() if name in TABLES else self._computed(name)
        return self.known[name]

    def _computed(self, name: str) -> pl.DataFrame:
        return every_fact()[name](**{need: self._held(need) for need in needs_of(name)})


class Night:
    """A night as its copy holds it."""

    def __init__(self, folder: Path, policy_defaults: str, calendars: dict[str, Calendars]) -> None:
        """Read what every page needs; the rest at its first use."""
        self.folder = folder
        self._read: dict[str, pl.DataFrame] = {}
        self.about: dict[str, Any] = json.loads((folder / "night.json").read_text(encoding="utf-8"))
        self.as_of = date.fromisoformat(self.about["as_of"])
        self.history = self.read("history")
        self.policy: Policy = read_policy(self.history.filter(pl.col("night") == self.as_of)["policy"][0], policy_defaults, self.about["policy_file"])
        sessions, business_days = calendars[self.policy.exchange]
        given = {"policy": self.policy, "sessions": sessions, "business_days": business_days, "as_of": self.as_of}
        self.facts = Shown(folder, self.about["asked"], **given, missing=frozenset(self.about["missing"]))
        self.findings = self.read("findings")

    def read(self, name: str) -> pl.DataFrame:
        """A table of the night itself, such as `verdicts`, read at its first use."""
        if name not in self._read:
            self._read[name] = pl.read_parquet(self.folder / "night" / f"{name}.parquet")
        return self._read[name]


class Nights:
    """The newest night of a store; asks the pointer each time, and reads anew only where it moved."""

    def __init__(self, store: Path, policy_defaults: str, calendars: dict[str, Calendars]) -> None:
        """Watch the reading copies of a store."""
        self._home = folder_of(store)
        self._store, self._defaults, self._calendars = store, policy_defaults, calendars
        self._night: Night | None = None
        self._lock = threading.Lock()

    def newest(self) -> Night:
        """The night to show; raises NoNightError."""
        try:
            name = (self._home / "current").read_text(encoding="utf-8")
        except OSError:
            raise NoNightError(
                f"{self._home}: no night is there to show, expected the copy that a nightly run writes. Run `hindsight nightly --store {self._store}`."
            ) from None
        if self._night and self._night.folder.name == name:
            return self._night
        with self._lock:
            if not self._night or self._night.folder.name != name:
                self._night = Night(self._home / name, self._defaults, self._calendars)
            return self._night
