"""Bad input gets one clear sentence with file and line; nothing else is lost, and no traceback reaches a user."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.__main__ import main
from flows.load import InputMissing, load
from flows.resources import text
from tests.worlds import policy_text, write_folder
from transforms.policy import PolicyError, read_policy
from transforms.tables import NATIVE, TABLES

SENTENCE = re.compile(r"^[^:]+:\d+: .+, expected .+\. .+\.$")
POLICY = read_policy(policy_text({}), text("policy_defaults.toml"))
GOOD = {"trade_id": "T1", "account_id": "A1", "symbol": "ACM", "kind": "buy", "quantity": "100", "price": "10", "traded_on": "2024-11-12"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = {name: [] for name in NATIVE}
    rows["people"] = [{"person_id": "P1", "name": "Pat Moss"}]
    rows["roles"] = [{"person_id": "P1", "role": "director", "from_on": "2020-01-01"}]
    rows["accounts"] = [{"account_id": "A1", "holder_id": "P1", "broker": "N", "kind": "cash"}]
    rows["securities"] = [{"symbol": "ACM", "issuer_id": "ACME", "asset": "common"}]
    rows["trades"] = [GOOD]
    write_folder(rows, tmp_path)
    return tmp_path


def refusals(folder: Path) -> list[str]:
    loaded = load(folder, POLICY)
    for name, count in loaded.counts.items():
        assert count["read"] == count["loaded"] + count["refused"] + count["dropped"] + count["superseded"], name
    said = loaded.refused["reason"].to_list()
    assert all(SENTENCE.match(each) for each in said), said
    return said


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"traded_on": "2024-13-01"}, "trades.csv:3: traded_on is 2024-13-01, expected a date"),
        ({"traded_on": "12/11/2024"}, "traded_on is 12/11/2024, expected a date"),
        ({"traded_at": "2024-11-12T11:00:00"}, "a time without offset"),
        ({"traded_at": "yesterday"}, "traded_at is yesterday, expected an instant"),
        ({"quantity": "-5"}, "quantity is -5, expected more than 0"),
        ({"quantity": "0"}, "expected more than 0"),
        ({"quantity": "1e3"}, "quantity is 1e3, expected a number"),
        ({"quantity": "1.2345678"}, "expected a number of at most 12 digits and 6 decimals"),
        ({"quantity": ""}, "quantity is empty, expected a value"),
        ({"marked_short": "perhaps"}, "marked_short is perhaps, expected true or false"),
    ],
)
def test_a_bad_cell_refuses_its_row_alone(folder: Path, cells: dict, said: str) -> None:
    row = {**GOOD, "trade_id": "T2", **cells}
    with (folder / "trades.csv").open("a", encoding="utf-8") as stream:
        stream.write(",".join(str(row.get(name, "")) for name in TABLES["trades"].names) + "\n")
    (reason,) = refusals(folder)
    assert said in reason
    assert load(folder, POLICY).tables["trades"]["trade_id"].to_list() == ["T1"]


def test_a_row_cut_off_in_the_middle_is_refused(folder: Path) -> None:
    with (folder / "trades.csv").open("a", encoding="utf-8") as stream:
        stream.write("T2,A1,AC")
    (reason,) = refusals(folder)
    assert "trades.csv:3: 3 cells, expected 24" in reason


def test_a_line_of_fifty_megabytes_is_refused_and_the_rest_is_read(folder: Path) -> None:
    row = {**GOOD, "trade_id": "T" + "9" * 50_000_000}
    with (folder / "trades.csv").open("a", encoding="utf-8") as stream:
        stream.write(",".join(str(row.get(name, "")) for name in TABLES["trades"].names) + "\n")
    (reason,) = refusals(folder)
    assert "expected at most 1000000" in reason
    assert len(load(folder, POLICY).refused["raw"][0]) <= 500


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02binary", b"who,what\n1,2\n", b'trade_id,account_id\nT"1,A\n'])
def test_a_file_that_is_no_table_is_refused(folder: Path, content: bytes) -> None:
    (folder / "trades.csv").write_bytes(content)
    assert len(refusals(folder)) == 1


def test_a_table_of_which_nothing_can_be_read_is_missing_not_empty(folder: Path) -> None:
    (folder / "clearances.csv").write_bytes(b"\x00\x01binary")
    assert load(folder, POLICY).missing == {"clearances"}
    (folder / "people.csv").write_bytes(b"\x00\x01binary")
    with pytest.raises(InputMissing, match=r"^people.csv:1: the file is binary"):
        load(folder, POLICY)


def test_bytes_that_are_no_text_refuse_their_row(folder: Path) -> None:
    row = {**GOOD, "trade_id": "T\xff"}
    with (folder / "trades.csv").open("ab") as stream:
        stream.write((",".join(str(row.get(name, "")) for name in TABLES["trades"].names) + "\n").encode("latin-1"))
    (reason,) = refusals(folder)
    assert "no UTF-8" in reason


def test_an_unknown_column_is_told_and_its_rows_are_kept(folder: Path) -> None:
    (folder / "people.csv").write_text("person_id,name,shoe_size\nP1,Pat Moss,44\n", encoding="utf-8")
    loaded = load(folder, POLICY)
    assert [(kind, where) for kind, where, *_ in loaded.remarks] == [("unknown_column", "people.csv")]
    assert len(loaded.tables["people"]) == 1


def test_a_key_with_two_contents_keeps_one_row_whatever_the_order(folder: Path) -> None:
    head = "person_id,name\n"
    kept = set()
    for rows in ("P1,Pat Moss\nP1,Pat Most\n", "P1,Pat Most\nP1,Pat Moss\n"):
        (folder / "people.csv").write_text(head + rows, encoding="utf-8")
        (reason,) = refusals(folder)
        assert "the key P1 of people stands with other content" in reason
        kept.add(load(folder, POLICY).tables["people"]["name"].item())
    assert len(kept) == 1


def test_equal_rows_in_two_files_are_one(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more/trades.csv").write_bytes((folder / "trades.csv").read_bytes())
    loaded = load(folder, POLICY)
    assert len(loaded.tables["trades"]) == 1
    assert loaded.counts["trades"]["superseded"] == 1


def test_a_file_that_nobody_claims_is_a_blind_spot(folder: Path) -> None:
    (folder / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert [kind for kind, *_ in load(folder, POLICY).remarks] == ["unclaimed_file"]


def test_a_file_that_two_sources_claim_is_an_error_that_names_both(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms.sources import SOURCES, Source, every_source

    every_source()
    like = SOURCES["schwab_transactions"]
    monkeypatch.setitem(SOURCES, "copycat", Source("copycat", like.recognises, like.read, like.meaning))
    (folder / "x.csv").write_text("Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount\n", encoding="utf-8")
    (reason,) = refusals(folder)
    assert "claimed by copycat and schwab_transactions" in reason


def test_xml_with_entities_is_refused(folder: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><FlexQueryResponse>&a;</FlexQueryResponse>'
    (folder / "flex.xml").write_text(bomb, encoding="utf-8")
    assert len(refusals(folder)) == 1


@pytest.mark.parametrize("table", ["people", "roles", "accounts", "securities"])
def test_a_required_file_that_is_missing_stops_the_run_and_is_named(folder: Path, table: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / f"{table}.csv").unlink()
    with pytest.raises(InputMissing, match=f"^{table}.csv: not in"):
        load(folder, POLICY)


def test_parquet_is_read_like_csv(folder: Path) -> None:
    frame = pl.read_csv(folder / "trades.csv", infer_schema=False)
    (folder / "trades.csv").unlink()
    typed = frame.with_columns(pl.col("traded_on").str.to_date(), pl.col("quantity").cast(pl.Decimal(18, 6)))
    typed.write_parquet(folder / "trades.parquet")
    loaded = load(folder, POLICY)
    assert loaded.tables["trades"].select("trade_id", "traded_on").row(0) == ("T1", date(2024, 11, 12))
    (folder / "trades.parquet").write_bytes((folder / "trades.parquet").read_bytes()[:-20])
    assert "expected a whole Parquet file" in refusals(folder)[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("[issuer]\n", "no issuer_id under [issuer]"),
        ("[issuer", "expected TOML"),
        ('[issuer]\nissuer_id="A"\n[clause.window]\nreadings = { open_metod = "x" }', "the reading window.open_metod is not known"),
        ('[issuer]\nissuer_id="A"\n[clause.window]\nreadings = { open_method = "x" }', "expected one of full_days, literal"),
        ('[issuer]\nissuer_id="A"\n[clause.counting]\nfull_trading_days = { values = {} }', "no dated values"),
        ('[issuer]\nissuer_id="A"\n[clause.counting]\nfull_trading_days = { values = { 2020-01-01 = "two" } }', "expected a day and a whole number"),
        ('[issuer]\nissuer_id="A"\nfiscal_year_ends = "Christmas"', "expected month-day"),
    ],
)
def test_a_policy_that_can_not_be_used_is_told_in_one_sentence(changed: str, said: str) -> None:
    with pytest.raises(PolicyError) as error:
        read_policy(changed, text("policy_defaults.toml"))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nightly", "--data", "/nowhere", "--as-of", "2025-01-01"], "no such folder"),
        (["explain", "a/b/c", "--store", "/nowhere.duckdb"], "no such store"),
        (["rules", "--policy", "/nowhere.toml"], "no such file"),
        (["serve", "--store", "/nowhere/x.duckdb"], "no night is there to show"),
        (["serve", "--store", "/nowhere/x.duckdb", "--host", "0.0.0.0"], "expected HINDSIGHT_URL to begin with https://"),
        (["verify", "/nowhere"], "no such folder or file, expected an evidence pack"),
        (["replay", "x"], "not built yet"),
        (["attest", "--data", "/nowhere", "--quarter", "2024Q4", "--as-of", "2025-01-31"], "no such folder"),
        (["pack", "--case", "a/b", "--store", "/nowhere.duckdb", "--out", "/nowhere/x"], "no such store"),
        (["records", "--store", "/nowhere.duckdb", "--as-of", "2025-01-31"], "no such store"),
    ],
)
def test_wrong_arguments_end_with_two_and_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_folder_without_policy_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2025-01-01"]) == 2
    assert "policy.toml" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["nightly", "--data", "x", "--as-of", "tomorrow"], ["dance"], []])
def test_arguments_that_argparse_refuses_end_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
