"""Names from outside brought to the company's own: broker numbers to accounts, CUSIPs to symbols, CIKs to persons."""

from datetime import timedelta

import polars as pl

from transforms.edgar_lists import amending
from transforms.policy import Policy
from transforms.sources import REFUSED

Tables = dict[str, pl.DataFrame]
VISIBLE = r"([A-Za-z0-9]*[0-9][A-Za-z0-9]*)$"
LEAST_VISIBLE = 3
"""Characters; a shorter visible part of a masked number says too little."""


def resolve(tables: Tables, policy: Policy) -> tuple[Tables, pl.DataFrame]:
    """Tables with the company's own ids, and the rows that name someone whom the roster does not know."""
    named = dict(tables)
    for name in ("trades", "holdings", "orders"):
        named[name] = _symbols(_accounts(named[name], named["accounts"]), named["securities"])
    lines = named["filing_lines"]
    filings = issuers(_persons(named["filings"], named["people"]), named["securities"], policy)
    unknown = filings.filter(pl.col("person_id").str.starts_with("CIK:"))
    named["filings"] = amending(filings.join(unknown.select("accession"), on="accession", how="anti"), named["acceptances"])
    left = lines.join(unknown.select("accession", owner="person_id"), on="accession", how="left")
    named["filing_lines"] = left.filter(pl.col("owner").is_null()).drop("owner")
    named["periodic_filings"] = _periodic(named, policy)
    named["announcements"] = _announcements(named, policy)
    return named, pl.concat([_unknown(unknown, pl.col("person_id")), _unknown(left.filter(pl.col("owner").is_not_null()), pl.col("owner"))])


def _unknown(rows: pl.DataFrame, owner: pl.Expr) -> pl.DataFrame:
    said = pl.format("{}:{}: the owner {} is not in people, expected a person with that cik. Add the person or the cik.", "source_file", "source_line", owner)
    return rows.select(file="source_file", line="source_line", reason=said, raw="accession").cast(REFUSED)  # type: ignore[arg-type]  # polars types columns only


def _accounts(rows: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """The roster's account for each number as printed: the same, the broker's number, or the only one with its visible part."""
    roster = accounts.select("account_id", "broker_number").unique()
    printed = rows.select(printed="account_id").unique().join(roster.select(printed="account_id").unique(), on="printed", how="anti")
    if printed.is_empty():
        return rows
    exact = printed.join(roster.filter(pl.col("broker_number").is_not_null()), left_on="printed", right_on="broker_number").unique("printed", keep="none")
    rest = printed.join(exact, on="printed", how="anti").with_columns(seen=pl.col("printed").str.extract(VISIBLE), masked=_masked(pl.col("printed")))
    numbers = roster.with_columns(number=pl.coalesce("broker_number", "account_id")).with_columns(
        visible=pl.col("number").str.extract(VISIBLE), number_masked=_masked(pl.col("number"))
    )
    pairs = rest.join(numbers, how="cross").filter(
        (pl.col("masked") & pl.col("number").str.ends_with(pl.col("seen")) & (pl.col("seen").str.len_chars() >= LEAST_VISIBLE))
        | (pl.col("number_masked") & pl.col("printed").str.ends_with(pl.col("visible")) & (pl.col("visible").str.len_chars() >= LEAST_VISIBLE))
    )
    partly = pairs.select("printed", "account_id").unique().unique("printed", keep="none")
    names = pl.concat([exact.select("printed", "account_id"), partly])
    joined = rows.join(names.rename({"account_id": "_ours"}), left_on="account_id", right_on="printed", how="left", maintain_order="left")
    return joined.with_columns(account_id=pl.coalesce("_ours", "account_id")).drop("_ours")


def _masked(number: pl.Expr) -> pl.Expr:
    return number.str.contains(r"(?i)x{2,}|\*{2,}|\.{3}")


def _symbols(rows: pl.DataFrame, securities: pl.DataFrame) -> pl.DataFrame:
    known = securities.filter(pl.col("cusip").is_not_null()).select("cusip", _ours="symbol").unique("cusip", keep="none")
    bare = rows.with_columns(_cusip=pl.col("symbol").str.strip_prefix("CUSIP:"))
    joined = bare.join(known, left_on="_cusip", right_on="cusip", how="left", maintain_order="left")
    return joined.with_columns(symbol=pl.coalesce("_ours", "symbol")).drop("_ours", "_cusip")


def _persons(filings: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    known = (
        people.filter(pl.col("cik").is_not_null())
        .select(_cik=pl.format("CIK:{}", pl.col("cik").str.strip_chars().str.zfill(10)), _ours="person_id")
        .unique("_cik", keep="none")
    )
    joined = filings.join(known, left_on="person_id", right_on="_cik", how="left", maintain_order="left")
    return joined.with_columns(person_id=pl.coalesce("_ours", "person_id")).drop("_ours")


def issuers(filings: pl.DataFrame, securities: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`CIK:0000000001|ACM` to an issuer: by the policy's own cik, else by the symbol."""
    parts = pl.col("issuer_id").str.splitn("|", 2)
    known = securities.select(_symbol=pl.col("symbol").str.to_uppercase(), _ours="issuer_id").unique("_symbol", keep="first", maintain_order=True)
    named = filings.with_columns(_cik=parts.struct.field("field_0"), _symbol=parts.struct.field("field_1"))
    joined = named.join(known, on="_symbol", how="left", maintain_order="left")
    own = pl.when(pl.col("_cik") == f"CIK:{policy.issuer_cik}").then(pl.lit(policy.issuer_id)) if policy.issuer_cik else pl.lit(None, dtype=pl.String)
    return joined.with_columns(issuer_id=pl.coalesce(own, "_ours", "issuer_id")).drop("_cik", "_symbol", "_ours")


def _of_issuer(acceptances: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    return acceptances.filter(pl.col("listed_for") == (policy.issuer_cik or "none"))


def _periodic(tables: Tables, policy: Policy) -> pl.DataFrame:
    """Quarterly and annual reports of the issuer's own list, where the table has none of that quarter."""
    given = tables["periodic_filings"]
    listed = _of_issuer(tables["acceptances"], policy).filter(
        pl.col("form").is_in(["10-Q", "10-K"]) & pl.col("accepted_at").is_not_null() & pl.col("report_on").is_not_null()
    )
    told = listed.select("form", "accepted_at", "source_file", "source_line", quarter_ended_on="report_on").select(given.columns)
    new = (
        told.join(given, on=["form", "quarter_ended_on"], how="anti")
        .sort("accepted_at")
        .unique(["form", "quarter_ended_on"], keep="first", maintain_order=True)
    )
    return pl.concat([given, new])


def _announcements(tables: Tables, policy: Policy) -> pl.DataFrame:
    """8-Ks with item 2.02 as final announcements of the quarter before them, where the policy accepts them as such."""
    given = tables["announcements"]
    if not policy.accepts_8k:
        return given
    results = _of_issuer(tables["acceptances"], policy).filter((pl.col("form") == "8-K") & pl.col("items").fill_null("").str.contains(r"\b2\.02\b"))
    dated = results.with_columns(announced_on=pl.coalesce(pl.col("accepted_at").dt.date(), "filed_on")).sort("announced_on")
    if dated.is_empty():
        return given
    days = dated["announced_on"].to_list()
    ends = pl.DataFrame({"quarter_ended_on": policy.quarter_ends(days[0] - timedelta(days=366), days[-1])})
    placed = dated.join_asof(
        ends.with_columns(_after=pl.col("quarter_ended_on") + pl.duration(days=1)), left_on="announced_on", right_on="_after", strategy="backward"
    )
    told = placed.with_columns(announcement_id="accession", issuer_id=pl.lit(policy.issuer_id), kind=pl.lit("final"), announced_at="accepted_at").select(
        given.columns
    )
    finals = given.filter(pl.col("kind") == "final").select("quarter_ended_on")
    new = told.join(finals, on="quarter_ended_on", how="anti").unique("quarter_ended_on", keep="first", maintain_order=True)
    return pl.concat([given, new])
