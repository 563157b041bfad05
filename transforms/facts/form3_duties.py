"""Forms 3 on record, each with the day from which its ten days count."""

from datetime import timedelta

import polars as pl

from transforms.calendar import BusinessDays
from transforms.deadlines import cut_off
from transforms.facts.dated_filings import FILED
from transforms.policy import Policy

DAY = timedelta(days=1)


def form3_duties(dated_filings: pl.DataFrame, standings: pl.DataFrame, business_days: BusinessDays, policy: Policy) -> pl.DataFrame:
    """One row a Form 3 or 3/A and owner.

    `became_on`: the day on which the owner became a Section 16 person, the latest on or before acceptance, else the next one,
    else the period of the form; `tenth_on`: the tenth calendar day after it, `due_on` the business day to which it moves
    (15 U.S.C. 78p(a); 17 CFR 240.0-3), `surely_due_on` the same with unverified closures counted. `is_first`: no amendment,
    no earlier Form 3 of the same spell, and not of a further role of someone already subject (17 CFR 240.16a-3(b)).
    """
    forms = dated_filings.filter(pl.col("form").is_in(["3", "3/A"])).with_columns(_day=pl.coalesce("filed_on", "period_on"))
    dated = _placed(forms, beginnings(standings)).with_columns(became_on=pl.coalesce("before_on", "next_on", "period_on"))
    tenth = pl.col("became_on") + pl.duration(days=policy.parameter("section_16.form3_days").on(pl.col("became_on")))
    due = dated.with_columns(tenth_on=tenth).with_columns(
        due_on=business_days.sooner.on_or_after(pl.col("tenth_on")), surely_due_on=business_days.later.on_or_after(pl.col("tenth_on"))
    )
    earliest = pl.col("accession") == pl.col("accession").sort_by("accepted_by", "accession", nulls_last=True).first().over("person_id", "became_on", "form")
    further = (pl.col("period_on") != pl.col("became_on")) & pl.struct("person_id", on="period_on").is_in(_entries(standings).implode())
    return due.select(
        "accession", "person_id", "form", "period_on", "became_on", "tenth_on", "due_on", "surely_due_on", "source_file", "source_line", *FILED,
        due_at=cut_off(pl.col("due_on"), policy), surely_due_at=cut_off(pl.col("surely_due_on"), policy), occurred_on=pl.coalesce("became_on", "filed_on"),
        is_first=(pl.col("form") == "3") & earliest & ~further.fill_null(value=False), accepted_on="filed_on",
    ).sort("accession")  # fmt: skip


def beginnings(standings: pl.DataFrame) -> pl.DataFrame:
    """Days on which someone became a Section 16 person: roles that no other one was held on the day before."""
    spells = standings.filter(pl.col("standing") == "section_16").select("person_id", "from_on", "until_on").unique()
    both = spells.join(spells, on="person_id", suffix="_other").filter(
        (pl.col("from_on_other") < pl.col("from_on")) & (pl.col("until_on_other").is_null() | (pl.col("until_on_other") >= pl.col("from_on") - DAY))
    )
    return spells.join(both, on=["person_id", "from_on"], how="anti").select("person_id", began_on="from_on").unique().sort("began_on")


def _entries(standings: pl.DataFrame) -> pl.Series:
    """First days of every role that makes a Section 16 person."""
    held = standings.filter(pl.col("standing") == "section_16")
    return held.select(entry=pl.struct("person_id", on="from_on")).unique()["entry"]


def _placed(forms: pl.DataFrame, beginnings: pl.DataFrame) -> pl.DataFrame:
    """The beginning before each form and the one after it."""
    dated = forms.sort("_day")
    before = dated.join_asof(beginnings.rename({"began_on": "before_on"}), left_on="_day", right_on="before_on", by="person_id", strategy="backward", check_sortedness=False, coalesce=False)  # fmt: skip
    return before.join_asof(beginnings.rename({"began_on": "next_on"}), left_on="_day", right_on="next_on", by="person_id", strategy="forward", check_sortedness=False, coalesce=False)  # fmt: skip
