"""Cases: the findings of one person on one matter, and what was decided about them; a fold over an append-only ledger."""

from datetime import date

import polars as pl

from transforms.settling import WHAT_COUNTS
from transforms.tables import DATE, INSTANT, TEXT

SEVERITIES = ("critical", "high", "medium", "low", "info")
"""From the gravest to the lightest."""
STATES = ("new", "reopened", "open", "escalated", "waiting", "closed", "withdrawn")
"""From what wants a decision first to what is over; `withdrawn` = nothing stands any more."""
PENDING = ("new", "reopened", "open", "escalated")
"""States in which somebody is to decide now."""
CLOSING = ("confirmed", "exempt", "data_error", "duplicate", "policy_reading", "no_concern")
"""Decisions that close a case, until its evidence changes."""
DECISIONS: dict[str, pl.DataType] = {
    "sequence": pl.Int64(), "case_id": TEXT, "decision": TEXT, "decided_by": TEXT, "decided_at": INSTANT, "until_on": DATE,
    "known": pl.List(pl.String()), "note": TEXT, "evidence": TEXT,
}  # fmt: skip
"""What was decided about cases, one row a decision; `known` = the findings as they stood then (see `judged_as`), null where nobody kept them."""
WAIVERS: dict[str, pl.DataType] = {
    "waiver_id": TEXT, "given_by": TEXT, "given_at": INSTANT, "person_id": TEXT, "rule": TEXT, "from_on": DATE, "until_on": DATE, "reason": TEXT, "ended_at": INSTANT,
}  # fmt: skip
"""Waivers: findings of one rule about one person that occurred in a stretch of days need no decision; `ended_at` = taken back."""
KNOWN = ("finding_id", *WHAT_COUNTS)
CASE_ID = pl.concat_str([pl.col("person_id").fill_null(""), "matter"], separator="/").alias("case_id")
"""The case of a finding."""
STANDS = pl.col("state") != "withdrawn"
"""Findings that still stand."""
RANK = pl.col("severity").replace_strict({name: n for n, name in enumerate(SEVERITIES)}, return_dtype=pl.Int64).alias("rank")
"""From 0, the gravest."""
CASES = ("case_id", "person_id", "subject", "opened_on", "state", "findings", "severity", "decision", "decided_by", "decided_at", "until_on", "waived")


def judged_as() -> pl.Expr:
    """A finding as it was judged, as one text; a finding whose text is another has changed."""
    return pl.concat_str([pl.col(name).fill_null("") for name in KNOWN], separator="\n").alias("known")


def of_reviews(reviews: pl.DataFrame) -> pl.DataFrame:
    """The table of reviews as decisions; a register kept elsewhere closes with any word that is none of the ledger's own."""
    ordered = reviews.sort("reviewed_at", "review_id").with_row_index("sequence")
    shown = {"decided_by": pl.col("reviewed_by"), "decided_at": pl.col("reviewed_at"), "until_on": pl.lit(None), "known": pl.lit(None)}
    return ordered.with_columns(**shown).select(pl.col(name).cast(dtype) for name, dtype in DECISIONS.items())


BARRED: dict[str, pl.DataType] = {"case_id": TEXT, "given_by": TEXT}
"""Cases in which somebody who gave a waiver has a part: what they waive hides nothing there."""


def waived(findings: pl.DataFrame, waivers: pl.DataFrame, barred: pl.DataFrame | None = None) -> pl.DataFrame:
    """Findings that a waiver hides, each with `waiver_id`: of its person and rule, occurred in its days. A waiver by the person
    whom it concerns hides nothing, nor does one that was taken back, nor one in a case that its giver has a part in (`barred`).
    """
    live = waivers.filter(pl.col("ended_at").is_null() & (pl.col("given_by") != pl.col("person_id")))
    joined = findings.join(live.select("waiver_id", "given_by", "person_id", "rule", "from_on", "until_on"), on=["person_id", "rule"])
    own = pl.DataFrame(schema=BARRED) if barred is None else barred
    inside = joined.with_columns(_case=CASE_ID).join(own, left_on=["_case", "given_by"], right_on=["case_id", "given_by"], how="anti").drop("_case", "given_by")
    inside = inside.filter(pl.col("occurred_on").is_between("from_on", "until_on"))
    return inside.sort("finding_id", "waiver_id").unique("finding_id", keep="first", maintain_order=True).drop("from_on", "until_on")


def cases(
    findings: pl.DataFrame, decisions: pl.DataFrame, waivers: pl.DataFrame, as_of: date, today: date | None = None, barred: pl.DataFrame | None = None
) -> pl.DataFrame:  # fmt: skip
    """One row a person and matter: when it was opened, how many findings stand, the gravest severity, the state and the last decision.

    `findings` are settled ones, `decisions` and `waivers` rows of DECISIONS and WAIVERS. A case that is closed or waits is
    reopened by a finding that was not known at the decision, or was judged otherwise then. `waived` = findings that a waiver hides;
    a case of which nothing else stands is closed by it. A case waits until `today` (the night itself where none is given) has come to its day.
    """
    hidden = waived(findings, waivers, barred)["finding_id"]
    is_waived = pl.col("finding_id").is_in(hidden.implode())
    stands, asks = STANDS, STANDS & ~pl.col("is_waived")
    each = findings.with_columns(CASE_ID, RANK, is_waived=is_waived)
    grouped = each.group_by("case_id").agg(
        pl.col("person_id").first(), subject=pl.col("matter").first(), opened_on=pl.col("first_seen_on").min(), findings=stands.sum().cast(pl.Int64),
        rank=pl.when(asks.any()).then(pl.col("rank").filter(asks).min()).when(stands.any()).then(pl.col("rank").filter(stands).min()).otherwise(pl.col("rank").min()),
        changed_on=pl.col("changed_on").max(), waived=(stands & pl.col("is_waived")).sum().cast(pl.Int64),
    )  # fmt: skip
    joined = grouped.join(_last(decisions), on="case_id", how="left")
    moved = _moved(each.filter(asks), joined)
    state, decision = _state(as_of, today or as_of, pl.col("case_id").is_in(moved.implode()))
    severity = pl.col("rank").replace_strict(dict(enumerate(SEVERITIES)), return_dtype=pl.String)
    return joined.with_columns(state=state, severity=severity, decision=decision).select(CASES).sort("case_id")


def _last(decisions: pl.DataFrame) -> pl.DataFrame:
    """The decision that holds for each case; a note decides nothing."""
    return decisions.filter(pl.col("decision") != "note").sort("decided_at", "sequence").unique("case_id", keep="last").drop("sequence", "note", "evidence")


def _moved(asking: pl.DataFrame, held: pl.DataFrame) -> pl.Series:
    """Cases with a finding that the last decision did not know as it is judged now. Where nobody kept what it knew, days tell: of a case
    on record then, a change after it; of one that came on record later, a finding that occurred after it, or on a day not known.
    """
    of_case = asking.join(held.select("case_id", "known", "opened_on", "decided_at"), on="case_id").with_columns(now=judged_as())
    then = pl.col("decided_at").dt.date()
    by_days = pl.when(pl.col("opened_on") <= then).then(pl.col("changed_on") > then).otherwise((pl.col("occurred_on") > then).fill_null(value=True))
    other = pl.when(pl.col("known").is_null()).then(by_days).otherwise(~pl.col("known").list.contains(pl.col("now")))
    return of_case.filter(pl.col("decided_at").is_not_null() & other)["case_id"].unique()


def _state(as_of: date, today: date, moved: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The state, and the decision that stands beside it."""
    decision, nothing_asks = pl.col("decision"), pl.col("waived") >= pl.col("findings")
    fresh = pl.when(pl.col("opened_on") == as_of).then(pl.lit("new")).otherwise(pl.lit("open"))
    state = (
        pl.when(pl.col("findings") == 0).then(pl.lit("withdrawn"))
        .when(nothing_asks).then(pl.lit("closed"))
        .when(decision.is_null()).then(fresh)
        .when(decision == "escalate").then(pl.lit("escalated"))
        .when((decision == "reopen") | moved).then(pl.lit("reopened"))
        .when((decision == "wait") & (pl.col("until_on") > today)).then(pl.lit("waiting"))
        .when(decision == "wait").then(pl.lit("open"))
        .otherwise(pl.lit("closed"))
    )  # fmt: skip
    return state, pl.when((pl.col("findings") > 0) & nothing_asks).then(pl.lit("waived")).otherwise(decision)
