"""A quarter of the sample, day by day in simulated time: packets, answers in time, late, none and contradicted, reminders, the gate, the certificate, late
records that reopen it, and the packs."""

import csv
import re
import shutil
from copy import deepcopy
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import time_machine
from pypdf import PdfReader

from desk.ledger import Ledger, url_beside
from desk.ledger.attesting import CERTIFICATE, REOPENED, standing
from flows.mail import send_mails
from flows.night import Asked, run_night
from flows.pack import write_pack
from flows.packing import read_pack, verify
from flows.quarter import run_quarter
from flows.quarters import watch_certificates
from flows.stages import Night
from tests.desk.world import address, app_of, field, settings_of, signed_in, token_of
from tests.runner import Lenient, without_readings
from tests.test_sample import SAMPLE
from transforms.attesting import STATEMENTS

NEW_YORK = ZoneInfo("America/New_York")
QUARTER, ENDED = "2024Q4", date(2024, 12, 31)
PROMPT = ("achterberg", "fairweather", "reyes", "solheim", "baek", "lindqvist", "venkat", "hohenstein", "nwosu")
LATE, SILENT = "osei", "quispe"
HOLIDAYS = {date(2025, 1, 1), date(2025, 1, 9), date(2025, 1, 20)}
LATE_TRADE = "T-LATE-1"


@pytest.fixture
def book(tmp_path):
    """The sample as it was before anybody was asked about its last quarter; what other readings would give is left to other tests."""
    data = tmp_path / "data"
    shutil.copytree(SAMPLE, data, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    rows = list(csv.reader((data / "attestations.csv").open(encoding="utf-8")))
    write(data / "attestations.csv", [row for row in rows if row[1] != str(ENDED)])
    with without_readings():
        yield data


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


class Days:
    """The company's machine: one night after the other, the desk by day."""

    def __init__(self, data, folder) -> None:
        self.data, self.folder, self.store = data, folder, folder / "s.duckdb"
        self.url = url_beside(self.store)
        self.app, self.said, self.read = None, {}, {}

    def asked(self, day: date) -> Asked:
        return Asked(self.data, day, self.store, self.folder / "out" / str(day), self.data / "policy.toml", self.url)

    def night(self, day: date) -> None:
        with time_machine.travel(datetime(day.year, day.month, day.day, 22, 30, tzinfo=NEW_YORK)):
            run_night(self.asked(day), self.staged, Lenient)
            self.said[day] = (watch_certificates(self.store, self.url), send_mails(self.store, self.url))

    def attest(self, day: date) -> dict:
        with time_machine.travel(datetime(day.year, day.month, day.day, 7, 0, tzinfo=NEW_YORK)):
            asked = Asked(self.data, day, self.store, self.folder / "quarter", self.data / "policy.toml", self.url)
            return run_quarter(asked, QUARTER, self.staged, Lenient)

    def open_desk(self) -> None:
        self.app = app_of(settings_of(self.store, self.url))
        for person in (*PROMPT, LATE, SILENT):
            if self.app.state.desk.users.by_email(address(person)) is None:
                self.app.state.desk.users.add(address(person), person, frozenset({"covered_person"}), person)

    def client(self, who: str):
        email = address(who)
        client = signed_in(self.app, "officer")
        client.cookies.set("hindsight_session", self.app.state.desk.users.open_session(self.app.state.desk.users.by_email(email)))
        return client

    def staged(self, stage, name):
        """Stages as they are; files that did not change are not read once more."""
        if name != "load":
            return stage

        def read(folder, policy, as_of):
            key = (folder / "trades.csv").read_bytes()
            if key not in self.read:
                self.read[key] = stage(folder, policy, as_of).loaded
            loaded = deepcopy(self.read[key])
            return Night(as_of, policy, loaded, remarks=list(loaded.remarks))

        return read

    def events(self, *kinds: str):
        return [each for each in Ledger(self.url).events() if each["kind"] in kinds]


def at(day: date, hour: int = 11):
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=NEW_YORK))


def answer(client, **fields: str):
    """Open one's own attestation and answer it as a browser would; `yes` to what is not named."""
    page = client.get(f"/attestation/{QUARTER}")
    assert page.status_code == 200, page.text
    said = dict.fromkeys(STATEMENTS, "yes") | fields
    kept = {name: field(page.text, name) for name in ("event_id", "print", "seen")}
    return client.post(f"/attestation/{QUARTER}", data={"token": token_of(page.text), **kept, **said})


def sign(client, reason: str):
    page = client.get(f"/quarters/{QUARTER}")
    fields = re.findall(r'name="(reason:[^"]+)"', page.text)
    kept = {name: field(page.text, name) for name in ("event_id", "print", "seen")}
    return client.post(
        f"/quarters/{QUARTER}", data={"token": token_of(page.text), **kept, "certify": "yes", **(dict.fromkeys(fields, reason) if reason else {})}
    )


def business_days(first: date, last: date) -> list[date]:
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if day.weekday() < 5 and day not in HOLIDAYS]


def findings(days: Days, day: date) -> dict[tuple[str, str, str], dict]:
    rows = pl.read_csv(days.folder / "out" / str(day) / "findings.csv", infer_schema=False).to_dicts()
    return {(row["rule"], row["person_id"], row["subject"]): row for row in rows if row["state"] != "withdrawn"}


def sent_to(smtp, who: str, word: str) -> list:
    return [mail for mail in smtp.mails if mail["To"] == address(who) and word in mail["Subject"]]


def test_a_quarter_from_packets_to_packs(book, tmp_path, smtp):
    days = Days(book, tmp_path)
    days.open_desk()
    told = days.attest(date(2025, 1, 2))
    assert (told["packets"], told["sent"], told["answered"], told["certificate"]) == (11, 11, 0, "not signed")
    assert len(sent_to(smtp, "osei", "attestation for 2024Q4")) == 1
    assert days.attest(date(2025, 1, 3))["sent"] == 0, "nobody is asked twice"
    assert "Kwabena Osei-Mensah" in "".join(page.extract_text() for page in PdfReader(tmp_path / "quarter/packets/osei.pdf").pages)
    for day in business_days(date(2025, 1, 3), date(2025, 1, 31)):
        by_day(days, day)
        days.night(day)
        by_night(days, day, smtp)
    certify(days)
    late_records(days)
    (mail,) = sent_to(smtp, "officer", "1 certificate reopened")
    assert LATE_TRADE in mail.get_content()
    assert not sent_to(smtp, "supervisor", "certificate")


def by_day(days: Days, day: date) -> None:
    if day == date(2025, 1, 8):
        with at(day):
            for person in PROMPT:
                answered(days, person)
    if day == date(2025, 1, 21):
        with at(day):
            assert answer(days.client(LATE)).status_code == 303


def answered(days: Days, person: str) -> None:
    client = days.client(person)
    if person == "nwosu":
        assert answer(client, no_margin_or_pledge="no").status_code == 422, "a no needs a word"
        reply = answer(client, no_margin_or_pledge="no", note_no_margin_or_pledge="nwosu_margin was opened with margin; it is being changed")
    elif person == "hohenstein":
        held = answer(client)
        assert held.status_code == 422
        assert "On record in the quarter: a pledge in account hohenstein_schwab." in held.text, "what speaks against it is shown before it is written"
        reply = answer(client, still_no_margin_or_pledge="yes")
    elif person == "lindqvist":
        reply = answer(
            client,
            trades_complete="no",
            note_trades_complete="the purchase of the LLC was not reported",
            accounts_complete="no",
            note_accounts_complete="my account at Tern Bank is missing",
        )
    else:
        reply = answer(client)
    assert reply.status_code == 303, (person, reply.text)


def by_night(days: Days, day: date, smtp) -> None:
    found = findings(days, day)
    overdue = {person for rule, person, subject in found if rule == "attestation_overdue" and subject == str(ENDED)}
    contradicted = {person: row for (rule, person, subject), row in found.items() if rule == "attestation_contradicted" and subject.startswith(str(ENDED))}
    assert overdue == (set() if day <= date(2025, 1, 15) else {LATE, SILENT})
    assert set(contradicted) == (set() if day < date(2025, 1, 8) else {"hohenstein"})
    if day == date(2025, 1, 21):
        assert "was answered on Tue 2025-01-21" in found["attestation_overdue", LATE, str(ENDED)]["because"]
        assert len(sent_to(smtp, "nwosu", "not answered")) == 1, "the supervisor of the one who is silent is told"
        assert not sent_to(smtp, "fairweather", "not answered"), "the other one answered that day"
    reminded = {
        who: len([mail for mail in sent_to(smtp, who, "attestation for 2024Q4") if "no answer is on record" in mail.get_content()])
        for who in (LATE, SILENT, "baek")
    }
    expected = {
        date(2025, 1, 10): (0, 0),
        date(2025, 1, 13): (1, 1),
        date(2025, 1, 15): (1, 1),
        date(2025, 1, 16): (2, 2),
        date(2025, 1, 21): (2, 3),
        date(2025, 1, 22): (2, 4),
    }
    if day in expected:
        assert (reminded[LATE], reminded[SILENT], reminded["baek"]) == (*expected[day], 0), day
    for mail in smtp.mails:
        assert "pledge" not in mail.get_content() or mail["To"] in {address("officer"), address("other_officer"), address("kealoha"), address("reyes")}


def certify(days: Days) -> None:
    day = date(2025, 1, 31)
    with at(day, 23):
        officer = days.client("officer")
        page = officer.get(f"/quarters/{QUARTER}").text
        assert page.index("Coverage</h2>") < page.index("Gaps</h2>")
        for words in (
            "Mateo Quispe Huamán has not answered",
            "my account at Tern Bank is missing",
            "a pledge in account hohenstein_schwab",
            "nwosu_margin was opened with margin",
        ):
            assert words in page
        assert sign(officer, "").status_code == 422
        assert not days.events(CERTIFICATE), "nothing is signed over a gap without a reason"
        assert sign(days.client("counsel"), "x").status_code == 403
        assert sign(officer, "Looked at; followed up by <letter> of 30 January.").status_code == 303
        said = officer.get(f"/quarters/{QUARTER}/certificate.html").text
        assert "each with a written reason" in said
        assert "on Fri 2025-01-31 23:00" in said, "as the clock in New York shows it"
        assert "followed up by &lt;letter&gt; of 30 January." in said
        assert "osei/2024-12-31" not in said or "osei" not in said.split("Gaps")[0]
    stands = standing(Ledger(days.url).events(), ENDED)
    assert stands.word == "signed"
    assert all(each["reason"] for each in stands.certificate["body"]["gaps"])
    checked(days, "first", day)


def checked(days: Days, name: str, day: date) -> dict[str, bytes]:
    with at(day, 23):
        write_pack(days.store, "", QUARTER, days.folder / name, "")
    files, faults = read_pack(days.folder / name)
    checks = [*faults, *verify(files)]
    assert all(each.holds for each in checks), [each.said for each in checks if not each.holds]
    return files


def late_records(days: Days) -> None:
    rows = list(csv.reader((days.data / "trades.csv").open(encoding="utf-8")))
    like = next(row for row in rows if row[0] == "T-24121001")
    told = dict(zip(rows[0], like, strict=True)) | {
        "trade_id": LATE_TRADE,
        "traded_on": "2024-12-19",
        "traded_at": "2024-12-19T10:00:00-05:00",
        "settled_on": "2024-12-20",
        "quantity": "40",
    }
    write(days.data / "trades.csv", [*rows, [told.get(name, "") for name in rows[0]]])
    for day in (date(2025, 2, 3), date(2025, 2, 4)):
        days.night(day)
    assert "certificates reopened (2024Q4" in days.said[date(2025, 2, 3)][0]
    assert days.said[date(2025, 2, 4)][0] == "", "the same records reopen it once"
    (event,) = days.events(REOPENED)
    words = " ".join(each["words"] for each in event["body"]["reasons"])
    assert LATE_TRADE in words
    with at(date(2025, 2, 4), 23):
        officer = days.client("officer")
        assert "Reopened" in officer.get(f"/quarters/{QUARTER}").text
        said = officer.get(f"/quarters/{QUARTER}/certificate.html").text
        assert "Reopened: records that came after it was signed" in said
        assert LATE_TRADE in said
        told = days.attest(date(2025, 2, 4))
        assert told["certificate"] == "reopened"
        assert "Reopened" in (days.folder / "quarter/certificate.html").read_text(encoding="utf-8")
    with at(date(2025, 2, 4), 23):
        assert sign(days.client("other_officer"), "The trade came with a late statement; the case is open.").status_code == 303
    assert standing(Ledger(days.url).events(), ENDED).word == "signed"
    assert len(days.events(CERTIFICATE)) == 2, "the first one stays"
    files = checked(days, "second", date(2025, 2, 4))
    assert LATE_TRADE in files["ledger.jsonl"].decode()
    assert not Ledger(days.url).broken()
