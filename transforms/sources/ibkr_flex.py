"""Interactive Brokers' Flex query, an XML export of one or several statements."""

import re

import polars as pl

from transforms.sources import File, Read, fingerprint, first_reason, ledger, number, refusal, source
from transforms.sources._holdings import holdings, position
from transforms.sources._xml import Node, Unreadable, parse
from transforms.tables import COUNT, TEXT

ATTRIBUTES = (
    "accountId", "assetCategory", "symbol", "underlyingSymbol", "strike", "tradeDate", "date", "settleDateTarget", "reportDate",
    "buySell", "quantity", "position", "side", "tradePrice", "price", "transactionType", "type", "notes", "code", "openCloseIndicator",
    "tradeID", "transactionID", "ibExecID", "execID", "ibOrderID", "orderID", "orderType", "levelOfDetail", "origTradeID", "currency",
)  # fmt: skip
FILLS = ("Trade", "TradeConfirm")
SUMS = ("Order", "SymbolSummary", *FILLS)
PRINTED = dict.fromkeys(ATTRIBUTES, TEXT) | {"tag": TEXT, "statement": COUNT, "to": TEXT, "line": COUNT, "raw": TEXT}
ENDS = {"Assignment": "assignment", "Exercise": "exercise", "Expiration": "expiry"}
ORDER_TYPES = {"MKT": "market", "LMT": "limit"}
FILL = ["account", "symbol", "way", "units", "paid", "on", "nth"]
"""What two tellings of one fill have in common."""
NAMELESS = (
    (pl.col("account").is_null(), "accountId is empty, expected an account. Add Account ID to the query."),
    (pl.col("symbol").is_null(), "symbol is empty, expected a symbol. Add Symbol to the query."),
)


@source(lambda head: head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" and bool(re.search(rb"<FlexQueryResponse[\s>/]", head)))
def ibkr_flex(file: File) -> Read:
    """Rows of `trades` and `holdings`. Dropped: currency trades, sums and lots beside what they sum up, all other sections.

    Times carry no zone (it is a setting of the account), so `traded_at` stays empty. A price in another currency than US
    dollars stays empty too. A cancel amends `origTradeID`, else the fill of the file with its account, symbol, side, day,
    price and quantity. The stock leg of an assignment or exercise is dropped where the option line of that day, underlying
    and strike is loaded; without it a leg that brings shares in keeps its code and one that takes them out is a sale.
    An option that closes at no price without a code is what `OptionEAE` says of it.
    """
    try:
        root = parse(file.content)
    except Unreadable as error:
        return refusal(file, error.line, error.reason)
    told = {node.tag for node in root.walk()}
    printed = _printed(root)
    trades = _linked(_fills(printed.filter(pl.col("tag") != "OpenPosition")))
    read = ledger(trades, file, "trades", _trade_columns(), drop=_drop(), refuse=_refuse())
    if not told & {"Trades", "TradeConfirms", *SUMS}:
        del read.rows["trades"]
    if told & {"OpenPositions", "OpenPosition"}:
        read += _positions(printed.filter(pl.col("tag") == "OpenPosition"), file)
    return read


def _printed(root: Node) -> pl.DataFrame:
    """Every record as a row of text: an element with attributes, or one of a tag that must have some."""
    records: list[dict[str, str | int | None]] = []
    statement, number_of = dict[str, str](), 0
    for node in root.walk():
        if node.tag == "FlexStatement":
            statement, number_of = node.attributes, number_of + 1
        elif node.tag not in ("FlexQueryResponse", "FlexStatements") and (node.attributes or node.tag in (*FILLS, "OpenPosition")):
            raw = " ".join([f"<{node.tag}", *(f'{name}="{value}"' for name, value in node.attributes.items()), "/>"])
            cells = {name: node.attributes.get(name, "").strip() or None for name in ATTRIBUTES}
            cells["accountId"] = cells["accountId"] or statement.get("accountId") or None
            records.append({**cells, "tag": node.tag, "statement": number_of, "to": statement.get("toDate"), "line": node.line, "raw": raw})
    return pl.DataFrame(records, schema=PRINTED)


def _day(cell: pl.Expr) -> pl.Expr:
    """`20250110` or `2025-01-10`, alone or before a time, as a date; null otherwise."""
    return cell.str.extract(r"^(\d{4}-?\d\d-?\d\d)(?:\D|$)").str.replace_all("-", "").str.to_date("%Y%m%d", strict=False)


def _has(code: str) -> pl.Expr:
    return pl.format(";{};", "codes").str.contains(f";{code};", literal=True)


def _fills(printed: pl.DataFrame) -> pl.DataFrame:
    """Add what a line says of a fill, typed; whether it cancels one, and which fill of its kind it is."""
    signed, side = number(pl.col("quantity")), pl.col("buySell").str.to_uppercase()
    codes = pl.concat_str(pl.col("notes", "code").fill_null(""), separator=";").str.replace_all(r"[,\s]+", ";")
    printed = printed.with_columns(account="accountId", on=_day(pl.col("tradeDate")), signed=signed, codes=codes).with_columns(
        units=pl.col("signed").abs(), paid=number(pl.coalesce("tradePrice", "price")),
        way=pl.when(side.str.contains("^BUY( |$)") | side.is_null() & (signed > 0)).then(pl.lit("buy"))
        .when(side.str.contains("^SELL( |$)") | side.is_null() & (signed < 0)).then(pl.lit("sell")),
        fill=pl.col("tag").is_in(FILLS) & (pl.col("levelOfDetail").fill_null("EXECUTION") == "EXECUTION"),
        cancels=side.str.contains("(CA.)", literal=True).fill_null(value=False)
        | pl.col("transactionType").str.ends_with("Cancel").fill_null(value=False) | _has("Ca"),
        indicator=pl.coalesce("openCloseIndicator", codes.str.extract(r"(?:^|;)([OC])(?:;|$)")),
        told=pl.coalesce("transactionType", "type").replace_strict(ENDS, default=None, return_dtype=TEXT),
        strike=pl.coalesce(number(pl.col("strike")), number(pl.col("symbol").str.extract(r"\d{6}[CP](\d{8})$")) / 1000).cast(pl.Decimal(18, 6)),
    )  # fmt: skip
    named = pl.coalesce("tradeID", "transactionID", "ibExecID", "execID").str.replace_all("/", "-", literal=True)
    cells = (pl.col(name) for name in ("account", "symbol", "buySell", "quantity", "tradePrice", "price"))
    alike = fingerprint(pl.col("on").cast(TEXT), *cells)
    printed = printed.with_columns(alike=alike, nth=_nth(*FILL[:-1], "cancels", "tag", "fill"), refuse=_refuse())
    counted = pl.format("{}#{}", "alike", _nth("statement", "alike", "tag", "fill"))
    return printed.with_columns(id=pl.format("ibkr:{}", pl.coalesce(named, counted)))


def _nth(*names: str) -> pl.Expr:
    """Which of the equal lines a line is, counted from 1."""
    return pl.int_range(pl.len()).over(names) + 1


def _linked(printed: pl.DataFrame) -> pl.DataFrame:
    """Add to each line what other lines of the file say of it."""
    option_line = ~pl.col("assetCategory").is_in(["STK", "CASH"])
    told = printed.filter(tag="OptionEAE").select("account", "symbol", "units", on=_day(pl.col("date")), end="told")
    told = told.filter(pl.col("end").is_not_null()).unique(["account", "symbol", "units", "on"], keep="none")
    printed = printed.join(told, on=["account", "symbol", "units", "on"], how="left", maintain_order="left")
    coded = first_reason((_has("A"), "assignment"), (_has("Ex"), "exercise"), (_has("Ep"), "expiry"), (pl.lit(value=True), pl.col("told")))
    silent = pl.when(option_line & (pl.col("paid").fill_null(0) == 0)).then("end")
    printed = printed.with_columns(end=pl.when("fill").then(pl.coalesce(coded, silent)))
    loaded = printed.filter("fill", ~pl.col("cancels"), pl.col("refuse").is_null())
    options = loaded.filter(option_line, pl.col("end").is_in(["assignment", "exercise"])).select(
        "account", "on", symbol=pl.coalesce("underlyingSymbol", pl.col("symbol").str.extract(r"^(\S+)")), paid="strike", option_leg=pl.lit(value=True)
    )  # fmt: skip
    trades = loaded.filter(tag="Trade").select(*FILL, confirmed=pl.lit(value=True))
    executed = loaded.select("account", "symbol", executed=pl.lit(value=True)).unique()
    amended = loaded.select(*FILL, amended="id").unique(FILL, keep="first", maintain_order=True)
    for facts in (options.unique(), trades, executed, amended):
        keys = [name for name in facts.columns if name in printed.columns]
        printed = printed.join(facts, on=keys, how="left", maintain_order="left")
    return printed


def _trade_columns() -> dict[str, pl.Expr]:
    way, stock, order_type = pl.col("way"), pl.col("assetCategory") == "STK", pl.col("orderType").str.to_uppercase()
    brings_shares = pl.col("end").is_in(["assignment", "exercise"]) & (way == "buy")
    kind = first_reason(
        (pl.col("end").is_not_null() & (~stock.fill_null(value=False) | brings_shares), pl.col("end")),
        (_has("R") & (way == "buy"), "dividend_reinvestment"),
        (stock & (way == "sell") & (pl.col("indicator") == "O"), "short_sell"),
        (stock & (way == "buy") & (pl.col("indicator") == "C"), "cover"),
        (pl.lit(value=True), way),
    )
    amended = pl.format("ibkr:{}", pl.col("origTradeID").replace("0", None).str.replace_all("/", "-", literal=True))
    corrects = _has("Co") & amended.is_not_null()
    printed = order_type.replace_strict(ORDER_TYPES, default=None, return_dtype=TEXT)
    return {
        "trade_id": pl.col("id"), "account_id": pl.col("account"), "symbol": pl.col("symbol"), "kind": kind,
        "quantity": pl.col("units"), "price": pl.when(pl.col("currency").fill_null("USD") == "USD").then("paid"),
        "traded_on": pl.col("on"), "settled_on": _day(pl.col("settleDateTarget")),
        "order_id": pl.coalesce("ibOrderID", "orderID").replace("0", None),
        "order_type": pl.coalesce(printed, pl.when(order_type.str.starts_with("STP")).then(pl.lit("stop"))),
        "action": first_reason((pl.col("cancels"), "cancel"), (corrects, "correct"), (pl.lit(value=True), "new")),
        "amends": pl.when("cancels").then(pl.coalesce(amended, "amended")).when(corrects).then(amended),
        "reported_on": pl.when(_day(pl.col("to")) < pl.col("on")).then("on").otherwise(_day(pl.col("to"))),
    }  # fmt: skip


def _drop() -> pl.Expr:
    tag, confirm = pl.col("tag"), pl.col("tag") == "TradeConfirm"
    return first_reason(
        (tag == "OptionEAE", "an option's end, which its trade line tells as well"),
        (~tag.is_in(SUMS), pl.format("a line of {}, no trade and no position", tag)),
        (pl.col("assetCategory") == "CASH", "a currency trade"),
        (pl.col("levelOfDetail").is_in(["CLOSED_LOT", "WASH_SALE", "ASSET_SUMMARY"]), "a detail or sum of trades, no execution"),
        (~pl.col("fill") & pl.col("executed"), "a sum of executions that are loaded"),
        (confirm & pl.col("confirmed") & ~pl.col("cancels"), "a confirmation of a trade that is loaded"),
        (pl.col("fill") & (pl.col("assetCategory") == "STK") & pl.col("option_leg")
         & ((pl.col("transactionType") == "BookTrade") | pl.col("end").is_not_null()), "stock leg of an option line that is loaded"),
    )  # fmt: skip


def _refuse() -> pl.Expr:
    said = {name: pl.col(name).fill_null("empty") for name in ("tradeDate", "buySell", "quantity", "tradePrice")}
    priced = pl.coalesce("tradePrice", "price").is_not_null()
    return first_reason(
        (~pl.col("fill"), pl.format("{} sums up trades whose executions are not in the file, expected executions. Add Executions to the query.", "tag")),
        *NAMELESS,
        (pl.col("on").is_null(), pl.format("tradeDate is {}, expected YYYYMMDD or YYYY-MM-DD. Set that format and add Trade Date to the query.", said["tradeDate"])),
        (pl.col("units").fill_null(0) == 0, pl.format("quantity is {}, expected a number other than 0. Export the statement again.", said["quantity"])),
        (pl.col("way").is_null(), pl.format("buySell is {}, expected BUY or SELL. Add it to the source.", said["buySell"])),
        ((pl.col("way") == "buy") & (pl.col("signed") < 0) & ~pl.col("cancels"), pl.format("BUY of {} is not marked as a cancel, expected a positive quantity. Ask the broker what it is.", said["quantity"])),
        (priced & pl.col("paid").is_null(), pl.format("tradePrice is {}, expected a number. Export the statement again.", said["tradePrice"])),
    )  # fmt: skip


def _positions(printed: pl.DataFrame, file: File) -> Read:
    """Rows of `holdings`; lots beside their sum are dropped, lots alone are added up."""
    quantity, short = number(pl.col("position")), pl.col("side").str.to_lowercase() == "short"
    units = pl.when(short).then(-quantity.abs()).otherwise(quantity)
    told = {name: pl.col(name).fill_null("empty") for name in ("reportDate", "position")}
    day, lot = pl.coalesce(_day(pl.col("reportDate")), _day(pl.col("to"))), pl.col("levelOfDetail").fill_null("SUMMARY") == "LOT"
    printed = printed.with_columns(account="accountId", security="symbol", held=day, units=units, lot=lot, told=told["position"])
    printed = printed.with_columns(position=position(pl.col("units")))
    summed = (~pl.col("lot")).any().over("statement", "account", "symbol", "held")
    drop = first_reason(
        (pl.col("assetCategory") == "CASH", "a currency position"),
        (pl.col("lot") & summed, "a lot of a position whose sum is loaded"),
    )
    refuse = first_reason(
        *NAMELESS,
        (pl.col("held").is_null(), pl.format("reportDate is {}, expected YYYYMMDD or YYYY-MM-DD. Set that format and add Report Date to the query.", told["reportDate"])),
        (pl.col("units").is_null(), pl.format("position is {}, expected a number. Export the statement again.", "told")),
    )  # fmt: skip
    return holdings(printed, file, drop=drop, refuse=refuse, within=["statement"])
