"""Attestations on the desk: everybody answers for themself alone, every answer leaves its trace, and certificates and holds are for officers."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desk.ledger import Event
from desk.ledger.attesting import ANSWER, CERTIFICATE, PACKET, REOPENED, about, answer_of
from desk.ledger.ledger import DECISION, ERASED, WAIVER
from desk.ledger.schema import EVENTS, READS
from desk.records import HOLD, due, erase
from flows.users import add_covered
from tests.desk.test_quarter import QUARTER, answer, sign
from tests.desk.world import USERS, address, app_of, field, settings_of, signed_in, token_of
from transforms.attesting import STATEMENTS
from transforms.reports.attesting import NOT_SHOWN

PAGE = f"/attestation/{QUARTER}"
ENDED = date(2024, 12, 31)


@pytest.fixture
def people(app):
    """Everybody who attests has a user of their own."""
    for person in ("osei", "quispe", "hohenstein"):
        app.state.desk.users.add(address(person), person, frozenset({"covered_person"}), person)
    return app


def client_of(app, person: str):
    client = signed_in(app, "officer")
    client.cookies.set("hindsight_session", app.state.desk.users.open_session(app.state.desk.users.by_email(address(person))))
    return client


def answers(app, person: str):
    return answer_of(app.state.desk.ledger.events(), person, ENDED)


def test_everybody_sees_their_own_packet_and_no_other(people):
    mine, other = client_of(people, "osei").get(PAGE).text, client_of(people, "quispe").get(PAGE).text
    assert "osei_ib" in mine
    assert "quispe_schwab" not in mine
    assert "quispe_schwab" in other
    assert "osei_ib" not in other
    for asked in (f"{PAGE}?person_id=quispe", f"{PAGE}/quispe", "/attestation/quispe", f"{PAGE}?person=quispe"):
        assert "quispe_schwab" not in client_of(people, "osei").get(asked).text, asked


def test_nobody_answers_for_another_whatever_the_form_says(people):
    forged = {"person_id": "quispe", "person": "quispe", "name": "quispe"}
    assert answer(client_of(people, "osei"), **forged).status_code == 303
    assert len(answers(people, "osei")) == 1
    assert not answers(people, "quispe")
    body = answers(people, "osei")[0]["body"]
    assert body["person_id"] == "osei"


@pytest.mark.parametrize("who", [who for who in USERS if who != "insider"])
def test_officers_and_others_answer_only_where_they_are_asked_themselves(people, who):
    before = len(people.state.desk.ledger.events())
    client = signed_in(people, who)
    page = client.get(PAGE)
    person = USERS[who][2]
    if person is None or person == "kealoha":
        assert page.status_code == 404
        token = token_of(client.get("/quarters" if "officer" in who or who in {"counsel", "auditor"} else "/users").text)
        assert client.post(PAGE, data={"token": token, **dict.fromkeys(STATEMENTS, "yes")}).status_code == 404
        assert len(people.state.desk.ledger.events()) == before
    else:
        assert field(page.text, "print") != field(client_of(people, "osei").get(PAGE).text, "print")


def test_an_answer_is_changed_by_another_and_both_stay(people):
    client = client_of(people, "osei")
    assert answer(client).status_code == 303
    assert answer(client, accounts_complete="no", note_accounts_complete="this account is missing: <b>Tern</b>").status_code == 303
    one, other = answers(people, "osei")
    assert (one["body"]["statements"]["accounts_complete"], other["body"]["statements"]["accounts_complete"]) == (True, False)
    page = client.get(PAGE).text
    assert "Your answers" in page
    assert "this account is missing: &lt;b&gt;Tern&lt;/b&gt;" in page
    assert not people.state.desk.ledger.broken()
    gate = signed_in(people, "officer").get(f"/quarters/{QUARTER}").text
    assert "Kwabena Osei-Mensah answered no to" in gate
    with people.state.desk.ledger.writing() as connection:
        connection.execute(update(EVENTS).where(EVENTS.c.sequence == one["sequence"]).values(body=EVENTS.c.body + " "))
    assert f"event {one['sequence']}" in people.state.desk.ledger.broken(), "whoever changes one in the database is found"


def test_what_was_shown_is_kept_with_the_answer(people):
    assert answer(client_of(people, "osei")).status_code == 303
    (kept,) = [each for each in people.state.desk.ledger.events() if each["kind"] == PACKET]
    (given,) = answers(people, "osei")
    assert kept["body"]["print"] == given["body"]["print"]
    assert kept["body"]["records"]["accounts"][0]["account_id"] == "osei_ib"
    assert kept["sequence"] < given["sequence"]


def test_the_same_form_sent_twice_is_one_answer_and_an_older_page_is_told(people):
    client = client_of(people, "osei")
    page = client.get(PAGE).text
    asked = {"token": token_of(page), **{name: field(page, name) for name in ("event_id", "print", "seen")}, **dict.fromkeys(STATEMENTS, "yes")}
    assert [client.post(PAGE, data=asked).status_code for _ in range(2)] == [303, 303]
    assert len(answers(people, "osei")) == 1
    assert client.post(PAGE, data={**asked, "event_id": "another"}).status_code == 409
    assert client.post(PAGE, data={**asked, "event_id": "third", "print": "0" * 64}).status_code == 409
    assert client.post(PAGE, data={**asked, "event_id": "fourth", "token": "x"}).status_code == 403
    assert len(answers(people, "osei")) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"policy_read": ""}, "Answer yes or no."),
        ({"policy_read": "maybe"}, "Answer yes or no."),
        ({"no_derivatives": "no"}, "Say what is missing or wrong."),
        ({"no_derivatives": "no", "note_no_derivatives": "x" * 4001}, "Keep it below 4,000 characters."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(people, fields, said):
    client = client_of(people, "osei")
    reply = answer(client, **{"note_policy_read": "what I typed", **fields})
    assert reply.status_code == 422
    assert said in reply.text
    assert "what I typed" in reply.text
    assert not answers(people, "osei")


def test_what_speaks_against_an_answer_is_shown_before_it_is_written(people):
    client = client_of(people, "hohenstein")
    assert "a pledge in account" not in client.get(PAGE).text.split("Statements</h2>")[1]
    held = answer(client)
    assert (held.status_code, "On record in the quarter: a pledge in account hohenstein_schwab." in held.text) == (422, True)
    assert answer(client, no_margin_or_pledge="no", note_no_margin_or_pledge="3,000 shares secure a loan").status_code == 303
    assert answers(people, "hohenstein")[0]["body"]["contradicted"] == {}
    assert answer(client, still_no_margin_or_pledge="yes").status_code == 303
    assert answers(people, "hohenstein")[1]["body"]["contradicted"] == {"no_margin_or_pledge": "a pledge in account hohenstein_schwab"}


def test_a_certificate_is_for_officers_and_never_green_over_a_gap(people):
    for who in ("counsel", "auditor"):
        assert sign(signed_in(people, who), "x").status_code == 403
    officer = signed_in(people, "officer")
    held = sign(officer, "")
    assert held.status_code == 422
    assert "Give a reason" in held.text
    page = officer.get(f"/quarters/{QUARTER}").text
    stale = {"token": token_of(page), "event_id": "e", "seen": "0", "print": "0", "certify": "yes"}
    assert officer.post(f"/quarters/{QUARTER}", data=stale).status_code == 409
    assert not [each for each in people.state.desk.ledger.events() if each["kind"] == CERTIFICATE]
    assert sign(officer, "Known; see the file.").status_code == 303
    (signed,) = [each for each in people.state.desk.ledger.events() if each["kind"] == CERTIFICATE]
    assert all(each["reason"] for each in signed["body"]["gaps"])
    assert set(signed["body"]["prints"]) >= {"osei", "quispe"}
    assert "Signed by Leilani Kealoha" in officer.get(f"/quarters/{QUARTER}").text


def test_an_officer_signs_for_a_case_of_their_own_without_being_told_of_it(app):
    """Leilani Kealoha's own case stands in the certificate, with the words that it was not shown; her page does not name it."""
    officer = signed_in(app, "officer")
    assert "kealoha/" not in officer.get(f"/quarters/{QUARTER}").text
    assert sign(officer, "Known.").status_code == 303
    (signed,) = [each for each in app.state.desk.ledger.events() if each["kind"] == CERTIFICATE]
    assert "kealoha/T-24120401" in {item for each in signed["body"]["gaps"] for item in each["items"]}
    for address_ in (f"/quarters/{QUARTER}", f"/quarters/{QUARTER}/certificate.html", "/ledger", "/ledger.csv"):
        assert "kealoha/" not in officer.get(address_).text, address_
    own = [each for each in signed["body"]["gaps"] if "kealoha/T-24120401" in each["items"]]
    assert [(each["items"], each["reason"]) for each in own] == [(["kealoha/T-24120401"], NOT_SHOWN)], (
        "it stands apart, and no reason is given for it in her name"
    )
    whole = signed_in(app, "counsel").get(f"/quarters/{QUARTER}/certificate.html").text
    assert "1 more not shown to the officer who signed." in whole
    assert NOT_SHOWN in whole
    assert NOT_SHOWN not in officer.get(f"/quarters/{QUARTER}/certificate.html").text
    other = signed_in(app, "other_officer").get(f"/quarters/{QUARTER}").text
    assert NOT_SHOWN not in other, "nobody finds these words filled in as their own reason"


def test_what_reopens_a_certificate_is_one_word_for_everybody(app):
    """What reopened it concerns the officer who signed: she reads that it is reopened, and not why."""
    officer = signed_in(app, "officer")
    assert sign(officer, "Known.").status_code == 303
    (signed,) = [each for each in app.state.desk.ledger.events() if each["kind"] == CERTIFICATE]
    own = {"gap_id": "case/critical", "kind": "case", "words": "1 critical case about the quarter is not closed: kealoha/T-9.", "items": ["kealoha/T-9"], "marks": ["kealoha/T-9 x"], "person_id": None, "is_fresh": True}  # fmt: skip
    body = {"quarter_ended_on": str(ENDED), "certificate": signed["event_id"], "night": "2025-02-28", "reasons": [own]}
    app.state.desk.ledger.add(Event("r1", REOPENED, "hindsight", body, about(ENDED)))
    for who in ("officer", "counsel"):
        client = signed_in(app, who)
        assert "<strong>reopened</strong>" in client.get("/quarters").text
        assert "Reopened" in client.get(f"/quarters/{QUARTER}").text
        document = client.get(f"/quarters/{QUARTER}/certificate.html").text
        assert "It is to be signed again." in document
        assert "kealoha/T-9" not in document
    assert "Why is not open to the reader of this copy." in officer.get(f"/quarters/{QUARTER}/certificate.html").text
    assert sign(officer, "Known.").status_code == 303
    assert "<strong>reopened</strong>" not in officer.get("/quarters").text


def test_a_waiver_that_is_in_use_is_not_erased(app):
    ledger = app.state.desk.ledger
    waiver = {"person_id": "osei", "rule": "attestation_overdue", "reason": "ill", "given_by": "reyes", "name": "R"}
    for key, days in (("w1", ("2024-12-01", "2025-01-31")), ("w2", ("2016-01-01", "2016-12-31"))):
        body = {**waiver, "from_on": days[0], "until_on": days[1]}
        ledger.add(Event(key, WAIVER, "u", body, at=datetime(2017, 1, 1, 12, tzinfo=UTC)))
    assert found_in(app).events["decisions"] == (2,), "the first one hides a finding that still arises"


def test_a_running_desk_forgets_what_was_erased(app):
    ledger = app.state.desk.ledger
    old(ledger, "d1", DECISION, "gone/T-1", 8, decision="no_concern", note="long ago, of somebody")
    auditor = signed_in(app, "auditor")
    auditor.get("/ledger")
    assert "long ago" in str(app.state.desk.register.events)
    erase(ledger, found_in(app), "somebody", lambda _: None)
    auditor.get("/ledger")
    assert "long ago" not in str(app.state.desk.register.events)
    path = ledger.url.removeprefix("sqlite:///")
    for name in (path, f"{path}-wal"):
        assert b"long ago, of somebody" not in Path(name).read_bytes(), name


@pytest.mark.parametrize("seen", ["\u00b2", "-1", "9" * 30, "x", ""])
def test_an_odd_place_in_a_form_breaks_nothing(people, seen):
    client = client_of(people, "osei")
    page = client.get(PAGE).text
    asked = {"token": token_of(page), "event_id": "e", "print": field(page, "print"), "seen": seen, **dict.fromkeys(STATEMENTS, "yes")}
    assert client.post(PAGE, data=asked).status_code == 303
    officer = signed_in(people, "officer")
    page = officer.get(f"/quarters/{QUARTER}").text
    assert officer.post(f"/quarters/{QUARTER}", data={"token": token_of(page), "seen": seen, "print": field(page, "print")}).status_code == 422


def test_everybody_who_attests_becomes_a_user_once(app, copy, monkeypatch):
    monkeypatch.setenv("HINDSIGHT_LEDGER", app.state.desk.settings.ledger)
    before = {each.reader.person_id for each in app.state.desk.users.every()}
    assert add_covered(copy) == "6 users added."
    fresh = {each.reader.person_id: each for each in app.state.desk.users.every() if each.reader.person_id not in before}
    assert set(fresh) == {"quispe", "solheim", "baek", "hohenstein", "lindqvist", "venkat"}
    assert all(each.reader.roles == {"covered_person"} and not each.has_password for each in fresh.values())
    assert add_covered(copy) == "0 users added."


def test_every_look_at_a_packet_or_a_quarter_is_kept(people):
    client_of(people, "osei").get(PAGE)
    signed_in(people, "counsel").get(f"/quarters/{QUARTER}")
    with people.state.desk.ledger.engine.connect() as connection:
        seen = {tuple(row) for row in connection.execute(select(READS.c.what, READS.c.about))}
    assert {("packet", "attestation:2024-12-31:osei"), ("quarter", QUARTER)} <= seen


def test_the_workbook_holds_a_sheet_a_measure(app):
    import io
    import zipfile

    content = signed_in(app, "auditor").get(f"/quarters/{QUARTER}/board.xlsx").content
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert sum(name.startswith("xl/worksheets/sheet") for name in names) == 10
    assert sum(name.startswith("xl/charts/chart") for name in names) == 9
    assert signed_in(app, "auditor").get(f"/quarters/{QUARTER}/board.xlsx").content == content


def old(ledger, key: str, kind: str, case: str | None, years: float, **body):
    ledger.add(Event(key, kind, "u", {"person_id": "kealoha", "name": "K", **body}, case, at=datetime.now(UTC) - timedelta(days=int(365.25 * years))))


def found_in(app, day=None, nights=(date(2012, 3, 1), date(2025, 2, 28))):
    night = app.state.desk.nights.newest()
    ledger = app.state.desk.ledger
    return due(ledger, ledger.events(), night.policy, day or datetime.now(UTC).date(), night.findings, list(nights))


def test_what_is_past_its_period_is_erased_and_the_chain_tells_of_it(app):
    ledger = app.state.desk.ledger
    old(ledger, "d1", DECISION, "gone/T-1", 8, decision="no_concern", note="long ago")
    old(ledger, "d2", DECISION, "osei/ibkr:24120502", 8, decision="note", note="still arises")
    old(ledger, "d3", DECISION, "gone/T-2", 6, decision="no_concern", note="within the period")
    old(ledger, "a1", ANSWER, "attestation:2015-12-31:gone", 8, quarter_ended_on="2015-12-31", statements={}, print="x", corrections={})
    found = found_in(app)
    assert ({name: len(each) for name, each in found.events.items()}, found.standing, found.nights) == (
        {"decisions": 1, "attestations": 1},
        1,
        (date(2012, 3, 1),),
    )
    gone = []
    place = erase(ledger, found, "somebody", gone.extend)
    assert gone == [date(2012, 3, 1)]
    assert not ledger.broken()
    kept = {each["sequence"]: each for each in ledger.events()}
    assert [number for number, each in kept.items() if not each["body"]] == [1, 4]
    assert kept[place]["kind"] == ERASED
    assert [each["sequence"] for each in kept[place]["body"]["erased"]] == [1, 4]
    assert "long ago" not in str(ledger.rows())
    assert erase(ledger, found_in(app, nights=[date(2025, 2, 28)]), "somebody", gone.extend) == 0, "nothing is erased twice"
    page = signed_in(app, "auditor").get("/ledger").text
    assert "records erased" in page


def test_a_hold_stops_the_erasure_until_it_is_released(app):
    ledger = app.state.desk.ledger
    old(ledger, "d1", DECISION, "osei/T-1", 8, decision="no_concern", note="long ago")
    old(ledger, "d2", DECISION, "gone/T-2", 8, decision="no_concern", note="long ago")
    officer = signed_in(app, "officer")
    page = officer.get("/records").text
    form = {"token": token_of(page), "event_id": "h1", "person_id": "osei", "reason": "letter of the SEC"}
    assert officer.post("/records/holds", data={**form, "reason": ""}).status_code == 422
    assert officer.post("/records/holds", data={**form, "person_id": "nobody"}).status_code == 422
    assert signed_in(app, "auditor").post("/records/holds", data={**form, "token": token_of(signed_in(app, "auditor").get("/records").text)}).status_code == 403
    assert officer.post("/records/holds", data=form).status_code == 303
    found = found_in(app)
    assert (found.events["decisions"], found.held, found.nights) == ((2,), 1, ())
    assert "letter of the SEC" in officer.get("/records").text
    (hold,) = [each for each in ledger.events() if each["kind"] == HOLD]
    assert officer.post(f"/records/holds/{hold['event_id']}/release", data={"token": token_of(officer.get("/records").text)}).status_code == 303
    assert found_in(app).events["decisions"] == (1, 2)
    everybody = {**form, "token": token_of(officer.get("/records").text), "event_id": "h2", "person_id": "*"}
    assert officer.post("/records/holds", data=everybody).status_code == 303
    assert found_in(app).count == 0


def test_the_day_before_a_period_ends_nothing_is_due(app):
    ledger = app.state.desk.ledger
    ledger.add(Event("d", DECISION, "u", {"decision": "note"}, "gone/T-1", at=datetime(2018, 3, 1, 17, tzinfo=UTC)))
    assert found_in(app, date(2025, 3, 1)).events["decisions"] == ()
    assert found_in(app, date(2025, 3, 2)).events["decisions"] == (1,)


def test_an_erasure_that_no_entry_tells_of_breaks_the_chain(tmp_path, copy):
    app = app_of(settings_of(copy, f"sqlite:///{tmp_path}/ledger.sqlite"))
    old(app.state.desk.ledger, "d1", DECISION, "gone/T-1", 8, decision="note")
    with app.state.desk.ledger.writing() as connection:
        connection.execute(update(EVENTS).values(body="", actor="", case_id=None))
    assert "its content was taken out, and no later event tells of it" in app.state.desk.ledger.broken()
