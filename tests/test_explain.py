"""What counsel reads of one finding: of each rule something, only facts, with dates counted and clearances considered."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from flows.explain import explanation
from flows.night import Asked, run_night
from flows.store import Store
from rules import every_rule
from tests import test_planted
from tests.planted.comparison import judged_night
from tests.planted.generate import planted_book
from tests.runner import Lenient, deadly
from tests.test_sample import SAMPLE
from transforms.contested import OTHERWISE
from transforms.reports.explaining import sections

CONCLUDES = ("violat", "breach", "illegal", "unlawful", "guilt", "culprit", "offence", "offender", "infring", "misconduct")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    run_night(Asked(SAMPLE, date(2025, 2, 28), folder / "s.duckdb", folder / "out", SAMPLE / "policy.toml"), deadly(""), Lenient)
    return folder / "s.duckdb"


def told(store: Path, finding: str) -> str:
    with Store(store, read_only=True) as opened:
        text, found = explanation(opened, finding)
    assert found, text
    return text


def test_a_restated_window_is_counted_day_by_day(store: Path) -> None:
    text = told(store, "window_closed/nwosu/ofx:4417-90021:24090501")
    for line in (
        "Tue 2024-08-06  final results announced (A-2024Q2) at 16:10:00 New York: the day itself does not count",
        "Wed 2024-08-07  full trading day 1", "Thu 2024-08-08  full trading day 2", "Fri 2024-08-09  the window opens",
        "Wed 2024-09-04  restated or corrected (A-2024Q2R): the window is closed again and reopens on Fri 2024-09-06",
        "Thu 2024-09-05  the trade", "Mon 2024-09-30  the last day of the window", "window.restated read as first governs: it would be no finding",
        "announcements.csv, line 4: announcements A-2024Q2, final", "Amara Nwosu (nwosu)",
    ):  # fmt: skip
        assert line in text, line


def test_a_lapsed_clearance_says_which_days_it_had(store: Path) -> None:
    text = told(store, "clearance_stale/quispe/XXXX-7720|11-21-2024|Sell|BRNDL|150|$23.11#1")
    assert "received Mon 2024-11-18 11:00:00; counts Tue 2024-11-19 (1), Wed 2024-11-20 (2), last day Wed 2024-11-20" in text
    assert "the trade came after its last day" in text


def test_a_clearance_too_far_off_in_time_is_not_told_as_considered(store: Path) -> None:
    """C-nwosu-240605 was received on 2024-06-04, fourteen sessions after the trade of 2024-05-14."""
    text = told(store, "clearance_after_trade/nwosu/ofx:4417-90021:24051401")
    assert "C-nwosu-240514: sell of BRNDL" in text
    assert "C-nwosu-240605" not in text


def test_a_late_form_counts_business_days(store: Path) -> None:
    text = told(store, "form4_late/fairweather/T-24121001")
    for line in ("Wed 2024-12-11  SEC business day 1", "Thu 2024-12-12  SEC business day 2", "Thu 2024-12-12  Form 4 due, until 22:00:00 New York"):
        assert line in text, line


def test_findings_of_the_sample_are_explained_with_facts_alone(store: Path) -> None:
    with Store(store, read_only=True) as opened:
        findings = [row[0] for row in opened.findings_before(date(2025, 3, 1)).select("finding_id").rows()]
    assert len(findings) > 30
    for finding in findings[::6]:
        text = told(store, finding).lower()
        assert "where each fact came from" in text, finding
        assert not [word for word in CONCLUDES if word in text], finding


@cache
def planted() -> tuple:
    night = judged_night(planted_book(test_planted.TRADES, test_planted.SEED))
    return night.facts, {name: each.findings for name, each in night.judgements.items()}


@pytest.mark.parametrize("rule", sorted(every_rule()))
def test_a_finding_of_each_rule_is_explained(rule: str) -> None:
    facts, findings = planted()
    for found in findings[rule].unique("outcome", maintain_order=True).iter_rows(named=True):
        parts = dict(sections(found, every_rule()[rule], facts, pl.DataFrame(schema=OTHERWISE)))
        assert parts["Where each fact came from"], found["finding_id"]
        assert parts.get("Readings asked for on the way") or rule.startswith("attestation")
        said = " ".join([found["because"], *(line for lines in parts.values() for line in lines)])
        assert "None" not in said.replace("None: no clearance", ""), said
        assert not [word for word in CONCLUDES if word in said.lower()], said
