"""Cases as the report tells them: one person and matter with all findings on it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from transforms.cases import SEVERITIES, STANDS
from transforms.policy import Policy
from transforms.readings import READINGS
from transforms.reports.people import People
from transforms.reports.words import Words, anchor, clock, finding_anchor, label, number, plain, price, told, value_of, words_of, would_be

STATES = ("new", "changed", "open", "withdrawn")
"""From what a reader looks at first to what is over."""


@dataclass(frozen=True)
class Contested:
    """A reading on which an outcome depends, and in words what each other value would give."""

    key: str
    about: str
    value: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One finding, ready to be printed."""

    finding_id: str
    anchor: str
    rule: str
    words: Words
    cite: str
    clause: str
    clause_text: str
    severity: str
    outcome: str
    state: str
    occurred_on: date | None
    because: str
    trader: str
    subject: str
    trade_id: str
    evidence: tuple[tuple[str, str], ...]
    source: str
    contested: tuple[Contested, ...]
    first_seen_on: date
    last_seen_on: date


@dataclass(frozen=True)
class Case:
    """One person and matter."""

    case_id: str
    anchor: str
    person_id: str
    name: str
    roles: str
    matter: str
    occurred_on: date | None
    severity: str
    state: str
    outcomes: tuple[str, ...]
    findings: tuple[Finding, ...]
    trade: str
    review: str


class Teller:
    """Turns rows of findings into what is printed, with the policy and the rules beside them."""

    def __init__(self, policy: Policy, rules: Mapping[str, Any], people: People, otherwise: pl.DataFrame) -> None:
        """Keep what every finding refers to."""
        self._policy = policy
        self._people = people
        self._otherwise: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in otherwise.filter(pl.col("here").is_not_null()).iter_rows(named=True):
            self._otherwise[row["finding_id"], row["key"]].append(f"read as {value_of(row['value'])}, {would_be(row)}")
        self._words = {name: words_of(rule.words) for name, rule in rules.items()}

    def finding(self, row: Mapping[str, Any]) -> Finding:
        """One row of findings."""
        clause = self._policy.clauses.get(self._policy.cites.get(row["rule"], ("", ""))[0])
        evidence = json.loads(row["evidence"] or "{}", parse_float=Decimal)
        return Finding(
            finding_id=row["finding_id"], anchor=finding_anchor(row["finding_id"]), rule=row["rule"],
            words=self._words.get(row["rule"], Words(plain(row["rule"]), "", "", ())), cite=row["clause"] or "",
            clause=clause.title if clause else "", clause_text=clause.text if clause else "", severity=row["severity"], outcome=row["outcome"],
            state=row["state"], occurred_on=row["occurred_on"], because=row["because"] or "", subject=row["subject"] or "", trade_id=row["trade_id"] or "",
            trader=self._people.called(row["trader_id"]) if row["trader_id"] else "",
            evidence=tuple((label(key), told(key, value)) for key, value in evidence.items()),
            source=f"{row['source_file']}, line {row['source_line']}" if row["source_file"] else "",
            contested=tuple(self._contested(row["finding_id"], key) for key in (row["contested"] or "").split(";") if key),
            first_seen_on=row["first_seen_on"], last_seen_on=row["last_seen_on"],
        )  # fmt: skip

    def _contested(self, finding_id: str, key: str) -> Contested:
        """What else a reading could be, and what it would give; of a night long past only that it would differ."""
        if key not in READINGS:
            return Contested(key, "", "", ("read otherwise, the outcome would differ",))
        held = value_of(str(self._policy.reading(key)))
        return Contested(key, READINGS[key].about, held, tuple(self._otherwise.get((finding_id, key), ["read otherwise, the outcome would differ"])))


def standing(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings that still stand."""
    return findings.filter(STANDS)


def case_list(findings: pl.DataFrame, cases: pl.DataFrame, executions: pl.DataFrame, teller: Teller, people: People) -> list[Case]:
    """Cases of the findings given: new first, then by severity, then by person."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in findings.iter_rows(named=True):
        grouped[row["person_id"] or "", row["matter"] or ""].append(row)
    reviews = {row["case_id"]: row for row in cases.iter_rows(named=True)}
    trades = _trades(executions, {matter for _, matter in grouped})
    told_cases = [_case(key, rows, reviews.get("/".join(key), {}), trades.get(key[1], ""), teller, people) for key, rows in grouped.items()]
    return sorted(told_cases, key=lambda case: (STATES.index(case.state), SEVERITIES.index(case.severity), case.name.casefold(), case.case_id))


def _case(key: tuple[str, str], rows: list[dict[str, Any]], review: Mapping[str, Any], trade: str, teller: Teller, people: People) -> Case:
    findings = sorted((teller.finding(row) for row in rows), key=lambda each: (SEVERITIES.index(each.severity), each.outcome, each.finding_id))
    person_id, matter = key
    occurred_on = min((each.occurred_on for each in findings if each.occurred_on), default=None)
    return Case(
        case_id="/".join(key), anchor=anchor("case", "/".join(key)), person_id=person_id, name=people.name(person_id),
        roles=people.roles(person_id, occurred_on), matter=matter, occurred_on=occurred_on, severity=findings[0].severity,
        state=_first(STATES, (each.state for each in findings)), outcomes=tuple(sorted({each.outcome for each in findings})),
        findings=tuple(findings), trade=trade, review=_review(review, people),
    )  # fmt: skip


def _first(order: tuple[str, ...], values: Iterable[str]) -> str:
    return min(values, key=order.index)


def _review(case: Mapping[str, Any], people: People) -> str:
    """What was last decided, in a sentence."""
    if not case.get("decision"):
        return "Not reviewed yet."
    if case["decision"] == "waived":
        return "A waiver covers it."
    when = "An earlier review, before this was on record" if case["opened_on"] and case["opened_on"] > case["decided_at"].date() else "Last review"
    said = f"{when}: {plain(case['decision'])} by {people.called(case['decided_by'])}, {clock(case['decided_at'])} New York."
    return f"{said} Something changed after it." if case["state"] == "reopened" and case["decision"] != "reopen" else said


def _trades(executions: pl.DataFrame, matters: set[str]) -> dict[str, str]:
    """For each matter that is a trade: where and how it was done, in words."""
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in executions.filter(pl.col("unit_root_id").is_in(matters) | pl.col("root_id").is_in(matters)).iter_rows(named=True):
        for matter in {row["unit_root_id"], row["root_id"]} & matters:
            held[matter].append(row)
    return {matter: _trade(rows) for matter, rows in held.items()}


def _trade(rows: list[dict[str, Any]]) -> str:
    first = rows[0]
    parts = [f"account {first['account_id']}"]
    if len(rows) > 1:
        parts.append(f"{len(rows)} fills, together {number(sum((row['quantity'] for row in rows), Decimal(0)))}")
    elif first["price"] is not None:
        parts.append(f"at {price(first['price'])} US dollars")
    parts.append(f"{first['traded_at']:%H:%M:%S} New York" if first["traded_at"] else "time not on record")
    parts += [f"{name} {first[key]}" for name, key in (("order", "order_id"), ("plan", "plan_id")) if first[key]]
    return ", ".join(parts)
