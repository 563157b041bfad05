"""A draft policy beside the one in force, over the sample: what it adds, drops and changes, and how it says so."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from flows.resources import text
from flows.stages import Night, derive, judge_all, load_folder, policy_from
from tests.test_sample import SAMPLE
from transforms.comparing import changes, differences, tally
from transforms.policy import read_policy
from transforms.reports.comparison import Side, comparison, in_words
from transforms.reports.people import People

POLICY = (SAMPLE / "policy.toml").read_text(encoding="utf-8")
DRAFTS = {
    "three days": ("look_back = {", 'full_trading_days = { values = { 2020-01-01 = 3 }, unit = "full trading days", cite = "VI.B.4" }\nlook_back = {'),
    "early close": (
        "missing_announcement_after = {",
        'closes_before = { values = { 2020-01-01 = 14 }, unit = "calendar days", cite = "VI.A" }\nmissing_announcement_after = {',
    ),
    "directors": ('readings = { scope = "v_e" }', 'readings = { scope = "directors" }'),
}


@pytest.fixture(scope="module")
def night() -> Night:
    """Loaded, derived and judged; nothing here is about what is contested."""
    night = load_folder(SAMPLE, policy_from(SAMPLE / "policy.toml"), date(2025, 2, 28))
    derive(night)
    judge_all(night)
    return night


def draft(name: str) -> str:
    old, new = DRAFTS[name]
    assert old in POLICY
    return POLICY.replace(old, new, 1)


def drafted(night: Night, said: str) -> Night:
    other = Night(night.as_of, read_policy(said, text("policy_defaults.toml")), night.loaded)
    derive(other)
    judge_all(other)
    other.findings = other.found
    return other


def found(night: Night, said: str) -> pl.DataFrame:
    return changes(night.found, drafted(night, said).findings)


def test_the_same_policy_changes_nothing(night: Night) -> None:
    assert found(night, POLICY).is_empty()


def test_a_clearance_of_three_days_drops_the_one_that_was_a_day_late(night: Night) -> None:
    """Received on Mon 2024-11-18, the second full day was Wed 20 and the third Thu 21, the day of the trade."""
    assert found(night, draft("three days")).select("change", "rule", "person_id").rows() == [("dropped", "clearance_stale", "quispe")]


def test_margin_for_directors_only_drops_the_officer_s_account(night: Night) -> None:
    assert found(night, draft("directors")).select("change", "finding_id").rows() == [("dropped", "margin_holding/nwosu/nwosu_margin")]


def test_an_early_close_adds_every_trade_of_the_last_fortnight(night: Night) -> None:
    told = found(night, draft("early close"))
    added = told.filter((pl.col("change") == "added") & (pl.col("rule") == "window_closed"))
    ends = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    last_fortnight = pl.any_horizontal([pl.col("traded_on").is_between(end - timedelta(days=13), end) for end in ends])
    inside = night.facts["window_trades"].filter(
        last_fortnight & pl.col("is_inside") & pl.col("is_company_security") & pl.col("is_on_market") & pl.col("is_bound") & pl.col("side").is_in(["buy", "sell"])
    )  # fmt: skip
    planned = inside.filter(~pl.col("exempt_plan_10b5_1") & ~pl.col("exempt_issuer_dealing"))
    assert set(added["subject"]) == set(planned["root_id"])
    assert len(added) > 10
    assert told.filter(pl.col("change") == "dropped").is_empty()


def test_a_changed_finding_says_what_was(night: Night) -> None:
    """Trades before the results of a quarter are still outside; the window before them ended sooner."""
    sides = Side("now", night.policy, night.found), Side("draft", night.policy, drafted(night, draft("early close")).findings)
    said = in_words(*sides, People(night.facts["people"], night.facts["roles"]))
    assert "closes on was Tue 2024-12-31" in said
    assert said.splitlines()[0] == "The draft adds 33 findings, drops 0 and changes 4."


def test_counts_by_rule_and_person_add_up(night: Night) -> None:
    told = found(night, draft("early close"))
    for by in ("rule", "person_id"):
        assert tally(told, by)["total"].sum() == len(told)


def test_the_difference_of_two_policies_is_told_place_by_place(night: Night) -> None:
    other = read_policy(draft("directors"), text("policy_defaults.toml"))
    assert differences(night.policy.tables, other.tables) == [("clause.margin.readings.scope", "v_e", "directors")]


def test_the_page_escapes_what_it_prints(night: Night) -> None:
    hostile = night.found.head(1).with_columns(because=pl.lit("<script>x</script>"))
    page = comparison(
        night.as_of, Side("<b>", night.policy, hostile.clear()), Side("d", night.policy, hostile), People(night.facts["people"], night.facts["roles"]), "0"
    )
    assert "<script>" not in page
    assert "&lt;b&gt;" in page
    assert "&lt;script&gt;" in page


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flows", "compare", "--data", str(SAMPLE), "--as-of", "2025-02-28", "--policy", str(tmp_path / "draft.toml")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert told.stderr == f"hindsight: {tmp_path}/draft.toml: no such file, expected the draft. Give its path with --policy.\n"
