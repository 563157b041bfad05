"""Quarters: their names, how far statements reach, what a packet holds, what stands before a certificate, and the numbers of the board page."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from desk.ledger.attesting import ANSWER, CERTIFICATE, PACKET, REOPENED, about, attestations, corrections, standing, with_answers
from desk.quarterly import Answered, plain
from flows.resources import calendars, text
from tests.runner import without_readings
from tests.test_sample import sample_night
from transforms.attesting import Known, QuarterError, quarter_named, quarters_until
from transforms.attesting.board import board
from transforms.attesting.covered import coverage
from transforms.attesting.gate import gate, grown
from transforms.attesting.packets import arrived, packets
from transforms.policy import read_policy
from transforms.reports.attesting import board_document, certificate_document
from transforms.reports.documents import as_html, breakable
from transforms.reports.packet import packet_document
from transforms.reports.pdf import as_pdf
from transforms.tables import TABLES, TIME_ZONE


@pytest.fixture(scope="module")
def known() -> Known:
    with without_readings():
        night = sample_night()
    missing = frozenset(night.loaded.missing)
    return Known(night.as_of, night.policy, Answered(night.facts, []), night.findings, night.cases, night.blind_spots, night.loaded.refused, missing)


@pytest.fixture(scope="module")
def quarter(known):
    return quarter_named(known.policy, "2024Q4", known.as_of)


def policy(issuer: str):
    return read_policy(f'[issuer]\nissuer_id = "X"\n{issuer}', text("policy_defaults.toml"))


@pytest.mark.parametrize(
    ("issuer", "name", "first", "last"),
    [
        ("", "2024Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("", "2024q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("", "2024-06-30", date(2024, 4, 1), date(2024, 6, 30)),
        ('fiscal_year_ends = "09-30"', "2024Q4", date(2024, 7, 1), date(2024, 9, 30)),
        ('fiscal_year_ends = "09-30"', "2025Q1", date(2024, 10, 1), date(2024, 12, 31)),
        ('fiscal_year_ends = "12-31"\nquarter_ends = ["2024-03-30", "2024-06-29", "2024-09-28", "2025-01-02"]', "2024Q4", date(2024, 9, 29), date(2025, 1, 2)),
    ],
)
def test_a_quarter_is_named_by_the_fiscal_year_in_which_it_ends(issuer, name, first, last):
    found = quarter_named(policy(issuer), name, date(2025, 3, 30))
    assert (found.starts_on, found.ends_on) == (first, last)


def test_a_quarter_is_there_on_its_last_day_and_not_before():
    assert quarters_until(policy(""), date(2024, 12, 31))[-1].name == "2024Q4"
    assert quarters_until(policy(""), date(2024, 12, 30))[-1].name == "2024Q3"
    assert quarter_named(policy(""), "", date(2024, 12, 31)).due_on == date(2025, 1, 15)
    with pytest.raises(QuarterError, match="no fiscal quarter of that name has ended by 2024-12-30"):
        quarter_named(policy(""), "2024Q4", date(2024, 12, 30))


def covered(days: list[date], opened=None, closed=None) -> dict:
    """Coverage of the last quarter of 2024 by statements of some days."""
    asked = quarter_named(policy(""), "2024Q4", date(2025, 6, 30))
    holdings = pl.DataFrame({"account_id": ["A"] * len(days), "held_on": days}, schema={"account_id": pl.String, "held_on": pl.Date})
    facts = {"holdings": holdings, "sessions": calendars("XNYS")[0]}
    none = pl.DataFrame()
    told = Known(date(2025, 6, 30), policy(""), facts, none, none, none, none, frozenset())
    accounts = pl.DataFrame(
        {"account_id": ["A"], "opened_on": [opened], "closed_on": [closed]}, schema={"account_id": pl.String, "opened_on": pl.Date, "closed_on": pl.Date}
    )
    (row,) = coverage(told, asked, accounts).to_dicts()
    return row


MONTHLY = [date(2024, 9, 30), date(2024, 10, 31), date(2024, 11, 29), date(2024, 12, 31)]


def test_one_later_statement_makes_no_account_monthly():
    quarterly = [date(2024, 9, 30), date(2024, 12, 31)]
    assert covered([*quarterly, date(2025, 1, 31)])["covered"] == 64


def test_statements_month_by_month_cover_every_trading_day():
    assert covered(MONTHLY) | {"account_id": ""} == {
        "account_id": "",
        "trading_days": 64,
        "covered": 64,
        "statements": 3,
        "last_held_on": date(2024, 12, 31),
        "first_lacking_on": None,
    }


def test_a_month_without_a_statement_is_not_covered():
    """Without November's statement that of December reaches one month back, to 1 December; 20 sessions of November are lacking."""
    row = covered([date(2024, 8, 30), *MONTHLY[:2], MONTHLY[3]])
    assert (row["covered"], row["first_lacking_on"]) == (44, date(2024, 11, 1))


def test_the_days_after_the_last_statement_are_not_covered_until_the_next_one():
    row = covered(MONTHLY[:3])
    assert (row["covered"], row["first_lacking_on"]) == (43, date(2024, 12, 2))
    assert covered([*MONTHLY[:3], date(2025, 1, 31)])["covered"] == 43, "two months after the one before, it reaches one month back"


def test_quarterly_statements_cover_a_quarter_each():
    assert covered([date(2024, 9, 30), date(2024, 12, 31)])["covered"] == 64
    assert covered([date(2024, 12, 31)])["covered"] == 64
    assert covered([date(2024, 12, 30)])["covered"] == 63, "the last day is after it"


def test_an_account_counts_from_its_first_day_to_its_last():
    assert covered(MONTHLY, opened=date(2024, 12, 30))["trading_days"] == 2
    assert covered(MONTHLY[:2], closed=date(2024, 10, 31)) | {"account_id": ""} == {
        "account_id": "",
        "trading_days": 23,
        "covered": 23,
        "statements": 1,
        "last_held_on": date(2024, 10, 31),
        "first_lacking_on": None,
    }


def test_no_statement_covers_nothing():
    row = covered([])
    assert (row["trading_days"], row["covered"], row["statements"], row["first_lacking_on"]) == (64, 0, 0, date(2024, 10, 1))


def test_a_packet_tells_all_that_a_person_answers_for(known, quarter):
    told = packets(known, quarter)
    assert set(told) == {"achterberg", "fairweather", "nwosu", "reyes", "osei", "quispe", "solheim", "baek", "hohenstein", "lindqvist", "venkat"}
    mine = told["lindqvist"]
    assert [row["account_id"] for row in mine.records["accounts"]] == ["farouk_schwab", "lal_ib", "lindqvist_ib", "lindqvist_joint", "noa_custodial"]
    assert {row["account_id"]: row["relation"] for row in mine.records["accounts"]}["lindqvist_joint"] == "self"
    trades = {row["trade_id"]: row for row in mine.records["trades"]}
    assert (trades["ibkr:24101001"]["clearance"], trades["ibkr:24101001"]["report"]) == ("not needed", "none on record")
    assert trades["ibkr:24101001"]["filing"] == "0009999999-24-000042, 2024-10-15 19:00"
    assert trades["ibkr:24121601"]["clearance"] == "none on record that fits", "it was cleared for another account"
    assert told["achterberg"].records["trades"][0]["clearance"].startswith("plan ")
    assert told["hohenstein"].records["holdings"][0]["pledged_quantity"] == "3000"
    assert told["achterberg"].records["plans"]
    assert packets(known, quarter, "osei")["osei"].print == told["osei"].print, "asked alone or with all, the same"


def test_family_elsewhere_answers_for_its_own_accounts(known, quarter):
    """A sibling who lives elsewhere is no Related Person (readings 1); what a person controls is told, though it is none either."""
    tie = known.facts["circles"].head(1).with_columns(
        person_id=pl.lit("osei"), related_id=pl.lit("quispe"), relation=pl.lit("sibling"), circle=pl.lit("family"), from_on=pl.lit(date(2020, 1, 1)), until_on=pl.lit(None, pl.Date)
    )  # fmt: skip

    class Tied:
        def __getitem__(self, name):
            return pl.concat([known.facts[name], tie]) if name == "circles" else known.facts[name]

    mine = packets(replace(known, facts=Tied()), quarter)["osei"]
    assert mine.print == packets(known, quarter)["osei"].print
    assert "lal_ib" in {row["account_id"] for row in packets(known, quarter)["lindqvist"].records["accounts"]}


def test_a_packet_does_not_tell_which_rule_asks(known, quarter):
    for packet in packets(known, quarter).values():
        page = as_html(packet_document(packet, quarter, "X", known.as_of))
        for rule in known.findings["rule"].unique():
            assert rule not in page
            assert rule.replace("_", " ") not in page


def test_a_packet_does_not_tell_of_a_case_that_is_reserved(known):
    third = quarter_named(known.policy, "2024Q3", known.as_of)
    assert "ibkr:24082201" in {row["subject"] for row in packets(known, third)["osei"].cases}, "of a sale after a denial"
    assert "ibkr:24082201" not in {row["subject"] for row in packets(plain(known), third)["osei"].cases}


def test_records_that_come_change_the_print_and_are_named(known, quarter):
    before = packets(known, quarter)["osei"]
    more = known.facts["answered_trades"].filter((pl.col("trade_id") == "ibkr:24120502") & (pl.col("person_id") == "osei")).with_columns(trade_id=pl.lit("T-9"))

    class More:
        def __getitem__(self, name):
            held = known.facts[name]
            return pl.concat([held, more]) if name == "answered_trades" else held

    after = packets(replace(known, facts=More()), quarter)["osei"]
    assert after.print != before.print
    assert arrived(before.records, after) == ["trades that came or changed: T-9"]
    assert arrived(after.records, before) == ["trades no longer on record: T-9"]
    assert arrived(before.records, before) == []


def test_the_gate_of_the_sample(known, quarter):
    held = gate(known, quarter, {("nwosu", "no_margin_or_pledge"): "it is being changed"})
    lines = {each.name: (each.held, each.expected) for each in held.lines}
    assert lines["Accounts with a statement in the quarter"] == (17, 17)
    assert lines["Trading days of accounts covered by a statement"] == (1088, 1088)
    assert lines["People who answered"] == (11, 11)
    assert lines["People who answered in time"] == (10, 11)
    assert lines["Answers that the data contradict"] == (1, None)
    gaps = {each.gap_id: each for each in held.gaps}
    assert gaps["statement/nwosu:no_margin_or_pledge"].words == "Amara Nwosu answered no to “no margin or pledge”: it is being changed"
    assert gaps["contradicted/hohenstein:no_margin_or_pledge"].items == ("hohenstein_schwab",)
    assert "blind/unlinked_account" in gaps
    assert not any(each.kind == "account" for each in held.gaps)
    hidden = gate(replace(known, hidden=frozenset({"hohenstein"})), quarter)
    assert "contradicted/hohenstein:no_margin_or_pledge" not in {each.gap_id for each in hidden.gaps}


@pytest.mark.parametrize("table", ["holdings", "attestations", "reports", "filings"])
def test_a_table_that_was_not_given_stands_before_the_certificate(known, quarter, table):
    held = gate(replace(known, missing=frozenset({table})), quarter)
    assert f"table/{table}" in {each.gap_id for each in held.gaps}
    assert {each.name: each.held for each in held.lines}["Tables that were not given"] == 1


def test_what_is_not_known_is_never_told_as_whole(known, quarter):
    def states(told: Known) -> dict[str, str]:
        return {each.name: each.state for each in gate(told, quarter).lines}

    assert states(known)["Answers that the data contradict"] == "lacking"
    assert states(known)["People who answered in time"] == "late"
    without = states(replace(known, missing=frozenset({"holdings"})))
    assert without["Trading days of accounts covered by a statement"] == "not known"

    class Altered:
        def __init__(self, name, change):
            self.name, self.change = name, change

        def __getitem__(self, name):
            return self.change(known.facts[name]) if name == self.name else known.facts[name]

    nobody = replace(known, facts=Altered("standings", pl.DataFrame.clear))
    assert states(nobody)["People who answered"] == "not known"
    assert "people/none" in {each.gap_id for each in gate(nobody, quarter).gaps}
    unheld = Altered(
        "attested_statements", lambda held: held.with_columns(is_contradicted=pl.when(pl.col("statement") == "policy_read").then("is_contradicted"))
    )
    told = replace(known, facts=unheld)
    assert states(told)["Answers that the data contradict"] == "not known"
    assert {each.gap_id for each in gate(told, quarter).gaps} >= {"unchecked/no_derivatives", "unchecked/trades_complete"}


def test_a_quarter_beyond_the_calendar_is_not_told_as_covered(known):
    beyond = replace(quarter_named(known.policy, "", known.as_of), name="2030Q1", starts_on=date(2030, 1, 1), ends_on=date(2030, 3, 31))
    held = gate(known, beyond)
    assert "calendar/none" in {each.gap_id for each in held.gaps}
    assert {each.name: each.state for each in held.lines}["Trading days of accounts covered by a statement"] == "not known"


def test_a_gap_that_grows_is_told_and_one_that_shrinks_is_not(known, quarter):
    held = gate(known, quarter)
    rows = [each.as_row() for each in held.gaps]
    assert grown(rows, held.gaps) == []
    (grave,) = [each for each in held.gaps if each.gap_id == "case/critical"]
    one = dict([next(iter(grave.known_by.items()))])
    assert grown(rows, (replace(grave, marks=one),)) == []
    (more,) = grown(rows, (replace(grave, marks={**grave.known_by, "new/case 1": "new/case"}),))
    assert (more["items"], more["words"]) == (["new/case"], "1 critical case about the quarter is not closed: new/case.")
    lighter = replace(grave, gap_id="case/low")
    assert grown(rows, (lighter,)) == [], "a case whose severity fell is not new"


def test_another_finding_on_a_case_that_was_certified_as_open_is_new(known, quarter):
    rows = [each.as_row() for each in gate(known, quarter).gaps]
    held = known.findings.filter(pl.col("finding_id") == "clearance_exceeded/osei/ibkr:24120503")
    more = held.with_columns(finding_id=pl.lit("window_closed/osei/ibkr:24120502"), rule=pl.lit("window_closed"))
    (fresh,) = grown(rows, gate(replace(known, findings=pl.concat([known.findings, more])), quarter).gaps)
    assert fresh["items"] == ["osei/ibkr:24120502"]


def test_a_case_about_an_answer_that_stood_in_the_certificate_is_not_new(known, quarter):
    without = known.findings.filter(pl.col("rule") != "attestation_contradicted")
    rows = [each.as_row() for each in gate(replace(known, findings=without), quarter).gaps]
    assert "contradicted/hohenstein:no_margin_or_pledge" in {row["gap_id"] for row in rows}
    assert grown(rows, gate(known, quarter).gaps) == []


def test_of_what_has_no_day_only_what_names_a_day_of_the_quarter_reopens_a_certificate(known, quarter):
    rows = [each.as_row() for each in gate(known, quarter).gaps]
    spots = [("off_hours", "T-1", "T-1: timed 03:00 on 2025-02-03.", 1), ("off_hours", "T-2", "T-2: timed 03:00 on 2024-12-31.", 1)]
    told = pl.concat([known.blind_spots, pl.DataFrame(spots, schema=known.blind_spots.schema, orient="row")])
    refused = pl.DataFrame([("t.csv", 7, "no price", "T-3,2025-01-02"), ("t.csv", 8, "no price", "T-4,2024-10-01")], schema=known.refused.schema, orient="row")
    later = gate(replace(known, blind_spots=told, refused=refused, missing=frozenset({"lists"})), quarter)
    assert {each.gap_id for each in later.gaps} >= {"blind/off_hours", "refused/t.csv", "table/lists"}
    assert {each["gap_id"]: each["items"] for each in grown(rows, later.gaps)} == {
        "blind/off_hours": ["T-2: T-2: timed 03:00 on 2024-12-31."],
        "refused/t.csv": ["t.csv:8"],
    }


def test_a_later_statement_a_plan_that_ends_later_and_a_closed_account_change_no_records(known, quarter):
    before = packets(known, quarter)

    class Later:
        def __getitem__(self, name):
            held = known.facts[name]
            if name == "holdings":
                more = held.filter(pl.col("held_on") == date(2025, 1, 31)).with_columns(held_on=pl.lit(date(2025, 3, 31)))
                return pl.concat([held.filter(pl.col("held_on") != date(2025, 1, 31)), more])
            if name == "plans":
                return held.with_columns(terminated_on=pl.lit(date(2025, 1, 2)))
            return held.with_columns(closed_on=pl.lit(date(2025, 2, 1))) if name == "accounts" else held

    after = packets(replace(known, facts=Later()), quarter)
    assert {person: each.print for person, each in before.items()} == {person: each.print for person, each in after.items()}


def test_the_board_counts_what_is_on_record_and_leaves_out_what_is_not_known(known, quarter):
    told = {each.name: each.values for each in board(known, quarter).measures}
    assert told["Trades"] == (0, 30, 22, 20, 24)
    assert told["Cases flagged"][-1] == 19
    assert told["Not closed"][-1] == 17
    assert told["Late or missing reports"] == (0, 1, 0, 0, 5)
    assert told["Short-swing amounts"][-1] == Decimal(2000)
    assert told["Attested in time"] == (None, 100, 100, 100, Decimal("90.9")), "of the first quarter nobody was asked"
    assert told["Coverage"][1:] == (100, 100, 100, 100)
    early = board(known, quarter_named(known.policy, "2022Q4", known.as_of))
    assert {value for each in early.measures for value in each.values} == {None}, "nothing is on record of so early a time"
    without = board(replace(known, missing=frozenset({"holdings", "attestations"})), quarter)
    assert {each.name for each in without.measures if each.values[-1] is None} == {"Attested in time", "Coverage"}


def events(*rows):
    return [
        {"sequence": n, "event_id": f"e{n}", "kind": kind, "case_id": case, "at": at, "body": body, "actor": "u"}
        for n, (kind, case, at, body) in enumerate(rows, 1)
    ]


def said(at: str, *, pledge: bool, note: str = ""):
    names = ("policy_read", "accounts_complete", "trades_complete", "no_margin_or_pledge", "no_derivatives")
    body = {
        "person_id": "p",
        "quarter_ended_on": "2024-12-31",
        "statements": dict.fromkeys(names, True) | {"no_margin_or_pledge": pledge},
        "corrections": {"no_margin_or_pledge": note} if note else {},
    }
    return ANSWER, about(date(2024, 12, 31), "p"), at, body


SENT = (PACKET, None, "2025-01-02T12:00:00+00:00", {"person_id": "p", "quarter_ended_on": "2024-12-31", "print": "x", "records": {}, "sent_on": "2025-01-02"})
FIRST, SECOND = said("2025-01-08T12:00:00+00:00", pledge=False, note="one account"), said("2025-01-20T12:00:00+00:00", pledge=True)


def test_the_last_answer_counts_and_the_first_one_was_in_time():
    (row,) = attestations(events(SENT, FIRST, SECOND)).to_dicts()
    assert row["no_margin_or_pledge"] is True
    assert (row["sent_on"], row["first_answered_at"].date(), row["answered_at"].date()) == (date(2025, 1, 2), date(2025, 1, 8), date(2025, 1, 20))
    assert (row["source_file"], row["source_line"]) == ("ledger", 3)
    assert corrections(events(SENT, FIRST), date(2024, 12, 31)) == {("p", "no_margin_or_pledge"): "one account"}
    assert corrections(events(SENT, FIRST, SECOND), date(2024, 12, 31)) == {}


@pytest.mark.parametrize(
    ("in_file", "expected", "first"),
    [
        (None, True, date(2025, 1, 8)),
        (datetime(2025, 1, 10, tzinfo=UTC), True, date(2025, 1, 8)),
        (datetime(2025, 1, 5, tzinfo=UTC), True, date(2025, 1, 4)),
        (datetime(2025, 2, 1, tzinfo=UTC), None, date(2025, 1, 8)),
    ],
)
def test_of_an_answer_in_a_file_and_one_on_the_desk_the_later_one_counts(in_file, expected, first):
    row = {
        "person_id": "p",
        "quarter_ended_on": date(2024, 12, 31),
        "sent_on": date(2025, 1, 1),
        "answered_at": in_file,
        "source_file": "attestations.csv",
        "source_line": 2,
    }
    table = pl.DataFrame([row], schema_overrides={"answered_at": pl.Datetime("us", "UTC")})
    table = table.with_columns(pl.lit(None).alias(name) for name in TABLES["attestations"].schema if name not in table.columns)
    table = table.with_columns(pl.col("answered_at").dt.convert_time_zone(TIME_ZONE)).select(*TABLES["attestations"].schema).cast(TABLES["attestations"].schema)
    (merged,) = with_answers(table, attestations(events(SENT, FIRST, SECOND))).to_dicts()
    assert merged["no_margin_or_pledge"] is expected
    assert merged["first_answered_at"].date() == first
    assert merged["sent_on"] == date(2025, 1, 1)


def test_a_certificate_stands_until_something_reopens_it_and_another_is_signed():
    key, body = about(date(2024, 12, 31)), {"quarter_ended_on": "2024-12-31"}
    signed, reopened = (CERTIFICATE, key, "2025-01-31T12:00:00+00:00", body), (REOPENED, key, "2025-02-03T12:00:00+00:00", body)
    words = [standing(events(*rows), date(2024, 12, 31)).word for rows in ((), (signed,), (signed, reopened), (signed, reopened, signed))]
    assert words == ["not signed", "signed", "reopened", "signed"]


def test_documents_are_the_same_each_time_and_print_what_they_are_given(known, quarter):
    packet = packets(known, quarter)["quispe"]
    hostile = replace(packet, name="#panic() $x$ <script>*bold*</script> \\ @a")
    document = packet_document(hostile, quarter, "A & B <i>", known.as_of)
    assert as_pdf(document) == as_pdf(document)
    assert "<script>" not in as_html(document)
    assert "A &amp; B &lt;i&gt;" in as_html(document)
    assert breakable("XXXX-7720|11-21-2024<b>") == "XXXX-<wbr>7720|<wbr>11-<wbr>21-<wbr>2024&lt;b&gt;"
    held = gate(known, quarter)
    assert as_pdf(certificate_document(quarter, "X", known.as_of, held, None)).startswith(b"%PDF")
    told = board(known, quarter)
    pictures = {each.name: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>' for each in told.measures}
    assert as_pdf(board_document(told, "X", known.as_of, pictures)).startswith(b"%PDF")
