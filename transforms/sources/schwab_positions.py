"""Schwab's positions, a CSV export of one account on one day."""

import csv
import re

import polars as pl

from transforms.sources import File, Read, first_reason, number, refusal, source
from transforms.sources._csv import cells, text_of
from transforms.sources._holdings import holdings, position
from transforms.sources.schwab_transactions import occ_symbol

HEADING = ("Symbol", "Description")
QUANTITY = ("Quantity", "Qty (Quantity)")
BANNER = re.compile(r'\s*"?Positions\s+for account (\S.*?) as of .*?(\d{1,2}/\d{1,2}/\d{4}|\d{4}/\d{2}/\d{2})')
NO_SECURITY = r"(?i)^(cash & (money market|cash investments)|(account|positions) total|futures (cash|positions market value))$"


@source(lambda head: bool(re.match(rb'(\xef\xbb\xbf)?\s*"?Positions\s+for account ', head)))
def schwab_positions(file: File) -> Read:
    """Rows of `holdings`, on the day of the banner. Dropped: quantities of 0, cash, futures cash and the total.

    The export does not say which positions are on margin: a negative quantity is short, any other is unknown. A bond
    goes by its CUSIP, an option in OCC form.
    """
    text = text_of(file)
    banner = BANNER.match(text)
    if not banner:
        return refusal(file, 1, "the banner names no account and day, expected `Positions for account … as of … MM/DD/YYYY`. Export the file again.")
    try:
        printed, named = cells(text, HEADING)
    except csv.Error as error:
        return refusal(file, 1, f"no table was found ({error}), expected comma-separated lines. Export the file again.")
    quantity = next((name for name in QUANTITY if name in named), None)
    if quantity is None:
        return refusal(file, 1, "the headings Symbol, Description and Quantity were not found, expected them below the banner. Export the file again.")
    day = pl.lit(banner[2])
    printed = printed.with_columns(
        account=pl.lit(banner[1].split()[-1]),
        held=pl.coalesce(day.str.to_date("%m/%d/%Y", strict=False), day.str.to_date("%Y/%m/%d", strict=False)),
        security=occ_symbol(pl.col("Symbol").str.strip_chars()),
        units=number(pl.col(quantity)),
        printed=pl.col(quantity).fill_null("empty"),
        width=pl.lit(len([name for name in named if name])),
    ).with_columns(position=position(pl.col("units")))
    symbol = pl.col("Symbol").str.strip_chars()
    drop = pl.when(symbol.str.contains(NO_SECURITY)).then(pl.format("{}, no security", symbol))
    return holdings(printed, file, drop=drop, refuse=_refuse())


def _refuse() -> pl.Expr:
    return first_reason(
        (pl.col("raw").str.contains("\ufffd"), "the line holds bytes that are no UTF-8, expected UTF-8. Export the file again."),
        (pl.col("_cells") < pl.col("width"), pl.format("{} cells, expected {}. The line may be cut off; export the file again.", "_cells", "width")),
        (pl.col("held").is_null(), "the day of the banner is none, expected MM/DD/YYYY. Export the file again."),
        (pl.col("security").fill_null("") == "", "Symbol is empty, expected a symbol. Correct the line."),
        (pl.col("units").is_null(), pl.format("Quantity is {}, expected a number. Correct the line.", "printed")),
    )  # fmt: skip
