"""Small purchases whose report may wait for Form 5, and the day on which that ends."""

import polars as pl

from transforms.calendar import months_later
from transforms.facts.instruments import COMPANY_SHARES
from transforms.policy import Policy


def small_acquisitions(answered_trades: pl.DataFrame, form_lines: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a purchase (not from the issuer) and person: `defers` = it and the other unreported purchases of the class
    of the last six months are together at most the limit; `deferral_ends_on` = the day on which a later purchase or
    a sale within six months ends that (null = none). Source: 17 CFR 240.16a-6.
    """
    shares = COMPANY_SHARES & (pl.col("share") > 0) & pl.col("section_16")
    code = pl.coalesce("sec_code", "usual_code")
    traded = answered_trades.filter(shares).with_columns(code=code).select(
        "trade_id", "person_id", "share_class", "traded_on", "code", "venue", worth=pl.col("quantity") * pl.col("share") * pl.col("price"),
    )  # fmt: skip
    bought = traded.filter(pl.col("code").is_in(["P", "L"]) & (pl.col("venue") != "issuer"))
    sold = traded.filter(pl.col("code") == "S").select("person_id", "share_class", sold_on="traded_on")
    reported = form_lines.filter("acquired").group_by("person_id", "traded_on").agg(shown_on=pl.col("filed_on").min())
    known = bought.join(reported, on=["person_id", "traded_on"], how="left")
    other = known.select("person_id", "share_class", other_on="traded_on", other_worth="worth", other_shown_on="shown_on")
    limit = policy.parameter("section_16.small_acquisition")
    six = policy.parameter("section_16.period_months").values[-1][1]
    pairs = known.join(other, on=["person_id", "share_class"])
    recent = pairs.filter((pl.col("other_on") <= pl.col("traded_on")) & (pl.col("traded_on") < months_later(pl.col("other_on"), six)))
    unreported = pl.col("other_shown_on").is_null() | (pl.col("other_shown_on") > pl.col("traded_on"))
    sums = (
        recent.filter(unreported | (pl.col("other_on") == pl.col("traded_on")))
        .group_by("trade_id", "person_id")
        .agg(total=pl.col("other_worth").sum(), unpriced=pl.col("other_worth").is_null().any())
    )
    held = known.join(sums, on=["trade_id", "person_id"], how="left").with_columns(
        defers=(pl.col("total") <= limit.on(pl.col("traded_on"))) & ~pl.col("unpriced")
    )  # fmt: skip
    return held.join(_ends(held, sold, six), on=["trade_id", "person_id"], how="left").select("trade_id", "person_id", "defers", "deferral_ends_on")


def _ends(held: pl.DataFrame, sold: pl.DataFrame, six: int) -> pl.DataFrame:
    later = held.filter(~pl.col("defers")).select("person_id", "share_class", ended_on="traded_on")
    ends = pl.concat([later, sold.rename({"sold_on": "ended_on"})])
    pairs = held.join(ends, on=["person_id", "share_class"]).filter(
        (pl.col("ended_on") >= pl.col("traded_on")) & (pl.col("ended_on") < months_later(pl.col("traded_on"), six))
    )
    return pairs.group_by("trade_id", "person_id").agg(deferral_ends_on=pl.col("ended_on").min())
