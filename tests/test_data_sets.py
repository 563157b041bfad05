"""The SEC's data sets and Forms 144 as a night reads them: forms, owners and lines brought together, amendments laid over."""

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.stages import Night, derive, judge_all, load_folder, policy_from
from tests.worlds import ROOT, write_folder
from transforms.tables import NATIVE

GOLDEN = ROOT / "tests/golden"


def night_of(folder: Path, files: dict[str, bytes]) -> Night:
    """A night over EDGAR's files alone, for a director without an account, and an entity."""
    rows: dict[str, list[dict]] = {name: [] for name in NATIVE if name not in {"filings", "filing_lines"}}
    rows["people"] = [{"person_id": "DIA", "name": "Dia", "cik": "1000001"}, {"person_id": "ENT", "name": "Entity", "cik": "0001000002"}]
    rows["roles"] = [{"person_id": each["person_id"], "role": "director", "from_on": "2020-01-01"} for each in rows["people"]]
    rows["securities"] = [{"symbol": "ACME", "issuer_id": "ACME", "asset": "common"}]
    write_folder(rows, folder)
    policy = folder / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace('issuer_id = "ACME"', 'issuer_id = "ACME"\ncik = "9000001"'), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    night = load_folder(folder, policy_from(policy), date(2024, 12, 31))
    derive(night)
    judge_all(night)
    return night


def data_set() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (GOLDEN / "edgar_insider_tables").glob("*.tsv")}


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return night_of(tmp_path, data_set())


def test_a_joint_form_reaches_both_owners_and_one_about_another_issuer_nobody(night: Night) -> None:
    filings = night.loaded.tables["filings"].select("accession", "form", "person_id", "issuer_id", "amends").sort("accession")
    assert filings.rows() == [
        ("0009000001-24-000001", "4", "DIA", "ACME", None),
        ("0009000001-24-000001:0001000002", "4", "ENT", "ACME", None),
        ("0009000001-24-000002", "4/A", "DIA", "ACME", "0009000001-24-000001"),
    ]


def test_lines_are_numbered_within_the_form_and_the_derivative_table_comes_last(night: Night) -> None:
    lines = night.loaded.tables["filing_lines"].filter(pl.col("accession") == "0009000001-24-000001").sort("line")
    assert lines.select("line", "derivative", pl.col("quantity").cast(pl.Float64), "under_plan").rows() == [
        (1, False, 250.5, True),
        (2, False, 100.0, True),
        (3, True, 100.0, True),
    ]
    assert any("TRANS_SHARES is empty" in reason for reason in night.loaded.refused["reason"])


def test_every_line_of_every_table_is_accounted_for(night: Night) -> None:
    for name, count in night.loaded.counts.items():
        assert count["read"] == count["loaded"] + count["refused"] + count["dropped"] + count["superseded"], name
    assert night.loaded.counts["listed_forms"]["dropped"] == 1
    assert not {"filings", "filing_lines"} & night.loaded.missing


def test_a_filing_date_alone_decides_whether_a_form_was_late(night: Night) -> None:
    """Traded on Tuesday 12 November 2024, due on Thursday the 14th, filed on the 14th: in time, whatever the hour."""
    assert night.judgements["form4_late"].counts["clear"] == 3
    assert night.judgements["form4_late"].counts["flagged"] == 0


def test_an_amendment_replaces_the_line_it_amends_and_leaves_the_other(night: Night) -> None:
    lines = night.facts["form_lines"].filter(~pl.col("derivative") & (pl.col("person_id") == "DIA")).sort("accession", "line")
    assert lines.select("accession", pl.col("quantity").cast(pl.Float64), pl.col("filed_on").cast(pl.String)).rows() == [
        ("0009000001-24-000001", 100.0, "2024-11-14"),
        ("0009000001-24-000002", 120.0, "2024-11-14"),
    ]


def test_a_form_that_stands_as_a_file_of_its_own_is_not_doubled(tmp_path: Path) -> None:
    own = b"accession,form,person_id,issuer_id,accepted_at\n0009000001-24-000001,4,DIA,ACME,2024-11-14T18:00:00-05:00\n"
    night = night_of(tmp_path, {**data_set(), "filings.csv": own})
    assert night.loaded.tables["filings"].sort("accession")["accession"].to_list() == ["0009000001-24-000001", "0009000001-24-000002"]


def test_a_gzipped_table_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    packed = {f"{name}.gz": gzip.compress(content) for name, content in data_set().items()}
    night = night_of(tmp_path, {**packed, "broken.gz": b"\x1f\x8b\x08 not gzip"})
    assert len(night.loaded.tables["filings"]) == 3
    assert [reason for reason in night.loaded.refused["reason"] if reason.startswith("broken.gz")] == [
        "broken.gz:1: it can't be unpacked, or holds more than 2 GiB, expected a gzipped file. Unpack it by hand."
    ]


def test_a_bare_notice_takes_its_acceptance_from_the_list(tmp_path: Path) -> None:
    listed = b"""{"cik": "1000001", "entityType": "other", "name": "Dia", "filings": {"recent": {"accessionNumber": ["0009000001-24-000144"], "filingDate": ["2024-11-13"],
      "reportDate": [""], "acceptanceDateTime": ["2024-11-13T16:00:00.000Z"], "form": ["144"], "items": [""]}}}"""
    night = night_of(tmp_path, {"notice.xml": (GOLDEN / "edgar_form144/bare.xml").read_bytes(), "list.json": listed})
    assert night.loaded.tables["filings"].select("accession", "form", "person_id").rows() == [("0009000001-24-000144", "144", "DIA")]
    assert night.facts["dated_filings"].select(pl.col("filed_on").cast(pl.String)).rows() == [("2024-11-13",)]


@pytest.mark.parametrize(("gone", "missing"), [("reportingowner.tsv", "filings"), ("nonderiv_trans.tsv", "filing_lines")])
def test_a_data_set_without_one_of_its_tables_does_not_tell_what_was_filed(tmp_path: Path, gone: str, missing: str) -> None:
    night = night_of(tmp_path, {name: content for name, content in data_set().items() if name != gone})
    assert missing in night.loaded.missing
    assert night.judgements["form4_missing"].counts["flagged"] == night.judgements["form4_missing"].counts["clear"] == 0
    told = [reason for reason in night.loaded.refused["reason"] if "has no owner, expected one in REPORTINGOWNER" in reason]
    assert len(told) == (2 if missing == "filings" else 0)
    assert all(count["read"] == count["loaded"] + count["refused"] + count["dropped"] + count["superseded"] for count in night.loaded.counts.values())
