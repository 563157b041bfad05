"""What a draft policy would change: one HTML file that opens offline."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from transforms.comparing import MOVED, ORDER, changes, differences, tally
from transforms.policy import Policy
from transforms.reports.pages import page
from transforms.reports.people import People
from transforms.reports.words import label, plain, plural, told

MEANING = {
    "added": "Findings of the draft that the policy in force does not make.",
    "dropped": "Findings of the policy in force that the draft does not make.",
    "changed": "Findings of both, with another outcome, severity or evidence.",
}


@dataclass(frozen=True)
class Side:
    """A policy by its name, with what it finds."""

    name: str
    policy: Policy
    findings: pl.DataFrame


def comparison(as_of: date, now: Side, draft: Side, people: People, program: str) -> str:
    """The page as HTML; the same material gives the same bytes."""
    found = changes(now.findings, draft.findings)
    groups = [
        (change, MEANING[change], [{**row, "what": what(row)} for row in found.filter(pl.col("change") == change).iter_rows(named=True)]) for change in ORDER
    ]
    policy = draft.policy
    return page("comparison.html").render(
        issuer=policy.issuer_name, as_of=as_of, now=now, draft=draft, headline=headline(found), people=people,
        by_rule=tally(found, "rule").to_dicts(), by_person=tally(found, "person_id").to_dicts(), groups=groups, program=program,
        differences=differences(now.policy.tables, policy.tables), kept=len(draft.findings.join(found, on="finding_id", how="anti")),
    )  # fmt: skip


def what(row: Mapping[str, Any]) -> str:
    """What is another in a changed finding: `severity was high; opens on was Wed 2024-11-06`."""
    if row["change"] != "changed":
        return ""
    said = [f"{plain(name)} was {row[f'{name}_before'] or 'none'}" for name in MOVED if name != "evidence" and row[name] != row[f"{name}_before"]]
    before, after = (json.loads(row[name], parse_float=Decimal) for name in ("evidence_before", "evidence"))
    return "; ".join(said + [f"{label(key)} was {told(key, before.get(key))}" for key in sorted({*before, *after}) if before.get(key) != after.get(key)])


def headline(found: pl.DataFrame) -> str:
    """The change in a sentence."""
    counts = [found.filter(pl.col("change") == change).height for change in ORDER]
    if not any(counts):
        return "The draft changes no finding."
    return f"The draft adds {plural(counts[0], 'finding')}, drops {counts[1]:,} and changes {counts[2]:,}."


def in_words(now: Side, draft: Side, people: People) -> str:
    """The change as plain text: the headline, counts by rule and person, then each finding with its sentence."""
    found = changes(now.findings, draft.findings)
    lines = [headline(found)]
    for heading, by in (("By rule", "rule"), ("By person", "person_id")):
        rows: list[dict[str, Any]] = tally(found, by).to_dicts()
        lines += ["", f"{heading:<32}{'added':>8}{'dropped':>9}{'changed':>9}"] if rows else []
        lines += [f"  {row[by] or 'nobody':<30}{row['added']:>8}{row['dropped']:>9}{row['changed']:>9}" for row in rows]
    for change in ORDER:
        rows = found.filter(pl.col("change") == change).to_dicts()
        lines += ["", change.capitalize()] if rows else []
        for row in rows:
            lines += [f"  {row['finding_id']} ({row['severity']}, {row['outcome']})", f"    {people.name(row['person_id'])}: {row['because']}"]
            lines += [f"    {what(row)}"] if what(row) else []
    return "\n".join(lines)
