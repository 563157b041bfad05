"""The policy: clauses, dated parameters and readings, read from policy.toml over the defaults of the law."""

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property
from typing import Any

import polars as pl

from transforms.calendar import AROUND
from transforms.readings import READINGS


class PolicyError(Exception):
    """The policy file can't be used; the message is one sentence with file, place and remedy."""


@dataclass(frozen=True)
class Parameter:
    """A number that changes on known days: the value of the latest day not after the day tested holds."""

    name: str
    values: tuple[tuple[date, int], ...]
    unit: str
    cite: str

    def at(self, day: date) -> int | None:
        """Value that holds on a day, None before the first one."""
        held = [value for start, value in self.values if start <= day]
        return held[-1] if held else None

    def on(self, day: pl.Expr) -> pl.Expr:
        """Value that holds on each row's day, null before the first one."""
        expression = pl.lit(None, dtype=pl.Int64)
        for start, value in self.values:
            expression = pl.when(day >= start).then(pl.lit(value, dtype=pl.Int64)).otherwise(expression)
        return expression


@dataclass(frozen=True)
class Clause:
    """A clause of the policy: its words, the rules that watch it with their cites, or why no machine can."""

    name: str
    title: str
    cite: str
    text: str
    rules: dict[str, str]
    not_checkable: str = ""


@dataclass(frozen=True)
class Policy:
    """A policy as it stood: who the issuer is, what is watched, and how each doubtful word is read."""

    tables: dict[str, Any]
    defaults: dict[str, Any]
    changed_readings: dict[str, str | int] = field(default_factory=dict)

    @property
    def issuer_id(self) -> str:
        """The issuer whose securities are Company Securities."""
        return str(self.tables["issuer"]["issuer_id"])

    @property
    def issuer_name(self) -> str:
        """The issuer as headings name it; its id where the policy gives no name."""
        return str(self.tables["issuer"].get("name") or self.issuer_id)

    @property
    def exchange(self) -> str:
        """The primary market, by the code of exchange_calendars."""
        return str(self.tables["issuer"].get("exchange", "XNYS"))

    @property
    def issuer_cik(self) -> str:
        """EDGAR's number for the issuer, ten digits; empty where the policy names none."""
        cik = str(self.tables["issuer"].get("cik", ""))
        return cik.zfill(10) if cik else ""

    @property
    def accepts_8k(self) -> bool:
        """Whether 8-Ks with item 2.02 count as final announcements where the table has none."""
        return bool(self.tables["issuer"].get("announcements_from_8k", False))

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Clauses by name, in the order of the file."""
        return {name: _clause(name, body) for name, body in self.tables.get("clause", {}).items()}

    @cached_property
    def cites(self) -> dict[str, tuple[str, str]]:
        """For each rule that a clause lists: the clause's name and the rule's cite."""
        return {rule: (name, cite) for name, clause in self.clauses.items() for rule, cite in clause.rules.items()}

    def _found(self, place: str) -> Any:  # noqa: ANN401 - a parameter, a date or a time, as the place says; None if it stands nowhere
        table, name = place.rsplit(".", 1)
        held = (_dig(source, table).get(name, _dig(source, f"clause.{table}").get(name)) for source in (self.tables, self.defaults))
        return next((each for each in held if each is not None), None)

    def _look_up(self, place: str) -> Any:  # noqa: ANN401 - as above
        found = self._found(place)
        if found is not None:
            return found
        raise PolicyError(f"policy.toml: no {place}, expected a value. Add it to the table {place.rpartition('.')[0]}.")

    def parameter(self, place: str) -> Parameter:
        """The dated parameter `clause.name` or `law.name`."""
        found = self._look_up(place)
        values = sorted((date.fromisoformat(str(day)), number) for day, number in found["values"].items())
        return Parameter(place, tuple(values), found.get("unit", ""), found.get("cite", ""))

    def held(self, table: str) -> dict[str, Any]:
        """All that a clause or law holds: what the file says, over what holds where it says nothing."""
        laid: dict[str, Any] = {}
        for source in (self.defaults, self.tables):
            laid |= _dig(source, table) or _dig(source, f"clause.{table}")
        return laid

    def full_trading_days(self, clause: str) -> Parameter:
        """How many full trading days a clause counts: its own number, else the one of the counting clause."""
        own = f"{clause}.full_trading_days"
        return self.parameter(own if self._found(own) is not None else "counting.full_trading_days")

    def day(self, place: str) -> date:
        """A plain date of the policy or the law."""
        return date.fromisoformat(str(self._look_up(place)))

    def clock(self, place: str) -> time:
        """A plain time of day, New York."""
        return time.fromisoformat(str(self._look_up(place)))

    def reading(self, key: str) -> str | int:
        """How a doubtful word is read: as asked in a what-if, else as the file says, else the default."""
        if key in self.changed_readings:
            return self.changed_readings[key]
        table, name = key.split(".")
        readings = _dig(self.tables, f"clause.{table}").get("readings", _dig(self.tables, table).get("readings", {}))
        held: str | int = readings.get(name, READINGS[key].default)
        return held

    def reads(self, key: str, value: str) -> bool:
        """Whether a doubtful word is read in one certain way."""
        return self.reading(key) == value

    def under(self, key: str, value: str | int) -> "Policy":
        """The same policy with one reading put in alone."""
        return replace(self, changed_readings={key: value})

    def quarter_ends(self, first: date, last: date) -> list[date]:
        """Fiscal quarter ends from the first to the last day, in order."""
        issuer = self.tables["issuer"]
        named = issuer.get("quarter_ends")
        if named:
            return sorted(day for day in (date.fromisoformat(str(d)) for d in named) if first <= day <= last)
        month = self.fiscal_year_month
        months = {(month + 3 * k - 1) % 12 + 1 for k in range(4)}
        every = (_month_end(y, m) for y in range(first.year, last.year + 1) for m in sorted(months))
        return [day for day in every if first <= day <= last]

    def fiscal_year_ends(self) -> pl.DataFrame:
        """One row a fiscal year that the calendars touch: `fiscal_year_ended_on`, in order."""
        ends = [day for day in self.quarter_ends(*AROUND) if self.fiscal_year_end(day)]
        return pl.DataFrame({"fiscal_year_ended_on": ends}, schema={"fiscal_year_ended_on": pl.Date})

    def fiscal_year_end(self, day: date) -> bool:
        """Whether a quarter end is also the end of a fiscal year."""
        return day.month == self.fiscal_year_month

    @property
    def fiscal_year_month(self) -> int:
        """The month in which fiscal years end, 1 to 12."""
        return int(str(self.tables["issuer"].get("fiscal_year_ends", "12-31")).split("-")[0])


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _dig(tables: dict[str, Any], path: str) -> dict[str, Any]:
    for part in path.split("."):
        tables = tables.get(part, {})
    return tables


def _clause(name: str, body: dict[str, Any]) -> Clause:
    return Clause(
        name=name,
        title=str(body.get("title", name)),
        cite=str(body.get("cite", "")),
        text=str(body.get("text", "")),
        rules={str(rule): str(cite) for rule, cite in body.get("rules", {}).items()},
        not_checkable=str(body.get("not_checkable", "")),
    )


def read_policy(text: str, defaults: str, place: str = "policy.toml") -> Policy:
    """Read a policy file over the defaults; raises PolicyError with one sentence for anything that can't be used."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{place}: {error}, expected TOML. Correct the file.") from None
    if not isinstance(tables.get("issuer", {}).get("issuer_id"), str):
        raise PolicyError(f'{place}: no issuer_id under [issuer], expected the issuer\'s id. Add `issuer_id = "…"`.')
    for problem, key in _problems(tables):
        raise PolicyError(f"{place}:{_line_of(text, key)}: {problem}")
    return Policy(tables, tomllib.loads(defaults))


def _problems(tables: dict[str, Any]) -> list[tuple[str, str]]:
    found = _problem_of_issuer(tables["issuer"])
    sections = [*tables.get("clause", {}).items(), *((k, v) for k, v in tables.items() if k not in {"clause", "issuer"})]
    for table, body in sections:
        if not isinstance(body, dict):
            found.append((f"{table} is no table, expected [{table}] with its keys. Correct it.", table))
            continue
        for name, value in body.get("readings", {}).items():
            found += _problem_of_reading(f"{table}.{name}", value, name)
        found += [p for name, value in body.items() if isinstance(value, dict) for p in _problem_of_parameter(table, name, value)]
    return found


def _problem_of_issuer(issuer: dict[str, Any]) -> list[tuple[str, str]]:
    ends = str(issuer.get("fiscal_year_ends", "12-31"))
    if not re.fullmatch(r"(0[1-9]|1[0-2])-\d{2}", ends):
        return [(f"fiscal_year_ends is {ends!r}, expected month-day such as 12-31. Correct it.", "fiscal_year_ends")]
    return []


def _problem_of_reading(key: str, value: object, name: str) -> list[tuple[str, str]]:
    if key not in READINGS:
        return [(f"the reading {key} is not known, expected one of the registry. Correct its name.", name)]
    known = READINGS[key]
    if known.alternatives and value not in (known.default, *known.alternatives, *known.also) and not isinstance(value, int):
        choices = ", ".join(str(choice) for choice in (known.default, *known.alternatives, *known.also))
        return [(f"the reading {key} is {value!r}, expected one of {choices}. Correct it.", name)]
    return []


def _problem_of_parameter(table: str, name: str, value: dict[str, Any]) -> list[tuple[str, str]]:
    if name in {"rules", "readings"}:
        return []
    values = value.get("values")
    if not isinstance(values, dict) or not values:
        return [(f"{table}.{name} has no dated values, expected `values = {{ 2020-01-01 = 2 }}`. Add one.", name)]
    for day, number in values.items():
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(day)) or isinstance(number, bool) or not isinstance(number, int):
            return [(f"{table}.{name} has {day} = {number!r}, expected a day and a whole number. Correct it.", name)]
    return []


def _line_of(text: str, key: str) -> int:
    """The first line of the file that holds a key; 1 where it stands nowhere."""
    return next((n for n, line in enumerate(text.splitlines(), 1) if re.search(rf"\b{re.escape(key)}\b", line)), 1)
