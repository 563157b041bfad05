"""Schwab's transaction history, a CSV export of one account."""

import csv
import re

import polars as pl

from transforms.sources import File, Read, fingerprint, first_reason, ledger, number, refusal, source
from transforms.sources._csv import LONGEST_LINE, cells, text_of

CELLS = 8
HEADING = ("Date", "Action", "Symbol", "Description")
KINDS = {
    "buy": "buy",
    "sell": "sell",
    "sell short": "short_sell",
    "buy to cover": "cover",
    "buy to open": "buy",
    "sell to open": "sell",
    "sell to close": "sell",
    "buy to close": "buy",
    "reinvest shares": "dividend_reinvestment",
    "stock plan activity": "vest",
    "expired": "expiry",
    "assigned": "assignment",
    "exchange or exercise": "exercise",
    "security transfer": "transfer",
    "journaled shares": "transfer",
    "internal transfer": "transfer",
    "journal": "transfer",
}
MONEY_ONLY = r"(?i)dividend|\bdiv\b|interest|\btfr\b|wire|moneylink|fee|rebate|atm|tax|cap gain|cash|journal|adj|redemption|transfer|bond"
CORPORATE = r"(?i)split|merger|name change|conversion|spin|stock div|exchange|redemption"


@source(lambda head: bool(re.search(rb'^"?Date"?,"?Action"?,"?Symbol"?,"?Description"?,(?=.*Fees & Comm)', head, re.MULTILINE)))
def schwab_transactions(file: File) -> Read:
    """Rows of `trades`. Dropped: lines of money alone, corporate actions, the total. No time of day is printed.

    `08/10/2024 as of 08/09/2024` was posted on the first day and took effect on the second, which is the trade date.
    The stock leg of an assignment or exercise (at the strike, same effective day) is printed as an ordinary Buy or
    Sell at the strike; it is dropped where the option line of that day, underlying and strike is loaded.
    """
    text = text_of(file)
    try:
        printed, named = cells(text, HEADING)
    except csv.Error as error:
        return refusal(file, 1, f"{error}, expected lines of at most {LONGEST_LINE} characters. Export the file again.")
    for heading in ("Quantity", "Price"):
        if heading not in named:
            printed = printed.with_columns(pl.lit(None, dtype=pl.String).alias(heading))
    effective = pl.coalesce(pl.col("Date").str.extract(r"as of (\d{2}/\d{2}/\d{4})"), pl.col("Date").str.head(10))
    printed = printed.with_columns(
        kind=pl.col("Action").str.strip_chars().str.to_lowercase().replace_strict(KINDS, default=None),
        quantity=number(pl.col("Quantity")),
        price=number(pl.col("Price")),
        on=effective.str.to_date("%m/%d/%Y", strict=False),
        posted=pl.col("Date").str.head(10).str.to_date("%m/%d/%Y", strict=False),
        security=occ_symbol(pl.col("Symbol").str.strip_chars()),
        account=pl.lit(_account(text)),
    )
    option_days = printed.filter(pl.col("kind").is_in(["assignment", "exercise"])).select(
        security=pl.col("Symbol").str.split(" ").list.first(),
        on="on",
        price=number(pl.col("Symbol").str.split(" ").list.get(2, null_on_oob=True)),
        option_leg=pl.lit(value=True),
    )
    printed = printed.join(option_days.unique(), on=["security", "on", "price"], how="left", maintain_order="left")
    return ledger(printed, file, "trades", _columns(), drop=_drop(), refuse=_refuse(), key="trade_id")


def _account(text: str) -> str:
    """The account as the banner prints it, masked or not; `schwab:not stated` without a banner."""
    banner = re.match(r'\s*"?Transactions\s+for account (.+?) as of', text)
    return banner[1].strip().split()[-1] if banner else "schwab:not stated"


def occ_symbol(printed: pl.Expr) -> pl.Expr:
    """Share symbols as printed; options `INTC 12/07/2018 48.50 P` in OCC form, `INTC  181207P00048500`."""
    part = printed.str.extract_groups(r"^(?<root>[A-Z.]+) (?<m>\d{2})/(?<d>\d{2})/\d{2}(?<y>\d{2}) (?<strike>[\d.]+) (?<right>[PC])$")
    strike = (part.struct.field("strike").cast(pl.Decimal(18, 3), strict=False) * 1000).cast(pl.Int64).cast(pl.String)
    occ = pl.concat_str(part.struct.field("root").str.pad_end(6), *(part.struct.field(f) for f in ("y", "m", "d", "right")), strike.str.zfill(8))
    return pl.when(part.struct.field("root").is_not_null()).then(occ).otherwise(printed)


def _columns() -> dict[str, pl.Expr]:
    moved_out = pl.col("quantity") < 0
    kind = pl.when(pl.col("kind") != "transfer").then("kind").when(moved_out).then(pl.lit("transfer_out")).otherwise(pl.lit("transfer_in"))
    return {
        "trade_id": fingerprint(*(pl.col(c) for c in ("account", "Date", "Action", "Symbol", "Quantity", "Price"))),
        "account_id": pl.col("account"),
        "symbol": pl.col("security"),
        "kind": kind,
        "quantity": pl.col("quantity").abs(),
        "price": pl.col("price"),
        "traded_on": pl.col("on"),
        "action": pl.lit("new"),
        "marked_short": pl.when(pl.col("kind") == "short_sell").then(pl.lit(value=True)),
        "reported_on": pl.col("posted"),
    }


def _drop() -> pl.Expr:
    action = pl.col("Action").fill_null("")
    quiet = pl.col("quantity").is_null() & ~action.str.contains(r"(?i)^(buy|sell)")
    return first_reason(
        (pl.col("Date").str.contains(r"(?i)^transactions total"), "the export's own total"),
        (pl.col("option_leg") & pl.col("kind").is_in(["buy", "sell"]), "stock leg of an option line that is loaded"),
        (action.str.contains(CORPORATE) & (pl.col("kind").is_null() | (pl.col("kind") == "exercise") & ~pl.col("Symbol").str.contains(r" [PC]$")), "corporate action; splits and changes of symbol are read from corporate_actions"),
        (quiet & action.str.contains(MONEY_ONLY), "a line of money alone"),
        (pl.col("kind").is_null() & action.str.contains(r"(?i)adj$"), "an adjustment of money"),
    )  # fmt: skip


def _refuse() -> pl.Expr:
    return first_reason(
        (pl.col("raw").str.contains("\ufffd"), "the line holds bytes that are no UTF-8, expected UTF-8. Export the file again."),
        (pl.col("_cells") < CELLS, pl.format("{} cells, expected at least 8. The line may be cut off; export the file again.", pl.col("_cells"))),
        (pl.col("kind").is_null(), pl.format("the action {} is not known, expected one of Schwab's. Add it to the source.", pl.col("Action"))),
        (pl.col("on").is_null(), pl.format("Date is {}, expected MM/DD/YYYY. Correct the line.", pl.col("Date").fill_null("empty"))),
        (pl.col("security").fill_null("") == "", pl.lit("Symbol is empty, expected a symbol. Correct the line.")),
        (pl.col("quantity").is_null() | (pl.col("quantity") == 0), pl.format("Quantity is {}, expected a number. Correct the line.", pl.col("Quantity").fill_null("empty"))),
    )  # fmt: skip
