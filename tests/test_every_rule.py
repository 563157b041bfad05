"""Conformance: every rule, fact and source is held to the house, whoever adds it."""

import inspect
import re
from datetime import date
from functools import cache

import polars as pl
import pytest

from flows.resources import calendars, text
from rules import Rule, apply, every_rule
from tests.worlds import ROOT, SAMPLE_POLICY, Scenario, policy_text, scenarios_of
from transforms.facts import Derivation, every_fact
from transforms.policy import Policy, read_policy
from transforms.readings import READINGS
from transforms.sources import every_source
from transforms.tables import TABLES

RULES = every_rule()
CONCLUDING = re.compile(r"(?i)\b(violat|breach|illegal|unlawful|guilt|fraud|offen[cs]e|wrongdoing|improper|suspicious)")
SEVERITIES = {"critical", "high", "medium", "low", "info"}
NIGHT = date(2025, 2, 28)


def sample_policy() -> Policy:
    return read_policy(policy_text({}), text("policy_defaults.toml"))


@cache
def empty_world() -> Derivation:
    sessions, business_days = calendars()
    tables = {name: table.empty() for name, table in TABLES.items()}
    return Derivation(**tables, policy=sample_policy(), sessions=sessions, business_days=business_days, as_of=NIGHT, missing=frozenset())


@cache
def own_scenarios() -> list[Scenario]:
    return scenarios_of(ROOT / "tests/scenarios")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_has_its_words(rule: Rule) -> None:
    assert "What counts:" in rule.words
    assert "Not seen:" in rule.words
    assert "To review: 1." in rule.words
    sentences = [rule.because] if isinstance(rule.because, str) else list(rule.because.values())
    for said in [*sentences, rule.undecided, rule.words]:
        assert not CONCLUDING.search(said), said
    assert rule.severity in SEVERITIES if isinstance(rule.severity, str) else set(rule.severities) <= SEVERITIES and rule.severities


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_stands_in_a_file_of_its_name_and_in_the_policy(rule: Rule) -> None:
    assert inspect.getsourcefile(rule.judge) == str(ROOT / "rules" / f"{rule.name}.py")
    assert rule.name in sample_policy().cites
    assert rule.over in every_fact()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_has_a_scenario_that_fires_and_one_that_does_not(rule: Rule) -> None:
    """A scenario's list is complete, so that rows beyond the findings it expects are rows on which the rule does not fire."""
    said = f"write {rule.name}.yaml"
    mine = [each for each in own_scenarios() if each.family["stem"] == rule.name]
    nights = [night for each in mine for night in each.said.get("nights", [each.said])]
    fired = [sum(wanted["rule"] == rule.name for wanted in night.get("expect", [])) for night in nights]
    rows = [max((len(table) for table in (night.get("given") or {}).values()), default=0) for night in nights]
    assert any(fired), said
    assert any(count > found for count, found in zip(rows, fired, strict=True)) or 0 in fired, said


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_judges_an_empty_world(rule: Rule) -> None:
    world = empty_world()
    judged = apply(rule, world[rule.over], sample_policy(), NIGHT, frozenset())
    assert judged.findings.is_empty()
    assert sum(judged.counts.values()) == len(world[rule.over])


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_says_undecided_where_a_table_that_it_needs_is_missing(rule: Rule) -> None:
    assert set(rule.needs) <= set(TABLES)
    assert not rule.speaks_for_family or rule.needs


@pytest.mark.parametrize("name", every_fact())
def test_fact_is_named_after_its_file_and_says_its_grain(name: str) -> None:
    fact = every_fact()[name]
    assert inspect.getsourcefile(fact) == str(ROOT / "transforms/facts" / f"{name}.py")
    assert inspect.getdoc(fact)
    known = {*TABLES, *every_fact(), "policy", "sessions", "business_days", "as_of", "missing"}
    assert set(inspect.signature(fact).parameters) <= known
    assert isinstance(empty_world()[name], pl.DataFrame)


@pytest.mark.parametrize("name", every_source())
def test_source_has_a_golden_file(name: str) -> None:
    each = every_source()[name]
    assert each.meaning
    assert inspect.getsourcefile(each.read) == str(ROOT / "transforms/sources" / f"{name}.py")
    assert any((ROOT / "tests/golden" / name).iterdir()), f"write tests/golden/{name}/"


def test_no_two_sources_claim_the_same_golden_input() -> None:
    for path in (ROOT / "tests/golden").rglob("*"):
        if path.is_file() and not path.name.endswith((".golden", ".golden.csv", ".txt.golden")):
            head = path.read_bytes()[:4096]
            assert sum(source.recognises(head) for source in every_source().values()) <= 1, path


def test_every_reading_of_the_sample_policy_is_in_the_registry_with_its_default() -> None:
    policy = read_policy(SAMPLE_POLICY.read_text(encoding="utf-8"), text("policy_defaults.toml"))
    written = {}
    for table, body in [*policy.tables["clause"].items(), *policy.tables.items()]:
        if isinstance(body, dict):
            written |= {f"{table}.{name}": value for name, value in body.get("readings", {}).items()}
    assert written == {key: reading.default for key, reading in READINGS.items()}


def test_a_rule_is_one_file(tmp_path: object) -> None:
    """Nothing is registered by hand: no list of rules stands anywhere but in the policy."""
    for path in [*(ROOT / "flows").rglob("*.py"), *(ROOT / "transforms").rglob("*.py")]:
        names = [name for name in RULES if re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"))]
        assert len(names) <= 1 or path.name == "contested.py", (path, names)
