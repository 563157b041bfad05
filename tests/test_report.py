"""The report from a small night made by hand: what it says, what it never says, and that it holds nothing hostile."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import quote

import polars as pl
import pytest

from flows.resources import text
from rules import JUDGED, every_rule
from transforms.cases import WAIVERS, cases, of_reviews
from transforms.facts._spots import SPOT
from transforms.facts.four_ways import LEGS
from transforms.late_filers import LATE_FILERS
from transforms.policy import read_policy
from transforms.reports import Material, render
from transforms.settling import SETTLED_EXTRA
from transforms.sources import REFUSED
from transforms.tables import TABLES

NIGHT = date(2025, 3, 31)
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"
POLICY = """
[issuer]
issuer_id = "ACME"

[clause.window]
title = "Trading window"
cite = "VI.A"
text = "Trades are made in an open window."
rules = { window_closed = "VI.A" }

[clause.report]
title = "Reports"
cite = "X.B"
text = "Same day."
rules = { short_swing_profit = "X.B; Section 16(b)", form6_late = "X.B" }

[clause.conduct]
title = "Secrecy"
cite = "III"
text = "Keep it."
not_checkable = "no data show it"
"""
TRADE = {
    "sequence": 0, "trade_id": "T1", "root_id": "T1", "unit_root_id": "T1", "account_id": "A1", "symbol": "ACM", "kind": "sell", "side": "sell",
    "quantity": Decimal(1000), "price": Decimal("25.5"), "traded_on": date(2025, 1, 10), "traded_at": None, "order_id": None, "plan_id": None,
    "is_company_security": True, "is_company_derivative": False, "person_id": "DIR",
}  # fmt: skip
FINDING = {
    "rule": "window_closed", "clause": "VI.A", "severity": "high", "outcome": "flagged", "person_id": "DIR", "trader_id": None, "subject": "T1",
    "trade_id": "T1", "symbol": "ACM", "occurred_on": date(2025, 1, 10), "because": "sell of 1,000 ACM on Fri 2025-01-10; the window was not open.",
    "evidence": '{"reason":"after_quarter_end","opens_on":null,"closes_on":"2024-12-31"}', "matter": "T1", "source_file": "trades.csv", "source_line": 7,
    "contested": "counting.half_days;window.open_method", "state": "new", "first_seen_on": NIGHT, "last_seen_on": NIGHT, "changed_on": NIGHT,
}  # fmt: skip


def finding(**changed):
    row = FINDING | changed
    return row | {"finding_id": f"{row['rule']}/{row['person_id']}/{row['subject']}"}


def frame(rows, schema):
    return pl.DataFrame(rows, schema=schema, orient="row")


def facts(name="Dana Irving", trades=(TRADE,), swings=()):
    trade_types = dict.fromkeys(TRADE, pl.String) | {"sequence": pl.Int64, "quantity": pl.Decimal(18, 6), "price": pl.Decimal(18, 6), "traded_on": pl.Date}
    trade_types |= {"traded_at": pl.Datetime("us", "America/New_York"), "is_company_security": pl.Boolean, "is_company_derivative": pl.Boolean}
    executed = frame(list(trades), trade_types)
    swing_types = {"person_id": pl.String, "share_class": pl.String, "buy_trade_id": pl.String, "sell_trade_id": pl.String, "later_on": pl.Date}
    swing_types |= dict.fromkeys(("quantity", "buy_price", "sell_price", "profit"), pl.Decimal(38, 12))
    short = frame(list(swings), swing_types)
    traded = pl.DataFrame({"traded_on": [on for later in short["later_on"] for on in (date(2025, 1, 10), later)]}, schema={"traded_on": pl.Date})
    dates = {"opens_on": date(2024, 11, 6), "closes_on": date(2024, 12, 31)}
    term = {
        "clearance_id": "C1",
        "person_id": "DIR",
        "covers": None,
        "decided_on": date(2024, 11, 12),
        "valid_through_on": date(2024, 11, 14),
        "revoked_at": None,
        "decision": "approved",
        "side": "sell",
        "symbol": "ACM",
    }
    reclosed = {"reclosed_on": pl.Date, "last_closed_on": pl.Date}
    return {
        "people": pl.DataFrame({"person_id": ["DIR", "SP"], "name": [name, "Sam Irving"]}),
        "roles": pl.DataFrame({"person_id": ["DIR"], "role": ["director"], "from_on": [date(2020, 1, 1)], "until_on": [None]}, schema_overrides={"until_on": pl.Date}),
        "executions": executed.drop("person_id"), "answered_trades": executed, "windows": pl.DataFrame([dates]), "reclosures": pl.DataFrame(schema=reclosed),
        "announcements": frame([{"announcement_id": "N1", "issuer_id": "ACME", "kind": "final", "quarter_ended_on": date(2024, 9, 30), "announced_on": date(2024, 11, 1)}], TABLES["announcements"].schema),
        "clearance_terms": frame([term], dict.fromkeys(term, pl.String) | {"decided_on": pl.Date, "valid_through_on": pl.Date, "revoked_at": pl.Datetime}),
        "short_swings": short.with_columns(buy=pl.int_range(pl.len(), dtype=pl.UInt32) * 2, sale=pl.int_range(pl.len(), dtype=pl.UInt32) * 2 + 1), "swing_legs": traded,
        "four_ways": frame([], WAYS), "due_next": frame([], DUE), "swing_outlook": frame([], OUTLOOK),
    }  # fmt: skip


def night(findings=(), spots=(), refused=(), known=None, reviews=()):
    found = frame(list(findings), JUDGED | SETTLED_EXTRA)
    return Material(
        as_of=NIGHT, policy=read_policy(POLICY, text("policy_defaults.toml")), findings=found,
        cases=cases(found, of_reviews(frame(list(reviews), TABLES["reviews"].schema)), pl.DataFrame(schema=WAIVERS), NIGHT),
        verdicts=pl.DataFrame({"rule": ["window_closed"] * 2, "outcome": ["clear", "flagged"], "rows": [1200, len(findings)]}),
        blind_spots=frame(list(spots), SPOT), quarantine=frame(list(refused), REFUSED), rules=every_rule(), facts=known or facts(),
        counts={"trades": {"read": 9, "loaded": 8, "refused": 1, "dropped": 0, "superseded": 0}}, program="0.1.0", calendar="XNYS",
    )  # fmt: skip


WAYS = dict.fromkeys(
    ("person_id", "root_id", "subject", "kind", "symbol", *LEGS, *(f"{leg}_said" for leg in LEGS)), pl.String
) | {"traded_on": pl.Date, "quantity": pl.Decimal(18, 6)}  # fmt: skip
DUE = {"person_id": pl.String, "due_on": pl.Date, "what": pl.String, "about": pl.String}
OUTLOOK = {"person_id": pl.String, "share_class": pl.String, "price": pl.Decimal(38, 12), "priced_on": pl.Date} | {
    f"{way}_{what}": dtype for way in ("sale", "purchase") for what, dtype in (("free_on", pl.Date), ("units", pl.Decimal(38, 12)), ("adds", pl.Decimal(38, 2)))
}  # fmt: skip


class Reader(HTMLParser):
    """Collects ids, addresses and element names, and holds tags to be balanced."""

    VOID = frozenset({"meta", "input", "br", "link", "img"})
    SELF_CLOSED = frozenset({"path", "rect", "circle", "line"})

    def __init__(self, page):
        super().__init__()
        self.ids, self.addresses, self.open, self.names = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self._note(attrs)

    def handle_startendtag(self, tag, attrs):
        assert tag in self.SELF_CLOSED
        self._note(attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def _note(self, attrs):
        self.ids += [value for key, value in attrs if key == "id"]
        self.addresses += [value for key, value in attrs if key in {"href", "src", "xlink:href", "action"}]


SWING = {
    "person_id": "DIR",
    "share_class": "COM",
    "buy_trade_id": "T0",
    "sell_trade_id": "T1",
    "quantity": 100,
    "buy_price": 10,
    "sell_price": 12,
    "profit": 200,
    "later_on": date(2025, 2, 3),
}
SPOTS = [{"kind": "missing_table", "where": "plans", "what": "No file holds the table plans.", "rows": 1}]
REFUSAL = {"file": "trades.csv", "line": 9, "reason": "trades.csv:9: 7 cells, expected 24.", "raw": "T9,A1"}
FULL = [
    finding(),
    finding(subject="T2", trade_id="T2", matter="T2", outcome="undecided", state="open", evidence="{}", contested=None, trader_id="SP", source_file=None),
    finding(subject="T3", trade_id="T3", matter="T3", state="withdrawn"),
    finding(rule="short_swing_profit", severity="critical", subject="COM", matter="COM", evidence='{"profit_max":200.00,"pairs":1}', contested=None),
]


def full(name="Dana Irving"):
    return night(FULL, SPOTS, [REFUSAL], facts(name, swings=[SWING]))


@pytest.mark.parametrize("material", [night(), full(), full(HOSTILE)], ids=["empty", "full", "hostile"])
def test_every_report_is_sound(material):
    page = render(material)
    read = Reader(page)
    assert not read.open
    assert len(read.ids) == len(set(read.ids))
    assert all(address.startswith("#") for address in read.addresses)
    assert {address[1:] for address in read.addresses} <= set(read.ids)
    assert not re.search(r"url\(|@import|https?:", page)
    assert "script" not in read.names
    assert not re.search(r"violat|breach|illegal|guilty|suspicious", page, re.IGNORECASE)
    headings = [int(name[1]) for name in read.names if re.fullmatch(r"h[1-6]", name)]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert render(material) == page


def test_empty_night_is_calm_and_says_what_was_not_seen():
    page = render(night(spots=SPOTS))
    assert "Nothing was flagged." in page
    assert "1,200 rows were examined by 1 rule." in page
    assert "Missing tables" in page
    assert "No finding stands." in page


def test_flagged_finding_says_who_what_which_clause_and_where():
    page = render(full())
    for said in (
        "Dana Irving",
        "sell of 1,000 ACM on Fri 2025-01-10",
        "VI.A",
        "Trades are made in an open window.",
        "trades.csv, line 7",
        "after quarter end",
        "Tue 2024-12-31",
        "none on record",
        "director",
    ):
        assert said in page
    assert "2 findings are new tonight" in page
    assert "how the days before the window opens are counted" in page
    assert "compare the trade date" in page.lower()


def test_undecided_looks_different_and_names_the_account_holder():
    page = render(full())
    assert 'class="finding undecided high"' in page
    assert "In the account of Sam Irving (SP)." in page


def test_withdrawn_stand_at_the_end_and_count_nowhere_else():
    page = render(full())
    assert page.index('id="window_closed/DIR/T3"') > page.index('id="withdrawn"') > page.index('id="window_closed/DIR/T1"')
    assert "3 findings stand in 3 cases" in page


def test_anchors_of_findings_and_rules():
    hostile = finding(subject="a b/ü<", trade_id="T1", matter="a b/ü<")
    ids = Reader(render(night([hostile]))).ids
    assert quote(hostile["finding_id"]) in ids
    assert {f"rule-{name}" for name in every_rule()} <= set(ids)
    assert "rule-form6_late" in ids


def test_hostile_words_stay_words():
    row = finding(because=HOSTILE, subject=HOSTILE, matter=HOSTILE, evidence='{"reason":"<script>alert(1)</script>"}', source_file="<b>.csv")
    page = render(night([row], [SPOTS[0] | {"what": HOSTILE, "where": HOSTILE}], [REFUSAL | {"reason": HOSTILE}], facts(HOSTILE)))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{7*7}}" in page
    assert "<b>.csv" not in page


def test_new_comes_first_then_the_gravest_then_the_name():
    rows = [
        finding(subject="T1", state="open", severity="critical"),
        finding(subject="T2", matter="T2", state="new", severity="low"),
        finding(subject="T3", matter="T3", state="new", severity="high"),
        finding(subject="T4", matter="T4", person_id="ZED", state="new", severity="high"),
    ]
    order = re.findall(r'<article class="case" id="case-([^"]+)"', render(night(rows)))
    assert order == ["DIR/T3", "ZED/T4", "DIR/T2", "DIR/T1"]


def test_pictures_mark_trades_and_pairs():
    page = render(full())
    assert '<path class="mark flagged"' in page
    assert '<circle class="ring flagged"' in page
    assert "Window open Wed 2024-11-06 to Tue 2024-12-31" in page
    assert "Clearance C1 to sell ACM: approved Tue 2024-11-12, last valid day Thu 2024-11-14" in page
    assert "100 bought Fri 2025-01-10 at 10.00, sold Mon 2025-02-03 at 12.00: 200.00 US dollars" in page


def test_many_trades_of_one_week_become_a_number():
    crowd = [TRADE | {"sequence": n, "trade_id": f"T{n}", "root_id": f"T{n}", "unit_root_id": f"T{n}"} for n in range(1, 60)]
    page = render(night([finding()], known=facts(trades=crowd)))
    assert ">+55<title>55 more trades here, 0 of them with findings; the table lists them</title>" in page
    assert page.index('<path class="mark flagged"') < page.index('<path class="mark clear" d="M', page.index('class="picture"'))


def test_rule_book_shows_values_of_the_night_and_what_nobody_watches():
    page = render(night())
    assert "not judged by this version" in page
    assert "no data show it" in page
    assert "3 from 1995-06-07; 2 from 2017-09-05; 1 from 2024-05-28" in page
    assert page.index('id="reading-window.open_method"') < page.index('id="law"') < page.index('id="reading-counting.half_days"')


def test_review_of_a_case_is_told():
    review = {
        "review_id": "R1",
        "case_id": "DIR/T1",
        "reviewed_by": "SP",
        "reviewed_at": datetime(2025, 4, 1, 15, tzinfo=UTC),
        "decision": "no_action",
        "note": None,
        "evidence": None,
    }
    page = render(night([finding()], reviews=[review]))
    assert "Last review: no action by Sam Irving (SP), Tue 2025-04-01 11:00:00 New York." in page


def test_page_one_counts_refused_rows_once():
    spots = [*SPOTS, {"kind": "unread_line", "where": "trades.csv:9", "what": "trades.csv:9: 7 cells.", "rows": 1}]
    page = render(night([finding()], spots, [REFUSAL]))
    one = page[page.index('class="unseen"') : page.index('id="fresh-title"')]
    assert "Refused rows" in one
    assert "Lines not read" not in one
    assert one.index("Missing tables") < one.index("Refused rows")


def test_a_rule_that_no_clause_lists_any_more_keeps_its_finding():
    assert "No clause of the policy lists this rule now." in render(night([finding(rule="clearance_missing", clause="VI.B")]))


def test_the_chapter_on_section_16_shows_what_is_lacking_due_and_within_reach():
    way = {"person_id": "DIR", "root_id": "T1", "subject": "T1", "kind": "sell", "symbol": "ACM", "traded_on": date(2024, 12, 3), "quantity": Decimal(900)}
    legs = {
        "broker": ("there", "a.csv, line 2"),
        "clearance": ("absent", "none on record fits"),
        "report": ("open", "no table"),
        "edgar": ("explained", "due by <b>"),
    }
    row = way | {leg: state for leg, (state, _) in legs.items()} | {f"{leg}_said": said for leg, (_, said) in legs.items()}
    due = {"person_id": "DIR", "due_on": date(2024, 12, 5), "what": "Form 4", "about": "sell of ACM on 2024-12-03"}
    near = {
        "person_id": "DIR",
        "share_class": "ACM",
        "price": Decimal("27.05"),
        "priced_on": date(2024, 12, 2),
        "sale_free_on": date(2025, 5, 11),
        "sale_units": Decimal(400),
        "sale_adds": Decimal("1420.00"),
    }
    known = facts() | {
        "four_ways": frame([row, {**row, "root_id": "T2", "clearance": "there", "report": "there"}], WAYS),
        "due_next": frame([due], DUE),
        "swing_outlook": frame([near], OUTLOOK),
    }
    html = render(
        replace(
            night(known=known),
            late=frame(
                [{"fiscal_year_ended_on": date(2024, 12, 31), "person_id": "DIR", "late_reports": 2, "late_transactions": 3, "known_failures": 1}], LATE_FILERS
            ),
        )
    )
    chapter = html[html.index('id="section-16"') :]
    assert "2 transactions due on Form 4 are looked for four ways. 1 lacks at least one of them." in chapter
    assert chapter.index("none on record fits") < chapter.index("every leg on record or explained")
    assert "due by &lt;b&gt;" in chapter
    assert "Thu 2024-12-05" in chapter
    assert "1,420.00" in chapter
    assert "Sun 2025-05-11" in chapter
    assert "Fiscal year that ended, or ends, on 2024-12-31" in chapter
