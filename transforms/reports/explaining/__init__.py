"""A finding as counsel would want it: dates counted one by one, clearances considered, readings used, and where each fact
came from. Everything is worked out anew from the tables that the finding rests on.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl

from transforms.facts import Derivation, every_fact, needs_of
from transforms.readings import READINGS
from transforms.reports.explaining.clearances import considered
from transforms.reports.explaining.counts import counted
from transforms.reports.explaining.sources import sources
from transforms.reports.words import value_of, would_be

Section = tuple[str, list[str]]


def sections(found: Mapping[str, Any], rule: Any, derived: Derivation, otherwise: pl.DataFrame) -> list[Section]:  # noqa: ANN401 - rules import transforms, not the other way
    """Headings with their lines, for the parts of which anything is on record."""
    fact = derived[rule.over].filter((pl.col(rule.person) == found["person_id"]) & (pl.col(rule.subject).cast(pl.String) == found["subject"]))
    row = fact.row(0, named=True) if len(fact) else {}
    parts = [
        ("The dates, counted one by one", counted(rule.over, row, derived)),
        ("Clearances considered", considered(rule.over, row, derived)),
        (
            "What another reading would give",
            [f"{each['key']} read as {value_of(each['value'])}: {would_be(each)}" for each in otherwise.iter_rows(named=True)],
        ),
        ("Readings asked for on the way", _readings(rule.over, derived)),
        ("Where each fact came from", sources(found, row, derived)),
    ]
    return [(heading, lines) for heading, lines in parts if lines]


def _readings(over: str, derived: Derivation) -> list[str]:
    """Every reading that was asked for on the way to the fact, with the value it was given."""
    policy = derived["policy"]
    asked = sorted({key for name in _behind(over) for key in derived.asked.get(name, ())})
    return [f"{key}: {value_of(str(policy.reading(key)))} ({READINGS[key].about})" for key in asked]


@cache
def _behind(name: str) -> frozenset[str]:
    """A fact and all that it is made from."""
    return frozenset({name}).union(*(_behind(need) for need in needs_of(name) if need in every_fact()))
