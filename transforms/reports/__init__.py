"""The exception report: one HTML file that opens offline."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from transforms.cases import BARRED, WAIVERS
from transforms.contested import OTHERWISE
from transforms.late_filers import LATE_FILERS
from transforms.policy import Policy
from transforms.reports import sight
from transforms.reports.cases import Teller, case_list, standing
from transforms.reports.close import CLOSE, close
from transforms.reports.pages import page
from transforms.reports.people import People
from transforms.reports.rule_book import COUNTED, rule_book
from transforms.reports.section_16 import section_16
from transforms.reports.summary import summary, unseen
from transforms.reports.swings import swings
from transforms.reports.timelines import timelines
from transforms.reports.waived import waived_findings


@dataclass(frozen=True)
class Material:
    """All that a report tells of."""

    as_of: date
    policy: Policy
    findings: pl.DataFrame
    cases: pl.DataFrame
    verdicts: pl.DataFrame
    blind_spots: pl.DataFrame
    quarantine: pl.DataFrame
    rules: dict[str, Any]
    facts: Any
    counts: dict[str, dict[str, int]]
    program: str
    calendar: str
    otherwise: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OTHERWISE))
    near: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CLOSE))
    late: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LATE_FILERS))
    waivers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WAIVERS))
    barred: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BARRED))


def render(material: Material) -> str:
    """The report as one HTML text; the same material gives the same bytes."""
    facts, policy, findings = material.facts, material.policy, material.findings.sort("finding_id")
    people = People(facts["people"], facts["roles"])
    teller = Teller(policy, material.rules, people, material.otherwise)
    stands = case_list(standing(findings), material.cases, facts["executions"], teller, people)
    gone = [(people.called(row["person_id"]), teller.finding(row)) for row in findings.filter(pl.col("state") == "withdrawn").iter_rows(named=True)]
    book = rule_book(policy, material.rules, material.verdicts, material.as_of)
    view = sight.sight(material.blind_spots, material.quarantine, material.counts)
    first = summary(material.as_of, findings, stands, book)
    pictures = timelines(stands, facts, policy.issuer_id, people, material.as_of)
    return page("report.html").render(
        issuer=policy.issuer_name, issuer_id=policy.issuer_id, program=material.program, calendar=material.calendar,
        page=first, unseen=unseen(first.sums, view), cases=stands, withdrawn=gone, waived=waived_findings(findings, material.waivers, material.barred, teller, people), timelines=pictures, pictured={each.person_id: each.anchor for each in pictures},
        swings=swings(stands, facts, people, material.as_of), book=book, sight=view, close=close(material.otherwise, material.near, people),
        section=section_16(facts, material.late, {case.case_id: case.anchor for case in stands}, people), outcomes=COUNTED, as_of=material.as_of,
    )  # fmt: skip
