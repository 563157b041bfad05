"""Whole nights: the same bytes whatever the order, killed runs, two runs at once, a rule that raises, several nights."""

import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from desk.exports import table_file
from flows.outputs import write_csv
from flows.stages import Night
from tests.runner import Lenient, deadly, without_readings
from tests.worlds import ROOT, prefixed, rows_of, scenarios_of, write_folder

SAMPLE = ROOT / "data/sample"
NIGHT, EARLIER = "2025-02-28", "2025-01-31"
OUTPUTS = [
    "findings.csv", "findings.parquet", "verdicts.csv", "cases.csv", "windows.csv", "short_swings.csv", "four_ways.csv", "item_405.csv", "item_405.html", "blind_spots.csv", "quarantine.csv", "report.html", "run.json",
]  # fmt: skip


def run(*arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=check, timeout=240)


def hindsight(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "flows", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False, timeout=240)


def told(out: Path, *, lines: bool = True) -> dict[str, str]:
    """Every output as text; times of run.json are left out and, where files were shuffled, line numbers and hashes."""
    said = {name: (out / name).read_bytes().decode("utf-8", "replace") for name in OUTPUTS if not name.endswith((".json", ".parquet"))}
    record = json.loads((out / "run.json").read_text())
    del record["started"], record["finished"]
    said["run.json"] = json.dumps(record if lines else {**record, "inputs": sorted(record["inputs"])})
    return said if lines else {name: re.sub(r"(?<=\.(csv|xml|ofx|txt))(:|&#58;|, line )\d+", ":N", text) for name, text in said.items()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights of the sample, run in peace."""
    folder = tmp_path_factory.mktemp("peace")
    run("tests.runner", SAMPLE, EARLIER, folder / "s.duckdb", folder / "earlier")
    run("tests.runner", SAMPLE, NIGHT, folder / "s.duckdb", folder / "out")
    return folder


def test_every_output_is_there(undisturbed: Path) -> None:
    assert sorted(path.name for path in (undisturbed / "out").iterdir()) == sorted([*OUTPUTS, "data_docs"])
    counts = json.loads((undisturbed / "out/run.json").read_text())["tables"]
    for name, count in counts.items():
        assert count["read"] == count["loaded"] + count["refused"] + count["dropped"] + count["superseded"], name


def test_verdicts_add_up_for_every_rule(undisturbed: Path) -> None:
    with (undisturbed / "out/verdicts.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["outcome"] for row in rows} == {"clear", "flagged", "undecided", "exempt", "not_applicable"}
    assert all(int(row["rows"]) >= 0 for row in rows)


def test_the_same_night_twice_gives_the_same_bytes(undisturbed: Path, tmp_path: Path) -> None:
    shutil.copy(undisturbed / "s.duckdb", tmp_path / "s.duckdb")
    run("tests.runner", SAMPLE, NIGHT, tmp_path / "s.duckdb", tmp_path / "out")
    assert told(tmp_path / "out") == told(undisturbed / "out")
    assert (tmp_path / "out/findings.parquet").read_bytes() == (undisturbed / "out/findings.parquet").read_bytes()


def test_shuffled_files_and_rows_give_the_same_bytes(undisturbed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(SAMPLE, data)
    for path in data.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        random.Random(5).shuffle(rows)
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    run("tests.runner", data, EARLIER, tmp_path / "s.duckdb", tmp_path / "earlier")
    run("tests.runner", data, NIGHT, tmp_path / "s.duckdb", tmp_path / "out")
    assert told(tmp_path / "out", lines=False) == told(undisturbed / "out", lines=False)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world with a first night kept in its store, and the second night as it ends undisturbed."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "data").mkdir()
    scenario = next(each for each in scenarios_of(ROOT / "tests/scenarios") if each.family["stem"] == "clearance_missing" and each.said["expect"])
    write_folder(rows_of(scenario), folder / "data")
    run("tests.runner", folder / "data", "2026-03-30", folder / "s.duckdb", folder / "earlier")
    shutil.copy(folder / "s.duckdb", folder / "undisturbed.duckdb")
    run("tests.runner", folder / "data", "2026-03-31", folder / "undisturbed.duckdb", folder / "out")
    return folder


def test_a_killed_run_leaves_the_last_night_whole_and_the_next_one_completes(small: Path, tmp_path: Path) -> None:
    """Killed before anything is written, while files are and while the store is; after each the last night stands."""
    store, out = tmp_path / "s.duckdb", tmp_path / "out"
    shutil.copy(small / "s.duckdb", store)
    for where in ("derive", "report", "write:3", "store:2", "store:12"):
        killed = run("tests.runner", small / "data", "2026-03-31", store, out, where, check=False)
        assert killed.returncode == -9, where
        with duckdb.connect(str(store)) as kept:
            assert kept.execute("SELECT DISTINCT night FROM runs").fetchall() == [(date(2026, 3, 30),)], where
            assert kept.execute("SELECT count(*) FROM trades").fetchone() != (0,), where
    run("tests.runner", small / "data", "2026-03-31", store, out)
    assert told(out) == told(small / "out")


def test_a_second_run_at_once_says_so_and_ends(tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    holder = subprocess.Popen(
        [sys.executable, "-c", f"import duckdb, sys; c = duckdb.connect({str(store)!r}); print('held', flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        ended = run("tests.runner", SAMPLE, NIGHT, store, tmp_path / "out", check=False)  # ends before it reads
        assert "another run holds the store" in ended.stderr
        assert not (tmp_path / "out").exists()
    finally:
        holder.communicate("")


def test_a_rule_that_raises_is_a_blind_spot_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import flows.night as night_module

    original = night_module.judge

    def faulty(night: Night, rule: object) -> object:
        if rule.name == "window_closed":  # type: ignore[attr-defined]
            raise ZeroDivisionError("no such thing")
        return original(night, rule)  # type: ignore[arg-type]

    monkeypatch.setattr(night_module, "judge", faulty)
    asked = night_module.Asked(SAMPLE, date.fromisoformat(NIGHT), tmp_path / "s.duckdb", tmp_path / "out", SAMPLE / "policy.toml")
    with without_readings():
        summary = night_module.run_night(asked, deadly(""), Lenient)
    assert summary["flagged"] > 0
    spots = (tmp_path / "out/blind_spots.csv").read_text()
    assert "rule_error,window_closed,window_closed raised ZeroDivisionError" in spots
    verdicts = (tmp_path / "out/verdicts.csv").read_text()
    assert "window_closed,clear,0" in verdicts
    assert "window_closed,undecided,0" not in verdicts


def test_the_command_line_runs_a_night_and_explains_a_finding(tmp_path: Path) -> None:
    """Once for real, with relative paths: Prefect, Great Expectations and all."""
    store, out = Path(os.path.relpath(tmp_path / "s.duckdb", ROOT)), Path(os.path.relpath(tmp_path / "out", ROOT))
    ended = hindsight("nightly", "--data", SAMPLE, "--as-of", NIGHT, "--store", store, "--out", out, "--fail-on", "critical")
    assert ended.returncode == 3, ended.stderr
    assert ended.stdout.splitlines()[-1] == f"Report: {out / 'report.html'}"
    assert "Traceback" not in ended.stderr
    assert "INFO" not in ended.stderr
    out = tmp_path / "out"
    assert (out / "data_docs/index.html").is_file()
    with (out / "findings.csv").open(encoding="utf-8") as stream:
        finding = next(row for row in csv.DictReader(stream) if row["rule"] == "window_closed")
    told_of = hindsight("explain", finding["finding_id"], "--store", store)
    assert told_of.returncode == 0
    assert finding["because"].split(";")[0] in " ".join(told_of.stdout.split())
    assert "Clause VI.A" in told_of.stdout
    assert hindsight("explain", "window_closed/nobody/T0", "--store", store).returncode == 2


def test_help_and_rules_import_neither_scheduler_nor_validator() -> None:
    for arguments in (["--help"], ["rules"], ["rules", "--policy", str(SAMPLE / "policy.toml")]):
        code = f"import sys; sys.argv = ['hindsight', *{arguments!r}]\ntry:\n    import runpy; runpy.run_module('flows', run_name='__main__')\nexcept SystemExit:\n    pass\nprint(sorted({{'prefect', 'great_expectations', 'exchange_calendars'}} & set(sys.modules)))"
        ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert ended.stdout.splitlines()[-1] == "[]"


def test_findings_of_a_spreadsheet_formula_stay_text(tmp_path: Path) -> None:
    scenario = next(each for each in scenarios_of(ROOT / "tests/scenarios") if each.family["stem"] == "clearance_missing" and each.said["expect"])
    rows = prefixed(rows_of(scenario), "=cmd|")
    write_folder(rows, tmp_path)
    run("tests.runner", tmp_path, "2026-03-31", tmp_path / "s.duckdb", tmp_path / "out")
    with (tmp_path / "out/findings.csv").open(encoding="utf-8") as stream:
        found = list(csv.DictReader(stream))
    assert found
    assert not any(cell.startswith("=") for row in found for cell in row.values())


def test_no_cell_of_a_csv_file_is_a_formula(tmp_path: Path) -> None:
    cells = {
        "=1+1": "'=1+1",
        "-cmd|x": "'-cmd|x",
        "+1 (808) 555": "'+1 (808) 555",
        "@x": "'@x",
        "\tx": "'\tx",
        "-5.00": "-5.00",
        "-1,000": "-1,000",
        "a=b": "a=b",
    }
    frame = pl.DataFrame({"said": list(cells), "again": list(cells)})
    write_csv(frame, tmp_path / "x.csv")
    for text in ((tmp_path / "x.csv").read_text(encoding="utf-8"), bytes(table_file(frame, "x", "csv").body).decode("utf-8-sig")):
        assert list(csv.reader(text.splitlines())) == [["said", "again"], *([each, each] for each in cells.values())]
