"""EDGAR's files: golden outputs of fictional filings and lists, hostile files, and what real files are known to hold."""

import csv
import gzip
import json
import os
from pathlib import Path

import polars as pl
import pytest

from transforms.sources import File, Read, every_source
from transforms.sources.edgar_ownership import edgar_ownership
from transforms.sources.edgar_submissions import COLUMNS, clocks, edgar_submissions
from transforms.tables import TABLES, TIME_ZONE

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
REAL = Path(os.environ.get("HINDSIGHT_REAL", HERE.parent.parent / "shared" / "real")) / "sec"
EDGAR = {name: each for name, each in every_source().items() if name.startswith("edgar_")}
INPUTS = sorted(path for name in EDGAR for path in (GOLDEN / name).iterdir() if path.suffix != ".golden")
real = pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real files is absent")


def file_of(path: Path) -> File:
    return File(path.name, path.read_bytes())


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def claimed_by(content: bytes) -> list[str]:
    return [name for name, source in EDGAR.items() if source.recognises(content[:4096])]


def told(read: Read) -> str:
    """Everything that a read holds, as text."""
    parts = {**{name: read.rows[name].drop("source_file") for name in sorted(read.rows)}, "refused": read.refused, "dropped": read.dropped}
    tables = [f"# {name}\n{frame.write_csv(datetime_format='%Y-%m-%dT%H:%M:%S%:z')}" for name, frame in parts.items()]
    remarks = [f"# remark {kind} {where} {rows}: {what}\n" for kind, where, what, rows in read.remarks]
    return "\n".join([*tables, *remarks, f"# lines {read.lines}\n"])


@pytest.mark.parametrize("path", INPUTS, ids=[f"{path.parent.name}/{path.name}" for path in INPUTS])
def test_golden(path: Path) -> None:
    """HINDSIGHT_WRITE_GOLDEN=1 writes the golden files anew; read the difference before you keep it."""
    file = file_of(path)
    assert claimed_by(file.head) == [path.parent.name]
    read = EDGAR[path.parent.name].read(file)
    assert read.balanced
    assert all(frame.schema == TABLES[name].schema for name, frame in read.rows.items())
    golden = path.with_name(path.name + ".golden")
    if os.environ.get("HINDSIGHT_WRITE_GOLDEN"):
        golden.write_text(told(read), encoding="utf-8")
    assert told(read) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["truncated.xml", "truncated_submission.txt", "entity_bomb.xml", "external_entity.xml", "wrong_root.xml",
                                  "wrong_form.xml", "wrong_period.xml", "no_owner.xml", "owner_without_cik.xml", "wrong_issuer.xml",
                                  "submission_without_document.txt"])  # fmt: skip
def test_a_broken_filing_is_one_refusal(name: str) -> None:
    read = edgar_ownership(file_of(GOLDEN / "edgar_ownership" / name))
    assert (len(read.refused), read.lines, read.rows) == (1, 1, {})
    assert ", expected " in read.refused["reason"][0]
    assert read.refused["reason"][0].endswith(".")


@pytest.mark.parametrize("name", ["truncated", "not_utf8", "wrong_cik", "column_missing", "columns_of_unequal_length", "filings_of_another_shape"])
def test_a_broken_list_is_one_refusal(name: str) -> None:
    read = edgar_submissions(file_of(GOLDEN / "edgar_submissions" / f"{name}.json"))
    assert (len(read.refused), read.lines, read.rows) == (1, 1, {})
    assert ", expected " in read.refused["reason"][0]


@pytest.mark.parametrize("content", [
    b"", b"\x00\x01\x02\xff" * 2000, b"{}", b"[[[[", b"<html><body>ownershipDocument</body></html>",
    b"<SEC-HEADER>x\n<ACCEPTANCE-DATETIME>20240607181030\n<TYPE>4\n</SEC-HEADER>\n",
    b"<SEC-DOCUMENT>x\nCONFORMED SUBMISSION TYPE:\t8-K\n<DOCUMENT>", b"ACCESSION_NUMBER\tSOMETHING\n", b"ACCESSION_NUMBER,FILING_DATE,DOCUMENT_TYPE,ISSUERCIK\n",
    b'<?xml version="1.0"?><edgarSubmission xmlns="http://www.sec.gov/edgar/ownership"></edgarSubmission>',
    b'{"cik":9000001,"entityName":"ACME Corp","facts":{}}',
])  # fmt: skip
def test_files_of_others_are_left_alone(content: bytes) -> None:
    assert claimed_by(content) == []


@pytest.mark.parametrize("content", [
    b'{"accessionNumber":[' + b"[" * 100_000, b'{"entityType":"","cik":' + b"9" * 5000 + b"}", b'{"cik":"1","entityType":"\\ud800"}',
])  # fmt: skip
def test_hostile_json_is_refused(content: bytes) -> None:
    assert claimed_by(content) == ["edgar_submissions"]
    read = edgar_submissions(File("list.json", content))
    assert (len(read.refused), read.lines) == (1, 1)


def test_lone_surrogates_are_kept_out_of_the_cells() -> None:
    columns = {name: [""] for name in COLUMNS} | {"form": ["4"], "accessionNumber": ["\ud800"]}
    read = edgar_submissions(File("list.json", json.dumps(columns).encode()))
    assert (len(read.refused), read.balanced) == (1, True)


def test_a_filing_cut_anywhere_never_loses_a_line() -> None:
    whole = (GOLDEN / "edgar_ownership" / "joint_submission.txt").read_bytes()
    for length in range(0, len(whole), 97):
        assert edgar_ownership(File("cut.txt", whole[:length])).balanced


def test_lines_are_those_of_the_whole_file() -> None:
    file = file_of(GOLDEN / "edgar_ownership" / "joint_submission.txt")
    printed = file.content.decode().splitlines()
    read = edgar_ownership(file)
    assert all("<ownershipDocument>" in printed[line - 1] for line in read.rows["filings"]["source_line"])
    assert all("Transaction>" in printed[line - 1] for line in read.rows["filing_lines"]["source_line"])
    assert all("Holding>" in printed[line - 1] for line in read.dropped["line"])


def test_both_clocks_of_one_list_give_the_same_instants() -> None:
    eastern, utc = (edgar_submissions(file_of(GOLDEN / "edgar_submissions" / name)).rows["acceptances"] for name in ("eastern.json", "utc.json"))
    assert eastern["accepted_at"].to_list() == utc["accepted_at"].to_list()
    assert eastern["accepted_at"].null_count() == 1  # the filing of 2002, whose time of day is not known


CLOCKS = {
    "CIK0000310522_fetched-2026-02-08": "eastern", "CIK0000310522_fetched-2026-03-05": "utc", "CIK0000315090_fetched-2026-03-05": "utc",
    "CIK0000320193_fetched-2026-03-05": "eastern", "CIK0000749647-submissions-001_fetched-2026-03-09": "utc",
    "CIK0000749647_fetched-2026-03-09": "utc", "CIK0000789019_fetched-2026-02-03": "utc", "CIK0000789019_fetched-2026-03-05": "utc",
    "CIK0000940418_fetched-2026-02-08": "eastern", "CIK0001009672-submissions-001_fetched-2026-02-08": "eastern",
    "CIK0001009672_fetched-2026-02-08": "eastern", "CIK0001033331_fetched-2026-03-05": "utc", "CIK0001045810_fetched-2026-03-05": "utc",
    "CIK0001318605-submissions-001_fetched-2026-03-05": "utc", "CIK0001318605_fetched-2022-12": "eastern",
    "CIK0001318605_fetched-2026-02-03": "utc", "CIK0001318605_fetched-2026-03-05": "utc", "CIK0001462356_fetched-2026-06-19": "utc",
    "CIK0001677077_fetched-2026-03-10": "eastern", "CIK0001677077_fetched-2026-06-20": "utc", "CIK0001718179_fetched-2026-03-05": "utc",
    "CIK0001766140_fetched-2026-08-05": "utc", "CIK0001771340_fetched-2026-02-08": "utc", "CIK0001796129_fetched-2026-06-20": "eastern",
    "CIK0001814722_fetched-2026-06-20": "eastern", "CIK0001830056_fetched-2026-02-08": "utc", "CIK0001830610_fetched-2026-03-05": None,
    "CIK0001835632_fetched-2026-06-08": "utc", "CIK0001847577_fetched-2026-08-05": "eastern", "CIK0001881551_fetched-2026-03-28": "utc",
    "CIK0001911716_fetched-2026-02-08": None, "CIK0001940261_fetched-2026-02-08": "eastern",
    "CIK0001718179_fetched-2026-02-08": None,  # Eastern, but only another list of the same person tells
}  # fmt: skip
NEWEST_EASTERN = {"CIK0001045810_fetched-2026-03-05": 7, "CIK0001318605_fetched-2026-03-05": 2}


@real
def test_real_lists_are_read_by_the_clock_they_have() -> None:
    lists = sorted((REAL / "submissions").iterdir())
    assert len(lists) == len(CLOCKS) + 1  # one has no filing
    for path in lists:
        whole = json.loads(path.read_bytes())
        table = whole["filings"]["recent"] if "filings" in whole else whole
        printed = pl.DataFrame({name: table[name] for name in COLUMNS}, schema=dict.fromkeys(COLUMNS, pl.String)).with_row_index("line", offset=1)
        found = clocks(printed)["clock"].to_list()
        newest = NEWEST_EASTERN.get(path.stem, 0)
        assert found == ["eastern"] * newest + [CLOCKS.get(path.stem)] * (len(found) - newest), path.name


@real
def test_real_lists_are_whole_and_agree() -> None:
    reads = [edgar_submissions(file_of(path)) for path in sorted((REAL / "submissions").iterdir())]
    assert all(read.balanced and read.refused.is_empty() for read in reads)
    assert sum(read.lines for read in reads) == 17_003
    entries = pl.concat([read.rows["acceptances"] for read in reads]).filter(pl.col("accepted_at").is_not_null())
    assert entries.group_by("accession").agg(pl.col("accepted_at").n_unique())["accepted_at"].max() == 1
    at = entries.filter(pl.col("form").str.contains("^[345]"))["accepted_at"].dt.time()
    assert (str(at.min()), str(at.max())) == ("06:00:12", "22:05:07")
    apple = entries.filter(pl.col("accession") == "0000320193-22-000061")["accepted_at"].unique().dt.to_string("%FT%T%:z")
    assert apple.to_list() == ["2022-05-06T18:30:57-04:00"]
    with (REAL / "tables" / "8k_item_2.02_acceptance.csv").open(encoding="utf-8") as table:
        known = {row["accession"]: row["accepted_at"] for row in csv.DictReader(table)}
    said = dict(entries.select("accession", pl.col("accepted_at").dt.to_string("%FT%T%:z")).iter_rows())
    assert len(known) == 208
    assert {accession: said[accession] for accession in known} == known


@real
def test_real_filings() -> None:
    read = Read()
    for path in sorted((REAL / "ownership").iterdir()):
        one = edgar_ownership(file_of(path))
        assert claimed_by(path.read_bytes()) == ["edgar_ownership"], path.name
        assert one.balanced
        assert one.refused.is_empty(), path.name
        read += one
    lines = read.rows["filing_lines"].filter(pl.col("accession").str.count_matches(":") <= pl.col("accession").str.starts_with("none:"))
    assert lines["derivative"].value_counts(sort=True).rows() == [(False, 57), (True, 6)]
    assert len(read.dropped) == 18 + 6
    assert len(read.rows["filings"]) == 21 + 2  # two of them are joint
    assert read.rows["filings"]["accession"].is_unique().all()
    assert lines.select("accession", "line").is_unique().all()
    accepted = read.rows["filings"].filter(pl.col("accepted_at").is_not_null()).select("accession", pl.col("accepted_at").dt.to_string("%FT%T%:z"))
    assert dict(accepted.iter_rows())["0000320193-22-000061"] == "2022-05-06T18:30:57-04:00"
    assert dict(accepted.iter_rows())["0001127602-25-001055"] == "2025-01-10T16:07:30-05:00"
    assert read.rows["filings"].schema["accepted_at"] == pl.Datetime("us", TIME_ZONE)


@real
def test_every_other_real_file_is_left_alone_and_bad_samples_are_refused() -> None:
    for path in sorted(each for each in REAL.parent.rglob("*") if each.is_file()):
        claimed = claimed_by(unpacked(path))
        folder = path.relative_to(REAL.parent).as_posix()
        own = {
            "sec/ownership/": ["edgar_ownership"],
            "sec/spec/samples_not_well_formed/": ["edgar_ownership"],
            "sec/submissions/": ["edgar_submissions"],
            "sec/form144/": ["edgar_form144"],
        }
        own |= {f"sec/insider_2024q3_sample/{name}.tsv.gz": ["edgar_insider_tables"] for name in ("SUBMISSION", "DERIV_TRANS")}
        assert claimed == next((names for start, names in own.items() if folder.startswith(start)), []), folder
    for path in sorted((REAL / "spec" / "samples_not_well_formed").iterdir()):
        read = edgar_ownership(file_of(path))
        assert (len(read.refused), read.lines) == (1, 1), path.name


@real
@pytest.mark.parametrize(("name", "rows"), [("SUBMISSION", 25_408), ("DERIV_TRANS", 13_082)])
def test_a_real_data_set_is_read_to_the_last_line(name: str, rows: int) -> None:
    path = REAL / "insider_2024q3_sample" / f"{name}.tsv.gz"
    read = EDGAR["edgar_insider_tables"].read(File(path.name, unpacked(path)))
    assert (read.lines, len(read.refused), len(read.dropped), sum(map(len, read.rows.values()))) == (rows, 0, 0, rows)


@real
def test_real_notices_name_their_seller_and_issuer() -> None:
    read = EDGAR["edgar_form144"].read(file_of(REAL / "form144" / "AAPL_2023-04-13_form144.xml"))
    assert read.rows["filings"].select("form", "person_id", "issuer_id", pl.col("period_on").cast(pl.String)).rows() == [
        ("144", "CIK:0001513362", "CIK:0000320193|", "2023-04-13")
    ]
    assert EDGAR["edgar_form144"].read(file_of(REAL / "form144" / "official_sample_form144.xml")).rows["filings"]["person_id"][0] == "CIK:0001161286"
