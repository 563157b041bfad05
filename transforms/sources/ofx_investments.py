"""OFX and QFX downloads, version 1 (SGML) and 2 (XML): investment statements, and the bank statements beside them."""

import re
from xml.etree.ElementTree import Element

import polars as pl

from transforms.sources import File, Read, fingerprint, first_reason, ledger, number, refusal, source
from transforms.sources._holdings import holdings, position
from transforms.sources._ofx import children, parse, raw, value
from transforms.sources._xml import Unreadable
from transforms.tables import COUNT, TEXT, TIME_ZONE

TRADES = {
    **{f"BUY{what}": "buy" for what in ("STOCK", "MF", "DEBT", "OPT", "OTHER")},
    **{f"SELL{what}": "sell" for what in ("STOCK", "MF", "DEBT", "OPT", "OTHER")},
    "REINVEST": "dividend_reinvestment", "TRANSFER": "transfer", "CLOSUREOPT": "closure",
}  # fmt: skip
POSITIONS = tuple(f"POS{what}" for what in ("STOCK", "MF", "DEBT", "OPT", "OTHER"))
DROPPED = {
    "STMTTRN": "a line of money alone", "STMTTRNP": "a line of money alone", "INCOME": "a line of money alone", "INVEXPENSE": "a line of money alone",
    "JRNLFUND": "a line of money alone", "MARGININTEREST": "a line of money alone", "RETOFCAP": "a line of money alone",
    "JRNLSEC": "moved between parts of the same account", "SPLIT": "corporate action; splits are read from corporate_actions",
    "BAL": "a balance", "LEDGERBAL": "a balance", "AVAILBAL": "a balance", "STATUS": "the status of an answer",
    **{f"{what}INFO": "an entry of the list of securities" for what in ("STOCK", "MF", "DEBT", "OPT", "OTHER")},
    **{f"OO{name}": "an open order, not executed" for name in TRADES}, "OFX": "a message without a statement",
}  # fmt: skip
CELLS = (
    "FITID", "REVERSALFITID", "RELFITID", "DTTRADE", "DTSETTLE", "MEMO", "UNIQUEID", "UNIQUEIDTYPE", "UNITS", "UNITPRICE",
    "BUYTYPE", "SELLTYPE", "OPTACTION", "TFERACTION", "HELDINACCT", "POSTYPE", "CODE", "SEVERITY", "MESSAGE",
)  # fmt: skip
ADDED = ("CURSYM", "account", "to", "home", "tag", "sign_on", "raw")
PRINTED = dict.fromkeys((*CELLS, *ADDED), TEXT) | {"statement": COUNT, "line": COUNT}
SECURITY = ["UNIQUEID", "UNIQUEIDTYPE"]
OPENING = (b"OFXHEADER", b"<?xml", b"<?OFX", b"<OFX>", b"<!DOCTYPE")
ACTIONS = {"EXERCISE": "exercise", "ASSIGN": "assignment", "EXPIRE": "expiry", "IN": "transfer_in", "OUT": "transfer_out"}


def _claims(head: bytes) -> bool:
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bare.startswith(OPENING) and bool(re.search(rb"OFXHEADER\s*[:=]|<OFX>", bare))


@source(_claims)
def ofx_investments(file: File) -> Read:
    """Rows of `trades` and `holdings` of investment statements. Dropped: money, balances, bank and card statements.

    Midnight in DTTRADE, or a time without an offset from GMT, is an unknown time. A price in another currency than US
    dollars stays empty. Securities go by the ticker of SECLIST, else by their number, `CUSIP:…`. The stock leg that
    CLOSUREOPT names in RELFITID is dropped. A line that reverses another (REVERSALFITID) cancels it. Positions that
    differ only in their 401(k) source are added up.
    """
    try:
        root = parse(file.content)
    except Unreadable as error:
        return refusal(file, error.line, error.reason)
    printed = _linked(pl.DataFrame(_records(root), schema=PRINTED), root)
    held = pl.col("tag").is_in(POSITIONS)
    read = ledger(printed.filter(~held), file, "trades", _trade_columns(), drop=_drop(), refuse=_refuse())
    if root.find(".//INVTRANLIST") is None and read.rows["trades"].is_empty():
        del read.rows["trades"]
    positions = printed.filter(held)
    if root.find(".//INVPOSLIST") is not None or len(positions):
        read += _positions(positions, file)
    return read


def _records(root: Element) -> list[dict[str, str | int | None]]:
    """Every record as text with its account: transactions, positions, balances, securities and answers."""
    records: list[dict[str, str | int | None]] = []
    known = {*TRADES, *POSITIONS, *DROPPED} - {"OFX"}
    listed = {each for tag in ("INVTRANLIST", "INVPOSLIST") for each in children(root, tag) if each.tag != "INVBANKTRAN"}
    refused = set(root.findall(".//SONRS/STATUS"))
    context: dict[str, str | int | None] = {}
    for element in root.iter():
        if element.tag == "INVSTMTRS":
            context = {"account": value(element, "INVACCTFROM//ACCTID"), "to": value(element, "DTASOF"), "home": value(element, "CURDEF")}
            context["statement"] = len(records)
        elif element.tag in known or element in listed:
            cells: dict[str, str | int | None] = {name: value(element, name) for name in CELLS}
            cells |= {"CURSYM": value(element, "CURRENCY//CURSYM"), "sign_on": "the sign-on" if element in refused else "the request"}
            records.append({**context, **cells, "tag": element.tag, "line": int(element.get("line", "1")), "raw": raw(element)})
    return records or [{"tag": "OFX", "line": int(root.get("line", "1")), "raw": ""}]


def _linked(printed: pl.DataFrame, root: Element) -> pl.DataFrame:
    """Add symbol, day, quantity and kind, and which lines are legs of an option line."""
    listed = [{name: value(each, name) for name in (*SECURITY, "TICKER")} for each in root.iter("SECINFO")]
    tickers = pl.DataFrame(listed, schema=dict.fromkeys((*SECURITY, "TICKER"), TEXT)).unique(SECURITY, keep="first", maintain_order=True)
    legs = printed.filter(tag="CLOSUREOPT").select("account", FITID="RELFITID", leg=pl.lit(value=True)).unique()
    printed = printed.join(tickers, on=SECURITY, how="left", maintain_order="left")
    printed = printed.join(legs, on=["account", "FITID"], how="left", maintain_order="left")
    numbered = pl.format("{}:{}", pl.col("UNIQUEIDTYPE").fill_null("CUSIP"), "UNIQUEID").str.strip_prefix("TICKER:")
    return printed.with_columns(security=pl.coalesce("TICKER", numbered), signed=_number("UNITS"), on=_day("DTTRADE"), told_on=_day("to"), kind=_kind())


def _number(name: str) -> pl.Expr:
    """A number whose only comma is decimal, as OFX has it; null where it could as well part thousands."""
    cell = pl.col(name)
    unclear = cell.str.contains(r"^[+-]?[1-9]\d{0,2}(,\d{3})+$")
    return number(pl.when(~unclear).then(cell.str.replace(r"^([+-]?\d*),(\d+)$", "$1.$2")))


def _instant(name: str) -> pl.Expr:
    """The instant of `20120720093000.000[-4:EDT]`; null at midnight, and where hours or offset are missing."""
    parts = pl.col(name).str.extract_groups(r"^(?<local>\d{14})(?:\.\d+)?\[(?<hours>[+-]?\d{1,2})(?:\.(?<minutes>\d{2}))?(?::[A-Za-z]*)?\]$")
    local = parts.struct.field("local")
    hours = parts.struct.field("hours").cast(pl.Int64, strict=False)
    minutes = parts.struct.field("minutes").cast(pl.Int64, strict=False).fill_null(0)
    behind = pl.when(parts.struct.field("hours").str.starts_with("-")).then(-minutes).otherwise(minutes)
    instant = local.str.to_datetime("%Y%m%d%H%M%S", strict=False, time_unit="us") - pl.duration(hours=hours, minutes=behind)
    return pl.when(~local.str.ends_with("000000")).then(instant.dt.replace_time_zone("UTC").dt.convert_time_zone(TIME_ZONE))


def _day(name: str) -> pl.Expr:
    """The New York day of an instant; the day as printed where the time is unknown; null if it is none."""
    printed = pl.col(name).str.extract(r"^(\d{8})(?:\D|\d{6}|$)").str.to_date("%Y%m%d", strict=False)
    return pl.when(printed.is_not_null()).then(pl.coalesce(_instant(name).dt.date(), printed))


def _kind() -> pl.Expr:
    kind, memo = pl.col("tag").replace_strict(TRADES, default=None, return_dtype=TEXT), pl.col("MEMO").str.to_uppercase()
    return first_reason(
        ((kind == "buy") & (pl.col("BUYTYPE") == "BUYTOCOVER"), "cover"),
        ((kind == "sell") & (pl.col("SELLTYPE") == "SELLSHORT"), "short_sell"),
        (pl.col("tag").is_in(["BUYSTOCK", "BUYMF"]) & memo.str.contains(r"^(DIVIDEND )?REINVEST"), "dividend_reinvestment"),
        (kind == "transfer", pl.col("TFERACTION").replace_strict(ACTIONS, default=None, return_dtype=TEXT)),
        (kind == "closure", pl.col("OPTACTION").replace_strict(ACTIONS, default=None, return_dtype=TEXT)),
        (~kind.is_in(["transfer", "closure"]), kind),
    )


def _trade_columns() -> dict[str, pl.Expr]:
    account, printed = pl.col("account"), [pl.col(name) for name in ("account", "DTTRADE", "tag", "security", "UNITS", "UNITPRICE")]
    alike = fingerprint(*printed)
    counted = pl.format("ofx:{}#{}", alike, pl.int_range(pl.len()).over(alike) + 1)
    reverses = pl.format("ofx:{}:{}", account, "REVERSALFITID")
    return {
        "trade_id": pl.coalesce(pl.format("ofx:{}:{}", account, "FITID"), counted).str.replace_all("/", "-", literal=True),
        "account_id": account, "symbol": pl.col("security"), "kind": pl.col("kind"), "quantity": pl.col("signed").abs(),
        "price": pl.when(pl.coalesce("CURSYM", "home").fill_null("USD") == "USD").then(_number("UNITPRICE")),
        "traded_on": pl.col("on"), "traded_at": _instant("DTTRADE"), "settled_on": _day("DTSETTLE"),
        "action": pl.when(reverses.is_not_null()).then(pl.lit("cancel")).otherwise(pl.lit("new")),
        "amends": reverses.str.replace_all("/", "-", literal=True),
        "marked_short": pl.when(pl.col("kind") == "short_sell").then(pl.lit(value=True)),
        "reported_on": pl.when(pl.col("told_on") < pl.col("on")).then("on").otherwise("told_on"),
    }  # fmt: skip


def _failed() -> pl.Expr:
    return (pl.col("tag") == "STATUS") & (pl.col("SEVERITY").str.to_uppercase() == "ERROR")


def _drop() -> pl.Expr:
    return first_reason(
        (~_failed().fill_null(value=False), pl.col("tag").replace_strict(DROPPED, default=None, return_dtype=TEXT)),
        (pl.col("leg") & pl.col("kind").is_in(["buy", "sell"]), "stock leg of an option line that is loaded"),
    )


def _refuse() -> pl.Expr:
    said = {name: pl.col(name).fill_null("empty") for name in ("DTTRADE", "UNITS", "CODE", "MESSAGE")}
    return first_reason(
        (_failed(), pl.format("{} was refused with code {} ({}), expected a statement. Download the file again.", "sign_on", said["CODE"], said["MESSAGE"])),
        (~pl.col("tag").is_in(list(TRADES)), pl.format("{} is not known, expected a transaction of OFX. Add it to the source.", "tag")),
        (pl.col("on").is_null(), pl.format("DTTRADE is {}, expected YYYYMMDD. Download the file again.", said["DTTRADE"])),
        (pl.col("kind").is_null(), pl.format("{} does not say which way, expected TFERACTION or OPTACTION. Download the file again.", "tag")),
        ((pl.col("signed") < 0) & pl.col("tag").str.starts_with("BUY") & pl.col("REVERSALFITID").is_null(), pl.format("{} has UNITS {} and reverses nothing, expected more than 0. Ask the broker what it is.", "tag", said["UNITS"])),
        *_common(said["UNITS"]),
        (pl.col("signed") == 0, pl.format("UNITS is {}, expected another number than 0. Download the file again.", said["UNITS"])),
    )  # fmt: skip


def _common(units: pl.Expr) -> tuple[tuple[pl.Expr, pl.Expr | str], ...]:
    return (
        (pl.col("account").is_null(), "ACCTID is empty, expected an account. Download the file again."),
        (pl.col("security").is_null(), "UNIQUEID is empty, expected a security. Download the file again."),
        (pl.col("signed").is_null(), pl.format("UNITS is {}, expected a number. Download the file again.", units)),
    )


def _positions(printed: pl.DataFrame, file: File) -> Read:
    """Rows of `holdings`, each with its sign and part of the account."""
    short = (pl.col("POSTYPE").str.to_uppercase() == "SHORT").fill_null(value=False)
    units = pl.when(short).then(-pl.col("signed").abs()).otherwise("signed")
    printed = printed.with_columns(units=units, held=pl.col("told_on"), position=position(units, pl.col("HELDINACCT").str.to_lowercase()))
    refuse = first_reason(
        (pl.col("held").is_null(), pl.format("DTASOF is {}, expected YYYYMMDD. Download the file again.", pl.col("to").fill_null("empty"))),
        *_common(pl.col("UNITS").fill_null("empty")),
    )
    return holdings(printed, file, drop=pl.lit(None, TEXT), refuse=refuse, within=["statement"])
