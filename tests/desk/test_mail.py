"""Mails over a real SMTP server on loopback: what changed and to whom, nothing when nothing did, and a server that fails."""

from datetime import date, timedelta

import polars as pl
import pytest
from sqlalchemy import select

from desk.digest import digest
from desk.ledger.schema import MAILS
from desk.settings import SettingsError
from flows.mail import send_mails
from flows.mailbox import Server, put, send_all, server
from tests.desk.world import MAIL_URL as URL
from tests.desk.world import address, decide, free_port, in_days, signed_in


@pytest.fixture
def night(app, smtp):
    """Sends the mails of the sample's night."""
    settings = app.state.desk.settings
    return lambda: send_mails(settings.store, settings.ledger)


def of(smtp, who):
    return [mail for mail in smtp.mails if mail["To"] == address(who)]


def test_each_reader_gets_what_changed_for_them(app, smtp, night):
    assert night() == "5 mails sent"
    assert {mail["To"] for mail in smtp.mails} == {address(who) for who in ("officer", "other_officer", "supervisor", "trusted_supervisor", "plain_supervisor")}
    (mail,) = of(smtp, "supervisor")
    text = mail.get_content()
    assert mail["Subject"].startswith("Hindsight, Fri 2025-02-28: ")
    assert not any(name in mail["Subject"] for name in ("Quispe", "Solheim")), "a subject names nobody"
    assert "Ingrid Solheim" in text
    assert "Kwabena" not in text
    assert f"{URL}/case/solheim%2Fibkr%3A24100201" in text
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_mail_has_the_rights_of_its_reader(app, smtp, night):
    night()
    text = {who: of(smtp, who)[0].get_content() for who in ("officer", "plain_supervisor", "trusted_supervisor")}
    assert "denied" in text["officer"]
    assert "denied" in text["trusted_supervisor"]
    assert "denied" not in text["plain_supervisor"]
    assert "Kwabena" in text["plain_supervisor"]
    assert "kealoha%2F" not in text["officer"], "nobody is told of a case of their own"


def test_a_night_that_is_run_again_sends_nothing_twice(app, smtp, night):
    night()
    count = len(smtp.mails)
    assert night() == "0 mails sent"
    assert len(smtp.mails) == count


def test_nothing_is_sent_when_nothing_changed(app):
    """A reader whose cases are decided gets none; so does one without cases."""
    desk = app.state.desk
    client = signed_in(app, "supervisor")
    for case in desk.visit(desk.users.by_email(address("supervisor"))).cases()["case_id"]:
        decide(client, case, decision="no_concern", note="seen")
    assert digest(desk.visit(desk.users.by_email(address("supervisor"))), None, URL) is None
    assert digest(desk.visit(desk.users.by_email(address("administrator"))), None, URL) is None


def test_a_wait_that_ends_and_a_term_that_passes_are_told_once(app):
    """As on later nights: the same findings, no longer new, ten business days after they were opened."""
    desk = app.state.desk
    reader = desk.users.by_email(address("officer"))
    assert decide(signed_in(app, "officer"), "osei/2024-12-31", decision="wait", note="until the answer", until_on=in_days(300)).status_code == 303
    visit = desk.visit(reader)
    night = visit.view.night
    opened = night.as_of
    quiet = night.findings.with_columns(state=pl.lit("open"))

    def on(day, before):
        night.findings, night.as_of = quiet, day
        desk._seen = None
        return digest(desk.visit(reader), before, URL)

    assert on(opened + timedelta(days=1), opened) is None, "nothing changed"
    ninth, tenth = date(2025, 3, 13), date(2025, 3, 14)
    assert on(ninth, ninth - timedelta(days=1)) is None
    said = on(tenth, ninth)
    assert "past its term" in said.subject
    assert "Without a decision for 10 business days" in said.body
    assert "osei%2F2024-12-31" not in said.body, "a case that waits has no term"
    assert on(date(2025, 3, 17), tenth) is None, "told once"


def test_a_failed_mail_is_tried_again_and_fails_nothing(app, smtp, night):
    smtp.refusing = 2
    assert night() == "5 mails sent", "twice refused, taken at the third attempt"
    assert len(smtp.mails) == 5


def test_one_address_that_fails_stops_no_other(app, smtp, night):
    smtp.refused_address = address("supervisor")
    assert night() == "4 mails sent, 1 wait to be tried again"
    with app.state.desk.ledger.engine.connect() as connection:
        row = connection.execute(select(MAILS).where(MAILS.c.sent_at.is_(None))).mappings().one()
    assert (row["attempts"], row["failed_because"]) == (1, "SMTPRecipientsRefused")
    smtp.refused_address = ""
    assert night() == "1 mails sent"


def test_a_server_that_is_gone_is_said_and_nothing_fails(app, monkeypatch, smtp, night):
    monkeypatch.setenv("HINDSIGHT_SMTP", f"smtp://127.0.0.1:{free_port()}")
    assert night() == "0 mails sent, 5 wait to be tried again"
    monkeypatch.setenv("HINDSIGHT_SMTP", "http://x")
    assert night().startswith("no mail was sent: HINDSIGHT_SMTP: expected smtp://")
    monkeypatch.delenv("HINDSIGHT_SMTP")
    assert night() == ""


def test_an_old_mail_is_not_sent_any_more(app, smtp):
    ledger, to = app.state.desk.ledger, server()
    visit = app.state.desk.visit(app.state.desk.users.by_email(address("officer")))
    put(ledger, date(2025, 2, 10), visit.reader.user_id, "a@x.example", "digest", digest(visit, None, URL))
    assert send_all(ledger, to, date(2025, 2, 28)) == (0, 0)


def test_who_was_shut_out_is_told_nothing_any_more(app, smtp, night):
    smtp.refused_address = address("supervisor")
    night()
    app.state.desk.users.set_active(app.state.desk.users.by_email(address("supervisor")).user_id, is_active=False)
    smtp.refused_address = ""
    assert night() == "0 mails sent"


def test_an_address_that_is_none_stops_no_other(app, smtp):
    desk = app.state.desk
    visit = desk.visit(desk.users.by_email(address("officer")))
    put(desk.ledger, date(2025, 2, 28), visit.reader.user_id, "x@", "digest", digest(visit, None, URL))
    other = desk.users.by_email(address("supervisor"))
    put(desk.ledger, date(2025, 2, 28), other.user_id, other.email, "digest", digest(visit, None, URL))
    assert send_all(desk.ledger, server(), date(2025, 2, 28), lambda _: None) == (1, 1)


def test_a_password_never_travels_without_tls_and_is_never_shown(app, smtp):
    to = Server("smtp", "127.0.0.1", int(server().port), "me", "hindsight@x.example", "hunter2")
    visit = app.state.desk.visit(app.state.desk.users.by_email(address("officer")))
    put(app.state.desk.ledger, date(2025, 2, 28), visit.reader.user_id, "a@x.example", "digest", digest(visit, None, URL))
    assert send_all(app.state.desk.ledger, to, date(2025, 2, 28), lambda _: None) == (0, 1)
    assert "hunter2" not in repr(to)


@pytest.mark.parametrize(("asked", "sender"), [("smtp://u:secret@h", "a@b"), ("ftp://h", "a@b"), ("smtp://", "a@b"), ("smtp://h", "")])
def test_settings_that_can_not_be(monkeypatch, asked, sender):
    monkeypatch.setenv("HINDSIGHT_SMTP", asked)
    monkeypatch.setenv("HINDSIGHT_MAIL_FROM", sender)
    with pytest.raises(SettingsError) as told:
        server()
    assert "secret" not in str(told.value)
