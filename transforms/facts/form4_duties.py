"""Transactions that are due on a Form 4, with the line that completes each; and lines that no trade on record explains."""

import polars as pl

from transforms.calendar import BusinessDays, Days
from transforms.deadlines import cut_off
from transforms.facts.dated_filings import FILED
from transforms.facts.form_lines import in_words
from transforms.facts.instruments import COMPANY_SHARES
from transforms.facts.standings import standing_on
from transforms.policy import Policy
from transforms.spreading import completed_by

NOT_TESTED = (
    "vest", "gift_in", "espp_purchase", "dividend_reinvestment", "transfer_in", "transfer_out", "exercise", "assignment", "expiry",
)  # fmt: skip
DUE_CODES = ("P", "S", "A", "D", "F", "M", "C", "X", "O", "I", "H", "J", "K", "U", "G")
BY = ["person_id", "symbol", "traded_on", "acquired"]


def form4_duties(
    answered_trades: pl.DataFrame, form_lines: pl.DataFrame, small_acquisitions: pl.DataFrame, plans: pl.DataFrame,
    tail_trades: pl.DataFrame, unheld_dealings: pl.DataFrame, standings: pl.DataFrame, business_days: BusinessDays, policy: Policy, missing: frozenset[str],
) -> pl.DataFrame:  # fmt: skip
    """One row a trade and person to whom it is attributed, and one a form with a line without a trade (`trade_id` null,
    `root_id` the accession; the earliest such line that is due stands for it).

    `is_due` on Form 4 (15 U.S.C. 78p(a)); `due_at` the last instant in time, `surely_due_at` the same with unverified
    closures of the SEC counted; acceptance and `accession` of the line that completes the quantity; `is_reported`, null where the
    only line of the day contradicts itself.
    """
    duties = _duties(_with_tail(answered_trades, tail_trades), plans, small_acquisitions, unheld_dealings, policy, missing)
    lines = _with_symbol(form_lines.filter(~pl.col("derivative") & ~pl.col("contradicts_itself")), duties)
    told = [*FILED, "accession", "deemed_on"]
    supplies = lines.select(*BY, *told, quantity="quantity", is_reported=pl.lit(value=True))
    spread = completed_by(duties.filter("is_due").with_columns(quantity=pl.col("quantity") * pl.col("share")), supplies, BY, [*told, "is_reported"])
    completed = duties.join(spread.select("trade_id", "person_id", *told, "is_reported"), on=["trade_id", "person_id"], how="left", maintain_order="left")
    alone = _without_trade(form_lines, answered_trades, standings, policy)
    both = pl.concat([completed, alone], how="diagonal_relaxed")
    sooner, later = _due(business_days.sooner, "is_deemed", policy), _due(business_days.later, "may_be_deemed", policy)
    told_apart = _with_contradictions(both, form_lines)
    return _one_a_form(told_apart.with_columns(
        due_at=cut_off(sooner, policy), surely_due_at=cut_off(later, policy), due_on=sooner, surely_due_on=later, accepted_on="filed_on",
        is_reported=pl.when(pl.col("is_reported").is_not_null() | pl.lit(not missing.intersection(("filings", "filing_lines"))) & pl.col("contradiction").is_null()).then(pl.col("is_reported").fill_null(value=False)),
        trader_id="attributed_trader_id", open_question=pl.when(pl.col("is_reported").is_null() | pl.col("is_due").is_null()).then("contradiction"),
    ))  # fmt: skip


def _one_a_form(duties: pl.DataFrame) -> pl.DataFrame:
    """Of the lines of a form without a trade the earliest that is due; `lines_after_due`: how many came after they were due."""
    traded, alone = duties.filter(pl.col("trade_id").is_not_null()), duties.filter(pl.col("trade_id").is_null())
    after = (pl.col("is_due").fill_null(value=False) & (pl.col("accepted_by") > pl.col("surely_due_at")).fill_null(value=False)).cast(pl.Int64)
    counted = alone.with_columns(lines_after_due=after.sum().over("accession", "person_id"))
    first_due = counted.sort(pl.col("is_due").fill_null(value=False), "traded_on", "line", descending=[True, False, False])
    one = first_due.unique(["accession", "person_id"], keep="first", maintain_order=True)
    return pl.concat([traded.with_columns(lines_after_due=after), one]).drop("line")


def _with_contradictions(duties: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """`contradiction`: a line of the person and day that says the opposite of its code, in words."""
    against = lines.filter("contradicts_itself").sort("accession", "line").unique(["person_id", "traded_on"], keep="first", maintain_order=True)
    said = pl.format("line {} of {} has code {} and says {}, so what it reports is not known", "line", "accession", "sec_code", in_words())
    return duties.join(against.select("person_id", "traded_on", contradiction=said), on=["person_id", "traded_on"], how="left", maintain_order="left")


def _with_tail(trades: pl.DataFrame, tail: pl.DataFrame) -> pl.DataFrame:
    """Whether a trade after office still has to be reported."""
    marked = trades.join(tail.with_columns(is_tail=pl.lit(value=True)), on=["trade_id", "person_id"], how="left", maintain_order="left")
    return marked.with_columns(pl.col("is_tail").fill_null(value=False))


def _duties(trades: pl.DataFrame, plans: pl.DataFrame, small: pl.DataFrame, unheld: pl.DataFrame, policy: Policy, missing: frozenset[str]) -> pl.DataFrame:
    gift_on_form5 = (pl.col("kind") == "gift_out") & (pl.col("traded_on") < policy.day("section_16.gift_form4_from"))
    due = COMPANY_SHARES & ~pl.col("kind").is_in(NOT_TESTED) & ~gift_on_form5 & (pl.col("section_16") | pl.col("is_tail")) & (pl.col("share") > 0)
    on_plan = (pl.col("plan_id").is_in(plans["plan_id"].implode())).fill_null(value=False) | (pl.col("sec_code") == "I").fill_null(value=False)
    unlisted = pl.col("plan_id").is_not_null() & pl.lit("plans" in missing)
    unchosen = ~pl.col("date_chosen_by_insider").fill_null(value=False)
    deferred = pl.col("defers").fill_null(value=False) & pl.col("deferral_ends_on").is_null()
    elsewhere = unheld.filter("is_trade")["share_class"].drop_nulls().unique()
    joined = trades.join(small, on=["trade_id", "person_id"], how="left", maintain_order="left")
    return joined.with_columns(
        is_due=due,
        acquired=pl.col("movement") >= 0,
        is_deemed=on_plan & unchosen,
        may_be_deemed=(on_plan | unlisted) & unchosen,
        is_deferred=pl.when(~deferred | ~pl.col("share_class").is_in(elsewhere.implode())).then(deferred),
        counts_from_on=pl.when(pl.col("defers")).then(pl.coalesce("deferral_ends_on", "traded_on")).otherwise("traded_on"),
    ).select(pl.exclude("deemed_on"))


def _with_symbol(lines: pl.DataFrame, duties: pl.DataFrame) -> pl.DataFrame:
    """A line without a symbol stands for the first trade of the person on that day and in that direction."""
    like = ["person_id", "traded_on", "acquired"]
    first = duties.filter("is_due").select(*like, likely="symbol").unique(like, keep="first", maintain_order=True)
    return lines.join(first, on=like, how="left", maintain_order="left").with_columns(symbol=pl.coalesce("symbol", "likely")).drop("likely")


def _without_trade(lines: pl.DataFrame, trades: pl.DataFrame, standings: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Lines of Section 16 persons on a day and in a direction in which no account on the roster shows a trade."""
    shown = trades.filter(pl.col("person_id").is_not_null() & (pl.col("share") > 0)).select("person_id", "traded_on", acquired=pl.col("movement") >= 0).unique()
    gift_on_form5 = (pl.col("sec_code") == "G") & (pl.col("traded_on") < policy.day("section_16.gift_form4_from"))
    alone = lines.join(shown, on=["person_id", "traded_on", "acquired"], how="anti").with_columns(
        is_due=pl.when(~pl.col("contradicts_itself")).then(pl.col("sec_code").is_in(DUE_CODES) & ~gift_on_form5 & ~(pl.col("acquired") & (pl.col("sec_code") == "G"))),
        is_deemed=pl.col("under_plan").fill_null(value=False) & pl.col("deemed_on").is_not_null(),
    )  # fmt: skip
    placed = standing_on(alone, standings, "person_id", "traded_on", ("section_16",))
    return placed.select(
        "person_id", "symbol", "traded_on", "quantity", "price", "sec_code", "line", "acquired", *FILED, "accession", "deemed_on", "is_deemed", "source_file", "source_line",
        may_be_deemed="is_deemed", root_id="accession", unit_id="accession", occurred_on="traded_on", counts_from_on="traded_on", is_reported=pl.lit(value=True),
        is_due=pl.col("is_due") & pl.col("section_16"), is_deferred=pl.lit(value=False), kind=pl.concat_str([pl.lit("transaction of code "), "sec_code"]),
    )  # fmt: skip


def _due(days: Days, deemed_where: str, policy: Policy) -> pl.Expr:
    """The business day on which the form is due; a plan trade counts from its deemed date (17 CFR 240.16a-3(g))."""
    on = pl.col("traded_on")
    third = days.after(on, policy.parameter("section_16.deemed_business_days").on(on))
    unknown = on if policy.reads("report.unknown_notice", "trade_day") else third
    deemed = pl.min_horizontal(pl.coalesce("notified_on", "deemed_on", unknown), third)
    start = pl.when(deemed_where).then(deemed).otherwise("counts_from_on")
    return days.after(start, policy.parameter("section_16.form4_business_days").on(on))
