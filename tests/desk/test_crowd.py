"""A crowd at the desk: 200 decisions at once over PostgreSQL, and a server that is killed among them."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from desk.ledger import Ledger
from desk.pages.cases import _known, _print
from tests.desk.world import address, app_of, case_at, field, postgres, served, settings_of, token_of

DECISIONS = 200
LOOKED: dict[str, str] = {}
"""What each case's page says that it showed."""


@pytest.fixture
def world(copy, tmp_path):
    with postgres(tmp_path) as url:
        app = app_of(settings_of(copy, url))
        desk = app.state.desk
        visit = desk.visit(desk.users.by_email(address("officer")))
        cases = sorted(visit.cases()["case_id"])
        LOOKED.update({case: _print(_known(visit, case)) for case in cases})
        yield copy, url, desk, cases


def session(desk, url: str) -> httpx2.Client:
    token = desk.users.open_session(desk.users.by_email(address("officer")))
    return httpx2.Client(base_url=url, cookies={"hindsight_session": token}, timeout=30)


def sent(client: httpx2.Client, case: str, number: int, form_token: str) -> int | None:
    """One decision, sent again where no answer came, as a person would; the answer's status, or none."""
    data = {
        "token": form_token,
        "event_id": f"{number:032x}",
        "seen": "9999999",
        "looked_at": LOOKED[case],
        "decision": "note",
        "note": f"note {number}",
        "then": "stay",
    }
    for _ in range(2):
        try:
            return client.post(case_at(case), data=data).status_code
        except httpx2.HTTPError:
            continue
    return None


def test_200_decisions_at_once_are_all_kept_once(world):
    """Every fourth is sent twice at once, as an impatient hand does."""
    store, ledger_url, desk, cases = world
    with served(store, ledger_url) as (url, _), session(desk, url) as client:
        form_token = token_of(client.get("/cases").text)
        asked = [*range(DECISIONS), *range(0, DECISIONS, 4)]
        with ThreadPoolExecutor(25) as pool:
            answers = list(pool.map(lambda n: sent(client, cases[n % len(cases)], n, form_token), asked))
    events = desk.ledger.events()
    assert set(answers) == {303}
    assert sorted(each["body"]["note"] for each in events) == sorted(f"note {n}" for n in range(DECISIONS))
    assert desk.ledger.broken() == ""


def test_a_killed_server_loses_nothing_that_it_acknowledged(world):
    store, ledger_url, desk, cases = world
    with served(store, ledger_url) as (url, process), session(desk, url) as client:
        form_token = token_of(client.get("/cases").text)
        answered, killed = [], threading.Event()

        def one(n: int) -> tuple[int, int | None]:
            status = sent(client, cases[n % len(cases)], n, form_token)
            answered.append(status)
            if len(answered) == DECISIONS // 3 and not killed.is_set():
                killed.set()
                os.kill(process.pid, signal.SIGKILL)
            return n, status

        with ThreadPoolExecutor(25) as pool:
            told = dict(pool.map(one, range(DECISIONS)))
    kept = [each["body"]["note"] for each in Ledger(ledger_url).events()]
    acknowledged = {f"note {n}" for n, status in told.items() if status == 303}
    assert len(kept) == len(set(kept)), "none doubled"
    assert acknowledged <= set(kept), "none lost"
    assert len(acknowledged) < DECISIONS, "the server died among them"
    assert desk.ledger.broken() == ""
    with served(store, ledger_url) as (url, _), session(desk, url) as client:
        form_token = token_of(client.get("/cases").text)
        unanswered = [n for n, status in told.items() if status != 303]
        assert {sent(client, cases[n % len(cases)], n, form_token) for n in unanswered} == {303}, "whoever got no answer sends it again"
    after = Ledger(ledger_url)
    assert sorted(each["body"]["note"] for each in after.events()) == sorted(f"note {n}" for n in range(DECISIONS))
    assert after.broken() == ""


def test_a_form_that_is_sent_twice_by_hand_decides_once(app):
    from tests.desk.world import decide, signed_in

    client = signed_in(app, "officer")
    case = "osei/2024-12-31"
    page = client.get(case_at(case)).text
    data = {
        "token": token_of(page),
        "event_id": field(page, "event_id"),
        "seen": field(page, "seen"),
        "looked_at": field(page, "looked_at"),
        "decision": "confirmed",
        "then": "stay",
    }
    assert [client.post(case_at(case), data=data).status_code for _ in range(2)] == [303, 303]
    assert len(app.state.desk.ledger.events()) == 1
    assert decide(client, case, decision="reopen", note="once more").status_code == 303
