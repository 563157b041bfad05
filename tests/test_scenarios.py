"""The repository's own scenarios, a file a rule or fact, through the stages of the nightly run."""

import os
from functools import cache

import polars as pl
import pytest

from flows.stages import Night
from tests.test_section_16 import untold
from tests.worlds import ROOT, Scenario, blind, miscounted, problems, run_scenario, run_together, scenarios_of

EVERY = scenarios_of(ROOT / "tests/scenarios")
TOGETHER = [each for each in EVERY if not each.is_alone]
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
    assert miscounted(scenario, {name: each.counts for name, each in ending.last.judgements.items()}) == []


def told(night: Night) -> dict[str, str]:
    """Everything that the shared run finds, counts and can't see, a line each, with the scenarios' own ids."""
    ids = {scenario.prefix: scenario.said.get("id", scenario.name) for scenario in TOGETHER}

    def own(text: str, prefix: str) -> str:
        return f"{ids.get(prefix, '')} {text.replace(prefix, '')}"

    columns = ["finding_id", "outcome", "severity", "trader_id", "contested", "evidence"]
    findings = night.findings.with_columns(pl.col(columns).fill_null("")).select(columns).rows()
    spots = night.blind_spots.select("kind", "where", "what").rows()
    return {
        "findings": "".join(sorted(own(" | ".join(row), row[0].partition("/")[2][:4]) + "\n" for row in findings)),
        "verdicts": "".join(f"{rule} {outcome} {rows}\n" for rule, outcome, rows in night.verdicts.rows()),
        "blind_spots": "".join(sorted(own(" | ".join(row), row[1][:4]) + "\n" for row in spots)),
    }


@pytest.mark.parametrize("name", ["findings", "verdicts", "blind_spots"])
def test_the_shared_run_is_that_of_the_golden_file(name: str) -> None:
    """HINDSIGHT_WRITE_GOLDEN=1 writes the golden files anew; read the difference before you keep it."""
    said, golden = told(together())[name], ROOT / f"tests/golden/scenarios/{name}.txt"
    if os.environ.get("HINDSIGHT_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


def test_every_scenario_has_a_sentence_and_a_reason() -> None:
    for scenario in EVERY:
        assert scenario.said["name"].endswith("."), scenario.name
        assert scenario.said.get("why"), scenario.name


def test_every_leg_that_is_absent_is_told_by_a_finding_or_a_blind_spot() -> None:
    night = together()
    assert len(night.facts["four_ways"]) > 500
    assert untold(night) == []
