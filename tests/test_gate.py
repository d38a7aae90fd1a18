"""Who is let through to the page: by cookie, by account, and never by a guess."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant import accounts as module
from assistant.accounts import FREE_GUESSES, Accounts, SignedIn, hashed
from assistant.ui.gate import COOKIE, MOST_BYTES, Gate, Identity

RIGHT = "correct horse"
JOIN, DATA = "/gradio_api/queue/join", "/gradio_api/queue/data"


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse((await request.body()).decode() or "page")


def site(identity: Identity, **more: str) -> TestClient:
    paths = ("/", "/config", "/chats", "/share/token", JOIN, DATA, "/gradio_api/heartbeat/{tab}")
    app = Starlette(
        routes=[Route(path, echo, methods=["GET", "POST"]) for path in paths],
        middleware=[Middleware(Gate, identity=identity)],
    )
    return TestClient(app, **more)  # type: ignore[arg-type]


@pytest.fixture
def identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Identity]:
    monkeypatch.setattr(module, "COST", 4)
    accounts = Accounts([f"ann:{hashed(RIGHT)}"])
    signed_in = SignedIn(tmp_path, accounts)
    yield Identity(accounts, signed_in)
    signed_in.close()


def test_strangers_see_the_form_and_nothing_else(identity: Identity) -> None:
    client = site(identity)
    at_home = client.get("/", follow_redirects=False)
    assert (at_home.status_code, at_home.headers["location"]) == (303, "login")
    assert 'name="password"' in client.get("/login").text
    for path in ("/config", "/chats", DATA, "/gradio_api/heartbeat/x", "/nowhere"):
        assert client.get(path).status_code == 401
    assert client.post(JOIN, json={}).status_code == 401
    assert client.post("/").status_code == 401
    assert client.get("/share/token").text == "page"


def test_signing_in_and_out(identity: Identity) -> None:
    client = site(identity)
    wrong = client.post("/login", data={"name": "ann", "password": "wrong horse"})
    assert wrong.status_code == 403
    assert "do not belong together" in wrong.text
    assert COOKIE not in client.cookies
    right = client.post("/login", data={"name": "ann", "password": RIGHT}, follow_redirects=False)
    assert right.status_code == 303
    assert "HttpOnly" in right.headers["set-cookie"]
    assert "Secure" not in right.headers["set-cookie"]
    assert client.get("/chats").text == "page"
    before = client.cookies[COOKIE]
    client.post("/logout")
    client.cookies.set(COOKIE, before)
    assert client.get("/chats").status_code == 401


def test_the_cookie_is_for_encrypted_connections_where_there_is_one(identity: Identity) -> None:
    client = site(identity, base_url="https://example.org")
    answer = client.post("/login", data={"name": "ann", "password": RIGHT}, follow_redirects=False)
    assert "Secure" in answer.headers["set-cookie"]


def test_too_many_guesses_are_told_apart_from_wrong_ones(identity: Identity) -> None:
    client = site(identity)
    form = {"name": "ann", "password": "wrong horse"}
    answers = [client.post("/login", data=form).status_code for _ in range(FREE_GUESSES + 1)]
    assert answers == [403] * FREE_GUESSES + [429]


def test_another_sites_form_signs_nobody_in(identity: Identity) -> None:
    form, elsewhere = {"name": "ann", "password": RIGHT}, {"Sec-Fetch-Site": "cross-site"}
    assert site(identity).post("/login", data=form, headers=elsewhere).status_code == 403


def test_a_name_typed_as_html_stays_text(identity: Identity) -> None:
    shown = site(identity).post("/login", data={"name": "<script>x", "password": "<b>"}).text
    assert "<script>x" not in shown


def test_a_tabs_events_are_its_persons_alone() -> None:
    ann, ben = site(Identity()), None
    app = ann.app
    ben = TestClient(app)
    ann.cookies.set(COOKIE, "a" * 43)
    ben.cookies.set(COOKIE, "b" * 43)
    body = {"session_hash": "tab1", "data": ["x"]}
    assert ann.post(JOIN, json=body).json() == body
    assert ann.get(DATA, params={"session_hash": "tab1"}).status_code == 200
    assert ben.get(DATA, params={"session_hash": "tab1"}).status_code == 403
    assert ben.get("/gradio_api/heartbeat/tab1").status_code == 403
    assert ben.post(JOIN, json=body).status_code == 403
    assert ben.get("/gradio_api/heartbeat/tab2").status_code == 200
    assert ann.get(DATA, params={"session_hash": "tab2"}).status_code == 403


def test_messages_are_read_whole_and_not_without_end() -> None:
    client = site(Identity())
    client.cookies.set(COOKIE, "a" * 43)
    long = "x" * 1_000_000
    assert client.post(JOIN, json={"session_hash": "t", "data": [long]}).json()["data"] == [long]
    assert client.post(JOIN, content=b"x" * (MOST_BYTES + 1)).status_code == 403
    assert client.post(JOIN, content=b"not json").text == "not json"
