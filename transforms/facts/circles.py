"""Who stands around an insider, from which day to which, for which purpose."""

import polars as pl

from transforms.calendar import months_later
from transforms.policy import Policy

RELATED = ("spouse", "child", "household_member", "general_partner_of", "trustee_of", "executor_of")
FAMILY = ("spouse", "child", "parent", "sibling", "other_family", "general_partner_of", "trustee_of", "executor_of", "controls")
AT_HOME = ("child", "parent", "sibling", "other_family")
OWN_INTEREST = ("general_partner_of", "controls", "trustee_of", "executor_of")


def circles(relations: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a tie and purpose: person_id, related_id, circle, from_on, until_on, is_certain, share.

    circle: `related` = Related Person (policy IV.D); `family` = family and entities (X.B); `attributed` = counted for the
    insider under Section 16 (17 CFR 240.16a-1(a)(2), (e)), `share` of each quantity. `is_certain`, of a Related Person, is
    false for a child elsewhere whose birthday is not on record.
    """
    home = pl.col("same_household").fill_null(value=False)
    grown = months_later(pl.col("born_on"), policy.parameter("adulthood.years").values[-1][1] * 12)
    elsewhere = (pl.col("relation") == "child") & ~home
    ties = relations.with_columns(home=home, grown_on=grown, elsewhere=elsewhere)
    childhood = pl.min_horizontal(pl.col("until_on"), pl.col("grown_on") - pl.duration(days=1))
    related = ties.filter(pl.col("relation").is_in(RELATED) | pl.col("home")).with_columns(
        circle=pl.lit("related"),
        until_on=pl.when(elsewhere).then(childhood).otherwise("until_on"),
        is_certain=~(elsewhere & pl.col("born_on").is_null()),
    )
    wider = pl.col("relation").is_in(FAMILY)
    family = ties.filter(wider).with_columns(circle=pl.lit("family"))
    if policy.reads("report.family", "related_only"):
        family = related.with_columns(circle=pl.lit("family"))
    attributed = ties.with_columns(circle=pl.lit("attributed"), share=_share())
    kept = ["person_id", "related_id", "relation", "circle", "from_on", "until_on"]
    every = [related.select(*kept, "is_certain"), family.select(kept), attributed.filter(pl.col("share") > 0).select(*kept, "share")]
    return pl.concat(every, how="diagonal")


def _share() -> pl.Expr:
    home = pl.col("same_household")
    presumed = (
        ((pl.col("relation") == "spouse") & (home.is_null() | home))
        | (pl.col("relation").is_in(AT_HOME) & home.fill_null(value=False))
        | pl.col("relation").is_in(OWN_INTEREST)
    )
    return pl.coalesce("pecuniary_share", pl.when(presumed).then(1).cast(pl.Decimal(18, 6)))
