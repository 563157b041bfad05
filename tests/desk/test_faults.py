"""Faults that were found on the desk, each held."""

from datetime import UTC, datetime

import polars as pl
import pytest

from desk.rights import names_reserved, today
from tests.desk.world import address, app_of, case_at, decide, field, in_days, reads, settings_of, signed_in, token_of

CASE = "osei/ibkr:24120502"
DENIED = "osei/ibkr:24082201"


def case_of(app, who, case):
    desk = app.state.desk
    return desk.visit(desk.users.by_email(address(who))).cases().filter(pl.col("case_id") == case)


def rewritten(store, change):
    """Another findings table in the copy of a store."""
    path = next(store.with_name(f"{store.name}.desk").glob("0*")) / "night/findings.parquet"
    change(pl.read_parquet(path)).write_parquet(path)


@pytest.mark.parametrize("form", ["{:%Y%m%d}", "{:%G-W%V-%u}"])
def test_a_day_in_another_form_is_kept_as_a_day(app, form):
    client = signed_in(app, "officer")
    until = datetime.fromisoformat(in_days(30))
    assert decide(client, CASE, decision="wait", note="n", until_on=form.format(until)).status_code == 303
    assert app.state.desk.ledger.events()[0]["body"]["until_on"] == in_days(30)
    for path in ("/", "/cases?state=all", "/ledger", "/calendar", case_at(CASE)):
        assert client.get(path).status_code == 200, path


def test_a_decision_on_what_nobody_looked_at_is_not_written(app):
    """The night, and with it the evidence, changed between the page and the form."""
    client = signed_in(app, "officer")
    answer = decide(client, CASE, decision="no_concern", note="as it was", looked_at="something else")
    assert answer.status_code == 409
    assert "changed after you opened it" in answer.text
    assert "as it was" in answer.text, "nothing typed is lost"
    assert app.state.desk.ledger.last() == 0


def test_who_can_not_see_a_denial_does_not_close_it(store, tmp_path):
    rewritten(store, lambda found: found.with_columns(matter=pl.when(pl.col("rule") == "clearance_denied").then(pl.lit("ibkr:24120502")).otherwise("matter")))
    app = app_of(settings_of(store, f"sqlite:///{tmp_path}/l.sqlite"))
    supervisor = signed_in(app, "plain_supervisor")
    assert "denied" not in supervisor.get(case_at(CASE)).text.split("<footer")[0]
    assert decide(supervisor, CASE, decision="no_concern", note="fine").status_code == 303
    assert case_of(app, "plain_supervisor", CASE)["state"][0] == "closed"
    assert case_of(app, "auditor", CASE).select("state", "severity").row(0) == ("reopened", "critical")


def test_nobody_waives_what_they_may_not_decide(app):
    client = signed_in(app, "other_officer")
    assert client.get(case_at("lindqvist/ibkr:24121601")).status_code == 404
    given = {
        "token": token_of(client.get("/waivers").text),
        "event_id": "w",
        "person_id": "lindqvist",
        "rule": "clearance_mismatch",
        "from_on": "2024-12-01",
        "until_on": "2024-12-31",
        "reason": "r",
    }
    answer = client.post("/waivers", data=given)
    assert answer.status_code == 422
    assert "not yours to give" in answer.text
    assert app.state.desk.ledger.last() == 0


def test_a_waiver_given_beforehand_hides_nothing_of_its_givers_own(app):
    """However it came into the ledger: the fold passes it over where its giver has a part."""
    from desk.ledger import Event

    body = {
        "given_by": "reyes",
        "name": "R",
        "person_id": "lindqvist",
        "rule": "clearance_mismatch",
        "from_on": "2024-12-01",
        "until_on": "2024-12-31",
        "reason": "r",
    }
    app.state.desk.ledger.add(Event("w", "waiver", "u", body))
    assert case_of(app, "auditor", "lindqvist/ibkr:24121601")["state"][0] == "new"


def test_a_persons_page_tells_of_no_hidden_case(app):
    hidden, open_to = signed_in(app, "other_officer").get("/person/lindqvist").text, signed_in(app, "auditor").get("/person/lindqvist").text
    row = "(ibkr:24121601)</td><td>"
    assert "flagged" in open_to.split(row)[1].split("</td>")[0]
    assert "flagged" not in hidden.split(row)[1].split("</td>")[0]


def test_what_officers_write_about_a_denial_is_for_those_who_may_know(app):
    assert decide(signed_in(app, "officer"), CASE, decision="escalate", note="see the denial C-osei-240822", evidence="project list P-CALDO").status_code == 303
    for path in (case_at(CASE), "/ledger", "/ledger?q=C-osei-240822"):
        page = signed_in(app, "plain_supervisor").get(path).text.replace('value="C-osei-240822"', "")
        assert "C-osei-240822" not in page, path
        assert "P-CALDO" not in page, path
        assert "C-osei-240822" in signed_in(app, "auditor").get(path).text


def test_an_id_inside_a_longer_one_is_another():
    texts = pl.DataFrame({"text": ["ibkr:24120502", "request 24 of", "24", "24;25", "a-24-b", None]})
    assert texts.select(names_reserved(("text",), ["24"])).to_series().to_list() == [False, True, True, True, False, False]


def test_a_form_that_was_refused_is_a_read_too(app):
    client = signed_in(app, "officer")
    token = token_of(client.get("/people").text)
    looked = field(client.get(case_at(CASE)).text, "looked_at")
    assert client.post(case_at(CASE), data={"token": token, "looked_at": looked}).status_code == 422
    assert reads(app) == [("case", CASE), ("case", CASE)]


@pytest.mark.parametrize("person", [None, "Kealoha", ""])
def test_a_user_made_in_haste_does_not_open_their_own_cases(app, person):
    desk = app.state.desk
    desk.users.add("kealoha@brindlecombe.example", "K", frozenset({"compliance_officer"}), person)
    token = desk.users.open_session(desk.users.by_email("kealoha@brindlecombe.example"))
    client = signed_in(app, "officer")
    client.cookies.clear()
    client.cookies.set("hindsight_session", token)
    assert client.get(case_at("kealoha/T-24120401")).status_code == 404


def test_a_person_who_is_not_on_record_is_refused(app):
    client = signed_in(app, "administrator")
    given = {"token": token_of(client.get("/users").text), "email": "n@x.example", "name": "N", "role_counsel": "1", "person_id": "Kealoha"}
    answer = client.post("/users", data=given)
    assert answer.status_code == 422
    assert "no person of that id is on record" in answer.text


def test_a_change_of_name_lets_nobody_in_again(app):
    users = app.state.desk.users
    user = users.by_email(address("counsel"))
    users.set_active(user.user_id, is_active=False)
    users.add(address("counsel"), "Another Name", frozenset({"counsel"}))
    assert users.by_email(address("counsel")) is None


def test_counts_tell_of_no_hidden_case(app):
    officer, auditor = signed_in(app, "officer"), signed_in(app, "auditor")
    assert '<h2 id="nights">' in auditor.get("/policy").text
    assert '<h2 id="nights">' not in officer.get("/policy").text


@pytest.mark.parametrize(
    "path",
    [
        "/person/osei?until=0001-01-01",
        "/person/osei?until=9999-12-31",
        "/picture/osei?to=0001-01-01",
        "/picture/osei?to=9999-12-31",
        "/cases?p=99999999",
        "/ledger?p=-1",
        "/policy?night=2024-01-01",
    ],
)
def test_odd_addresses_are_pages(app, path):
    assert signed_in(app, "officer").get(path).status_code == 200


@pytest.mark.parametrize("seen", ["²", "-1", "x" * 900, "9" * 30])
def test_an_odd_place_in_the_ledger_is_none(app, seen):
    assert decide(signed_in(app, "officer"), CASE, decision="confirmed", seen=seen).status_code == 303


def test_an_error_of_the_program_is_a_page_with_its_headers(app, monkeypatch, caplog):
    monkeypatch.setattr("desk.pages.night.feeds", lambda visit: 1 / 0)
    answer = signed_in(app, "officer").get("/feeds")
    assert answer.status_code == 500
    assert "Something failed on the desk" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "ZeroDivisionError at /feeds" in caplog.text
    assert "Traceback" not in answer.text


def test_the_day_is_that_of_new_york():
    assert abs((today() - datetime.now(UTC).date()).days) <= 1
