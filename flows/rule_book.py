"""Prints the rule book: every clause with its rules, parameters and readings, the law's numbers, and what no machine watches."""

import inspect
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.resources import text
from rules import Rule, every_rule
from transforms.policy import Clause, Policy, read_policy
from transforms.readings import READINGS

WIDTH = 100
LAWS = {
    "section_16": "Section 16 of the Securities Exchange Act of 1934", "rule_10b5_1": "Rule 10b5-1, 17 CFR 240.10b5-1",
    "rule_144": "Rule 144, 17 CFR 230.144", "settlement": "Settlement", "adulthood": "Of age", "data_quality": "What is told of the data",
}  # fmt: skip


def rule_book(path: Path | None) -> str:
    """The book of a policy; without one, every rule with its words and the law's numbers."""
    if path is None:
        bare = read_policy('[issuer]\nissuer_id = "none"', text("policy_defaults.toml"))
        note = "Give --policy to see the clauses, their cites and their own numbers beside the rules."
        return "\n\n".join([note, *(_entry(rule, "") for rule in every_rule().values()), *_laws(bare)])
    policy = read_policy(path.read_text(encoding="utf-8"), text("policy_defaults.toml"), path.name)
    return "\n\n".join([*(_chapter(clause, policy) for clause in policy.clauses.values()), *_laws(policy), *_unwatched(policy)])


def _chapter(clause: Clause, policy: Policy) -> str:
    head = [*_title(f"{clause.cite}  {clause.title}"), *textwrap.wrap(clause.text, WIDTH), *_numbers(clause.name, policy)]
    if clause.not_checkable:
        head.append(f"  not watched by machine: {clause.not_checkable}")
    known = every_rule()
    told = [_entry(known[name], cite) if name in known else f"{name} ({cite})\n  not judged by this version" for name, cite in clause.rules.items()]
    return "\n\n".join(["\n".join(head), *told])


def _title(said: str) -> list[str]:
    return [said, "=" * len(said)]


def _laws(policy: Policy) -> Iterator[str]:
    """The law's own numbers and readings."""
    for table, title in LAWS.items():
        lines = list(_numbers(table, policy))
        if lines:
            yield "\n".join([*_title(title), *lines])


def _numbers(table: str, policy: Policy) -> Iterator[str]:
    """Every parameter of a table with the days from which it holds, unit and citation, and every reading with its choices."""
    for name, value in policy.held(table).items():
        if isinstance(value, Mapping) and "values" in value:
            held = "; ".join(f"{number} from {day}" for day, number in value["values"].items())
            yield f"  {name}: {held} ({value.get('unit', '')}; {value.get('cite', '')})"
        elif name not in {"title", "cite", "text", "not_checkable", "rules", "readings"}:
            yield f"  {name}: {value}"
    for key, reading in READINGS.items():
        if key.partition(".")[0] == table:
            others = ", ".join(str(each) for each in (reading.default, *reading.alternatives) if each != policy.reading(key))
            yield f"  read as {key}: {policy.reading(key)}" + (f" (or {others})" if others else "") + f", {reading.about}"


def _unwatched(policy: Policy) -> Iterator[str]:
    """What no machine watches: rules that no clause lists, and clauses without a rule."""
    unlisted = [name for name in every_rule() if name not in policy.cites]
    silent = [clause for clause in policy.clauses.values() if not clause.rules]
    lines = [f"  {clause.cite}  {clause.title}: {clause.not_checkable or 'the policy does not say why'}" for clause in silent]
    if lines:
        yield "\n".join([*_title("Clauses that no machine watches"), *lines])
    if unlisted:
        yield "\n".join([*_title("Rules that are not judged, since no clause lists them"), *textwrap.wrap(", ".join(unlisted), WIDTH)])


def _entry(rule: Rule, cite: str) -> str:
    severity = rule.severity if isinstance(rule.severity, str) else " or ".join(rule.severities)
    lines = [
        f"{rule.name}" + (f" ({cite})" if cite else "") + f" · {severity}",
        *(f"  {line}" if line else "" for line in inspect.cleandoc(rule.words).splitlines()),
    ]
    lines += [f"  {what}: {', '.join(names)}." for what, names in _told(rule).items() if names]
    return "\n".join(lines)


def _told(rule: Rule) -> dict[str, list[str]]:
    return {
        "Exempt": [name.replace("uncleared_", "").replace("_", " ").replace("10b5 1", "under Rule 10b5-1") for name in rule.exempt],
        "Undecided without the tables": list(rule.needs),
        "Never flagged without the tables": list(rule.flag_needs),
        "Never clear without the tables": list(rule.clear_needs),
    }
