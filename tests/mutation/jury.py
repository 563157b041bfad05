"""Whether a test notices a mutant: every scenario of the repository, the sample to the last cell, the removal of tables."""

from dataclasses import dataclass, field
from functools import cache

import polars as pl

from flows.stages import Night, judged_rules
from rules import JUDGED, Judgement, Rule, apply, every_rule
from tests import test_planted, test_removal
from tests.mutation.mutants import Mutant, in_place
from tests.planted.comparison import judged_night
from tests.planted.generate import planted_book
from tests.test_sample import sample_night
from tests.worlds import ROOT, Scenario, problems, run_scenario, run_together, scenarios_of
from transforms.contested import Judged, contested, other_readings
from transforms.facts import Derivation

OUTPUTS = ("windows", "reclosures", "short_swings")
"""Facts that go out as they are, beside the blind spots."""
Judgements = dict[str, Judgement]


@dataclass
class World:
    """A night known to be right: by its scenarios, or by golden files of some columns of its findings and of all verdicts."""

    name: str
    night: Night
    scenarios: list[Scenario] = field(default_factory=list)
    expected: list[list[dict]] = field(default_factory=list)
    contested: dict[str, str] = field(default_factory=dict)
    golden: tuple[str, ...] = ()


@cache
def worlds() -> list[World]:
    """Every world; the one that tells most comes first."""
    every = scenarios_of(ROOT / "tests/scenarios")
    shared, alone = [each for each in every if not each.is_alone], [each for each in every if each.is_alone]
    found = [
        World("scenarios", run_together(shared), golden=("finding_id", "outcome", "severity", "trader_id", "evidence")),
        World("sample", sample_night(), golden=tuple(JUDGED)),
        World("planted", judged_night(planted_book(test_planted.TRADES, test_planted.SEED)), golden=("finding_id", "outcome")),
    ]
    for each in alone:
        each.prefix = ""
        said = each.said.get("nights") or [each.said]
        found += [World(each.name, night, [each], [one.get("expect", [])]) for night, one in zip(run_scenario(each).nights, said, strict=True)]
    for world in found:
        if world.name == "planted":
            continue
        world.contested = dict(world.night.findings.select("finding_id", pl.col("contested").fill_null("")).rows())
    return found


def notices(mutant: Mutant) -> str:
    """What notices a mutant; empty where nothing does."""
    try:
        with in_place(mutant) as (facts, rules):
            return next((world.name for world in worlds() if _differs(world, facts, rules)), "") or _slower(facts, rules)
    except Exception as error:  # noqa: BLE001 - a mutant may raise anything
        return f"raised {type(error).__name__}"


def _slower(facts: set[str], rules: set[str]) -> str:
    if any(_contests(world, facts, rules) for world in worlds()[:2]):
        return "contested readings"
    return "removal of tables" if _clears(facts, rules) else ""


@cache
def removed() -> list[Derivation]:
    """The book of all scenarios without each table in turn, its facts derived."""
    found = [test_removal.derivation(frozenset({table})) for table in test_removal.OPTIONAL]
    for derived in found:
        test_removal.judged(derived)
    return found


def _clears(facts: set[str], rules: set[str]) -> bool:
    """Whether a table taken away now decides something."""
    book = test_removal.whole()
    touched = {name for name, rule in every_rule().items() if name in rules or rule.over in facts}
    first = test_removal.judged(_less(book, facts), touched)
    gone = (test_removal.judged(_less(derived, facts), touched) for derived in removed())
    return any(len(test_removal.turned(each, first).filter(~test_removal.allowed())) for each in gone)


def _less(derived: Derivation, facts: set[str]) -> Derivation:
    return Derivation(**{name: value for name, value in derived.known.items() if name not in facts})


def _again(world: World, facts: set[str], rules: set[str]) -> tuple[Derivation, Judgements]:
    """The world's facts and judgements with the mutant in place; what it can't touch is kept."""
    known = world.night.facts
    derived = Derivation(**{name: value for name, value in known.known.items() if name not in facts})
    derived.asked = {name: asked for name, asked in known.asked.items() if name not in facts}
    touched = {name: rule for name, rule in judged_rules(known["policy"]).items() if name in rules or rule.over in facts}
    anew = {name: apply(rule, derived[rule.over], known["policy"], known["as_of"], known["missing"]) for name, rule in touched.items()}
    return derived, anew


def _differs(world: World, facts: set[str], rules: set[str]) -> bool:
    derived, anew = _again(world, facts, rules)
    before = world.night.judgements
    if world.golden:
        spots = world.name != "planted" and "blind_spots" in facts and not derived["blind_spots"].equals(world.night.facts["blind_spots"])
        outputs = world.name == "sample" and any(not derived[name].equals(world.night.facts[name]) for name in OUTPUTS if name in facts)
        return spots or outputs or any(_moved(each, before[name], world.golden) for name, each in anew.items())
    moved = {name: each for name, each in anew.items() if not each.findings.equals(before[name].findings)}
    counts = {name: (anew.get(name) or each).counts for name, each in before.items()}
    wanted = [each for scenario in world.scenarios for each in scenario.said.get("expect_verdicts", [])]
    return _contradicts(world, moved) or any(counts[each["rule"]][each["outcome"]] == 0 for each in wanted)


def _moved(now: Judgement, before: Judgement, columns: tuple[str, ...]) -> bool:
    return now.counts != before.counts or not now.findings.select(columns).equals(before.findings.select(columns))


def _contradicts(world: World, moved: Judgements) -> bool:
    """Whether a scenario now finds something missing or extra among the findings that moved."""
    if not moved:
        return False
    told = pl.concat([each.findings for each in moved.values()]).with_columns(state=pl.lit("new"))
    night = Night(world.night.as_of, world.night.policy, world.night.loaded, findings=_with_contested(told, world.contested))
    for scenario, expected in zip(world.scenarios, world.expected, strict=True):
        mine = Night(night.as_of, night.policy, night.loaded, findings=night.findings.filter(pl.col("person_id").str.starts_with(scenario.prefix)))
        if problems(scenario, mine, [each for each in expected if each["rule"] in moved], scenario.prefix):
            return True
    return False


def _with_contested(findings: pl.DataFrame, contested: dict[str, str]) -> pl.DataFrame:
    return findings.with_columns(contested=pl.col("finding_id").replace_strict(contested, default="", return_dtype=pl.String))


def _contests(world: World, facts: set[str], rules: set[str]) -> bool:
    """Whether the readings that contest a finding are others than before."""
    derived, anew = _again(world, facts, rules)
    if not any(len(each.findings) for each in anew.values()):
        return False
    known = every_rule()

    def rejudge(key: str, value: str | int) -> dict[str, Judged]:
        if derived["policy"].reading(key) == value:
            return {}
        other = derived.what_if(key, value)
        moved = [known[name] for name in anew if other.differs(known[name].over) or name in rules]

        def judged(rule: Rule) -> Judged:
            return lambda worded: apply(rule, other[rule.over], other.policy, derived["as_of"], derived["missing"], worded=worded).findings

        return {rule.name: judged(rule) for rule in moved}

    findings = pl.concat([each.findings for each in anew.values()])
    told = contested(findings, other_readings(findings, rejudge))
    return any(world.contested.get(finding, "") != keys for finding, keys in told.select("finding_id", pl.col("contested").fill_null("")).rows())
