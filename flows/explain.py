"""Prints a finding, and the rule book. Imports neither the scheduler nor the validator, so that it answers at once."""

import inspect
import json
import textwrap
from pathlib import Path

from flows.resources import text
from flows.store import Store
from rules import Rule, every_rule
from transforms.policy import Clause, Policy, read_policy

WIDTH = 100


def explanation(store: Store, finding_id: str) -> tuple[str, bool]:
    """A finding as text, and whether there is one of that id."""
    found = store.finding(finding_id)
    if found is None:
        near = store.findings_like(finding_id)
        hint = f" Findings like it: {', '.join(near)}." if near else ""
        return f"hindsight: {finding_id}: no such finding in {store.path}, expected rule/person/subject.{hint}", False
    rule = every_rule().get(str(found["rule"]))
    policy = read_policy(store.policy_of(found["night"]), text("policy_defaults.toml"))  # type: ignore[arg-type]  # a date column
    parts = [_head(found), _clause_of(str(found["rule"]), policy), _evidence(found), _row(store, found), _words(rule)]
    return "\n\n".join(part for part in parts if part), True


def _head(found: dict[str, object]) -> str:
    lines = [
        f"{found['finding_id']}",
        f"{found['severity']} · {found['outcome']} · {found['state']}, first seen {found['first_seen_on']}, last seen {found['last_seen_on']}",
        f"Person {found['person_id']}" + (f", account of {found['trader_id']}" if found["trader_id"] else ""),
        "",
        *textwrap.wrap(str(found["because"]), WIDTH),
    ]
    if found["contested"]:
        lines += ["", "Another listed reading would change this: " + ", ".join(str(found["contested"]).split(";")) + "."]
    return "\n".join(lines)


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


def _words(rule: Rule | None) -> str:
    return rule.words if rule else ""


def rule_book(path: Path | None) -> str:
    """Every clause with its rules, parameters and readings; without a policy, every rule and its words."""
    if path is None:
        return "\n\n".join(_entry(rule, "") for rule in every_rule().values())
    policy = read_policy(path.read_text(encoding="utf-8"), text("policy_defaults.toml"), path.name)
    parts = [_chapter(clause, policy) for clause in policy.clauses.values()]
    unlisted = [name for name in every_rule() if name not in policy.cites]
    if unlisted:
        parts.append("Not judged, since no clause lists them: " + ", ".join(unlisted))
    return "\n\n".join(parts)


def _chapter(clause: Clause, policy: Policy) -> str:
    head = [f"{clause.cite}  {clause.title}", "=" * len(f"{clause.cite}  {clause.title}"), *textwrap.wrap(clause.text, WIDTH)]
    body = policy.tables["clause"][clause.name]
    for name, value in body.items():
        if isinstance(value, dict) and "values" in value:
            held = "; ".join(f"{number} from {day}" for day, number in value["values"].items())
            head.append(f"  {name}: {held} ({value.get('unit', '')}; {value.get('cite', '')})")
    head += [f"  read as {clause.name}.{name}: {value}" for name, value in body.get("readings", {}).items()]
    if clause.not_checkable:
        head.append(f"  not watched by machine: {clause.not_checkable}")
    known = every_rule()
    told = [_entry(known[name], cite) if name in known else f"{name} ({cite})\n  not judged by this version" for name, cite in clause.rules.items()]
    return "\n\n".join(["\n".join(head), *told])


def _entry(rule: Rule, cite: str) -> str:
    severity = rule.severity if isinstance(rule.severity, str) else " or ".join(rule.severities)
    lines = [
        f"{rule.name}" + (f" ({cite})" if cite else "") + f" · {severity}",
        *(f"  {line}" if line else "" for line in inspect.cleandoc(rule.words).splitlines()),
    ]
    if rule.exempt:
        lines.append("  Exempt: " + ", ".join(name.replace("uncleared_", "").replace("_", " ") for name in rule.exempt) + ".")
    return "\n".join(lines)
