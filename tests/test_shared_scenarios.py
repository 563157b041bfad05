"""The scenarios that the company's compliance officer signed, through the stages of the nightly run."""

import os
from functools import cache
from pathlib import Path

import pytest

from tests.worlds import ROOT, Ending, Scenario, problems, run_scenario, run_together, scenarios_of

FOLDER = Path(os.environ.get("HINDSIGHT_SCENARIOS", ROOT.parent / "shared/scenarios"))
EVERY = scenarios_of(FOLDER) if FOLDER.is_dir() else []
TOGETHER = [each for each in EVERY if not each.is_alone]
ALONE = [each for each in EVERY if each.is_alone and "expect_exit" not in each.said]
pytestmark = pytest.mark.skipif(not EVERY, reason="the scenarios are not beside the repository")


@cache
def together() -> Ending:
    return Ending([run_together(TOGETHER)])


@pytest.mark.parametrize("scenario", TOGETHER, ids=lambda each: each.name)
def test_scenario(scenario: Scenario) -> None:
    night = together().last
    assert not night.remarks or all(kind != "rule_error" for kind, *_ in night.remarks), night.remarks
    assert problems(scenario, night, scenario.said.get("expect", []), scenario.prefix) == []
    _check_spots(scenario, night.blind_spots.rows(), scenario.prefix)


@pytest.mark.parametrize("scenario", ALONE, ids=lambda each: each.name)
def test_scenario_of_its_own(scenario: Scenario) -> None:
    ending = run_scenario(scenario)
    nights = scenario.said.get("nights") or [scenario.said]
    for night, said in zip(ending.nights, nights, strict=True):
        assert problems(scenario, night, said.get("expect", [])) == []
    _check_spots(scenario, ending.last.blind_spots.rows(), "")
    _check_tables(scenario, ending)


def _check_spots(scenario: Scenario, spots: list[tuple], prefix: str) -> None:
    def told(wanted: dict) -> bool:
        words = [f"{prefix}{word}" for word in wanted["mentions"]]
        return any(kind == wanted["kind"] and any(word in f"{where} {what}" for word in words) for kind, where, what, _ in spots)

    assert all(told(wanted) for wanted in scenario.said.get("expect_blind_spots", []))
    assert not any(told(wanted) for wanted in scenario.said.get("expect_no_blind_spots", []))


def _check_tables(scenario: Scenario, ending: Ending) -> None:
    from transforms.outputs import windows_table

    night = ending.last
    windows = windows_table(night.derived["windows"], night.derived["reclosures"], night.policy, night.as_of).to_dicts()
    for wanted in scenario.said.get("expect_windows", []):
        assert any(all(str(row[key]) == str(value) for key, value in wanted.items()) for row in windows), wanted
    for wanted in scenario.said.get("expect_verdicts", []):
        assert night.judgements[wanted["rule"]].counts[wanted["outcome"]] > 0
    for wanted in scenario.said.get("expect_quarantine", []):
        assert any(wanted["file"] in file and line == wanted["line"] for file, line in night.loaded.refused.select("file", "line").rows())
