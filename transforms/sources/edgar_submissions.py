"""EDGAR's filing lists of companies and people: the submissions JSON of data.sec.gov and its older parts.

The `Z` of `acceptanceDateTime` can't be trusted: some lists are in UTC, some in Eastern time, and the newest rows of a
list may be Eastern while the rest is UTC. Each list is read by what is possible; where nothing decides, no time is known.
"""

import hashlib
import json
import re

import polars as pl

from transforms.sources import File, Read, first_reason, ledger, refusal, source
from transforms.tables import TEXT, TIME_ZONE

SECTION_16 = ("3", "4", "5")
WATCHED = [form + amended for form in (*SECTION_16, "144", "8-K") for amended in ("", "/A")] + ["10-Q", "10-K"]
BLOCKHOLDERS = ("SC 13D", "SC 13G", "SCHEDULE 13D", "SCHEDULE 13G")
BLOCKHOLDERS_LATE_FROM = pl.date(2024, 2, 5)
"""From this day Schedules 13D and 13G, too, keep the day until 22:00 (17 CFR 232.13(a)(4), release 33-11253)."""
SECTION_16_LATE_FROM = pl.date(2003, 8, 1)
"""Before, some Forms 3, 4 and 5 followed the rule of 17:30."""
STAFF, LETTERS = r"^99999999", ("UPLOAD", "CORRESP")
"""Accession numbers of what the SEC's staff files, and letters: their filing dates follow no rule."""
FRIDAY = 5
OPENS, CUT_OFF, CLOSES = pl.time(6, 0), pl.time(17, 30), pl.time(22, 10)
"""EDGAR takes filings from 06:00 to 22:00 Eastern (17 CFR 232.12(c)), those being sent a little longer."""
AFTER_CUT_OFF = pl.time(17, 33)
"""Filings accepted this soon after 17:30 may keep the day."""
ORDERS = (pl.time(0, 10), pl.time(0, 20))
"""Orders of effectiveness are posted at 00:15 Eastern."""
DECISIVE = 10
"""How many rows must speak for a clock for each one against it; also how a proof outweighs a habit."""
HABIT_ROWS, HABIT = 5, 0.5
"""How many rows of a form make a habit, and by how much the newest rows must fit the other clock better."""
CLOCKS = {"utc": "UTC", "eastern": "Eastern"}
COLUMNS = ("accessionNumber", "filingDate", "reportDate", "acceptanceDateTime", "form", "items")


class _NoList(ValueError):  # noqa: N818 - it names what is wrong
    """A JSON file that is no filing list; its message is the sentence of the refusal."""


def _recognises(head: bytes) -> bool:
    older_part = re.match(rb'(\xef\xbb\xbf)?\s*\{\s*"(accessionNumber|acceptanceDateTime)"\s*:\s*\[', head)
    whole = re.match(rb"(\xef\xbb\xbf)?\s*\{", head) and b'"cik"' in head and b'"entityType"' in head
    return bool(older_part or whole)


@source(_recognises)
def edgar_submissions(file: File) -> Read:
    """Rows of `acceptances`, one an entry. Dropped: forms other than 3, 4, 5, 144, 8-K, their amendments, 10-Q and 10-K.

    A line is the number of the entry, newest first. An older part does not say whose list it is: `older-part:` and a hash.
    """
    try:
        listed_for, columns = _list(file.content)
    except _NoList as broken:
        return refusal(file, 1, f"{broken} Download the list again.")
    except (ValueError, RecursionError) as broken:
        return refusal(file, getattr(broken, "lineno", 1), f"the JSON is broken ({broken}), expected a filing list. Download the list again.")
    printed = pl.DataFrame(columns, schema=dict.fromkeys(COLUMNS, TEXT)).with_row_index("line", offset=1)
    entries = clocks(printed).with_columns(raw=pl.concat_str(pl.col(COLUMNS).fill_null(""), separator=","))
    rows = {
        "accession": pl.col("accessionNumber"),
        "listed_for": pl.lit(listed_for),
        "form": pl.col("form"),
        "filed_on": pl.col("filed_on"),
        "report_on": pl.col("reportDate").str.to_date("%Y-%m-%d", strict=False),
        "accepted_at": _accepted_at(),
        "items": pl.col("items"),
    }
    unwatched = pl.col("form").is_not_null() & ~pl.col("form").is_in(WATCHED)
    drop = first_reason((unwatched, pl.format("form {} is not watched", "form")))
    read = ledger(entries, file, "acceptances", rows, drop=drop, refuse=_refuse())
    read.remarks.extend(_remarks(file, entries, read.rows["acceptances"]["accepted_at"].null_count()))
    return read


def _list(content: bytes) -> tuple[str, dict[str, list[str | None]]]:
    """Whose list it is, and its columns as text."""
    whole = json.loads(content.decode("utf-8-sig"))
    table = whole
    if "accessionNumber" in whole:
        listed_for = "older-part:" + hashlib.sha256(content).hexdigest()[:12]
    else:
        listed_for, recent = str(whole.get("cik")).zfill(10), whole.get("filings")
        table = recent.get("recent") if isinstance(recent, dict) else None
        if not re.fullmatch(r"[0-9]{10}", listed_for):
            message = f"cik is {whole.get('cik')}, expected at most 10 digits."
            raise _NoList(message)
    found = {name: column for name in COLUMNS if isinstance(table, dict) and isinstance(column := table.get(name), list)}
    length = len(found.get("accessionNumber", ()))
    if wrong := [name for name in COLUMNS if name not in found or len(found[name]) != length]:
        has = f"has {len(found[wrong[0]])} entries" if wrong[0] in found else "is missing"
        message = f"the column {wrong[0]} {has}, expected one entry for each filing."
        raise _NoList(message)
    return listed_for, {name: [_text(cell) for cell in column] for name, column in found.items()}


def _text(cell: object) -> str | None:
    return None if cell in (None, "") else str(cell).encode("utf-8", "replace").decode()


def clocks(printed: pl.DataFrame) -> pl.DataFrame:
    """The entries with both readings of their time, `utc` and `eastern` (local to New York), and `clock`: which one holds."""
    stamp = pl.col("acceptanceDateTime").str.extract(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$")
    eastern = stamp.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)
    utc = eastern.dt.replace_time_zone("UTC").dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None)
    entries = printed.with_columns(filed_on=pl.col("filingDate").str.to_date("%Y-%m-%d", strict=False), eastern=eastern, utc=utc)
    proven = _possible("eastern").fill_null(value=True).cast(pl.Int8) - _possible("utc").fill_null(value=True).cast(pl.Int8)
    entries = entries.with_columns(proven=proven, kind=pl.col("form").str.strip_suffix("/A"))
    only_eastern, only_utc = ((entries["proven"] == sign).sum() for sign in (1, -1))
    if max(only_eastern, only_utc) == 0 or max(only_eastern, only_utc) < DECISIVE * min(only_eastern, only_utc):
        return entries.with_columns(clock=pl.lit(None, dtype=TEXT))
    held, other = ("eastern", "utc") if only_eastern > only_utc else ("utc", "eastern")
    newest = _newest(entries, held, other)
    return entries.with_columns(clock=pl.when(pl.col("line").is_in(newest)).then(pl.lit(other)).otherwise(pl.lit(held)))


def _possible(reading: str) -> pl.Expr:
    """Whether EDGAR can have accepted the entry at the local time of a reading, given its form and filing date."""
    at, filed, kind = pl.col(reading).dt.time(), pl.col("filed_on"), pl.col("form").str.strip_suffix("/A")
    same_day = pl.col(reading).dt.date() == filed
    blockholder = kind.is_in(BLOCKHOLDERS) & (filed >= BLOCKHOLDERS_LATE_FROM)
    late = kind.is_in([*SECTION_16, "144"]) | blockholder
    free = pl.col("accessionNumber").str.contains(STAFF) | kind.is_in(LETTERS) | (kind.is_in(SECTION_16) & (filed < SECTION_16_LATE_FROM))
    dated = pl.when(late | (at <= CUT_OFF)).then(same_day).otherwise(~same_day | (at <= AFTER_CUT_OFF))
    taken = _open(reading) & (free | dated)
    no_time = at == pl.time(0, 0)
    return pl.when(no_time).then(same_day).when(kind == "EFFECT").then(at.is_between(*ORDERS)).otherwise(taken)


def _open(reading: str) -> pl.Expr:
    """Whether EDGAR takes filings at a local time."""
    return pl.col(reading).dt.time().is_between(OPENS, CLOSES) & (pl.col(reading).dt.weekday() <= FRIDAY)


def _newest(entries: pl.DataFrame, held: str, other: str) -> list[int]:
    """Lines of the newest entries that are on the other clock than the list: what is proven first, then the habit of the hour.

    A habit is the share of the form's entries that were accepted in that hour. The entries of a form on one day count
    as one and are never enough alone.
    """
    hours = entries.group_by("kind", hour=pl.col(held).dt.hour()).agg(within=pl.len())
    scored = entries.sort("filed_on", descending=True, nulls_last=True, maintain_order=True)
    for reading in (held, other):
        named = scored.with_columns(hour=pl.col(reading).dt.hour())
        scored = named.join(hours, on=["kind", "hour"], how="left", maintain_order="left").rename({"within": f"within_{reading}"}).drop("hour")
    of_form, that_day = pl.len().over("kind"), pl.len().over("kind", "filed_on")
    closer = (pl.col(f"within_{other}").fill_null(0) - pl.col(f"within_{held}").fill_null(0).cast(pl.Int64)) / of_form
    proof = pl.col("proven") * (DECISIVE if other == "eastern" else -DECISIVE)
    score = scored.select(pl.col("line"), score=(proof + pl.when(of_form >= HABIT_ROWS).then(closer.clip(-HABIT, HABIT) / that_day).otherwise(0)).cum_sum())
    best = score["score"].arg_max()
    return score["line"].head(best + 1).to_list() if best is not None and score["score"][best] > HABIT else []


def _accepted_at() -> pl.Expr:
    """The instant by the clock that holds; null without one, where no time of day was known and where EDGAR was shut."""
    local = pl.coalesce(pl.when((pl.col("clock") == reading) & _open(reading)).then(reading) for reading in CLOCKS)
    return local.dt.replace_time_zone(TIME_ZONE, ambiguous="null", non_existent="null")


def _remarks(file: File, entries: pl.DataFrame, unknown: int) -> list[tuple[str, str, str, int]]:
    """What the list does not say about its times: none known, or the newest on another clock."""
    held = entries.group_by("clock").len().sort("len").rows()
    remarks = []
    if unknown and held[-1][0]:
        what = f"Entries without a time of day, or with one at which EDGAR takes no filings: {unknown}."
        remarks.append(("unknown_time", file.path, what, unknown))
    elif unknown:
        remarks.append(("unknown_time", file.path, "The entries do not tell whether the list's times are UTC or Eastern.", unknown))
    if len(held) > 1:
        (newest, count), (others, _) = held
        what = f"By the hours at which its forms are accepted, the list's newest entries ({count}) are {CLOCKS[newest]}, the others {CLOCKS[others]}."
        remarks.append(("unknown_time", file.path, what, count))
    return remarks


def _refuse() -> pl.Expr:
    def unless(right: pl.Expr, column: str, expected: str) -> tuple[pl.Expr, pl.Expr]:
        found = pl.format("{} is {}, expected {}. Download the list again.", pl.lit(column), pl.col(column).fill_null("empty"), pl.lit(expected))
        return ~right.fill_null(value=False), found

    report_on = pl.col("reportDate").str.to_date("%Y-%m-%d", strict=False)
    return first_reason(
        unless(pl.col("form").is_not_null(), "form", "a form"),
        unless(pl.col("accessionNumber").str.contains(r"^\d{10}-\d{2}-\d{6}$"), "accessionNumber", "an accession number"),
        unless(pl.col("filed_on").is_not_null(), "filingDate", "YYYY-MM-DD"),
        unless(report_on.is_not_null() | pl.col("reportDate").is_null(), "reportDate", "YYYY-MM-DD or nothing"),
        unless(pl.col("eastern").is_not_null() | pl.col("acceptanceDateTime").is_null(), "acceptanceDateTime", "YYYY-MM-DDTHH:MM:SS.000Z"),
    )
