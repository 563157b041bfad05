"""Writes the output folder of a night: all of it in one step, so that a killed run leaves the last one whole."""

import csv
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from flows.stages import Night
from transforms.outputs import findings_table, short_swings_table, windows_table
from transforms.wording import iso_instant, never_a_formula, plain_number

RECORD = "run.json"
"""The record of a run, by which its folder is known again."""


class OutputError(Exception):
    """What was asked for can't be written there; the message is one sentence."""


def check_free(out: Path) -> None:
    """See that a folder is not there, is empty, or was written by a run before; raises OutputError for any other: nothing of somebody else's is ever replaced."""
    if out.exists() and not (out / RECORD).is_file() and not (out.is_dir() and not any(out.iterdir())):
        raise OutputError(f"{out}: there is something else, expected a new folder or one that an earlier run wrote. Give another one with --out.")


@contextmanager
def folder_at_once(out: Path) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when the block ends well; raises OutputError where something else is there."""
    check_free(out)
    out = out.resolve()
    fresh = out.with_name(f".{out.name}.new")
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def write_tables(night: Night, folder: Path) -> None:
    """findings, verdicts, cases, windows, short_swings, four_ways, item_405, blind_spots and quarantine."""
    derived = night.facts
    found = findings_table(night.findings)
    write_csv(found, folder / "findings.csv")
    found.write_parquet(folder / "findings.parquet")
    write_csv(night.verdicts, folder / "verdicts.csv")
    write_csv(night.cases.drop("until_on", "waived"), folder / "cases.csv")
    write_csv(windows_table(derived["windows"], derived["reclosures"], night.policy, night.as_of), folder / "windows.csv")
    write_csv(short_swings_table(derived["short_swings"]), folder / "short_swings.csv")
    write_csv(derived["four_ways"].drop("subject"), folder / "four_ways.csv")
    write_csv(night.late, folder / "item_405.csv")
    write_csv(night.blind_spots, folder / "blind_spots.csv")
    write_csv(night.loaded.refused.sort("file", "line", "reason"), folder / "quarantine.csv")


def write_record(record: dict[str, object], folder: Path) -> None:
    """run.json: the only file that holds times of day."""
    (folder / RECORD).write_text(json.dumps(record, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """CSV in UTF-8 with a header; a cell that a spreadsheet would run as a formula is kept as text by a leading quote."""
    text = frame.with_columns(_text(name, dtype) for name, dtype in frame.schema.items())
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(text.columns)
    writer.writerows(text.rows())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        stream.write(buffer.getvalue())


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        return iso_instant(column)
    if isinstance(dtype, pl.Decimal):
        return plain_number(column).alias(name)
    if isinstance(dtype, pl.String):
        return never_a_formula(column).alias(name)
    return column
