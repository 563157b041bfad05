"""The rule book: every clause with what it says, how it is read, who watches it and what they counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from transforms.policy import Policy
from transforms.readings import READINGS
from transforms.reports.words import Words, anchor, day, number, plain, words_of

COUNTED = ("clear", "flagged", "undecided", "exempt", "not_applicable")
LAW = {
    "section_16": "Section 16 of the Securities Exchange Act",
    "rule_10b5_1": "Rule 10b5-1",
    "rule_144": "Rule 144",
    "settlement": "Settlement",
    "adulthood": "Age of majority",
    "data_quality": "Data quality",
    "review": "Review",
}
ASIDE = {"issuer", "clause"}


@dataclass(frozen=True)
class Number:
    """A dated value, as it stood on the night."""

    name: str
    value: str
    unit: str
    cite: str
    history: str


@dataclass(frozen=True)
class Choice:
    """A reading in force."""

    key: str
    anchor: str
    about: str
    value: str
    others: str
    is_set: bool


@dataclass(frozen=True)
class Watcher:
    """A rule that watches a clause, with its counts; one that this version lacks has no words."""

    name: str
    anchor: str
    cite: str
    words: Words
    severity: str
    counts: tuple[int, ...]
    examined: int
    is_judged: bool
    exempt: str


@dataclass(frozen=True)
class Chapter:
    """A clause of the policy, or a section of law that it relies on."""

    anchor: str
    title: str
    cite: str
    text: str
    not_checkable: str
    numbers: tuple[Number, ...]
    choices: tuple[Choice, ...]
    watchers: tuple[Watcher, ...]


@dataclass(frozen=True)
class RuleBook:
    """All chapters, the rules that no clause lists, and the clauses that no machine watches."""

    chapters: tuple[Chapter, ...]
    law: tuple[Chapter, ...]
    unlisted: tuple[Watcher, ...]
    unwatched: tuple[Chapter, ...]
    judged: int
    examined: int
    counts_are_told: bool


def rule_book(policy: Policy, rules: Mapping[str, Any], verdicts: pl.DataFrame, as_of: date, *, counts_are_told: bool = True) -> RuleBook:
    """The rule book of a night; without counts for whoever may not see every case that they count."""
    counts: dict[str, dict[str, int]] = {}
    for rule, outcome, rows in verdicts.iter_rows():
        counts.setdefault(rule, {})[outcome] = rows
    chapters = tuple(_chapter(name, policy, rules, counts, as_of) for name in policy.clauses)
    law = tuple(each for each in (_law(name, policy, as_of) for name in _sections(policy)) if each.numbers or each.choices)
    unlisted = tuple(_watcher(name, "", rules, counts) for name in sorted(rules) if name not in policy.cites)
    unwatched = tuple(each for each in chapters if not any(watcher.is_judged for watcher in each.watchers))
    examined = sum(sum(each.values()) for each in counts.values())
    return RuleBook(chapters, law, unlisted, unwatched, len(counts), examined, counts_are_told)


def _chapter(name: str, policy: Policy, rules: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]], as_of: date) -> Chapter:
    clause = policy.clauses[name]
    watchers = tuple(_watcher(rule, cite, rules, counts) for rule, cite in clause.rules.items())
    place = anchor("clause", name)
    return Chapter(place, clause.title, clause.cite, clause.text, clause.not_checkable, _numbers(name, policy, as_of), _choices(name, policy), watchers)


def _sections(policy: Policy) -> list[str]:
    """Sections of law, and clauses that the policy leaves out: their defaults hold."""
    defaults = policy.defaults.get("clause", {})
    named = dict.fromkeys([*policy.tables, *policy.defaults, *defaults, *(key.split(".")[0] for key in READINGS)])
    return [name for name in named if name not in ASIDE and name not in policy.clauses]


def _law(name: str, policy: Policy, as_of: date) -> Chapter:
    return Chapter(anchor("law", name), LAW.get(name, plain(name).capitalize()), "", "", "", _numbers(name, policy, as_of), _choices(name, policy), ())


def _bodies(name: str, policy: Policy) -> list[dict[str, Any]]:
    """What the defaults and the policy say of a clause or section; the policy comes last."""
    tables = [source.get("clause", {}).get(name) or source.get(name) for source in (policy.defaults, policy.tables)]
    return [table for table in tables if isinstance(table, dict)]


def _numbers(name: str, policy: Policy, as_of: date) -> tuple[Number, ...]:
    merged = {key: value for body in _bodies(name, policy) for key, value in body.items()}
    dated = [_dated(name, key, policy, as_of) for key, value in merged.items() if isinstance(value, dict) and "values" in value]
    fixed = [
        Number(plain(key), day(value) if isinstance(value, date) else str(value), "", "", "")
        for key, value in merged.items()
        if key not in WORDS and not isinstance(value, dict)
    ]
    return (*dated, *fixed)


WORDS = {"title", "cite", "text", "not_checkable", "rules", "readings"}


def _dated(name: str, key: str, policy: Policy, as_of: date) -> Number:
    parameter = policy.parameter(f"{name}.{key}")
    held = parameter.at(as_of)
    history = "; ".join(f"{number(value)} from {start}" for start, value in parameter.values)
    return Number(plain(key), "none yet" if held is None else number(held), parameter.unit, parameter.cite, history)


def _choices(name: str, policy: Policy) -> tuple[Choice, ...]:
    named = {key for body in _bodies(name, policy) for key in body.get("readings", {})}
    return tuple(_choice(key, policy, is_set=key.split(".")[1] in named) for key in READINGS if key.split(".")[0] == name)


def _choice(key: str, policy: Policy, *, is_set: bool) -> Choice:
    held, known = policy.reading(key), READINGS[key]
    others = ", ".join(plain(str(value)) for value in (known.default, *known.alternatives) if value != held)
    return Choice(key, anchor("reading", key), known.about, plain(str(held)), others, is_set)


def _watcher(name: str, cite: str, rules: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]]) -> Watcher:
    rule = rules.get(name)
    held = counts.get(name, {})
    each = tuple(held.get(outcome, 0) for outcome in COUNTED)
    if rule is None:
        return Watcher(name, anchor("rule", name), cite, Words(plain(name).capitalize(), "", "", ()), "", each, sum(each), is_judged=False, exempt="")
    severity = rule.severity if isinstance(rule.severity, str) else " or ".join(rule.severities)
    exempt = ", ".join(plain(key.removeprefix("uncleared_")) for key in rule.exempt)
    return Watcher(name, anchor("rule", name), cite, words_of(rule.words), severity, each, sum(each), is_judged=name in counts, exempt=exempt)
