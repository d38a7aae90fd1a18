"""Knows how a person sees and deletes what is remembered with them, and with nobody else."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant.memory import Memory
from assistant.remembering import source_of
from assistant.ui.gate import Identity
from tools.errors import ToolError

KINDS = {"finding": "Found", "word": "Your word", "example": "Good question"}
NOT_THERE = "This is not remembered."


def routes(memory: Memory, identity: Identity) -> list[Route]:
    """Return the routes that list and delete what is remembered with the person who asks."""

    def listed(request: Request) -> Response:
        owner = identity.owner(request.cookies)
        try:
            entries = memory.kept(owner) if owner else []
        except ToolError as error:
            return PlainTextResponse(str(error), 503)
        told = [
            {
                "id": one.id,
                "kind": KINDS[one.kind],
                "text": one.text.replace("**", ""),
                "source": source_of(one),
            }
            for one in entries
        ]
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    def forget(request: Request) -> Response:
        owner = identity.owner(request.cookies)
        chosen = request.path_params.get("entry")
        try:
            gone = memory.forget(owner, [chosen] if chosen else None) if owner else 0
        except ToolError as error:
            return PlainTextResponse(str(error), 503)
        return PlainTextResponse("Forgotten.") if gone or not chosen else PlainTextResponse(NOT_THERE, 404)

    return [
        Route("/memory", listed),
        Route("/memory", forget, methods=["DELETE"]),
        Route("/memory/{entry}", forget, methods=["DELETE"]),
    ]
