"""Findings that a waiver hides from those who decide, each with the waiver."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.cases import waived
from transforms.reports.cases import Finding, Teller, standing
from transforms.reports.people import People


@dataclass(frozen=True)
class Waived:
    """A finding with the waiver that hides it."""

    person: str
    finding: Finding
    given_by: str
    given_on: date
    from_on: date
    until_on: date
    reason: str


def waived_findings(findings: pl.DataFrame, waivers: pl.DataFrame, barred: pl.DataFrame, teller: Teller, people: People) -> list[Waived]:
    """One a standing finding that a waiver hides, by person."""
    hidden = waived(standing(findings), waivers, barred)
    held = {row["waiver_id"]: row for row in waivers.iter_rows(named=True)}
    told = [
        Waived(
            people.called(row["person_id"]), teller.finding(row), people.called(held[row["waiver_id"]]["given_by"]), held[row["waiver_id"]]["given_at"].date(),
            held[row["waiver_id"]]["from_on"], held[row["waiver_id"]]["until_on"], held[row["waiver_id"]]["reason"],
        )
        for row in hidden.iter_rows(named=True)
    ]  # fmt: skip
    return sorted(told, key=lambda each: (each.person.casefold(), each.finding.finding_id))
