"""The desk in a real browser: a whole visit by keyboard, what is forbidden, and every page held to WCAG 2.2 AA by axe."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.desk.world import PASSWORD, address, app_of, case_at, chromium, decide, in_days, served, settings_of, signed_in, with_passwords

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/",
    "/cases",
    "/cases?state=all&q=nothing+fits+this",
    "/people",
    "/person/solheim",
    "/person/lindqvist",
    "/calendar",
    "/feeds",
    "/rules",
    "/policy",
    "/ledger",
    "/waivers",
    "/quarters",
    "/quarters/2024Q4",
    "/quarters/2024Q4/certificate.html",
    "/quarters/2024Q4/board.html",
    "/records",
    case_at("solheim/ibkr:24100201"),
    case_at("baek/COMMON"),
    "/nothing",
)


@pytest.fixture(scope="module")
def desk(copy, tmp_path_factory) -> Iterator[str]:
    """The desk in a process of its own, with some decisions in its ledger."""
    ledger = f"sqlite:///{tmp_path_factory.mktemp('browser')}/ledger.sqlite"
    app = app_of(settings_of(copy, ledger))
    with_passwords(app, "officer", "supervisor", "administrator", "insider")
    officer = signed_in(app, "officer")
    decide(officer, "solheim/ibkr:24100201", decision="wait", note="the broker looks for the ticket", until_on=in_days(30))
    decide(officer, "baek/COMMON", decision="escalate", note="counsel is to say what is owed")
    with served(copy, ledger) as (url, _):
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


SESSIONS: dict[str, dict] = {}


def opened(browser: Browser, desk: str, who: str, **asked) -> Page:
    """A page of a user, who signed in by keyboard the first time; what the browser complains of fails the test."""
    page = browser.new_context(base_url=desk, viewport={"width": 1280, "height": 900}, storage_state=SESSIONS.get(who), **asked).new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" and "status of 4" not in message.text else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    if who in SESSIONS:
        page.goto("/")
        return page
    page.goto("/signin")
    page.keyboard.type(address(who))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(users|attestation)?$"))
    SESSIONS[who] = page.context.storage_state()
    return page


def test_a_supervisors_whole_visit_by_keyboard(browser, desk):
    """Sign in, open the gravest case, read, decide, go on to the next: no mouse anywhere."""
    page = opened(browser, desk, "supervisor")
    expect(page.get_by_role("heading", level=1)).to_contain_text("want a decision")
    gravest = page.locator("table.cases a.main").first
    title = gravest.inner_text()
    reach(page, gravest)
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/**")
    assert title in page.title()
    expect(page.locator(".sentence").first).to_be_visible()
    expect(page.get_by_text("Where each fact came from").first).to_be_visible()
    first = page.url
    summary = page.locator("summary", has_text="Where each fact came from").first
    reach(page, summary)
    page.keyboard.press("Enter")
    expect(page.locator("details[open] li", has_text=re.compile(r"line \d+")).first).to_be_visible()
    reach(page, page.locator("input[name=decision]").first)
    page.keyboard.press("ArrowDown")
    reach(page, page.locator("#note"))
    page.keyboard.type("Asked on the phone: a mistake of the desk that took the order.")
    reach(page, page.locator("button[value=next]"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)  # until it is loaded, so that it hears the next key
    assert "/case/" in page.url, "the next case opens by itself"
    page.goto(first)
    expect(page.locator(".events")).to_contain_text("no concern")
    expect(page.locator(".events")).to_contain_text("Amara Nwosu")
    assert page.complaints == []


def test_a_covered_person_answers_by_keyboard(browser, desk):
    """Sign in, read what is on record, answer each statement, say what is missing: no mouse anywhere."""
    page = opened(browser, desk, "insider")
    reach(page, page.locator("a.main", has_text="2024Q4"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/attestation/2024Q4")
    expect(page.get_by_text("osei_ib").first).to_be_visible()
    for name in ("policy_read", "trades_complete", "no_margin_or_pledge", "no_derivatives"):
        reach(page, page.locator(f"input[name={name}]").first)
        page.keyboard.press("Space")
    reach(page, page.locator("form[action='/attestation/2024Q4'] button"))
    page.keyboard.press("Enter")
    expect(page.locator(".faults")).to_contain_text("Answer yes or no.")
    reach(page, page.locator("input[name=accounts_complete]").first)
    page.keyboard.press("ArrowDown")
    reach(page, page.locator("#note_accounts_complete"))
    page.keyboard.type("My account at Tern Bank is missing.")
    reach(page, page.locator("form[action='/attestation/2024Q4'] button"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your answers")).to_be_visible()
    expect(page.locator("main")).to_contain_text("My account at Tern Bank is missing.")
    assert problems(page, "/attestation/2024Q4") == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    page.goto("/attestation")
    assert problems(page, "/attestation") == []
    assert page.complaints == []


def reach(page: Page, target) -> None:
    """Press Tab until something has the focus, and see that it shows."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate(
            "element => element === document.activeElement || (element.name && document.activeElement.name === element.name && element.type === 'radio')"
        ):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "focus is seen"
            return
    pytest.fail("never reached by Tab")


def test_what_is_missing_is_said_and_nothing_typed_is_lost(browser, desk):
    page = opened(browser, desk, "officer")
    page.goto(case_at("quispe/XXXX-7720|12-12-2024|Sell|BRNDL|120|$24.52#1"))
    page.check("input[value=exempt]")
    page.fill("#note", "covered, I think")
    page.click("button[value=stay]")
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#faults")).to_contain_text("Name the evidence")
    expect(page.locator("#note")).to_have_value("covered, I think")
    expect(page.locator("input[value=exempt]")).to_be_checked()
    expect(page.locator("#evidence")).to_have_attribute("aria-invalid", "true")
    page.fill("#evidence", "memo of 2024-12-10")
    page.click("button[value=stay]")
    expect(page.locator(".events")).to_contain_text("memo of 2024-12-10")


def test_two_who_decide_at_once_are_told(browser, desk):
    one, two = opened(browser, desk, "officer"), opened(browser, desk, "officer")
    case = case_at("osei/2024-12-31")
    for page in (one, two):
        page.goto(case)
        page.check("input[value=confirmed]")
    one.click("button[value=stay]")
    expect(one.locator(".events")).to_contain_text("confirmed")
    two.click("button[value=stay]")
    expect(two.locator("#faults")).to_contain_text("Somebody decided this case after you opened it")


def test_keys_are_off_until_they_are_asked_for(browser, desk):
    page = opened(browser, desk, "officer")
    page.goto("/cases")
    page.keyboard.press("g")
    assert page.url.endswith("/cases")
    page.check("#keys")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.wait_for_url(re.compile(r"/$"))
    page.locator("table.cases a.main").first.click()
    page.wait_for_url("**/case/**")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)  # until it is loaded, so that it hears the next key
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.keyboard.press("d")
    expect(page.locator("input[name=decision]").first).to_be_focused()


def test_the_list_filters_as_one_types(browser, desk):
    page = opened(browser, desk, "officer")
    page.goto("/cases?state=all")
    page.fill("#q", "solheim")
    expect(page.locator("#listed .count")).to_contain_text(re.compile(r"^[1-9] cases"))
    assert "q=solheim" in page.url
    assert page.locator("#listed tbody tr").count() < 10
    assert page.complaints == []


@pytest.mark.parametrize("path", ["/waivers", "/users", case_at("baek/COMMON"), "/person/baek", "/cases.csv"])
def test_forbidden_pages_say_so_plainly(browser, desk, path):
    page = opened(browser, desk, "supervisor")
    answer = page.request.get(path)
    assert answer.status == 404
    assert "There is no such page, or it is not open to you." in answer.text()


def test_every_page_is_accessible(browser, desk):
    """In the dark only colours differ."""
    page = opened(browser, desk, "officer")
    told = []
    for path in PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(path, wait_until="domcontentloaded")
        told += problems(page, path)
        page.emulate_media(color_scheme="dark")
        told += problems(page, f"{path} in the dark", ["color-contrast"])
    assert told == []
    assert page.complaints == []


@pytest.mark.parametrize("width", [360, 720])
def test_nothing_is_wider_than_a_narrow_page(browser, desk, width):
    page = opened(browser, desk, "officer")
    page.set_viewport_size({"width": width, "height": 800})
    wide = []
    for path in PAGES:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            wide.append(path)
    assert wide == []


def test_the_pages_of_users_and_sign_in_are_accessible(browser, desk):
    page = opened(browser, desk, "administrator")
    told = problems(page, "/users")
    page.context.clear_cookies()
    page.goto("/signin")
    assert told + problems(page, "/signin") == []


def test_every_picture_is_drawn(browser, desk):
    page = opened(browser, desk, "officer")
    for path in ("/person/lindqvist", "/person/halloran", case_at("baek/COMMON")):
        page.goto(path)
        image = page.locator(".picture img")
        image.scroll_into_view_if_needed()
        page.wait_for_function("element => element.complete && element.naturalWidth > 500", arg=image.element_handle())
        assert len(image.get_attribute("alt")) > 40


def problems(page: Page, path: str, rules=RULES) -> list[str]:
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{path}: {each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"][:3]]
