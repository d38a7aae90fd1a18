"""Knows how a chat's report leaves the page: as a file in one of its forms, or under a link for others.

Files and links are made from the chats of the person who asks; only a link itself is open to whoever has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant import report as reports
from assistant.report import FORMS, Report
from assistant.sharing import DAYS, Share, Shares
from assistant.ui.chat import Chat
from assistant.ui.chats import Chats
from assistant.ui.downloads import NOT_THERE, attachment, stem
from assistant.ui.gate import Identity, chat_id_of
from tools.errors import ToolError

READ_ONLY = {
    "Content-Security-Policy": (
        "sandbox allow-scripts allow-downloads; default-src 'none'; "
        "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
LONGEST = 20_000  # characters of a title, a summary or notes
MOST_BYTES = 200_000
GONE = "There is no report behind this link, or it is no longer shared."


@dataclass(frozen=True)
class Wishes:
    """What a person wants of a report.

    Attributes:
        title: Own title, or empty.
        summary: Own summary, one point a line, or empty.
        notes: Own words, Markdown, or empty.
        places: Turns that go in; None for all that were answered.
        form: Ending of the file.
        days: How long a link lasts.
    """

    title: str = ""
    summary: str = ""
    notes: str = ""
    places: frozenset[int] | None = None
    form: str = "html"
    days: int = DAYS

    @classmethod
    def read(cls, told: Mapping[str, str]) -> Wishes:
        """Read what the page sends; whatever is not there has its default."""
        turns, days = told.get("turns"), str(told.get("days", ""))
        title, summary, notes = (
            str(told.get(name, ""))[:LONGEST].strip() for name in ("title", "summary", "notes")
        )
        places = None if turns is None else frozenset(int(one) for one in turns.split(",") if one.isdigit())
        form = told.get("form") or "html"
        return cls(title, summary, notes, places, form, int(days) if days.isdigit() else DAYS)

    def report(self, chat: Chat) -> Report:
        """Return the report of a chat as it is wished."""
        if chat.session is None:
            raise ToolError(NOT_THERE)
        turns = chat.session.turns
        chosen = (
            None
            if self.places is None
            else [turn for place, turn in enumerate(turns) if place in self.places]
        )
        points = [line.strip().lstrip("-*• ") for line in self.summary.splitlines() if line.strip()]
        return reports.build(chat.session, self.title or None, chosen, points or None, self.notes)


def routes(chats: Chats, identity: Identity, shares: Shares) -> list[Route]:
    """Return the routes of reports and links."""
    own = _Publishing(chats, identity, shares)
    return [
        Route("/download/report", own.download),
        Route("/shares", own.listed),
        Route("/shares/check", own.check, methods=["POST"]),
        Route("/shares/publish", own.publish, methods=["POST"]),
        Route("/shares/{share}", own.take_back, methods=["DELETE"]),
        Route("/share/{token}", own.read),
    ]


class _Publishing:
    def __init__(self, chats: Chats, identity: Identity, shares: Shares) -> None:
        self._chats = chats
        self._identity = identity
        self._shares = shares

    def _own(self, request: Request) -> tuple[str, Chat] | None:
        owner, chat_id = self._identity.owner(request.cookies), chat_id_of(request.query_params)
        chat = self._chats.find(owner, chat_id) if owner and chat_id else None
        return (owner, chat) if owner and chat and chat.session else None

    def download(self, request: Request) -> Response:
        own = self._own(request)
        if own is None:
            return PlainTextResponse(NOT_THERE, 404)
        wishes = Wishes.read(request.query_params)
        try:
            if "view" in request.query_params:
                content = reports.to_html(wishes.report(own[1])).encode()
                return Response(content, media_type="text/html", headers=READ_ONLY)
            content = reports.render(wishes.report(own[1]), wishes.form)
        except ToolError as error:
            return PlainTextResponse(str(error), 409)
        return attachment(content, FORMS[wishes.form].media_type, f"{stem(own[1])}_report.{wishes.form}")

    async def check(self, request: Request) -> Response:
        """Tell what a version for others leaves out, and what in it should be looked at."""
        wishes = await _wishes(request)
        return await run_in_threadpool(self._check, request, wishes)

    def _check(self, request: Request, wishes: Wishes) -> Response:
        own = self._own(request)
        if own is None or own[1].session is None:
            return PlainTextResponse(NOT_THERE, 404)
        workspace = own[1].session.workspace
        report = reports.aggregates_only(wishes.report(own[1]), workspace)
        concerns = [f"{one.place}: {one.sentence}" for one in reports.scan(report, workspace)]
        return JSONResponse({"withheld": list(report.withheld), "concerns": concerns})

    async def publish(self, request: Request) -> Response:
        """Publish the version for others under a new link."""
        wishes = await _wishes(request)
        return await run_in_threadpool(self._publish, request, wishes)

    def _publish(self, request: Request, wishes: Wishes) -> Response:
        own = self._own(request)
        if own is None or own[1].session is None:
            return PlainTextResponse(NOT_THERE, 404)
        report = reports.aggregates_only(wishes.report(own[1]), own[1].session.workspace)
        try:
            share = self._shares.publish(own[0], report.title, reports.to_html(report).encode(), wishes.days)
        except ToolError as error:
            return PlainTextResponse(str(error), 409)
        return JSONResponse(_told(share))

    def listed(self, request: Request) -> Response:
        owner = self._identity.owner(request.cookies)
        found = self._shares.listed(owner) if owner else []
        return JSONResponse([_told(share) for share in found], headers={"Cache-Control": "no-store"})

    def take_back(self, request: Request) -> Response:
        owner = self._identity.owner(request.cookies)
        if not owner or not self._shares.revoke(owner, request.path_params["share"]):
            return PlainTextResponse(GONE, 404)
        return PlainTextResponse("Taken back.")

    def read(self, request: Request) -> Response:
        """Show a shared report to whoever has its link."""
        page = self._shares.open(request.path_params["token"])
        if page is None:
            return PlainTextResponse(GONE, 404, headers=READ_ONLY)
        return Response(page, media_type="text/html", headers=READ_ONLY)


async def _wishes(request: Request) -> Wishes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return Wishes()
    try:
        told = json.loads(body)
    except ValueError:
        return Wishes()
    return Wishes.read({name: str(value) for name, value in told.items()} if isinstance(told, dict) else {})


def _told(share: Share) -> dict[str, str | int]:
    left = share.expires - datetime.now(UTC)
    return {
        "id": share.id,
        "address": f"share/{share.token}",
        "title": share.title,
        "days_left": max(left.days + 1, 0),
        "opened": share.opened,
    }
