"""What EDGAR's filing lists know of forms: accession, time of acceptance, and which form an amendment amends."""

import polars as pl

from transforms.accessions import WHOLE, with_filing_dates

Tables = dict[str, pl.DataFrame]
NOTICE_DAYS = 4
"""Between the date of a notice and its filing, a long week-end included."""


def completed(tables: Tables) -> Tables:
    """Tables whose EDGAR forms have what the lists know of them: accession and time of acceptance."""
    filings, lines = _completed(_notices(tables["filings"], tables["acceptances"]), tables["filing_lines"], tables["acceptances"])
    return {**tables, "filings": filings, "filing_lines": lines}


def _notices(filings: pl.DataFrame, acceptances: pl.DataFrame) -> pl.DataFrame:
    """A bare Form 144 gets its accession from its filer's list: the one entry filed within days of the notice."""
    bare = filings.filter(pl.col("accession").str.starts_with("none:") & pl.col("form").str.starts_with("144"))
    entries = (
        acceptances.filter(pl.col("form").str.starts_with("144"))
        .select("form", "filed_on", _new="accession", person_id=pl.format("CIK:{}", "listed_for"))
        .unique()
    )
    days = (pl.col("filed_on") - pl.col("period_on")).dt.total_days()
    near = bare.select("accession", "form", "person_id", "period_on").join(entries, on=["form", "person_id"]).filter(days.is_between(0, NOTICE_DAYS))
    taken = near.filter(pl.col("_new").is_in(filings["accession"].implode()))
    alone = near.join(taken.select("accession"), on="accession", how="anti").unique("accession", keep="none").unique("_new", keep="none")
    return (
        filings.join(alone.select("accession", "_new"), on="accession", how="left", maintain_order="left")
        .with_columns(accession=pl.coalesce("_new", "accession"))
        .drop("_new")
    )


def _completed(filings: pl.DataFrame, lines: pl.DataFrame, acceptances: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Filings without header get accession and acceptance from the lists: by accession, else by form, period and owner,
    else by form, period and issuer, where only one entry fits.
    """
    times = acceptances.sort("accepted_at", nulls_last=True).unique("accession", keep="first", maintain_order=True)
    entries = times.filter(pl.col("accepted_at").is_not_null()).select("accession", "form", "accepted_at", period_on="report_on")
    listed = acceptances.select("accession", _who=pl.format("CIK:{}", "listed_for")).unique().join(entries, on="accession")
    fitting = listed.unique(["form", "_who", "period_on"], keep="none")
    named = filings.with_columns(
        _whole=WHOLE, _bare=pl.col("accession").str.starts_with("none:"),
        _issuer=pl.col("issuer_id").str.splitn("|", 2).struct.field("field_0"),
    )  # fmt: skip
    timed = named.join(times.select(_whole="accession", _listed_at="accepted_at"), on="_whole", how="left", maintain_order="left")
    for who in ("person_id", "_issuer"):
        told = fitting.select(
            "form", "period_on", pl.col("_who").alias(who), pl.col("accession").alias(f"_by_{who}"), pl.col("accepted_at").alias(f"_at_{who}")
        )
        timed = timed.join(told, on=["form", "period_on", who], how="left", maintain_order="left")
    found, found_at = pl.coalesce("_by_person_id", "_by__issuer"), pl.coalesce("_at_person_id", "_at__issuer")
    free = found.is_not_null() & pl.col("_bare") & ~found.is_in(filings["accession"].implode()) & (found.count().over(found) == 1)
    done = timed.with_columns(
        _new=pl.when(free).then(found).otherwise("accession"),
        accepted_at=pl.coalesce("accepted_at", "_listed_at", pl.when(free).then(found_at)),
    )
    renamed = done.filter(pl.col("_new") != pl.col("accession")).select("accession", "_new").unique("accession")
    new_lines = lines.join(renamed, on="accession", how="left", maintain_order="left").with_columns(accession=pl.coalesce("_new", "accession")).drop("_new")
    return done.with_columns(accession="_new").select(filings.columns), new_lines


def amending(filings: pl.DataFrame, acceptances: pl.DataFrame) -> pl.DataFrame:
    """`filed:` and a date to the accession of the one form of the owner and issuer that was filed on it; else nothing."""
    dated = with_filing_dates(filings, acceptances)
    asked = dated.with_columns(
        _filed_on=pl.col("filed_on").cast(pl.String), _kind=pl.col("form").str.strip_suffix("/A"), _date=pl.col("amends").str.strip_prefix("filed:")
    )
    same = ["person_id", "issuer_id", "_kind", "_filed_on"]
    first = asked.filter(~pl.col("form").str.ends_with("/A")).select(*same, "period_on", _first="accession")
    by_day = first.unique(same, keep="none").drop("period_on")
    by_period = first.unique([*same, "period_on"], keep="none").rename({"_first": "_of_period"})
    found = asked.drop("_filed_on").join(by_day, left_on=["person_id", "issuer_id", "_kind", "_date"], right_on=same, how="left", maintain_order="left").join(
        by_period, left_on=["person_id", "issuer_id", "_kind", "_date", "period_on"], right_on=[*same, "period_on"], how="left", maintain_order="left"
    )  # fmt: skip
    dates = pl.col("amends").str.starts_with("filed:")
    return found.with_columns(amends=pl.when(dates).then(pl.coalesce("_first", "_of_period")).otherwise("amends")).select(filings.columns)
