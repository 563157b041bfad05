"""Purchases and sales that Section 16(b) looks at, for each insider to whom they are attributed."""

import polars as pl

from transforms.facts.footings import EXACT, on_todays_footing
from transforms.facts.instruments import COMPANY_SHARES
from transforms.facts.positions import position_before
from transforms.facts.standings import standing_on
from transforms.policy import Policy

MATCHABLE = ("P", "S", "L", "O", "H", "E", "I", "J", "K", "U")
"""Codes that Section 16(b) matches, or may match (17 CFR 240.16b-3, 16b-6)."""
PURCHASE, SALE = pl.lit("purchase"), pl.lit("sale")


def swing_legs(
    answered_trades: pl.DataFrame, form_lines: pl.DataFrame, instruments: pl.DataFrame, accounts: pl.DataFrame, circles: pl.DataFrame,
    standings: pl.DataFrame, footings: pl.DataFrame, positions: pl.DataFrame, policy: Policy,
) -> pl.DataFrame:  # fmt: skip
    """One row a leg: person_id, share_class, `series` (symbol of a derivative, null for shares), `way` (purchase, sale or
    null = not matched), units and price as printed and on today's split basis; `leg`, its number, `group`, its person, class and series. `in_office` on the day, `is_tenth`: a ten percent
    holder's leg that counts, `came_before`: before any office. Source: 15 U.S.C. 78p(b); 17 CFR 240.16a-2, 16b-3, 16b-6.
    """
    ever = standings.filter(pl.col("standing") == "section_16").select("person_id").unique()
    traded = answered_trades.filter((pl.col("share") > 0) & (COMPANY_SHARES | _is_option())).join(ever, on="person_id", how="semi")
    legs = pl.concat(
        [_expired(_from_trades(traded, policy), positions), _from_lines(form_lines, instruments, accounts, circles, ever, footings, policy)],
        how="diagonal_relaxed",
    )
    placed = standing_on(legs, standings, "person_id", "traded_on", ("in_office",))
    tenth = standings.filter(pl.col("standing") == "ten_percent").select("person_id", tenth_from="from_on", tenth_until="until_on")
    counted = placed.select("trade_id", "person_id", "traded_on").join(tenth, on="person_id").filter(
        (pl.col("tenth_from") < pl.col("traded_on")) & (pl.col("tenth_until").is_null() | (pl.col("traded_on") <= pl.col("tenth_until")))
    )  # fmt: skip
    first = standings.filter(pl.col("standing") == "in_office").group_by("person_id").agg(first_in_office_on=pl.col("from_on").min())
    joined = placed.join(counted.select("trade_id", "person_id", is_tenth=pl.lit(value=True)).unique(), on=["trade_id", "person_id"], how="left")
    joined = joined.join(first, on="person_id", how="left").with_columns(
        is_tenth=pl.col("is_tenth").fill_null(value=False),
        came_before=(pl.col("traded_on") < pl.col("first_in_office_on")).fill_null(value=False),
    )  # fmt: skip
    if policy.reads("section_16.before_office", "include"):
        joined = joined.with_columns(in_office=pl.col("in_office") | pl.col("came_before"))
    return numbered(joined.with_columns(**_today()))


def numbered(legs: pl.DataFrame) -> pl.DataFrame:
    """Legs in order of person, class, date and id, with their numbers and those of their groups."""
    ordered = legs.sort("person_id", "share_class", "traded_on", "trade_id", maintain_order=True).with_row_index("leg")
    return ordered.with_columns(group=pl.struct("person_id", "share_class", "series").rank("dense").cast(pl.UInt32))


def _today() -> dict[str, pl.Expr]:
    """Units and prices on today's split basis; `is_exact`: whether 12 decimals hold the price whole."""
    price, factor = pl.col("price_paid").cast(EXACT), pl.col("factor").cast(EXACT)
    today = price / factor
    return {
        "quantity_today": (pl.col("quantity") * factor).cast(EXACT), "price_today": today.cast(EXACT),
        "is_exact": (today.cast(EXACT) * factor).cast(EXACT).eq(price).fill_null(value=True),
    }  # fmt: skip


def _is_option() -> pl.Expr:
    return pl.col("is_company_derivative").fill_null(value=False) & pl.col("asset").is_in(["option", "warrant"])


def _from_trades(trades: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    code = pl.coalesce("sec_code", "usual_code")
    units = pl.col("quantity").cast(pl.Decimal(38, 12)) * pl.col("share") * pl.when(_is_option()).then("multiplier").otherwise(1)
    return trades.with_columns(code=code).select(
        "trade_id", "root_id", "person_id", "share_class", "symbol", "traded_on", "price", "factor", "code", "put_call", "account_id", "source_file", "source_line",
        trader_id="attributed_trader_id",
        series=pl.when(_is_option()).then("symbol"),
        way=pl.when(_is_option()).then(_option_way()).otherwise(_share_way(policy)),
        quantity=units,
        price_paid=pl.when((pl.col("kind") == "expiry") & pl.col("price").is_null()).then(pl.lit(0).cast(pl.Decimal(18, 6))).otherwise("price"),
        is_undecided=pl.col("code") == "K",
    )  # fmt: skip


def _share_way(policy: Policy) -> pl.Expr:
    """How each code counts (readings 6.4); the sign of the position tells the direction of codes that lack one."""
    code, moved = pl.col("code"), pl.when(pl.col("movement") < 0).then(SALE).otherwise(PURCHASE)
    ours = (pl.col("venue") == "issuer") & policy.reads("section_16.issuer_trades", "exempt")
    said = pl.when(code.is_in(["P", "L"])).then(PURCHASE).when(code == "S").then(SALE).when(code == "O").then(moved)
    if policy.reads("section_16.code_u", "matched"):
        said = said.when(code == "U").then(SALE)
    if policy.reads("section_16.code_j", "matched"):
        said = said.when((code == "J") & pl.col("price").is_not_null()).then(moved)
    return pl.when(~ours.fill_null(value=False)).then(said.when(code == "I").then(moved))


def _option_way() -> pl.Expr:
    """Within a series, buying the contract is the purchase and writing it the sale; a written one that expires is bought at 0."""
    gone, code = pl.col("kind") == "expiry", pl.col("code")
    return (
        pl.when(pl.col("issued_by_company")).then(None)
        .when(gone & (code == "E")).then(PURCHASE)
        .when(gone & (code == "H") & (pl.col("price") > 0)).then(SALE)
        .when(gone & code.is_null()).then(pl.lit("expiry"))
        .when(pl.col("side") == "buy").then(PURCHASE)
        .when(pl.col("side") == "sell").then(SALE)
    )  # fmt: skip


def _expired(legs: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """An expiry without a code closes a written contract at 0 where the position before it was short, and sells a long one that ends with value."""
    placed = position_before(legs, positions, "traded_on")
    closed = pl.when(pl.col("position_before") < 0).then(PURCHASE).when((pl.col("position_before") > 0) & (pl.col("price") > 0)).then(SALE)
    way = pl.when(pl.col("way") == "expiry").then(closed).otherwise("way")
    return placed.with_columns(way=way).drop("position_before", "position_before_is_stated")


def _on_each_class(lines: pl.DataFrame, instruments: pl.DataFrame) -> pl.DataFrame:
    """Derivative lines whose code could match, once for each class of the company's shares: the form names no series."""
    shares = instruments.filter(COMPANY_SHARES).sort("symbol").unique("share_class", keep="first", maintain_order=True)
    dealt = lines.filter(pl.col("derivative") & pl.col("sec_code").is_in(MATCHABLE))
    return dealt.drop("symbol").join(shares.select("symbol"), how="cross").select(lines.columns)


def _from_lines(
    lines: pl.DataFrame, instruments: pl.DataFrame, accounts: pl.DataFrame, circles: pl.DataFrame, ever: pl.DataFrame, footings: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """Lines of Forms 4 and 5 of insiders with no account on the roster, own or attributed; a derivative's counts as not known."""
    held = accounts.select("holder_id").unique()
    around = circles.filter(pl.col("circle") == "attributed").join(held, left_on="related_id", right_on="holder_id", how="semi")
    rostered = pl.concat([held.select(person_id="holder_id"), around.select("person_id")]).unique()
    every = lines.join(ever, on="person_id", how="semi").join(rostered, on="person_id", how="anti")
    alone = pl.concat([every.filter(~pl.col("derivative")), _on_each_class(every, instruments)], how="vertical_relaxed")
    classed = alone.join(instruments.select("symbol", "share_class"), on="symbol", how="left")
    based = on_todays_footing(classed, footings, "traded_on")
    based = based.with_columns(code=pl.col("sec_code"), venue=pl.lit(None, dtype=pl.String), movement=pl.when("acquired").then(1).otherwise(-1))
    identity = pl.concat_str(["accession", pl.col("line").cast(pl.String)], separator=":")
    return based.select(
        "person_id", "symbol", "traded_on", "price", "factor", "source_file", "source_line",
        trade_id=identity, root_id=identity, code="sec_code", way=pl.when(~pl.col("contradicts_itself") & ~pl.col("derivative")).then(_share_way(policy)), price_paid="price",
        is_undecided=(pl.col("sec_code") == "K") | pl.col("contradicts_itself") | pl.col("derivative"),
        share_class=pl.coalesce("share_class", "symbol"), quantity=pl.when(~pl.col("derivative")).then("quantity").cast(pl.Decimal(38, 12)),
    )  # fmt: skip
