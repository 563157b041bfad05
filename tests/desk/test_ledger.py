"""The ledger over real connections to SQLite and PostgreSQL: nothing lost, nothing doubled, nothing changed unseen."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import create_engine, text

from desk.ledger import Event, Ledger, LedgerError, StaleError
from desk.ledger.ledger import decisions, reviews, waivers
from tests.desk.world import postgres


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.sqlite"
    cluster = request.getfixturevalue("cluster")
    name = f"t{random.Random().getrandbits(60):x}"
    engine = create_engine(cluster.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return cluster.removesuffix("postgres") + name


def note(n, case="p/T1", **other):
    return Event(f"e{n}", "decision", "u", {"decision": "note", "note": f"é {n}"}, case, **other)


def altered(url, statement):
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_200_writers_at_once_lose_and_double_nothing(url):
    """Half of the events are sent twice, as a browser that did not hear the answer does."""
    ledger = Ledger(url)
    sent = [n % 150 for n in range(200)]
    with ThreadPoolExecutor(20) as pool:
        places = list(pool.map(lambda n: ledger.add(note(n, f"p/T{n % 30}")), sent))
    assert sorted(set(places)) == list(range(1, 151))
    assert len(ledger.events()) == 150
    assert len({each["event_id"] for each in ledger.events()}) == 150
    assert ledger.broken() == ""


def test_the_chain_is_checked_while_others_write(url):
    """Head and events are of one moment, however many come in between."""
    ledger, checking = Ledger(url), Ledger(url)
    with ThreadPoolExecutor(4) as pool:
        written = [pool.submit(ledger.add, note(n)) for n in range(150)]
        said = set()
        while not all(each.done() for each in written):
            said.add(checking.broken())
    assert said == {""}
    assert ledger.last() == 150


def test_an_id_that_is_taken_is_no_silent_success(url):
    """The same form with other words, and another's form with the same id, are told; the same form is one event."""
    ledger = Ledger(url)
    first = ledger.add(note(1))
    assert ledger.add(note(1)) == first
    with pytest.raises(StaleError):
        ledger.add(Event("e1", "decision", "u", {"decision": "confirmed"}, "p/T1"))
    with pytest.raises(StaleError):
        ledger.add(Event("e1", "decision", "another", note(1).body, "p/T1"))
    assert ledger.last() == 1


def test_two_ledgers_open_at_once(url):
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Ledger(url), range(8)))
    opened[0].add(note(1))
    assert opened[7].last() == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('UPDATE events SET body = \'{"decision":"confirmed"}\' WHERE sequence = 3', "event 3: its content"),
        ("UPDATE events SET actor = 'x' WHERE sequence = 1", "event 1: its content"),
        ("DELETE FROM events WHERE sequence = 2", "event 3: it follows event 1"),
        ("DELETE FROM events WHERE sequence = 5", "head: it names event 5"),
        ("UPDATE head SET sequence = 4", "head: it names event 4"),
        ("UPDATE events SET sequence = 6 WHERE sequence = 2", "event 3: it follows event 1"),
        ("INSERT INTO events SELECT 6, 'e6', at, kind, case_id, actor, body, previous, hash FROM events WHERE sequence = 5", "head: events stand after"),
    ],
)
def test_whatever_is_altered_is_found(url, statement, said):
    ledger = Ledger(url)
    for n in range(1, 6):
        ledger.add(note(n))
    assert ledger.broken() == ""
    altered(url, statement)
    assert ledger.broken().startswith(said)


def test_a_decision_on_what_somebody_else_decided_meanwhile_is_refused(url):
    ledger = Ledger(url)
    first = ledger.add(note(1))
    ledger.add(note(2, seen=first))
    with pytest.raises(StaleError):
        ledger.add(note(3, seen=first))
    ledger.add(note(4, "p/T2", seen=0))
    assert [each["event_id"] for each in ledger.events() if each["case_id"] == "p/T1"] == ["e1", "e2"]


def test_events_are_read_as_decisions_reviews_and_waivers(url):
    ledger = Ledger(url)
    ledger.add(Event("a", "decision", "u", {"decision": "wait", "until_on": "2025-03-04", "known": ["x"], "person_id": "q", "note": "n"}, "p/T1"))
    ledger.add(Event("w", "waiver", "u", {"given_by": "q", "person_id": "p", "rule": "r", "from_on": "2025-01-01", "until_on": "2025-01-02", "reason": "why"}))
    ledger.add(Event("x", "waiver_ended", "u", {"waiver_id": "w"}))
    events = ledger.events()
    assert decisions(events).select("case_id", "decision", "decided_by", "until_on", "known").row(0) == ("p/T1", "wait", "q", date(2025, 3, 4), ["x"])
    assert reviews(events).select("review_id", "reviewed_by", "source_file", "source_line").row(0) == ("a", "q", "ledger", 1)
    assert waivers(events).select("waiver_id", "given_by", "from_on").row(0) == ("w", "q", date(2025, 1, 1))
    assert waivers(events)["ended_at"].null_count() == 0


def test_a_ledger_that_does_not_answer_is_said_in_a_sentence_without_its_password(tmp_path):
    with pytest.raises(LedgerError) as told:
        Ledger("postgresql://who:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(told.value)
    assert "the ledger can't be opened" in str(told.value)
    with pytest.raises(LedgerError) as told:
        Ledger("postgresql://127.0.0.1:1/none?user=who&password=hunter2")
    assert "hunter2" not in str(told.value)
    (tmp_path / "no.sqlite").write_text("this is no database, and long enough to be read as one" * 40)
    with pytest.raises(LedgerError):
        Ledger(f"sqlite:///{tmp_path}/no.sqlite")
