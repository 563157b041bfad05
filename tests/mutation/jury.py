"""Whether a test notices a mutant: every scenario of the repository, the sample to the last cell, the removal of tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

import polars as pl

from flows.stages import Night, judged_rules
from rules import JUDGED, Judgement, Rule, apply
from tests import test_planted, test_removal, test_section_16, test_short_swings
from tests.mutation.mutants import Mutant, in_place
from tests.planted.comparison import judged_night
from tests.planted.generate import planted_book
from tests.test_sample import sample_night
from tests.worlds import ROOT, Scenario, blind, miscounted, problems, run_scenario, run_together, scenarios_of
from transforms.contested import Judged, contested, other_readings
from transforms.facts import Derivation, WhatIf, needs_of
from transforms.policy import Policy
from transforms.readings import READINGS
from transforms.tables import TABLES

OUTPUTS = ("windows", "reclosures", "short_swings", "four_ways", "swing_outlook", "due_next")
"""Facts that go out as they are, beside the blind spots; golden files of the sample hold them."""
OWN_TESTS: dict[str, tuple[Callable[[], None], ...]] = {
    "short_swings": (
        test_short_swings.test_the_amount_of_a_small_book_is_that_of_brute_force, test_short_swings.test_rounding_is_half_up,
        test_short_swings.test_many_insiders_at_once_have_what_each_has_alone,
        test_short_swings.test_a_price_keeps_all_twelve_decimals_that_a_split_makes,
        test_short_swings.test_parts_of_shares_are_split_exactly,
        test_short_swings.test_dear_shares_that_differ_little_are_matched_exactly,
        test_short_swings.test_numbers_beyond_the_solver_are_refused_and_the_largest_within_are_not,
    ),
    "blind_filings": (test_section_16.test_an_amendment_of_a_form_that_is_not_on_record_is_told,),
    "due_next": (
        test_section_16.test_what_falls_due_by_the_fifth_business_day_is_listed_and_nothing_later,
        test_section_16.test_what_is_on_record_is_not_listed_and_what_is_not_known_to_be_is,
        test_section_16.test_a_purchase_that_may_wait_is_listed_for_form_5_and_one_that_may_not_wait_for_both,
        test_section_16.test_where_the_calendar_ends_five_days_are_looked_ahead,
    ),
    "four_ways": (
        test_section_16.test_a_contradicting_line_is_met_by_a_trade_in_either_direction,
        test_section_16.test_a_clearance_of_which_something_is_not_known_is_open_in_the_four_ways,
        test_section_16.test_a_clearance_that_is_used_up_is_none_and_one_share_is_enough,
        test_section_16.test_forms_without_a_trade_say_what_is_known_of_each_leg,
        test_section_16.test_a_sale_is_due_until_its_last_day_is_over,
    ),
    "form4_duties": (
        test_section_16.test_of_a_form_without_a_trade_the_first_line_that_is_due_stands_and_those_that_came_late_are_counted,
        test_section_16.test_what_a_contradicting_line_leaves_open_is_said_of_the_trade,
    ),
    "form5_duties": (test_section_16.test_a_form_5_is_about_the_trade_of_its_line_and_one_without_lines_has_none,),
    "dated_filings": (test_section_16.test_what_is_on_record_is_not_listed_and_what_is_not_known_to_be_is,),
    "positions": (test_section_16.test_one_contract_that_expires_leaves_none_be_it_before_a_split,),
    "swing_near_misses": (test_section_16.test_of_several_that_miss_by_a_day_the_greatest_gain_is_told,),
    "swing_outlook": (
        test_section_16.test_a_holder_who_fell_below_ten_percent_has_nothing_that_a_trade_could_match,
        test_section_16.test_what_a_trade_would_add_is_told_at_the_last_price_of_a_share,
        test_section_16.test_a_purchase_six_months_less_two_days_ago_is_matched_tonight_for_the_last_time,
        test_section_16.test_an_outlook_that_is_not_whole_says_so,
    ),
}  # fmt: skip
"""Facts whose amounts and lists no finding shows, with tests that hold them."""
WORDLESS = tuple(name for name in JUDGED if name != "because")
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
        found += [World(each.name, night, [each], [one.get("expect", [])]) for night, one in zip(run_scenario(each, whole=True).nights, said, strict=True)]
    for world in found:
        if world.name == "planted":
            continue
        world.night.facts.derive([*OUTPUTS, "blind_spots"])
        world.contested = dict(world.night.findings.select("finding_id", pl.col("contested").fill_null("")).rows())
    return found


class Mutated(Derivation):
    """What is known with a mutant in place: made anew only by code that the mutant is in, or from what came out otherwise."""

    def __init__(self, plain: Derivation | WhatIf, policy: Policy, code: set[str]) -> None:
        """Start from what is known without the mutant, and the facts whose code it is in."""
        super().__init__(**{name: plain[name] for name in (*TABLES, *test_removal.GIVEN)} | {"policy": policy})
        self._plain, self._code = plain, code
        self._moved: set[str] = set()

    def moved(self, name: str) -> bool:
        """Whether a thing comes out otherwise than without the mutant."""
        _ = self[name]
        return name in self._moved

    def _computed(self, name: str) -> pl.DataFrame:
        plain: pl.DataFrame = self._plain[name]
        if name not in self._code and not any(self.moved(need) for need in needs_of(name)):
            return plain
        made = super()._computed(name)
        if made.equals(plain):
            return plain
        self._moved.add(name)
        return made


def notices(mutant: Mutant, *, is_quick: bool = False) -> str:
    """What notices a mutant; empty where nothing does. The quick jury leaves out other readings and what is taken away."""
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
    if any(_fails(test) for name in sorted(facts & set(OWN_TESTS)) for test in OWN_TESTS[name]):
        return "a test of its own"
    if any(_contests(world, others, facts, rules) for world, others in contesting()):
        return "contested readings"
    return "removal" if _clears(facts, rules) else ""


def _fails(test: Callable[[], None]) -> bool:
    try:
        test()
    except BaseException:  # noqa: BLE001 - a mutant may raise anything
        return True
    return False


def _touched(derived: Mutated, rules: set[str]) -> Iterator[Rule]:
    """Rules that a mutant changes, or that read something that came out otherwise."""
    return (rule for rule in judged_rules(derived["policy"]).values() if rule.name in rules or derived.moved(rule.over))


def _differs(world: World, facts: set[str], rules: set[str]) -> bool:
    known, before = world.night.facts, world.night.judgements
    derived = Mutated(known, known["policy"], facts)
    if world.name != "planted" and derived.moved("blind_spots") and (world.golden or _sees(world, derived)):
        return True
    if world.name == "sample" and any(derived.moved(name) for name in OUTPUTS):
        return True
    anew = (_judged(rule, derived, known["policy"], worded=world.name == "sample") for rule in _touched(derived, rules))
    other = (each for each in anew if _moved(each, before[each.rule], world.golden or WORDLESS))
    if world.golden:
        return any(True for _ in other)
    moved = {each.rule: each for each in other}
    counts = {name: moved.get(name, each).counts for name, each in before.items()}
    return _contradicts(world, moved) or any(miscounted(each, counts) for each in world.scenarios)


def _judged(rule: Rule, known: Derivation | WhatIf, policy: Policy, *, worded: bool = False) -> Judgement:
    return apply(rule, known[rule.over], policy, known["as_of"], known["missing"], worded=worded)


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


Others = dict[tuple[str, str | int], WhatIf]


@cache
def contesting() -> list[tuple[World, Others]]:
    """The worlds that tell which readings contest a finding, every fact derived under each other reading."""
    found = []
    for world in worlds()[:2]:
        facts = world.night.facts
        asked = [(key, value) for key, reading in READINGS.items() if not reading.severity_only for value in (reading.default, *reading.alternatives)]
        others = {(key, value): facts.what_if(key, value) for key, value in asked if facts["policy"].reading(key) != value}
        for other in others.values():
            for rule in judged_rules(facts["policy"]).values():
                other.differs(rule.over)
        found.append((world, others))
    return found


def _contests(world: World, others: Others, facts: set[str], rules: set[str]) -> bool:
    """Whether the readings that contest a finding are others than before."""
    mutated = {asked: Mutated(other, other.policy, facts) for asked, other in others.items()}
    touched = {rule.name: rule for each in mutated.values() for rule in _touched(each, rules)}
    if not touched:
        return False

    def rejudge(key: str, value: str | int) -> dict[str, Judged]:
        if (key, value) not in others:
            return {}
        other, derived = others[key, value], mutated[key, value]

        def judged(rule: Rule) -> Judged:
            return lambda worded: _judged(rule, derived, other.policy, worded=worded).findings

        return {name: judged(rule) for name, rule in touched.items() if other.differs(rule.over) or derived.moved(rule.over)}

    findings = pl.concat([world.night.judgements[name].findings for name in touched])
    told = contested(findings, other_readings(findings, rejudge))
    return any(world.contested.get(finding, "") != keys for finding, keys in told.select("finding_id", pl.col("contested").fill_null("")).rows())


@cache
def removed() -> list[Derivation]:
    """The book of all scenarios less each table in turn, then less every second account; its facts derived."""
    less = [test_removal.derivation(frozenset({table})) for table in test_removal.OPTIONAL]
    found = [test_removal.whole(), *less, *(test_removal.derivation(accounts=test_removal.every_second(start)) for start in (0, 1))]
    for derived in found:
        test_removal.judged(derived)
    return found


def _clears(facts: set[str], rules: set[str]) -> bool:
    """Whether a table or an account taken away now decides something."""
    book, *less = (Mutated(plain, plain["policy"], facts) for plain in removed())
    before: dict[frozenset[str], pl.DataFrame] = {}
    for derived in less:
        names = frozenset(rule.name for each in (book, derived) for rule in _touched(each, rules))
        first = before.setdefault(names, test_removal.judged(book, set(names)))
        if len(test_removal.turned(test_removal.judged(derived, set(names)), first).filter(~test_removal.allowed())):
            return True
    return False
