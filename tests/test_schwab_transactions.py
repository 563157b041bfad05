"""Schwab's history, held to a golden file. HINDSIGHT_REWRITE_GOLDEN=1 writes it anew."""

import os

import polars as pl

from tests.worlds import ROOT
from transforms.sources import File, claimants

FOLDER = ROOT / "tests/golden/schwab_transactions"


def told() -> str:
    path = FOLDER / "statement.csv"
    file = File(path.name, path.read_bytes())
    (source,) = claimants(file.head)
    read = source.read(file)
    assert read.balanced
    rows = read.rows["trades"]
    kept = rows.select(pl.col(name) for name in rows.columns if rows[name].null_count() < len(rows))
    return f"{kept.write_csv()}\n{read.refused.write_csv()}\n{read.dropped.write_csv()}"


def test_statement_is_read_as_the_golden_file_says() -> None:
    golden = FOLDER / "statement.golden"
    if os.environ.get("HINDSIGHT_REWRITE_GOLDEN"):
        golden.write_text(told(), encoding="utf-8")
    assert told() == golden.read_text(encoding="utf-8")


def test_two_equal_fills_stay_two_and_an_overlapping_export_gives_the_same_ids() -> None:
    path = FOLDER / "statement.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    whole, part = (File("a.csv", "\n".join(each).encode()) for each in (lines, [*lines[:2], *lines[3:8]]))
    (source,) = claimants(whole.head)
    all_ids, some_ids = (source.read(each).rows["trades"]["trade_id"].to_list() for each in (whole, part))
    assert len(set(all_ids)) == len(all_ids)
    assert set(some_ids) < set(all_ids)
