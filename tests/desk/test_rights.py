"""Who may see what: every route walked as every role, for leaks, for headers, and for what must look as if it were not there."""

import re
from urllib.parse import quote

import polars as pl
import pytest
from starlette.testclient import TestClient

from desk.rights import ROLES, own_cases
from rules import every_rule
from tests.desk.world import SEES_RESERVED, USERS, app_of, case_at, decide, in_days, reads, settings_of, signed_in, token_of
from transforms.reading_copy import folder_of

PERSON, CASE, OWN = "osei", "nwosu/ofx:4417-90021:24121701", "kealoha/T-24120401"
DENIED_CASE = "osei/ibkr:24082201"
READERS = {"officer", "other_officer", "supervisor", "trusted_supervisor", "plain_supervisor", "counsel", "auditor"}
EVERYBODY = {"officer", "other_officer", "counsel", "auditor"}
PERSONS = {who for who, (_, _, person) in USERS.items() if person}
"""Who is on record as a person."""
ASKED = PERSONS - {"officer"}
"""Of these, who is to attest: Leilani Kealoha is designated by no role of hers."""
OPEN = {
    "/": READERS | {"administrator", "insider"}, "/cases": READERS, "/cases.{kind}": EVERYBODY, "/case/{case_id:path}": None, "/people": READERS, "/person/{person_id:path}": None,
    "/picture/{person_id:path}": None, "/calendar": READERS, "/feeds": READERS, "/rules": READERS, "/policy": READERS, "/ledger": READERS, "/ledger.{kind}": EVERYBODY,
    "/waivers": EVERYBODY, "/quarters": EVERYBODY, "/quarters/{name}": EVERYBODY, "/quarters/{name}/certificate.{kind}": EVERYBODY, "/quarters/{name}/board.{kind}": EVERYBODY,
    "/records": EVERYBODY, "/attestation": PERSONS, "/attestation/{name}": ASKED, "/attestation/{name}/packet.{kind}": ASKED, "/users": {"administrator"}, "/signin": set(USERS), "/healthz": set(USERS), "/signin/provider": set(), "/signin/callback": set(),
}  # fmt: skip
"""Every address that is read, and who gets a page; None = it depends on the case or person."""
POSTED = {
    "/signin",
    "/signout",
    "/case/{case_id:path}",
    "/waivers",
    "/waivers/{waiver_id}/end",
    "/quarters/{name}",
    "/attestation/{name}",
    "/records/holds",
    "/records/holds/{hold_id}/release",
    "/users",
    "/users/{user_id}/{act}",
}
RESERVED = ("C-osei-240822", "P-CALDO", "had been denied", DENIED_CASE, quote(DENIED_CASE, safe=""))
"""What tells of the sample's denial and of its project list."""


def routes(app):
    found = []
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        found += inner.routes if inner is not None else [route]
    return [each for each in found if hasattr(each, "methods")]


def addresses(app, every_case):
    """Each readable address, with every case, person and kind of file put in."""
    people = app.state.desk.nights.newest().facts["people"]["person_id"].to_list()
    for route in OPEN:
        if "{case_id" in route:
            yield from ((route, case_at(each)) for each in [*every_case, "nobody/T-0"])
        elif "{person_id" in route:
            yield from (
                (route, f"/{route.split('/')[1]}/{quote(each, safe='')}")
                for each in ([*people, "nobody"] if "person" in route.split("{")[0] else ["osei", "kealoha", "quispe"])
            )
        elif "{name}" in route:
            kinds = ("html", "pdf", "xlsx", "exe") if "{kind}" in route else ("",)
            yield from ((route, route.replace("{name}", "2024Q4").replace("{kind}", kind)) for kind in kinds if kind != "xlsx" or "board" in route)
        elif "{kind}" in route:
            yield from ((route, route.replace("{kind}", kind) + asked) for kind, asked in (("csv", "?state=all"), ("xlsx", ""), ("exe", "")))
        else:
            yield route, route
    yield from (("/cases", f"/cases?state={state}") for state in ("all", "closed", "withdrawn", "new"))
    yield from (("/cases", f"/cases?state=all&q={word}") for word in ("denied", "C-osei-240822", "project", "osei", "kealoha"))
    yield "/ledger", "/ledger?check=yes"
    yield from (("/ledger", f"/ledger?q={word}") for word in ("denied", "osei"))


@pytest.fixture(scope="module")
def every_case(decided):
    app = decided
    return app.state.desk.visit(app.state.desk.users.by_email("auditor@brindlecombe.example")).cases()["case_id"].to_list()


def test_the_walk_knows_every_route(app):
    """A route that is added must say who may see it."""
    assert {each.path for each in routes(app) if "GET" in each.methods} == set(OPEN)
    assert {each.path for each in routes(app) if "POST" in each.methods} == POSTED


@pytest.fixture(scope="module")
def decided(copy, tmp_path_factory):
    """A ledger with something to leak: decisions on the denial, on a case of the officer, on others, and a waiver."""
    app = app_of(settings_of(copy, f"sqlite:///{tmp_path_factory.mktemp('rights')}/ledger.sqlite"))
    reyes, kealoha = signed_in(app, "other_officer"), signed_in(app, "officer")
    assert decide(kealoha, DENIED_CASE, decision="escalate", note="the request C-osei-240822 had been denied").status_code == 303
    assert decide(kealoha, CASE, decision="confirmed").status_code == 303
    assert decide(reyes, "solheim/ibkr:24100201", decision="wait", note="w", until_on=in_days(30)).status_code == 303
    page = kealoha.get("/waivers").text
    given = {
        "token": token_of(page),
        "event_id": "w1",
        "person_id": "osei",
        "rule": "clearance_denied",
        "from_on": "2024-08-01",
        "until_on": "2024-08-31",
        "reason": "C-osei-240822",
    }
    assert kealoha.post("/waivers", data=given).status_code == 303
    return app


@pytest.mark.parametrize("who", USERS)
def test_no_role_finds_what_is_not_open_to_it(decided, every_case, who):
    app, client = decided, signed_in(decided, who)
    desk = app.state.desk
    reader = desk.users.by_email(f"{who}@brindlecombe.example")
    may_see = set(desk.visit(reader).cases()["case_id"]) if reader.reads else set()
    hidden = [each for each in every_case if each not in may_see]
    ids = [part for each in hidden for part in (each, quote(each, safe=""), each.replace("&", "&amp;")) if not each.endswith("/COMMON")]
    may_name = may_see | ({DENIED_CASE} & may_see)
    for route, address in addresses(app, every_case):
        answer = client.get(address)
        allowed = OPEN[route]
        assert answer.status_code in {200, 303, 404, 403}, (address, answer.status_code)
        if allowed is not None and not address.endswith(".exe"):
            is_in = who in allowed
            assert (answer.status_code in {200, 303} or route in {"/signin", "/healthz"}) is is_in, (address, answer.status_code)
        if route == "/case/{case_id:path}":
            assert (answer.status_code == 200) is any(address == case_at(each) for each in may_see), address
        if answer.status_code == 303:
            continue
        body = readable(answer)
        for each in ids:
            assert each not in body, f"{address} shows {each} to {who}"
        if not reader.sees_denials:
            for each in RESERVED:
                if each not in address and f"q={each}" not in address:
                    assert each not in body, f"{address} shows {each} to {who}"
    assert DENIED_CASE in may_name or who not in {"officer", "counsel", "auditor"}


def readable(answer) -> str:
    """The text of an answer; of a workbook, that of its strings."""
    if "spreadsheetml" in answer.headers.get("content-type", ""):
        import io
        import zipfile

        return zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/sharedStrings.xml").decode()
    return re.sub(r'(value|content)="[^"]*"', "", answer.text)


def test_what_each_role_sees_of_the_sample(app):
    counts = {}
    for who in USERS:
        reader = app.state.desk.users.by_email(f"{who}@brindlecombe.example")
        counts[who] = set(app.state.desk.visit(reader).cases()["case_id"])
    whole = counts["auditor"]
    assert counts["counsel"] == whole
    assert whole - counts["officer"] == {OWN}
    assert all(case.split("/")[0] in {"quispe", "solheim", "wojcik"} for case in counts["supervisor"])
    assert {"quispe", "solheim"} == {case.split("/")[0] for case in counts["supervisor"]}
    assert counts["administrator"] == set()
    assert DENIED_CASE in counts["trusted_supervisor"], "a supervisor with the right sees a denial of someone who reports to them"
    assert DENIED_CASE not in counts["plain_supervisor"]
    assert {"osei/ibkr:24120502", "osei/2024-12-31"} <= counts["plain_supervisor"], "the rest of that person's cases is theirs to see"
    assert not any(case.startswith(("reyes/", "lindqvist/ibkr:24121601", "kealoha/")) for case in counts["other_officer"]), (
        "nobody sees a case about a clearance that they gave"
    )


def test_own_cases_are_those_that_the_rule_flags(app):
    """Each decision that `review_own_case` would flag is refused beforehand."""
    night = app.state.desk.nights.newest()
    findings = night.findings.with_columns(case_id=pl.concat_str(["person_id", "matter"], separator="/"))
    from datetime import UTC, datetime

    mine = own_cases(findings["case_id"].unique(), findings.select("case_id", "trader_id"), night.facts, "farouk", datetime(2025, 3, 1, tzinfo=UTC))
    assert mine == {each for each in findings["case_id"] if each.startswith("lindqvist/")}


def test_hidden_and_absent_look_alike(app):
    client = signed_in(app, "officer")
    hidden, absent = client.get(case_at(OWN)), client.get(case_at("kealoha/T-nothing"))
    assert hidden.status_code == absent.status_code == 404
    drop = r"<[^>]*token[^>]*>"
    assert re.sub(drop, "", hidden.text) == re.sub(drop, "", absent.text)
    token = token_of(client.get("/cases").text)
    tried = client.post(case_at(OWN), data={"token": token, "decision": "no_concern", "note": "mine"})
    assert tried.status_code == 404
    assert app.state.desk.ledger.last() == 0


@pytest.mark.parametrize("who", ["counsel", "auditor"])
def test_those_who_read_decide_nothing(app, who):
    client = signed_in(app, who)
    assert "Others decide it" in client.get(case_at(CASE)).text
    token = token_of(client.get("/cases").text)
    assert client.post(case_at(CASE), data={"token": token, "decision": "confirmed"}).status_code == 403
    assert client.post("/waivers", data={"token": token, "person_id": "osei"}).status_code == 403
    assert client.post("/waivers/w/end", data={"token": token}).status_code == 403
    assert app.state.desk.ledger.last() == 0


def test_a_supervisor_decides_theirs_and_no_escalated_case(app):
    supervisor, officer = signed_in(app, "supervisor"), signed_in(app, "officer")
    case = "solheim/ibkr:24100201"
    assert decide(supervisor, case, decision="escalate", note="beyond me").status_code == 303
    assert "a compliance officer decides" in supervisor.get(case_at(case)).text
    token = token_of(supervisor.get("/cases").text)
    assert supervisor.post(case_at(case), data={"token": token, "decision": "no_concern", "note": "n"}).status_code == 403
    assert decide(officer, case, decision="confirmed").status_code == 303
    assert supervisor.post(case_at(CASE), data={"token": token, "decision": "confirmed"}).status_code == 404, "a case of somebody who does not report to them"


def test_nobody_waives_for_themself(app):
    client = signed_in(app, "officer")
    token = token_of(client.get("/waivers").text)
    given = {
        "token": token,
        "event_id": "w",
        "person_id": "kealoha",
        "rule": "clearance_reused",
        "from_on": "2024-12-01",
        "until_on": "2024-12-31",
        "reason": "r",
    }
    answer = client.post("/waivers", data=given)
    assert answer.status_code == 422
    assert app.state.desk.ledger.last() == 0
    for missing, said in (("reason", "Say why"), ("until_on", "every waiver ends"), ("rule", "Choose a rule")):
        told = client.post("/waivers", data={**given, "person_id": "osei", missing: ""})
        assert told.status_code == 422
        assert said in told.text


@pytest.mark.parametrize("who", ["officer", "administrator", "supervisor"])
def test_forms_without_their_token_are_refused(app, who):
    client = signed_in(app, who)
    other = token_of(signed_in(app, "auditor").get("/cases").text)
    for path in ("/waivers", case_at(CASE), "/users", "/users/x/close", "/waivers/x/end"):
        for token in ("", "made.up", other):
            assert client.post(path, data={"token": token, "decision": "confirmed"}).status_code in {403, 404}, path
    assert app.state.desk.ledger.last() == 0


def test_every_answer_has_its_headers(app, every_case):
    clients = [signed_in(app, "officer"), TestClient(app, follow_redirects=False)]
    for client in clients:
        for _, address in [*addresses(app, every_case[:1]), ("", "/static/desk.css"), ("", "/nothing")]:
            answer = client.get(address)
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'"), address
            assert "unsafe" not in policy or address.startswith("/picture/") or address.endswith(".html"), address
            assert "script-src 'unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert ("no-store" in answer.headers["cache-control"]) or address.startswith(("/picture/", "/static/"))


def test_without_a_session_there_is_only_the_sign_in(app, every_case):
    client = TestClient(app, follow_redirects=False)
    for route, address in addresses(app, every_case[:2]):
        if not route.startswith(("/signin", "/healthz")):
            answer = client.get(address)
            assert (answer.status_code, answer.headers.get("location")) == (303, "/signin"), address


def test_who_looked_at_what_is_kept(app):
    client = signed_in(app, "auditor")
    client.get(case_at(CASE))
    client.get("/person/osei")
    client.get("/cases.csv")
    client.get(case_at("nobody/none"))
    assert reads(app) == [("case", CASE), ("person", "osei"), ("export", "cases.csv")]
    shown = client.get(case_at(CASE)).text
    assert "Looked at by" in shown
    assert "2 times" in shown
    assert "Looked at by" not in signed_in(app, "officer").get(case_at(CASE)).text


def test_the_roles_are_those_that_are_told():
    assert {role for _, roles, _ in USERS.values() for role in roles} == set(ROLES)
    assert set(USERS) >= SEES_RESERVED


def test_a_review_is_hidden_from_whoever_may_not_see_what_was_reviewed(app):
    """That somebody decided a case tells of the case."""
    desk = app.state.desk
    reader, mine = desk.users.by_email("supervisor@brindlecombe.example"), "solheim/ibkr:24100201"
    assert desk.visit(reader).may_see(mine)
    desk.sight(reader).reviews.append((mine, CASE))
    assert not desk.visit(reader).may_see(mine)
    assert mine not in desk.visit(reader).case_ids
    assert desk.visit(desk.users.by_email("auditor@brindlecombe.example")).may_see(mine)


def test_a_page_shows_no_accounts_of_another_insider_whom_the_reader_may_not_see(store, tmp_path):
    """Ingrid Solheim and Tamsin Okonkwo-Reyes as one household: one reports to the supervisor, the other does not."""
    copy = folder_of(store)
    relations = copy / (copy / "current").read_text(encoding="utf-8") / "tables/relations.parquet"
    told = pl.read_parquet(relations)
    tie = told.head(1).with_columns(person_id=pl.lit("solheim"), related_id=pl.lit("reyes"), relation=pl.lit("spouse"))
    pl.concat([told, tie]).write_parquet(relations)
    app = app_of(settings_of(store, f"sqlite:///{tmp_path}/ledger.sqlite"))
    seen = {who: signed_in(app, who).get("/person/solheim").text for who in ("supervisor", "auditor")}
    assert "reyes_plan" in seen["auditor"]
    assert "reyes" not in seen["supervisor"]
    assert "Okonkwo-Reyes" not in seen["supervisor"]


def test_the_rule_book_says_that_counts_are_left_out_and_not_that_nothing_was_judged(app):
    """Counts over all cases would tell the officer of their own, and a supervisor of everybody's."""
    pages = {who: signed_in(app, who).get("/rules").text for who in ("officer", "supervisor", "plain_supervisor", "auditor")}
    for who, page in pages.items():
        assert "not judged on this night" not in page, who
        assert "its rules were not judged" not in page, who
        assert ("What the rules counted is left out" in page) is (who != "auditor"), who
        assert page.count('<td class="muted" colspan="6">counts left out</td>') == (0 if who == "auditor" else len(every_rule())), who
