"""Judges: one file a rule, found by being here. A rule gives true (flagged), false (clear) or null (undecided)."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import polars as pl

from transforms.calendar import Sessions
from transforms.policy import Policy
from transforms.wording import as_json, sentence

Asking = pl.Expr | Callable[[Policy], pl.Expr]
TRADE = "{kind} of {quantity} {symbol} on {traded_on}"
"""How every sentence about a trade begins."""
OUTCOMES = ("clear", "flagged", "undecided", "exempt", "not_applicable")
JUDGED: dict[str, pl.DataType] = {
    "finding_id": pl.String(), "rule": pl.String(), "clause": pl.String(), "severity": pl.String(),
    "outcome": pl.String(), "person_id": pl.String(), "trader_id": pl.String(), "subject": pl.String(),
    "trade_id": pl.String(), "symbol": pl.String(), "occurred_on": pl.Date(), "because": pl.String(),
    "evidence": pl.String(), "matter": pl.String(), "source_file": pl.String(), "source_line": pl.Int64(),
}  # fmt: skip
"""Columns of what a rule finds, before reviews and earlier nights are known."""


NEAR: dict[str, pl.DataType] = {
    "rule": pl.String(), "person_id": pl.String(), "trader_id": pl.String(), "subject": pl.String(), "on": pl.Date(),
    "limit": pl.String(), "limit_on": pl.Date(), "what": pl.String(),
}  # fmt: skip
"""Columns of what is clear, but close to a limit."""


@dataclass(frozen=True)
class Limit:
    """A limit of a rule: what it is, the column with its day, the column with the day held against it, the unit, and how the
    row is told.
    """

    what: str
    limit: str
    day: str = "traded_on"
    unit: str = "sessions"
    told: str = TRADE


@dataclass(frozen=True)
class Rule:
    """A rule: the fact it reads, the words it speaks, and the function that judges a row."""

    judge: Callable[..., pl.Expr]
    over: str
    severity: str | Asking
    because: str | Mapping[str, str]
    because_by: str
    undecided: str
    subject: str
    person: str
    applies: Asking
    exempt: tuple[str, ...]
    evidence: Mapping[str, str]
    needs: tuple[str, ...]
    flag_needs: tuple[str, ...]
    clear_needs: tuple[str, ...]
    speaks_for_family: bool
    silent: Asking
    severities: tuple[str, ...] = field(default=())
    limits: tuple[Limit, ...] = field(default=())

    @property
    def name(self) -> str:
        """The rule's id."""
        return self.judge.__name__

    @property
    def words(self) -> str:
        """What a supervisor reads: what counts, what is not seen, how to review."""
        return inspect.getdoc(self.judge) or ""

    @property
    def title(self) -> str:
        """The first sentence of the words."""
        return self.words.split("\n", 1)[0]


@dataclass(frozen=True)
class Judgement:
    """What a rule said: findings (flagged and shown undecided rows) and how many rows had each outcome."""

    rule: str
    findings: pl.DataFrame
    counts: dict[str, int]


RULES: dict[str, Rule] = {}


def rule(
    *,
    over: str,
    severity: str | Asking,
    because: str | Mapping[str, str],
    because_by: str = "",
    undecided: str = "",
    subject: str = "root_id",
    person: str = "person_id",
    applies: Asking = pl.lit(value=True),  # noqa: B008 - an expression is a value
    exempt: tuple[str, ...] = (),
    evidence: tuple[str, ...] | Mapping[str, str] = (),
    needs: tuple[str, ...] = (),
    flag_needs: tuple[str, ...] = (),
    clear_needs: tuple[str, ...] = (),
    speaks_for_family: bool = False,
    silent: Asking = pl.lit(value=False),  # noqa: B008 - an expression is a value
    severities: tuple[str, ...] = (),
    limits: tuple[Limit, ...] = (),
) -> Callable[[Callable[..., pl.Expr]], Callable[..., pl.Expr]]:
    """Declare a rule.

    `over` names the fact; `subject` and `person` name its columns for what a finding is about and who answers; `applies` says to which rows it applies; `exempt` names columns `exempt_…` of the fact that
    take a row out; `evidence` lists columns, or maps evidence keys to columns; `needs` lists tables without which nothing
    can be decided, and `speaks_for_family` lets such rows show as findings; without a table of `flag_needs` a row can't be
    flagged (it shows as undecided), without one of `clear_needs` it can't be clear; `limits` are the days that
    part clear from flagged; `silent` marks undecided rows that a blind
    spot tells of instead. `because` is a sentence, or one for each value of the column `because_by`.
    """
    keys = evidence if isinstance(evidence, Mapping) else {key: key for key in evidence}

    def declare(judge: Callable[..., pl.Expr]) -> Callable[..., pl.Expr]:
        RULES[judge.__name__] = Rule(
            judge, over, severity, because, because_by, undecided, subject, person, applies, exempt, keys, needs,
            flag_needs, clear_needs, speaks_for_family, silent, severities, limits,
        )  # fmt: skip
        return judge

    return declare


@cache
def _load() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def every_rule() -> dict[str, Rule]:
    """Every rule by name."""
    _load()
    return dict(sorted(RULES.items()))


def apply(rule: Rule, fact: pl.DataFrame, policy: Policy, as_of: date, missing: frozenset[str], *, worded: bool = True) -> Judgement:
    """Judge every row of a fact: pure, from facts to findings and a count of every outcome.

    A row that a rule examines for several fills of one order gives one finding where person and evidence are equal; its
    subject is the first such fill. Without words (`worded`) the sentences are left empty, for comparisons.
    """
    if rule.name not in policy.cites:
        return Judgement(rule.name, pl.DataFrame(schema=JUDGED), {})
    judged = outcomes(rule, fact, policy, as_of, missing)
    counted = judged.group_by("outcome").len()
    counts = dict.fromkeys(OUTCOMES, 0) | dict(counted.rows())
    shown = judged.filter((pl.col("outcome") == "flagged") | pl.col("is_told"))
    blind = missing.intersection(rule.needs)
    if blind and not rule.speaks_for_family:
        shown = shown.clear()
    return Judgement(rule.name, _findings(rule, shown, policy, missing, worded=worded), counts)


def outcomes(rule: Rule, fact: pl.DataFrame, policy: Policy, as_of: date, missing: frozenset[str]) -> pl.DataFrame:
    """Every row of a fact with the `outcome` that a rule gives it (clear, flagged, undecided, exempt or not_applicable),
    and `is_told`, whether an undecided row shows as a finding.

    Kleene's logic: what would be clear anyway is clear, whatever is unknown beside it. Where nobody is known to answer,
    or a table that could excuse or accuse is missing, the row is undecided.
    """
    answer = pl.lit(None, dtype=pl.Boolean) if missing.intersection(rule.needs) else _asked(rule.judge, policy, as_of)
    applies = _expression(rule.applies, policy)
    exempt = pl.any_horizontal([pl.col(f"exempt_{name}") for name in rule.exempt]) if rule.exempt else pl.lit(value=False)
    flagged = applies & ~exempt & answer
    sees = {name: not missing.intersection(tables) for name, tables in (("flagged", rule.flag_needs), ("clear", rule.clear_needs))}
    outcome = (
        pl.when(~applies).then(pl.lit("not_applicable"))
        .when(exempt).then(pl.lit("exempt"))
        .when(pl.col(rule.person).is_null()).then(pl.lit("undecided"))
        .when(flagged & sees["flagged"]).then(pl.lit("flagged"))
        .when(~flagged & exempt.is_not_null() & sees["clear"]).then(pl.lit("clear"))
        .otherwise(pl.lit("undecided"))
    )  # fmt: skip
    open_to_ask = flagged.fill_null(value=True) & pl.col(rule.person).is_not_null() & ~_expression(rule.silent, policy).fill_null(value=False)
    return fact.with_columns(outcome=outcome, would_be_flagged=flagged).with_columns(is_told=(pl.col("outcome") == "undecided") & open_to_ask)


def near(rule: Rule, fact: pl.DataFrame, policy: Policy, as_of: date, missing: frozenset[str], sessions: Sessions) -> pl.DataFrame:
    """Rows of NEAR: what is clear within one session, or one day, of a limit; an order once."""
    clear = outcomes(rule, fact, policy, as_of, missing).filter(pl.col("outcome") == "clear")
    told = [pl.DataFrame(schema=NEAR)]
    for limit in rule.limits:
        day, line = pl.col(limit.day), pl.col(limit.limit)
        apart = sessions.every.index(day) - sessions.every.index(line) if limit.unit == "sessions" else (day - line).dt.total_days()
        close = clear.filter((apart.abs() <= 1) & day.is_not_null()).sort(limit.day)
        trader = pl.col("trader_id") if "trader_id" in close.columns else pl.lit(None)
        told.append(close.select(
            rule=pl.lit(rule.name), person_id=pl.col(rule.person), trader_id=trader.cast(pl.String), subject=pl.col(rule.subject).cast(pl.String), on=day,
            limit=pl.lit(limit.what), limit_on=line, what=sentence(limit.told, close.schema),
        ).unique(["person_id", "subject"], keep="first", maintain_order=True))  # fmt: skip
    return pl.concat(told)


def _asked(judge: Callable[..., pl.Expr], policy: Policy, as_of: date) -> pl.Expr:
    given = {"policy": policy, "as_of": as_of}
    return judge(**{name: given[name] for name in inspect.signature(judge).parameters})


def _expression(asking: Asking, policy: Policy) -> pl.Expr:
    return asking if isinstance(asking, pl.Expr) else asking(policy)


def _findings(rule: Rule, shown: pl.DataFrame, policy: Policy, missing: frozenset[str], *, worded: bool) -> pl.DataFrame:
    schema = shown.schema
    keys = {} if missing.intersection(rule.needs) else rule.evidence
    severity = rule.severity if isinstance(rule.severity, str) else _expression(rule.severity, policy)

    def column(name: str, dtype: pl.DataType = pl.String()) -> pl.Expr:  # noqa: B008 - a type is a value
        return pl.col(name).cast(dtype) if name in schema else pl.lit(None, dtype=dtype)

    said = shown.lazy().with_columns(
        rule=pl.lit(rule.name),
        clause=pl.lit(policy.cites[rule.name][1]),
        severity=pl.lit(severity) if isinstance(severity, str) else severity,
        subject=pl.col(rule.subject).cast(pl.String),
        person_id=pl.col(rule.person).cast(pl.String),
        because=_because(rule, schema, missing) if worded else pl.lit(""),
        evidence=as_json(keys, schema),
        trader_id=column("trader_id"), trade_id=column("trade_id"), symbol=column("symbol"),
        occurred_on=column("occurred_on", pl.Date()),
        matter=pl.coalesce(column("unit_root_id") if rule.subject == "root_id" else pl.lit(None), pl.col(rule.subject).cast(pl.String)),
        source_file=column("source_file"), source_line=column("source_line", pl.Int64()),
        _unit=pl.coalesce(column("unit_id"), pl.col(rule.subject).cast(pl.String)),
    )  # fmt: skip
    if "sequence" in schema:
        said = said.sort("sequence")
    first = said.unique(["person_id", "_unit", "outcome", "evidence", "trader_id"], keep="first", maintain_order=True)
    named = first.with_columns(finding_id=pl.concat_str(["rule", "person_id", "subject"], separator="/"))
    found = named.select(pl.col(name).cast(dtype) for name, dtype in JUDGED.items()).sort("finding_id").collect()
    if found["finding_id"].is_duplicated().any():
        twice = found.filter(pl.col("finding_id").is_duplicated())["finding_id"][0]
        raise ValueError(f"{rule.name}: two findings named {twice}, expected one. Make the subject of the rule unique.")
    return found


def _because(rule: Rule, schema: Mapping[str, pl.DataType], missing: frozenset[str]) -> pl.Expr:
    if isinstance(rule.because, str):
        said = sentence(rule.because, schema)
    else:
        said = pl.lit(None, dtype=pl.String)
        for value, template in rule.because.items():
            said = pl.when(pl.col(rule.because_by) == value).then(sentence(template, schema)).otherwise(said)
    return pl.when(pl.col("outcome") == "flagged").then(said).otherwise(_undecided(rule, schema, missing))


def _undecided(rule: Rule, schema: Mapping[str, pl.DataType], missing: frozenset[str]) -> pl.Expr:
    """Why nothing could be decided: a table that is missing, the open question that the fact names, or the rule's words."""
    about = TRADE if "traded_on" in schema else "{occurred_on}"

    def without(tables: frozenset[str]) -> pl.Expr:
        return sentence(f"{about}; no table {' and '.join(sorted(tables))} was given, so this is not decided.", schema)

    if blind := missing.intersection(rule.needs):
        return without(blind)
    said = sentence(f"{rule.undecided or about + '; what is on record leaves this open'}.", schema)
    if "open_question" in schema:
        said = pl.when(pl.col("open_question").is_not_null()).then(sentence(f"{about}; {{open_question}}.", schema)).otherwise(said)
    if lacking := missing.intersection(rule.flag_needs):
        said = pl.when("would_be_flagged").then(without(lacking)).otherwise(said)
    return said
