"""Forms of the SEC's insider transactions data sets, brought to filings and their lines."""

import polars as pl

from transforms.accessions import WHOLE, of_owner
from transforms.policy import Policy
from transforms.roster import issuers
from transforms.sources import REFUSED
from transforms.tables import COUNT, TABLES

Tables = dict[str, pl.DataFrame]


def with_data_sets(tables: Tables, policy: Policy) -> tuple[Tables, Tables]:
    """Tables with the data sets' forms about the policy's issuer as `filings`, `filing_lines` and `acceptances`; and by table what
    can't be used: forms whose owner stands nowhere, lines without a quantity. A form that stands as a file of its own is not
    doubled. The staged tables keep what is about the issuer.
    """
    named = dict(tables)
    if tables["listed_forms"].is_empty():
        return named | {name: tables[name].clear() for name in ("listed_owners", "listed_lines")}, {}
    known = tables["filings"].select(accession=WHOLE).unique()
    ours = issuers(tables["listed_forms"], tables["securities"], policy).filter(pl.col("issuer_id") == policy.issuer_id)
    forms = ours.sort("accession", "source_file", "source_line").unique("accession", keep="first", maintain_order=True).join(known, on="accession", how="anti")
    owned = _owned(forms, tables["listed_owners"])
    lines = _lines(owned, tables["listed_lines"])
    named["filings"] = pl.concat([tables["filings"], _filings(owned)])
    named["filing_lines"] = pl.concat([tables["filing_lines"], lines.filter(pl.col("quantity").is_not_null()).select(*TABLES["filing_lines"].schema)])
    named["acceptances"] = pl.concat([tables["acceptances"], _dates(forms)])
    for name in ("listed_forms", "listed_owners", "listed_lines"):
        named[name] = tables[name].join(forms.select("accession"), on="accession", how="semi")
    return named, {"filings": _ownerless(forms, owned), "filing_lines": _without_quantity(lines)}


def _owned(forms: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """A form once for each owner; from the second one on the accession carries the owner."""
    distinct = owners.sort("accession", "source_line").unique(["accession", "owner"], keep="first", maintain_order=True).select("accession", "owner")
    numbered = distinct.with_columns(nth=pl.int_range(pl.len()).over("accession"))
    return forms.join(numbered, on="accession").with_columns(own_accession=of_owner(pl.col("accession"), pl.col("owner"), pl.col("nth")))


def _filings(owned: pl.DataFrame) -> pl.DataFrame:
    columns = TABLES["filings"].schema
    return owned.select(
        "form", "issuer_id", "period_on", "source_file", "source_line", accession="own_accession", person_id=pl.format("CIK:{}", "owner"),
        accepted_at=pl.lit(None, dtype=columns["accepted_at"]), amends=pl.format("filed:{}", pl.col("original_on").cast(pl.String)),
    ).select(*columns)  # fmt: skip


def _lines(owned: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Lines numbered within their form, non-derivative table first."""
    once = lines.sort("source_file", "source_line").unique(["accession", "derivative", "number"], keep="first", maintain_order=True)
    numbered = once.sort("accession", "derivative", "number").with_columns(line=(pl.int_range(pl.len()).over("accession") + 1).cast(COUNT))
    joined = numbered.join(owned.select("accession", "own_accession", "under_plan"), on="accession")
    return joined.with_columns(accession="own_accession", symbol=pl.lit(None, dtype=pl.String))


def _dates(forms: pl.DataFrame) -> pl.DataFrame:
    columns = TABLES["acceptances"].schema
    empty = {name: pl.lit(None, dtype=columns[name]) for name in ("accepted_at", "items")}
    return forms.select("accession", "form", "filed_on", "source_file", "source_line", listed_for=pl.lit("data set"), report_on="period_on", **empty).select(
        *columns
    )


def _ownerless(forms: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    said = pl.format(
        "{}:{}: the form {} has no owner, expected one in REPORTINGOWNER. Add that table of the data set.", "source_file", "source_line", "accession"
    )
    return _refused(forms.join(owned, on="accession", how="anti"), said)


def _refused(rows: pl.DataFrame, said: pl.Expr) -> pl.DataFrame:
    return rows.select(file="source_file", line="source_line", reason=said, raw="accession").cast(REFUSED)  # type: ignore[arg-type]  # polars types columns only


def _without_quantity(lines: pl.DataFrame) -> pl.DataFrame:
    said = pl.format("{}:{}: TRANS_SHARES is empty, expected a number. Take the line from the form itself.", "source_file", "source_line")
    return _refused(lines.filter(pl.col("quantity").is_null()).unique(["source_file", "source_line"], maintain_order=True), said)
