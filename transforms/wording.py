"""Words and JSON from columns: how dates, quantities and money are written in sentences and in evidence."""

import re
from collections.abc import Mapping

import polars as pl

NOUNS = {"gift_out": "gift", "espp_purchase": "ESPP purchase", "espp": "ESPP", "exercise_cash": "cash exercise", "exercise_net": "net exercise"}
"""Kinds whose names are no nouns of the field."""
MONEY = frozenset({"value", "profit_max", "profit_liho"})
"""Columns of evidence that hold US dollars, written with two decimals."""


def plain_number(value: pl.Expr) -> pl.Expr:
    """An exact decimal as text without needless zeros."""
    text = value.cast(pl.String)
    return pl.when(text.str.contains(".", literal=True)).then(text.str.replace(r"0+$", "").str.replace(r"\.$", "")).otherwise(text)


def never_a_formula(text: pl.Expr) -> pl.Expr:
    """Text of a CSV cell; one that a spreadsheet would run as a formula gets a leading quote. A plain number stays as it is."""
    runs = text.str.contains(r"^[=@\t\r+-]") & ~text.str.contains(r"^-?[\d.,]+$")
    return pl.when(~runs).then(text).otherwise(pl.lit("'") + text)


def grouped_number(value: pl.Expr) -> pl.Expr:
    """An exact decimal with thousands separators, as sentences print it."""
    text = plain_number(value.abs())
    whole = text.str.extract(r"^(\d+)")
    padded = whole.str.zfill(15)
    groups = pl.concat_str([padded.str.slice(3 * n, 3) for n in range(5)], separator=",")
    trimmed = groups.str.replace(r"^[0,]+", "")
    shown = pl.when(trimmed == "").then(pl.lit("0")).otherwise(trimmed)
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str([sign, shown, text.str.extract(r"(\.\d+)$").fill_null("")])


def money(value: pl.Expr) -> pl.Expr:
    """US dollars with two decimals, no sign, no separators."""
    return value.cast(pl.Decimal(38, 2)).cast(pl.String)


def iso_instant(value: pl.Expr) -> pl.Expr:
    """An instant as ISO 8601 text with offset."""
    return value.dt.to_string("%Y-%m-%dT%H:%M:%S%:z")


def _as_said(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Date):
        said = column.dt.to_string("%a %Y-%m-%d")
    elif isinstance(dtype, pl.Datetime):
        said = column.dt.to_string("%a %Y-%m-%d %H:%M:%S")
    elif isinstance(dtype, pl.Decimal):
        said = grouped_number(column)
        if name in MONEY:
            said = pl.concat_str([grouped_number(column.cast(pl.Decimal(38, 2)).truncate()), money(column).str.extract(r"(\.\d+)$")])
    elif isinstance(dtype, pl.List):
        said = column.list.join(", ")
    elif name in {"kind", "asset", "program"}:
        said = column.replace(NOUNS).str.replace_all("_", " ")
    else:
        said = column.cast(pl.String)
    return said.fill_null("unknown")


def sentence(template: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """A template such as `{kind} of {quantity}` as an expression; empty cells are said to be unknown."""
    names = re.findall(r"{(\w+)}", template)
    if not names:
        return pl.lit(template)
    said = pl.format(re.sub(r"{\w+}", "{}", template), *(_as_said(name, schema[name]) for name in names))
    if not template.startswith(("{kind}", "{program}")):
        return said
    return pl.concat_str([said.str.slice(0, 1).str.to_uppercase(), said.str.slice(1)])


def as_json(columns: Mapping[str, str], schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """One JSON object a row: key to column; dates and instants as ISO text, numbers from the exact decimal."""
    if not columns:
        return pl.lit("{}")
    members = [pl.concat_str([pl.lit(f'"{key}":'), _json_value(key, name, schema[name])]) for key, name in columns.items()]
    return pl.concat_str([pl.lit("{"), pl.concat_str(members, separator=","), pl.lit("}")])


def _json_value(key: str, name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Decimal):
        text = money(column) if key in MONEY else plain_number(column)
    elif isinstance(dtype, pl.Date):
        text = _quoted(column.dt.to_string("%Y-%m-%d"))
    elif isinstance(dtype, pl.Datetime):
        text = _quoted(iso_instant(column))
    elif isinstance(dtype, pl.List):
        text = pl.format("[{}]", column.list.eval(_quoted(pl.element())).list.join(","))
    elif isinstance(dtype, pl.Boolean) or dtype.is_integer():
        text = column.cast(pl.String)
    else:
        text = _quoted(column.cast(pl.String))
    return text.fill_null("null")


def _quoted(text: pl.Expr) -> pl.Expr:
    escaped = text.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    clean = escaped.str.replace_all(r"[\x00-\x1f]", " ")
    return pl.format('"{}"', clean)
