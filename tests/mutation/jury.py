"""Whether a test notices a mutant: every scenario of the repository, the sample to the last cell, the removal of tables."""

from dataclasses import dataclass, field, replace
from functools import cache

import polars as pl

from flows.stages import Night, judged_rules
from rules import JUDGED, Judgement, Rule, apply, every_rule
from tests import test_planted, test_removal
from tests.mutation.mutants import Mutant, in_place
from tests.planted.comparison import judged_night
from tests.planted.generate import planted_book
from tests.test_sample import sample_night
from tests.worlds import ROOT, Scenario, blind, miscounted, problems, run_scenario, run_together, scenarios_of
from transforms.contested import Judged, contested, other_readings
from transforms.facts import Derivation, WhatIf, needs_of
from transforms.readings import READINGS

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
    others: dict[tuple[str, str | int], WhatIf] = field(default_factory=dict)


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


def notices(mutant: Mutant, *, is_quick: bool = False) -> str:
    """What notices a mutant; empty where nothing does. The quick jury leaves out other readings and tables taken away."""
    if not is_quick:
        removed()
        contesting()
    try:
        with in_place(mutant) as (facts, rules):
            noticed = next((world.name for world in worlds() if _differs(world, facts, rules)), "")
            return noticed or ("" if is_quick else _slower(facts, rules))
    except Exception as error:  # noqa: BLE001 - a mutant may raise anything
        return f"raised {type(error).__name__}"


def _slower(facts: set[str], rules: set[str]) -> str:
    if any(_contests(world, facts, rules) for world in contesting()):
        return "contested readings"
    return "removal of tables" if _clears(facts, rules) else ""


@cache
def contesting() -> list[World]:
    """The worlds that tell which readings contest a finding, every fact derived under each other reading."""
    found = worlds()[:2]
    for world in found:
        facts = world.night.facts
        for key, reading in READINGS.items():
            for value in (reading.default, *reading.alternatives):
                world.others[key, value] = facts.what_if(key, value)
                for rule in judged_rules(facts["policy"]).values():
                    world.others[key, value].differs(rule.over)
    return found


class Touched(WhatIf):
    """Another reading with a mutant in place: what the mutant can't touch is as it is without the mutant."""

    def __init__(self, base: Derivation, key: str, value: str | int, plain: WhatIf, facts: set[str]) -> None:
        super().__init__(base, key, value)
        self._plain, self._facts = plain, facts

    def _other(self, name: str) -> pl.DataFrame | None:
        if name in self._facts:
            return super()._other(name)
        return self._plain[name] if self._plain.differs(name) else None


@cache
def removed() -> list[tuple[Derivation, frozenset[str]]]:
    """The book of all scenarios less each table in turn, then less every second account; with what is there as it was before."""
    book, found = test_removal.whole(), []
    test_removal.judged(book)
    less = [test_removal.derivation(frozenset({table})) for table in test_removal.OPTIONAL]
    for derived in [*less, *(test_removal.derivation(accounts=test_removal.every_second(start)) for start in (0, 1))]:
        test_removal.judged(derived)
        found.append((derived, frozenset(name for name, value in derived.known.items() if name != "missing" and _equal(value, book[name]))))
    return found


def _equal(one: object, other: object) -> bool:
    return one.equals(other) if isinstance(one, pl.DataFrame) and isinstance(other, pl.DataFrame) else one is other


class Removed(Derivation):
    """A book less something with a mutant in place: what neither the mutant nor the loss touches is taken as it is."""

    def __init__(self, plain: Derivation, same: frozenset[str], whole: Derivation, facts: set[str]) -> None:
        super().__init__(**{name: value for name, value in plain.known.items() if name not in facts})
        self._whole, self._same = whole, set(same - facts)

    def is_same(self, name: str) -> bool:
        """Whether a thing is what it is without the loss."""
        _ = self[name]
        return name in self._same

    def _computed(self, name: str) -> pl.DataFrame:
        is_same = all(self.is_same(need) for need in needs_of(name))
        made = self._whole[name] if is_same else super()._computed(name)
        if is_same or made.equals(self._whole[name]):
            self._same.add(name)
        return made


def _clears(facts: set[str], rules: set[str]) -> bool:
    """Whether a table or an account taken away now decides something."""
    book = _less(test_removal.whole(), facts)
    touched = {name: rule for name, rule in every_rule().items() if name in rules or rule.over in facts}
    first = test_removal.judged(book, set(touched))
    for plain, same in removed():
        derived = Removed(plain, same, book, facts)
        gone = plain["missing"] - book["missing"]
        moved = {name for name, rule in touched.items() if not derived.is_same(rule.over) or gone & {*rule.needs, *rule.flag_needs, *rule.clear_needs}}
        if len(test_removal.turned(test_removal.judged(derived, moved), first).filter(~test_removal.allowed())):
            return True
    return False


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
    return _contradicts(world, moved) or any(miscounted(each, counts) for each in world.scenarios) or ("blind_spots" in facts and _sees(world, derived))


def _sees(world: World, derived: Derivation) -> bool:
    """Whether a scenario now finds a blind spot missing or extra."""
    kept = world.night.blind_spots.join(world.night.facts["blind_spots"], on=world.night.blind_spots.columns, how="anti")
    night = replace(world.night, blind_spots=pl.concat([kept, derived["blind_spots"]]))
    return any(blind(each, night, each.prefix) for each in world.scenarios)


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
        other = Touched(derived, key, value, world.others[key, value], facts)
        moved = [known[name] for name in anew if other.differs(known[name].over) or name in rules]

        def judged(rule: Rule) -> Judged:
            return lambda worded: apply(rule, other[rule.over], other.policy, derived["as_of"], derived["missing"], worded=worded).findings

        return {rule.name: judged(rule) for rule in moved}

    findings = pl.concat([each.findings for each in anew.values()])
    told = contested(findings, other_readings(findings, rejudge))
    return any(world.contested.get(finding, "") != keys for finding, keys in told.select("finding_id", pl.col("contested").fill_null("")).rows())
