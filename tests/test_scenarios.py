"""The repository's own scenarios, a file a rule or fact, through the stages of the nightly run."""

import os
from functools import cache

import polars as pl
import pytest

from flows.stages import Night
from tests.worlds import ROOT, Scenario, blind, problems, run_scenario, run_together, scenarios_of

EVERY = scenarios_of(ROOT / "tests/scenarios")
TOGETHER = [each for each in EVERY if not each.is_alone]
CONTESTED = ROOT / "tests/golden/contested.txt"
ALONE = [each for each in EVERY if each.is_alone]


@cache
def together() -> Night:
    return run_together(TOGETHER)


@pytest.mark.parametrize("scenario", TOGETHER, ids=lambda each: each.name)
def test_scenario(scenario: Scenario) -> None:
    assert problems(scenario, together(), scenario.said.get("expect", []), scenario.prefix) == []
    assert blind(scenario, together(), scenario.prefix) == []


@pytest.mark.parametrize("scenario", ALONE, ids=lambda each: each.name)
def test_scenario_of_its_own(scenario: Scenario) -> None:
    ending = run_scenario(scenario)
    for night, said in zip(ending.nights, scenario.said.get("nights") or [scenario.said], strict=True):
        assert problems(scenario, night, said.get("expect", [])) == []
    assert blind(scenario, ending.last) == []
    for wanted in scenario.said.get("expect_verdicts", []):
        assert ending.last.judgements[wanted["rule"]].counts[wanted["outcome"]] > 0


def test_what_is_contested_is_that_of_the_golden_file() -> None:
    """HINDSIGHT_WRITE_GOLDEN=1 writes the golden file anew; read the difference before you keep it."""
    ids = {scenario.prefix: scenario.said.get("id", scenario.name) for scenario in TOGETHER}
    rows = together().findings.filter(pl.col("contested").is_not_null()).select("finding_id", "contested", pl.col("person_id").str.head(4)).rows()
    told = "".join(sorted(f"{ids[prefix]}: {finding.replace(prefix, '')}: {keys}\n" for finding, keys, prefix in rows))
    if os.environ.get("HINDSIGHT_WRITE_GOLDEN"):
        CONTESTED.write_text(told, encoding="utf-8")
    assert told == CONTESTED.read_text(encoding="utf-8")


def test_every_scenario_has_a_sentence_and_a_reason() -> None:
    for scenario in EVERY:
        assert scenario.said["name"].endswith("."), scenario.name
        assert scenario.said.get("why"), scenario.name
