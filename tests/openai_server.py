"""A local server that speaks the protocol of OpenAI's chat completions, streaming and tool calls included."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the request's body, gives a message; beside the message, or in its place, a fault:

`http_status` (with `headers` and `error`) refuses. `wait` lets seconds pass first. `raw` is the whole body.
`torn` sends so many events and closes the connection; `cut` does the same, but ends the stream as if it
were whole. `finish` is another reason to finish. `usage` counts tokens, where the request asks for them.
"""


@contextmanager
def serving(reply: Reply) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve replies on a free port; yield the base address and the list of requests as they come."""
    requests: list[dict[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(reply, requests))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(reply: Reply, requests: list[dict[str, Any]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append(body)
            message = reply(body)
            time.sleep(message.get("wait", 0.0))
            if "http_status" in message:
                told = json.dumps({"error": {"message": message.get("error", "planted fault")}})
                self._send(message["http_status"], "application/json", told, message.get("headers"))
            elif "raw" in message:
                self._send(200, "text/html", message["raw"])
            elif body.get("stream"):
                counted = bool((body.get("stream_options") or {}).get("include_usage"))
                events = list(_events(message, counted))
                kept = events[: message.get("torn", message.get("cut"))]
                missing = len("".join(events)) if "torn" in message else 0
                self._send(200, "text/event-stream", "".join(kept), missing=missing)
            else:
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                self._send(200, "application/json", json.dumps(_envelope("chat.completion", choice)))

        def _send(
            self, status: int, kind: str, text: str, headers: dict[str, str] | None = None, missing: int = 0
        ) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content) + missing))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # a client that waits no longer
                self.wfile.write(content)
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            return

    return Handler


def _envelope(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "reply", "object": kind, "created": 0, "model": "scripted", "choices": [choice]}


def _events(message: dict[str, Any], counted: bool) -> Iterator[str]:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word + " "} for word in (message.get("content") or "").split()]
    for index, call in enumerate(message.get("tool_calls", [])):
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        deltas.append({"tool_calls": [{**call, "index": index, "function": {"name": name, "arguments": ""}}]})
        for start in range(0, len(arguments), 7):  # in pieces, as servers do
            piece = arguments[start : start + 7]
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    finish = message.get("finish") or ("tool_calls" if message.get("tool_calls") else "stop")
    if message.get("refusal"):
        deltas.append({"refusal": message["refusal"]})
    for delta in deltas:
        yield _event({"index": 0, "delta": delta, "finish_reason": None})
    yield _event({"index": 0, "delta": {}, "finish_reason": finish})
    if counted and "usage" in message:
        whole = {**_envelope("chat.completion.chunk", {}), "choices": [], "usage": message["usage"]}
        yield f"data: {json.dumps(whole)}\n\n"
    yield "data: [DONE]\n\n"


def _event(choice: dict[str, Any]) -> str:
    return f"data: {json.dumps(_envelope('chat.completion.chunk', choice))}\n\n"


def tool_call(name: str, **arguments: Any) -> dict[str, Any]:
    """Return a message that calls one tool."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
    }


def says(text: str) -> dict[str, Any]:
    """Return a message of words."""
    return {"role": "assistant", "content": text}
