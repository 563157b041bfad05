"""The stages of a night, each a plain function; `nightly` makes Prefect tasks of them, tests call them as they are."""

import contextlib
import traceback
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

import polars as pl

from desk.rights import barred
from flows.load import Loaded, load
from flows.resources import calendars, text
from rules import JUDGED, NEAR, OUTCOMES, Judgement, Rule, apply, every_rule, near, outcomes
from transforms.cases import BARRED, DECISIONS, WAIVERS, cases, of_reviews
from transforms.contested import OTHERWISE, Judged, contested, other_readings
from transforms.expectations import Validator
from transforms.facts import Derivation
from transforms.late_filers import FACTS, LATE_FILERS, late_filers
from transforms.policy import Policy, read_policy
from transforms.settling import settle
from transforms.sources import REFUSED
from transforms.tables import TABLES
from transforms.visible import visible

Remark = tuple[str, str, str, int]
SPOT_COLUMNS = ("kind", "where", "what", "rows")


@dataclass(repr=False)
class Night:
    """A night: what was asked, and what has come of it so far."""

    as_of: date
    policy: Policy
    loaded: Loaded
    derived: Derivation | None = None
    judgements: dict[str, Judgement] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    findings: pl.DataFrame = field(default_factory=pl.DataFrame)
    otherwise: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OTHERWISE))
    near: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NEAR))
    late: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LATE_FILERS))
    cases: pl.DataFrame = field(default_factory=pl.DataFrame)
    decisions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DECISIONS))
    waivers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WAIVERS))
    barred: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BARRED))
    blind_spots: pl.DataFrame = field(default_factory=pl.DataFrame)
    verdicts: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def found(self) -> pl.DataFrame:
        """What the rules found tonight, before it is settled."""
        return pl.concat([pl.DataFrame(schema=JUDGED), *(each.findings for each in self.judgements.values())])

    @property
    def facts(self) -> Derivation:
        """The facts of the night, once they are derived."""
        if self.derived is None:
            raise RuntimeError("the night has no facts yet, expected `derive` before")
        return self.derived


def policy_from(path: Path) -> Policy:
    """The policy of a file over the defaults of the law; raises PolicyError with one sentence."""
    return read_policy(path.read_text(encoding="utf-8"), text("policy_defaults.toml"), path.name)


def load_folder(folder: Path, policy: Policy, as_of: date) -> Night:
    """Stage 1: every file of the folder as canonical tables."""
    loaded = load(folder, policy)
    return Night(as_of, policy, loaded, remarks=list(loaded.remarks))


def validate(night: Night, validator: Validator) -> None:
    """Stage 2: each incoming batch against its suite; rows that fail go to quarantine and the rest goes on."""
    loaded = night.loaded
    people = loaded.tables["people"]["person_id"]
    refused = [loaded.refused]
    for name in TABLES:
        if loaded.tables[name].is_empty() or name in loaded.missing:
            continue
        good, bad = validator.validate(name, loaded.tables[name], people)
        loaded.tables[name] = good
        loaded.counts[name]["loaded"] -= len(bad)
        loaded.counts[name]["refused"] += len(bad)
        refused.append(bad)
        night.remarks += [("failed_expectation", f"{row['file']}:{row['line']}", row["reason"], 1) for row in bad.iter_rows(named=True)]
        if name == "people":
            people = good["person_id"]
    loaded.refused = pl.concat([pl.DataFrame(schema=REFUSED), *refused])
    _check_balance(loaded)


def _check_balance(loaded: Loaded) -> None:
    """Every line ended in one place: read = loaded + refused + dropped + superseded."""
    for name, count in loaded.counts.items():
        ended = count["loaded"] + count["refused"] + count["dropped"] + count["superseded"]
        if count["read"] != ended:
            raise ArithmeticError(f"{name}: {count['read']} lines read, {ended} accounted for, expected the same. Report this as a fault of the reader.")


def derive(night: Night) -> None:
    """Stage 3: every fact that a rule reads, and the blind spots."""
    sessions, business_days = calendars(night.policy.exchange)
    seen = visible(night.loaded.tables, night.as_of)
    night.derived = Derivation(**seen, policy=night.policy, sessions=sessions, business_days=business_days, as_of=night.as_of, missing=night.loaded.missing)
    night.derived.derive(["blind_spots", "windows", "short_swings"])
    for name in sorted({rule.over for rule in judged_rules(night.policy).values()}):
        with contextlib.suppress(Exception):  # it raises again where a rule asks for it, and is told there
            night.derived.derive([name])


def judged_rules(policy: Policy) -> dict[str, Rule]:
    """Rules that a clause of the policy lists."""
    return {name: rule for name, rule in every_rule().items() if name in policy.cites}


def judge(night: Night, rule: Rule) -> Judgement:
    """Stage 4: one rule over its fact."""
    derived = night.facts
    return apply(rule, derived[rule.over], night.policy, night.as_of, night.loaded.missing)


def judge_all(night: Night) -> None:
    """Stage 4 for every rule of the policy, here and now; one that raises does not stop the others."""
    for name, rule in judged_rules(night.policy).items():
        try:
            night.judgements[name] = judge(night, rule)
        except Exception as error:  # noqa: BLE001 - whatever a rule raises, the others go on
            failed(night, rule, error)


def failed(night: Night, rule: Rule, error: BaseException) -> None:
    """A rule that raised: its rows are undecided and a blind spot says so."""
    rows = len(night.facts[rule.over]) if rule.over in night.facts.known else 0
    counts = dict.fromkeys(OUTCOMES, 0) | {"undecided": rows}
    night.judgements[rule.name] = Judgement(rule.name, pl.DataFrame(schema=JUDGED), counts)
    where = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    place = f" at {Path(where.filename).name}:{where.lineno}" if where else ""
    said = f"{rule.name} raised {type(error).__name__}{place}; its {rows} rows are undecided."
    night.remarks.append(("rule_error", rule.name, said, rows))


def contest(night: Night) -> pl.DataFrame:
    """Tonight's findings with the readings that would change them; `night.otherwise` says what each would give.

    Only what depends on a reading is computed again.
    """
    findings = night.found
    derived = night.facts
    judging = {name: rule for name, rule in judged_rules(night.policy).items() if rule.over in derived.known}

    def rejudge(key: str, value: str | int) -> dict[str, Judged]:
        if night.policy.reading(key) == value:
            return {}
        other = derived.what_if(key, value)
        touched = [rule for rule in judging.values() if other.differs(rule.over)]

        def judged(rule: Rule) -> Judged:
            return lambda worded: apply(rule, other[rule.over], other.policy, night.as_of, night.loaded.missing, worded=worded).findings

        return {rule.name: judged(rule) for rule in touched}

    night.otherwise = other_readings(findings, rejudge)
    return contested(findings, night.otherwise)


def settle_findings(night: Night, before: pl.DataFrame) -> None:
    """Stage 5: today's findings beside those of the night before, cases with their reviews, counts and blind spots."""
    night.findings = settle(contest(night), before, night.as_of)
    night.near = near_the_line(night)
    night.late = late_filers(_flagged(night, FACTS), night.policy)
    night.barred = barred(night.findings, night.facts, night.waivers, datetime.combine(night.as_of, time(12), UTC))
    night.cases = cases(night.findings, decided(night), night.waivers, night.as_of, barred=night.barred)
    counted = [(rule, outcome, count) for rule, each in sorted(night.judgements.items()) for outcome, count in each.counts.items()]
    night.verdicts = pl.DataFrame(counted, schema={"rule": pl.String, "outcome": pl.String, "rows": pl.Int64}, orient="row")
    night.blind_spots = _blind_spots(night)


def decided(night: Night) -> pl.DataFrame:
    """What was decided until tonight: rows of the table of reviews, and the ledger's own."""
    elsewhere = night.facts["reviews"].filter(pl.col("source_file") != "ledger")
    return pl.concat([of_reviews(elsewhere), night.decisions])


def near_the_line(night: Night) -> pl.DataFrame:
    """Rows that are clear within one session, or one day, of a limit."""
    derived = night.facts
    rules = [rule for rule in judged_rules(night.policy).values() if rule.limits and rule.over in derived.known]
    said = [near(rule, derived[rule.over], night.policy, night.as_of, night.loaded.missing, derived["sessions"]) for rule in rules]
    return pl.concat([pl.DataFrame(schema=NEAR), *said]).sort("rule", "person_id", "subject")


def _flagged(night: Night, facts: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """By fact, every row that a rule over it flags, whatever findings they make together."""
    rules = [rule for rule in judged_rules(night.policy).values() if rule.over in facts and rule.over in night.facts.known]
    told: dict[str, list[pl.DataFrame]] = {}
    for rule in rules:
        judged = outcomes(rule, night.facts[rule.over], night.policy, night.as_of, night.loaded.missing)
        told.setdefault(rule.over, []).append(judged.filter(pl.col("outcome") == "flagged"))
    return {name: pl.concat(frames) for name, frames in told.items()}


def _blind_spots(night: Night) -> pl.DataFrame:
    told = [*night.remarks, *_clauses(night.policy)]
    said = pl.DataFrame(told, schema={"kind": pl.String, "where": pl.String, "what": pl.String, "rows": pl.Int64}, orient="row")
    derived: pl.DataFrame = night.facts["blind_spots"]
    return pl.concat([said, derived]).unique().sort("kind", "where", "what")


def _clauses(policy: Policy) -> list[Remark]:
    """Rules that no clause lists, and clauses that nothing watches."""
    known = every_rule()
    unlisted: list[Remark] = [
        ("rule_without_clause", name, f"No clause of the policy lists {name}, so it was not judged.", 0) for name in known if name not in policy.cites
    ]
    unbuilt: list[Remark] = [
        ("clause_without_rule", clause, f"The clause {clause} ({cite}) lists {name}, which this version does not judge.", 0)
        for name, (clause, cite) in policy.cites.items() if name not in known
    ]  # fmt: skip
    unwatched: list[Remark] = [
        ("clause_without_rule", clause.name, f"The clause {clause.name} ({clause.cite}) lists no rule and does not say why no machine watches it.", 0)
        for clause in policy.clauses.values() if not clause.rules and not clause.not_checkable
    ]  # fmt: skip
    return unlisted + unbuilt + unwatched
