"""Knows who is asking: the browser's cookie or the account that is signed in; lets nobody else through.

Every request passes here. A tab's address names its chat, a cookie names its person, and only both together
lead to a chat.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts import SIGNED_IN_SECONDS, Accounts, SignedIn
from assistant.ui.chats import new_id
from assistant.ui.theme import login_page
from tools.errors import ToolError

COOKIE = "cash_classifiers"
WELL_FORMED = re.compile(r"[\w-]{43}")
COOKIE_SECONDS = 400 * 86400  # the longest that browsers keep
MOST_TABS = 20_000
MOST_BYTES = 5_000_000  # of a message that starts something; files go another way
WRONG = "That name and password do not belong together."
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# All that the page uses; the library behind it serves more, files by their path among it.
OPEN = re.compile(
    r"/(|config|theme\.css|favicon\.ico|robots\.txt|manifest\.json|pwa_icon|(assets|static|svelte|custom_component)/.*"
    r"|gradio_api/(queue/(join|data)|heartbeat/[^/]+|run/[^/]+|upload|upload_progress|cancel|reset|app_id|info"
    r"|startup-events|theme\.css)|download/.*|chats(/.*)?|shares(/.*)?|memory(/.*)?)/?"
)
# For anybody: links that somebody published, with a token as their key; the program's own call as it starts.
PUBLIC = re.compile(r"/share/.*|/gradio_api/startup-events")
JOINS = re.compile(r"/gradio_api/(queue/join|run/)")
LISTENS = re.compile(r"/gradio_api/(?:queue/data$|heartbeat/(?P<tab>[^/]+)$)")


class Identity:
    """Tells from a request's cookies who is asking.

    Args:
        accounts: Who may sign in; where there are none, each browser is a person of its own.
        signed_in: Who is; needed where there are accounts.
    """

    def __init__(self, accounts: Accounts | None = None, signed_in: SignedIn | None = None) -> None:
        self.accounts = accounts or Accounts(())
        self.signed_in = signed_in

    def owner(self, cookies: Mapping[str, str]) -> str | None:
        """Return who owns the chats of whoever asks, None if that is nobody known."""
        if self.accounts:
            name = self.name(cookies)
            return f"account {name}" if name else None
        token = token_of(cookies)
        return f"browser {hashlib.sha256(token.encode()).hexdigest()}" if token else None

    def name(self, cookies: Mapping[str, str]) -> str | None:
        """Return the name of the account that is signed in."""
        token = token_of(cookies)
        return self.signed_in.name_of(token) if token and self.signed_in else None


class Gate:
    """Lets requests through to the page for those who may see it.

    Args:
        app: The page.
        identity: Tells who is asking.
    """

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._identity = identity
        self._tabs: OrderedDict[str, str] = OrderedDict()  # whose each tab's stream of events is

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # the page uses no other kind of connection
        request = Request(scope, receive)
        path = str(scope["path"])
        if path in ("/login", "/logout") and self._identity.accounts:
            await (await self._sign(request))(scope, receive, send)
            return
        owner = await run_in_threadpool(self._identity.owner, request.cookies)
        answer = self._instead(request, path, owner)
        if answer is None and JOINS.match(path) and request.method == "POST":
            body, receive = await _read(receive)
            if body is None or not self._own_tab(_tab_in(body), owner):
                answer = PlainTextResponse("This is not yours.", 403)
        if answer is not None:
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send) if path == "/" else send)

    def _instead(self, request: Request, path: str, owner: str | None) -> Response | None:
        """Return what is answered instead of the page's own answer, None to let the request through."""
        if PUBLIC.fullmatch(path):
            return None
        if owner is None and self._identity.accounts:
            at_home = path == "/" and request.method == "GET"
            return RedirectResponse("login", 303) if at_home else PlainTextResponse("Sign in first.", 401)
        if not OPEN.fullmatch(path):
            return PlainTextResponse("There is nothing here.", 404)
        if path == "/" and chat_id_of(request.query_params) is None:
            return self._new_tab(request, owner)
        listens = LISTENS.match(path)
        if listens and not self._own_tab(listens["tab"] or request.query_params.get("session_hash"), owner):
            return PlainTextResponse("This is not yours.", 403)
        return None

    def _new_tab(self, request: Request, owner: str | None) -> Response:
        """Give a tab an address of its own, and a browser without a cookie its cookie."""
        others = [(name, value) for name, value in request.query_params.multi_items() if name != "chat"]
        answer = RedirectResponse(f"?{urlencode([*others, ('chat', new_id())])}", 303)
        answer.headers["Cache-Control"] = "no-store"
        if owner is None:
            _set_cookie(answer, request, new_id(), COOKIE_SECONDS)
        return answer

    def _own_tab(self, tab: str | None, owner: str | None) -> bool:
        """Tell whether a tab's stream of events is this person's; the first who names a tab has it."""
        if not tab or owner is None:
            return True  # without cookies nothing but the tab itself names the person
        holder = self._tabs.setdefault(tab, owner)
        self._tabs.move_to_end(tab)
        while len(self._tabs) > MOST_TABS:
            self._tabs.popitem(last=False)
        return holder == owner

    async def _sign(self, request: Request) -> Response:
        signed_in = self._identity.signed_in
        token = token_of(request.cookies)
        if request.method == "POST" and _from_elsewhere(request):
            return PlainTextResponse("Sign in on the page itself.", 403)
        if request.url.path.endswith("/logout"):
            if request.method == "POST" and token and signed_in:
                await run_in_threadpool(signed_in.end, token)
            answer = RedirectResponse("login", 303)
            answer.delete_cookie(COOKIE, path="/")
            return answer
        if request.method != "POST":
            return _login("", 200)
        form = parse_qs((await request.body())[:10_000].decode("utf-8", "replace"))
        name, password = (form.get(field, [""])[0] for field in ("name", "password"))
        place = request.client.host if request.client else ""
        try:
            right = await run_in_threadpool(self._identity.accounts.check, name, password, place)
        except ToolError as error:
            return _login(str(error), 429)
        if not right or signed_in is None:
            return _login(WRONG, 403)
        answer = RedirectResponse("./", 303)
        _set_cookie(answer, request, await run_in_threadpool(signed_in.begin, name), int(SIGNED_IN_SECONDS))
        return answer


def token_of(cookies: Mapping[str, str]) -> str | None:
    """Return the person's token from a request's cookies, or None."""
    value = cookies.get(COOKIE)
    return value if value is not None and WELL_FORMED.fullmatch(value) else None


def chat_id_of(query: Mapping[str, str] | QueryParams) -> str | None:
    """Return the id of a tab's chat from its address, or None."""
    value = query.get("chat")
    return value if value is not None and WELL_FORMED.fullmatch(value) else None


def _login(problem: str, status: int) -> Response:
    answer = HTMLResponse(login_page(html.escape(problem)), status)
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _set_cookie(answer: Response, request: Request, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, value, seconds, path="/", secure=secure, httponly=True, samesite="lax")


def _from_elsewhere(request: Request) -> bool:
    """Tell whether a form was sent by another site's page."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _tab_in(body: bytes) -> str | None:
    try:
        message = json.loads(body)
    except ValueError:
        return None
    tab = message.get("session_hash") if isinstance(message, dict) else None
    return tab if isinstance(tab, str) else None


async def _read(receive: Receive) -> tuple[bytes | None, Receive]:
    """Read a request's body; return it (None if it is too long) and what gives it once more."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None, receive
        if not message.get("more_body") or message["type"] != "http.request":
            break
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return bytes(body), again


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = PAGE_POLICY
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Cache-Control"] = "no-store"
        await send(message)

    return with_headers
