"""Who attests a quarter, for whose accounts, and how far statements reach over them."""

import polars as pl

from transforms.attesting import Known, Quarter
from transforms.calendar import Sessions
from transforms.policy import Policy

SPACING = {"month": "1mo", "quarter": "3mo"}
ENTITIES = ("controls", "general_partner_of", "trustee_of", "executor_of")
"""Ties to what a person acts for; with Related Persons, those whose accounts stand in a packet. Family elsewhere answers for itself."""
COVERAGE: dict[str, pl.DataType] = {
    "account_id": pl.String(), "trading_days": pl.Int64(), "covered": pl.Int64(), "statements": pl.Int64(), "last_held_on": pl.Date(), "first_lacking_on": pl.Date(),
}  # fmt: skip


def people(known: Known, quarter: Quarter) -> pl.DataFrame:
    """One row a person who was designated on a day of the quarter: person_id, name, email, supervisor_id; by name."""
    spells = known.facts["standings"].filter((pl.col("standing") == "designated") & _overlaps(quarter))
    return (
        known.facts["people"].filter(pl.col("person_id").is_in(spells["person_id"].unique().implode()))
        .select("person_id", pl.col("name").fill_null(pl.col("person_id")), "email", "supervisor_id").sort("name", "person_id")
    )  # fmt: skip


def around(known: Known, quarter: Quarter, who: pl.DataFrame) -> pl.DataFrame:
    """One row a person who attests and a holder for whom they answer in the quarter: person_id, holder_id, relation (`self` first)."""
    own = who.select("person_id", holder_id="person_id", relation=pl.lit("self"))
    counts = (pl.col("circle") == "related") | ((pl.col("circle") == "family") & pl.col("relation").is_in(ENTITIES))
    ties = known.facts["circles"].filter(counts & _overlaps(quarter)).sort("person_id", "related_id", "relation")
    tied = ties.join(who.select("person_id"), on="person_id", how="semi").select("person_id", holder_id="related_id", relation="relation")
    return pl.concat([own, tied]).unique(["person_id", "holder_id"], keep="first", maintain_order=True)


def accounts_of(known: Known, quarter: Quarter, tied: pl.DataFrame) -> pl.DataFrame:
    """One row a person and account on the roster that was open on a day of the quarter: person_id, relation, and the account's columns."""
    day = pl.lit(quarter.ends_on)
    opened = (pl.col("opened_on").is_null() | (pl.col("opened_on") <= day)) & (pl.col("closed_on").is_null() | (pl.col("closed_on") >= quarter.starts_on))
    return tied.join(known.facts["accounts"].filter(opened), on="holder_id", maintain_order="left").unique(
        ["person_id", "account_id"], keep="first", maintain_order=True
    )


def coverage(known: Known, quarter: Quarter, accounts: pl.DataFrame) -> pl.DataFrame:
    """One row an account: COVERAGE. How many trading days of the quarter it was open on, and on how many of these a statement covers it.

    A statement covers the days since the one before it; where that one is more than a month older (a quarter, for an account without
    two statements in consecutive months), one month or quarter up to its own day. Statements dated after the quarter count as well, once
    they are there. A trading day that no statement reaches is not covered, whatever trades are on record.
    """
    each = accounts.select("account_id", "opened_on", "closed_on").unique("account_id")
    reach = _reach(known.facts["holdings"].join(each, on="account_id", how="semi").select("account_id", "held_on").unique(), quarter, known.policy)
    days = _trading_days(known.facts["sessions"], quarter)  # type: ignore[arg-type]  # facts hold the calendar too
    grid = each.join(days, how="cross").filter(
        (pl.col("opened_on").is_null() | (pl.col("day") >= pl.col("opened_on"))) & (pl.col("closed_on").is_null() | (pl.col("day") <= pl.col("closed_on")))
    )
    held = grid.sort("account_id", "day").join_asof(
        reach.sort("account_id", "covers_from_on"), left_on="day", right_on="covers_from_on", by="account_id", strategy="backward", check_sortedness=False
    )
    is_covered = (pl.col("day") <= pl.col("held_on")).fill_null(value=False)
    told = held.group_by("account_id").agg(
        trading_days=pl.len().cast(pl.Int64), covered=is_covered.sum().cast(pl.Int64), first_lacking_on=pl.col("day").filter(~is_covered).min()
    )
    inside = reach.filter(quarter.holds("held_on"))
    received = inside.group_by("account_id").agg(statements=pl.col("held_on").n_unique().cast(pl.Int64), last_held_on=pl.col("held_on").max())
    zero = [pl.col(name).fill_null(0) for name in ("trading_days", "covered", "statements")]
    return each.join(told, on="account_id", how="left").join(received, on="account_id", how="left").with_columns(zero).select(*COVERAGE).sort("account_id")


def _reach(held: pl.DataFrame, quarter: Quarter, policy: Policy) -> pl.DataFrame:
    """One row a statement: account_id, held_on, and covers_from_on, the first day that it covers.

    Whether an account has statements by month is judged by those up to the quarter's end: what comes later changes nothing of that.
    """
    by_then = held.filter(pl.col("held_on") <= quarter.ends_on)
    months = by_then.with_columns(month=pl.col("held_on").dt.truncate("1mo")).unique(["account_id", "month"]).sort("account_id", "month")
    step = pl.col("month").dt.offset_by("-1mo") == pl.col("month").shift(1).over("account_id")
    monthly = months.with_columns(follows=step.fill_null(value=False)).group_by("account_id").agg(is_monthly=pl.col("follows").any())
    spaced = held.join(monthly, on="account_id", how="left").with_columns(pl.col("is_monthly").fill_null(value=False)).sort("account_id", "held_on")
    before = pl.col("held_on").shift(1).over("account_id")
    back = {name: pl.col("held_on").dt.offset_by(f"-{length}") for name, length in SPACING.items()}
    own = pl.when("is_monthly").then(back["month"]).otherwise(back["quarter"])
    leeway = policy.parameter("data_quality.statement_leeway").at(quarter.ends_on) or 0
    follows = before >= own - pl.duration(days=leeway)
    day = pl.duration(days=1)
    return spaced.select("account_id", "held_on", covers_from_on=pl.when(follows.fill_null(value=False)).then(before).otherwise(own) + day)


def _trading_days(sessions: Sessions, quarter: Quarter) -> pl.DataFrame:
    days = pl.DataFrame({"day": sessions.every.days}, schema={"day": pl.Date})
    return days.filter(quarter.holds("day"))


def _overlaps(quarter: Quarter) -> pl.Expr:
    return (pl.col("from_on") <= quarter.ends_on) & (pl.col("until_on").is_null() | (pl.col("until_on") >= quarter.starts_on))
