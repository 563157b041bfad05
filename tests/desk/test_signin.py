"""Signing in: by password, through a real OpenID Connect provider, out again, and when it is refused."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import oidc_provider_mock
import pytest
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import select, update
from starlette.testclient import TestClient

from desk.ledger.schema import SESSIONS, USERS
from desk.settings import Provider, SettingsError, settings
from desk.users import UserError
from tests.desk.world import PASSWORD, address, app_of, served, settings_of, signed_in, token_of, with_passwords

HOST = "https://desk.example"


@pytest.fixture
def entered(app):
    with_passwords(app, "officer")
    return TestClient(app, follow_redirects=False)


OFFICER = address("officer")


def sign_in(client, password=PASSWORD, email=OFFICER):
    token = token_of(client.get("/signin").text)
    return client.post("/signin", data={"token": token, "email": email, "password": password})


def test_address_and_password_open_a_session(app, entered):
    answer = sign_in(entered)
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert entered.get("/cases").status_code == 200
    held = re.search("hindsight_session=([^;]+)", answer.headers["set-cookie"])[1]
    with app.state.desk.ledger.engine.connect() as connection:
        assert held not in str(connection.execute(select(SESSIONS)).all()), "of a session only a hash is kept"


def test_what_is_wrong_is_not_said(entered):
    wrong, nobody = sign_in(entered, "not the password"), sign_in(entered, email="nobody@x.example")
    assert wrong.status_code == nobody.status_code == 401
    strip = r'value="[^"]*"'
    assert re.sub(strip, "", wrong.text) == re.sub(strip, "", nobody.text)


def test_five_failures_lock_for_a_while(app, entered):
    for _ in range(5):
        assert sign_in(entered, "wrong").status_code == 401
    assert sign_in(entered).status_code == 401, "even the right password waits"
    with app.state.desk.ledger.writing() as connection:
        connection.execute(update(USERS).values(locked_until=(datetime.now(UTC) - timedelta(seconds=1)).isoformat()))
    app.state.desk.limiter.storage.reset()
    assert sign_in(entered).status_code == 303


def test_attempts_at_once_are_each_counted(app, entered):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: app.state.desk.users.by_password(OFFICER, "wrong"), range(8)))
    assert app.state.desk.users.by_password(OFFICER, PASSWORD) is None


def test_a_form_of_another_browser_signs_nobody_in(app, entered):
    theirs = token_of(entered.get("/signin").text)
    other = TestClient(app, follow_redirects=False)
    other.get("/signin")
    assert other.post("/signin", data={"token": theirs, "email": OFFICER, "password": PASSWORD}).status_code == 403
    assert TestClient(app, follow_redirects=False).post("/signin", data={"token": theirs, "email": OFFICER, "password": PASSWORD}).status_code == 403


def test_attempts_on_somebody_without_a_password_lock_nobody(app):
    for _ in range(6):
        app.state.desk.users.by_password(OFFICER, "wrong")
    assert app.state.desk.users.by_email(OFFICER) is not None


def test_attempts_within_a_minute_are_limited(entered):
    answers = [sign_in(entered, "wrong", f"u{n}@x.example").status_code for n in range(12)]
    assert answers.count(401) == 10
    assert answers[-1] == 429


def test_a_session_ends(app, entered):
    for column, age in (("seen_at", timedelta(minutes=31)), ("created_at", timedelta(hours=13))):
        sign_in(entered)
        assert entered.get("/cases").status_code == 200
        with app.state.desk.ledger.writing() as connection:
            connection.execute(update(SESSIONS).values({column: (datetime.now(UTC) - age).isoformat()}))
        assert entered.get("/cases").headers["location"] == "/signin"
    sign_in(entered)
    page = entered.get("/cases").text
    held = entered.cookies["hindsight_session"]
    entered.post("/signout", data={"token": token_of(page)})
    entered.cookies.set("hindsight_session", held)
    assert entered.get("/cases").status_code == 303, "the session is gone, not the cookie alone"


def test_who_is_shut_out_is_out_at_once(app):
    administrator, supervisor = signed_in(app, "administrator"), signed_in(app, "supervisor")
    assert supervisor.get("/cases").status_code == 200
    user = app.state.desk.users.by_email(address("supervisor")).user_id
    token = token_of(administrator.get("/users").text)
    assert administrator.post(f"/users/{user}/close", data={"token": token}).status_code == 303
    assert supervisor.get("/cases").status_code == 303
    administrator.post(f"/users/{user}/open", data={"token": token})
    assert signed_in(app, "supervisor").get("/cases").status_code == 200


def test_an_administrator_keeps_users_but_not_their_own_rights(app):
    client = signed_in(app, "administrator")
    token = token_of(client.get("/users").text)
    given = {"token": token, "email": "new@x.example", "name": "New <b>One</b>", "role_counsel": "1", "password": "long enough to use"}
    assert client.post("/users", data=given).status_code == 303
    assert "New &lt;b&gt;One&lt;/b&gt;" in client.get("/users").text
    short = client.post("/users", data={**given, "email": "b@x.example", "password": "short"})
    assert short.status_code == 422
    assert "expected at least 12" in short.text
    assert 'value="short"' not in short.text
    mine = client.post("/users", data={**given, "email": address("administrator"), "role_compliance_officer": "1"})
    assert mine.status_code == 403
    assert app.state.desk.users.by_email(address("administrator")).roles == {"administrator"}


@pytest.mark.parametrize(
    ("email", "roles", "password"),
    [("x@y.example", set(), None), ("x@y.example", {"king"}, None), ("xy", {"counsel"}, None), ("x@y.example", {"counsel"}, "short")],
)
def test_users_that_can_not_be(app, email, roles, password):
    with pytest.raises(UserError, match="expected"):
        app.state.desk.users.add(email, "x", frozenset(roles), None, password)


@pytest.fixture(scope="module")
def provider():
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


def vouch(provider, subject, **claims):
    assert httpx2.put(f"{provider}/users/{quote(subject)}", json=claims).status_code == 204


@pytest.fixture
def through(store, tmp_path, provider):
    given = settings_of(store, f"sqlite:///{tmp_path}/ledger.sqlite", Provider(provider, "hindsight", "a client's secret"), HOST)
    return TestClient(app_of(given), base_url=HOST, follow_redirects=False)


def come_back(through, provider, subject):
    """From the desk to the provider, signed in there, and back."""
    asked = through.get("/signin/provider")
    assert asked.status_code == 302
    query = parse_qs(urlsplit(asked.headers["location"]).query)
    assert {"state", "nonce", "code_challenge"} <= set(query)
    assert query["redirect_uri"] == [f"{HOST}/signin/callback"]
    answered = httpx2.post(asked.headers["location"], data={"sub": subject}, follow_redirects=False)
    return answered.headers["location"]


def test_a_provider_vouches_for_a_user(through, provider):
    vouch(provider, "kealoha", email=address("officer").upper(), email_verified=True)
    answer = through.get(come_back(through, provider, "kealoha"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("hindsight_session="))
    assert "Secure" in cookie
    assert "Leilani Kealoha" in through.get("/cases").text
    assert "strict-transport-security" in answer.headers


@pytest.mark.parametrize(
    "claims",
    [
        {"email": address("officer")},
        {"email": address("officer"), "email_verified": "false"},
        {"email": address("officer"), "email_verified": False},
        {"email": "stranger@x.example", "email_verified": True},
        {},
    ],
)
def test_a_provider_that_does_not_vouch_opens_nothing(through, provider, claims):
    vouch(provider, "somebody", **claims)
    answer = through.get(come_back(through, provider, "somebody"))
    assert answer.status_code == 403
    assert through.get("/cases").headers["location"] == "/signin"


def test_an_answer_that_was_not_asked_for_is_refused(through, provider):
    vouch(provider, "kealoha", email=address("officer"), email_verified=True)
    back = come_back(through, provider, "kealoha")
    stolen = TestClient(through.app, base_url=HOST, follow_redirects=False)
    assert stolen.get(back).status_code == 403, "another browser has no state of its own"
    assert through.get(back.replace("state=", "state=x")).status_code == 403
    assert through.get("/signin/callback?error=access_denied").status_code == 403


def test_a_token_that_another_key_signed_opens_nothing(through, provider, monkeypatch):
    vouch(provider, "kealoha", email=address("officer"), email_verified=True)
    back = come_back(through, provider, "kealoha")
    theirs = through.app.state.provider
    told = httpx2.get(httpx2.get(f"{provider}/.well-known/openid-configuration").json()["jwks_uri"]).json()["keys"][0]
    other = RSAKey.generate_key(2048, {name: told[name] for name in ("kid", "alg", "use") if name in told})

    async def another_key(*, force=False):
        return KeySet([other]).as_dict(private=False)

    monkeypatch.setattr(theirs, "fetch_jwk_set", another_key)
    answer = through.get(back)
    assert answer.status_code == 403
    assert "did not vouch" in answer.text
    assert through.get("/cases").headers["location"] == "/signin"


@pytest.mark.parametrize(("proxy", "limited"), [("", [401] * 10 + [429] * 2), ("127.0.0.1", [401] * 12)], ids=["nobody is trusted", "the proxy is trusted"])
def test_who_knocks_is_told_by_a_proxy_that_is_trusted_alone(store, tmp_path, proxy, limited):
    """Without one, an address that the browser itself sends along is no way around the limit."""
    with served(store, f"sqlite:///{tmp_path}/ledger.sqlite", HINDSIGHT_PROXY=proxy) as (url, _), httpx2.Client(base_url=url) as client:
        token = token_of(client.get("/signin").text)
        given = {"token": token, "email": "nobody@x.example", "password": "wrong"}
        answers = [client.post("/signin", data=given, headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code for n in range(12)]
    assert answers == limited


def test_a_provider_that_does_not_answer_is_said(store, tmp_path):
    given = settings_of(store, f"sqlite:///{tmp_path}/ledger.sqlite", Provider("http://127.0.0.1:1", "hindsight", "s"), HOST)
    answer = TestClient(app_of(given), base_url=HOST, follow_redirects=False).get("/signin/provider")
    assert answer.status_code == 502
    assert "does not answer" in answer.text


def test_settings_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HINDSIGHT_OIDC_ISSUER", "https://id.example")
    with pytest.raises(SettingsError, match="HINDSIGHT_OIDC_CLIENT_ID"):
        settings(tmp_path / "s.duckdb", "sqlite://")
    monkeypatch.setenv("HINDSIGHT_OIDC_CLIENT_ID", "me")
    monkeypatch.setenv("HINDSIGHT_OIDC_CLIENT_SECRET", "hunter2")
    first, second = (settings(tmp_path / "s.duckdb", "postgresql://u:hunter3@h/d") for _ in range(2))
    assert first.secret == second.secret, "the key is made once and kept"
    assert (tmp_path / "s.duckdb.secret").stat().st_mode & 0o777 == 0o600
    for secret in ("hunter2", "hunter3", first.secret):
        assert secret not in repr(first)
