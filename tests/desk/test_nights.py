"""Desk and nights together: what is decided by day is read by night, and neither waits for the other."""

import csv
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desk.ledger import Event, Ledger
from flows.giving_way import A_LITTLE, give_way, held_open, is_open
from flows.ledger import read_ledger
from flows.night import Asked, run_night
from flows.store import Store
from tests.desk.world import app_of, case_at, decide, served, settings_of, signed_in
from tests.runner import Lenient, without_readings
from tests.test_sample import SAMPLE, sample_night

CASE = "solheim/ibkr:24100201"
THEN = datetime(2025, 2, 28, 23, tzinfo=UTC)


def night(folder: Path, ledger: str, as_of=date(2025, 2, 28)) -> Path:
    out = folder / f"out-{as_of}"
    asked = Asked(SAMPLE, as_of, folder / "h.duckdb", out, SAMPLE / "policy.toml", ledger)
    run_night(asked, lambda stage, _: stage, Lenient)
    return out


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Two nights with decisions and a waiver between them, and a night whose ledger does not answer."""
    folder = tmp_path_factory.mktemp("nights")
    url = f"sqlite:///{folder}/h.ledger.sqlite"
    ledger = Ledger(url)
    ledger.add(Event("a", "decision", "u", {"decision": "confirmed", "person_id": "kealoha", "note": "n", "known": []}, CASE, at=THEN))
    ledger.add(Event("b", "decision", "u", {"decision": "no_concern", "person_id": "reyes", "note": "mine"}, "reyes/T-24121002", at=THEN))
    ledger.add(
        Event("c", "decision", "u", {"decision": "confirmed", "person_id": "kealoha", "note": "later"}, "baek/COMMON", at=datetime(2025, 3, 2, tzinfo=UTC))
    )
    waiver = {
        "given_by": "kealoha",
        "person_id": "osei",
        "rule": "clearance_lead_time",
        "from_on": "2024-11-01",
        "until_on": "2024-11-30",
        "reason": "asked by <telephone>",
    }
    ledger.add(Event("w", "waiver", "u", waiver, at=THEN))
    out = night(folder, url)
    (folder / "broken.sqlite").write_bytes(b"no database at all, but long enough to look like a file" * 50)
    return folder, url, out


def test_the_night_reads_what_was_decided_until_then(story):
    _, _, out = story
    cases = {row["case_id"]: row for row in rows(out, "cases")}
    assert (cases["reyes/T-24121002"]["state"], cases["reyes/T-24121002"]["decided_by"]) == ("closed", "reyes")
    assert cases[CASE]["state"] == "reopened", "the decision knew no finding that stands now"
    assert cases["baek/COMMON"]["decision"] == "", "decided after the night"
    assert cases["osei/ibkr:24112001"]["decision"] == "waived"


def test_a_decision_on_ones_own_case_is_flagged(story):
    _, _, out = story
    flagged = [row for row in rows(out, "findings") if row["rule"] == "review_own_case"]
    assert [(row["person_id"], row["subject"], row["outcome"]) for row in flagged] == [("reyes", "b", "flagged")]


def test_the_report_lists_what_waivers_hid(story):
    _, _, out = story
    page = (out / "report.html").read_text(encoding="utf-8")
    assert 'id="waived"' in page
    assert "asked by &lt;telephone&gt;" in page
    assert "Leilani Kealoha (kealoha)" in page.split('id="waived"')[1]


def test_lines_add_up_with_the_ledgers(story):
    _, _, out = story
    counts = json.loads((out / "run.json").read_text(encoding="utf-8"))["tables"]["reviews"]
    assert counts["read"] == counts["loaded"] + counts["refused"] + counts["dropped"] + counts["superseded"]


def test_a_ledger_that_does_not_answer_is_a_blind_spot(story, tmp_path):
    folder, _, _ = story
    out = night(tmp_path, f"sqlite:///{folder}/broken.sqlite")
    spots = [row for row in rows(out, "blind_spots") if row["where"] == "ledger"]
    assert len(spots) == 1
    assert spots[0]["kind"] == "missing_table"
    assert "can't be opened" in spots[0]["what"]
    assert len(rows(out, "findings")) > 30, "the night goes on"


def test_a_ledger_that_is_named_and_not_there_is_a_blind_spot(tmp_path, monkeypatch):
    with without_readings():
        night = sample_night()
    read_ledger(night, f"sqlite:///{tmp_path}/none.sqlite")
    assert night.remarks == []
    monkeypatch.setenv("HINDSIGHT_LEDGER", f"sqlite:///{tmp_path}/none.sqlite")
    read_ledger(night, f"sqlite:///{tmp_path}/none.sqlite")
    assert [(kind, where) for kind, where, _, _ in night.remarks] == [("missing_table", "ledger")]


def test_a_calendar_without_announcements_knows_no_window(store, tmp_path):
    about = next(store.with_name(f"{store.name}.desk").glob("0*")) / "night.json"
    said = json.loads(about.read_text(encoding="utf-8"))
    about.write_text(json.dumps(said | {"missing": ["announcements", "reports"]}), encoding="utf-8")
    page = signed_in(app_of(settings_of(store, f"sqlite:///{tmp_path}/l.sqlite")), "officer").get("/calendar").text
    assert "Whether the window is open is not known" in page
    assert "The window is closed" not in page
    assert "Not given for this night: reports" in page


def test_the_desk_shows_the_new_night_and_readers_hold_nothing_up(story):
    """While a run holds the store, pages are read and decisions are written; then the desk shows what the run published."""
    folder, url, _ = story
    app = app_of(settings_of(folder / "h.duckdb", url))
    client = signed_in(app, "officer")
    assert "Fri 2025-02-28" in client.get("/").text
    with Store(folder / "h.duckdb"):
        assert client.get(case_at("baek/COMMON")).status_code == 200
        assert decide(client, "nwosu/nwosu_margin", decision="note", note="while the night runs").status_code == 303
    night(folder, url, date(2025, 3, 3))
    page = client.get("/").text
    assert "Mon 2025-03-03" in page
    assert "2 nights" not in page
    assert signed_in(app, "auditor").get("/policy").text.count('<th scope="row" class="day">') == 2
    assert len(list((folder / "h.duckdb.desk").glob("0*"))) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no idle processes")
def test_a_run_gives_way_wholly_beside_an_open_desk_alone(story, tmp_path):
    """As of a thread, so that the tests themselves go on as they were; a desk that was killed holds nothing."""
    store = story[0] / "h.duckdb"

    def given(asked: Path) -> tuple[int, int]:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: (give_way(asked), os.sched_getscheduler(0), os.nice(0))[1:]).result()

    little = (os.SCHED_OTHER, min(19, os.nice(0) + A_LITTLE))
    assert given(store) == little
    assert given(tmp_path / "none.duckdb") == little, "before the first night"
    with held_open(store), held_open(store):
        assert given(store)[0] == os.SCHED_IDLE
    assert given(store) == little
    with served(store, f"sqlite:///{tmp_path}/l.sqlite") as (_, process):
        assert is_open(store)
        process.kill()
        process.wait()
        assert not is_open(store)


def test_a_desk_without_a_night_says_what_to_do(tmp_path):
    app = app_of(settings_of(tmp_path / "none.duckdb", f"sqlite:///{tmp_path}/l.sqlite"))
    answer = signed_in(app, "officer").get("/")
    assert answer.status_code == 503
    assert "Run `hindsight nightly" in answer.text
    assert signed_in(app, "officer").get("/healthz").status_code == 503
