"""Forms whose time is not known, that lie outside the calendars, contradict themselves, or show what no statement shows."""

import polars as pl

from transforms.calendar import FIRST, LAST
from transforms.facts._spots import spots
from transforms.facts.form_lines import in_words


def blind_filings(
    dated_filings: pl.DataFrame, form_lines: pl.DataFrame, unexplained_lines: pl.DataFrame, swing_legs: pl.DataFrame, missing: frozenset[str]
) -> pl.DataFrame:
    """unknown_time and beyond_calendar, a row a form; failed_expectation, a row an amendment without its form, a line or trade of which
    it is not known what it counts as; unlinked_account, a row a form with
    purchases or sales that no account on the roster shows.
    """
    undated = dated_filings.filter(pl.col("accepted_by").is_null())
    far = form_lines.filter(~pl.col("traded_on").is_between(FIRST, LAST)).unique("accession", keep="first", maintain_order=True)
    alone = dated_filings.filter(pl.col("form").is_in(["4/A", "5/A"]) & (pl.col("depth") == 0))
    unplaced = swing_legs.filter(pl.col("is_undecided") & pl.col("way").is_null())
    against = form_lines.filter("contradicts_itself").with_columns(_where=pl.concat_str(["accession", pl.col("line").cast(pl.String)], separator=":"))
    dealt = pl.col("sec_code").is_in(["P", "S"]) & ~pl.col("is_traded") & pl.lit("trades" not in missing)
    unseen = unexplained_lines.filter(dealt).group_by("accession", "person_id").agg(count=pl.len(), first=pl.col("traded_on").min())
    return pl.concat([
        spots(undated, "unknown_time", "accession", pl.format("{}: when EDGAR accepted it is not known; whether it was in time is not decided.", "accession")),
        spots(far, "beyond_calendar", "accession", pl.format("{}: reports a transaction of {}, outside the calendars ({} to {}).", "accession", pl.col("traded_on").cast(pl.String), pl.lit(str(FIRST)), pl.lit(str(LAST)))),
        spots(alone, "failed_expectation", "accession", pl.format("{}: an amendment of a form that is not on record, expected the form that it amends. Its lines count beside all others.", "accession")),
        spots(unplaced.join(against, left_on="trade_id", right_on="_where", how="anti"), "failed_expectation", "trade_id", pl.format("{}: code {}; whether it counts as a purchase or a sale of class {} is not on record, so short swings of that class are not decided.", "trade_id", "code", "share_class")),
        spots(against, "failed_expectation", "_where", pl.format("{}: code {} and {}, expected one that fits the other; what the line reports is not decided.", "_where", "sec_code", in_words())),
        spots(unseen, "unlinked_account", "accession", _unseen(), rows="count"),
    ])  # fmt: skip


def _unseen() -> pl.Expr:
    lines = pl.when(pl.col("count") == 1).then(pl.lit("1 purchase or sale")).otherwise(pl.format("{} purchases or sales", "count"))
    return pl.format(
        "{}: {} by {}, the first of {}, that no account on the roster shows. Ask for the account.",
        "accession",
        lines,
        "person_id",
        pl.col("first").cast(pl.String),
    )
