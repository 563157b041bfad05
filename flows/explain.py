"""Prints a finding. Imports neither the scheduler nor the validator, so that it answers at once."""

import json
import textwrap
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from flows.resources import calendars, text
from flows.store import Store
from rules import Rule, every_rule
from transforms.facts import Derivation
from transforms.facts.swing_outlook import last_prices, outlook
from transforms.narrowing import narrowed
from transforms.policy import Policy, read_policy
from transforms.reports.explaining import sections
from transforms.reports.section_16 import outlook_lines
from transforms.visible import visible

WIDTH = 100


def explanation(store: Store, finding_id: str, price: Decimal | None = None) -> tuple[str, bool]:
    """A finding as text, and whether there is one of that id; of a person's id, what a trade of theirs would match."""
    found = store.finding(finding_id)
    if found is None and (name := store.names([finding_id]).get(finding_id)):
        return _before_a_trade(store, finding_id, name, price), True
    if found is None:
        near = store.findings_like(finding_id)
        hint = f" Findings like it: {', '.join(near)}." if near else ""
        return f"hindsight: {finding_id}: no such finding in {store.path}, expected rule/person/subject.{hint}", False
    rule = every_rule().get(str(found["rule"]))
    policy = read_policy(store.policy_of(found["night"]), text("policy_defaults.toml"))  # type: ignore[arg-type]  # a date column
    parts = [
        _head(found, store.names([str(found["person_id"]), str(found["trader_id"])])),
        _clause_of(str(found["rule"]), policy),
        _evidence(found),
        *_worked_out(store, found, rule, policy),
        _outlook(store, str(found["person_id"]), price) if rule and rule.over == "swing_totals" else "",
        _row(store, found),
        _words(rule),
    ]
    return "\n\n".join(part for part in parts if part), True


def _head(found: dict[str, object], names: dict[str, str]) -> str:
    lines = [
        f"{found['finding_id']}",
        f"{found['severity']} · {found['outcome']} · {found['state']}, first seen {found['first_seen_on']}, last seen {found['last_seen_on']}",
        _called(found["person_id"], names) + (f", in the account of {_called(found['trader_id'], names)}" if found["trader_id"] else ""),
        "",
        *textwrap.wrap(str(found["because"]), WIDTH),
    ]
    return "\n".join(lines)


def _called(person: object, names: dict[str, str]) -> str:
    return f"{names[str(person)]} ({person})" if str(person) in names else str(person)


def _clause_of(rule: str, policy: Policy) -> str:
    name, cite = policy.cites.get(rule, ("", ""))
    if not name:
        return ""
    clause = policy.clauses[name]
    return "\n".join([f"Clause {cite}: {clause.title}", *textwrap.wrap(clause.text, WIDTH, initial_indent="  ", subsequent_indent="  ")])


def _evidence(found: dict[str, object]) -> str:
    evidence = json.loads(str(found["evidence"]))
    return (
        "\n".join(["Evidence", *(f"  {key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in evidence.items())]) if evidence else ""
    )


def _row(store: Store, found: dict[str, object]) -> str:
    if not found["source_file"]:
        return ""
    place = f"{found['source_file']}:{found['source_line']}"
    row = store.row_at(str(found["source_file"]), int(str(found["source_line"])))
    if row is None:
        return f"Read at {place}"
    table, cells = row
    told = [f"  {name}: {value}" for name, value in cells.items() if value is not None and not name.startswith("source_")]
    return "\n".join([f"Read at {place}, a row of {table}", *told])


def _worked_out(store: Store, found: dict[str, Any], rule: Rule | None, policy: Policy) -> list[str]:
    """The finding worked out anew from the tables of the last night, for the people whom it concerns."""
    last = store.last_night()
    if rule is None or last is None:
        return []
    people = [str(found["person_id"]), *([str(found["trader_id"])] if found["trader_id"] else [])]
    derived = _book(store, last, policy, people)
    parts = [
        "\n".join([heading, *(f"  {line}" for line in lines)])
        for heading, lines in sections(found, rule, derived, store.otherwise(found["night"], str(found["finding_id"])))
    ]
    if found["night"] == last and found["state"] != "withdrawn":
        return parts
    return [f"What follows is worked out from the tables as they stand on {last}; the finding is of {found['night']}.", *parts]


def _book(store: Store, last: date, policy: Policy, people: list[str] | None = None) -> Derivation:
    """What can be derived from the tables of the last night, or from those of some people and all who are tied to them."""
    sessions, business_days = calendars(policy.exchange)
    tables = visible(store.tables(), last)
    if people is not None:
        tables = narrowed(tables, pl.Series(people))
    return Derivation(**tables, policy=policy, sessions=sessions, business_days=business_days, as_of=last, missing=store.missing_on(last))


def _before_a_trade(store: Store, person: str, name: str, price: Decimal | None) -> str:
    return (
        _outlook(store, person, price)
        or f"{name} ({person}) has no purchase or sale on record that a trade could match under Section 16(b); derivatives are left out."
    )


def _outlook(store: Store, person: str, price: Decimal | None) -> str:
    """What a trade of a person on the last night would match, at a price or the last one on record."""
    last = store.last_night()
    if last is None:
        return ""
    policy = read_policy(store.policy_of(last), text("policy_defaults.toml"))
    prices = last_prices(_book(store, last, policy)["executions"])
    if price is not None:
        prices = prices.with_columns(price=pl.lit(price).cast(prices.schema["price"]), priced_on=pl.lit(last))
    near = _book(store, last, policy, [person])
    rows = outlook(near["swing_legs"].filter(pl.col("person_id") == person), prices, near["standings"], policy, last)
    name = store.names([person]).get(person, person)
    parts = [
        "\n".join([f"A trade of {name} ({person}) in class {row['share_class']} on {last} (Section 16(b))", *(f"  {line}" for line in outlook_lines(row))])
        for row in rows.iter_rows(named=True)
    ]
    return "\n\n".join(parts)


def _words(rule: Rule | None) -> str:
    return rule.words if rule else ""
