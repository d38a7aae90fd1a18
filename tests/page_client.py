"""A browser's part of the page without a browser: cookies, a tab's address, events over HTTP."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import ROOT

STARTS = 60.0
ANSWERS = 180.0
ADDRESS = re.compile(r'chat=[^"]*')


class Server:
    """The program in a process of its own, over a folder that outlives it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        self.home = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "ASSISTANT_FOLDER": str(folder / "kept"),
            "LANG": "C.UTF-8",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "app.py", "--port", str(self.port)],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started = time.monotonic()
        while True:
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() - started < STARTS, "the page did not come up"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait(20)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(20)


class Tab:
    """One tab of one person: its chat is named by its address.

    Args:
        home: Address of the page.
        cookies: The person; shared by the tabs of one browser.
        chat: Address of an earlier tab; a new one by default.
    """

    def __init__(self, home: str, cookies: httpx.Cookies | None = None, chat: str = "") -> None:
        self.client = httpx.Client(base_url=home, timeout=ANSWERS, follow_redirects=True)
        if cookies is not None:
            self.client.cookies = cookies
        page = self.client.get("/", params={"chat": chat} if chat else None)
        assert page.status_code == 200, page.text
        self.chat = page.url.params["chat"]
        self.session = secrets.token_hex(6)
        config = self.client.get("/config").json()
        self._parts = {part["id"]: part for part in config["components"]}
        self._events = config["dependencies"]
        self._values: dict[int, Any] = {}

    def upload(self, path: Path) -> list[str]:
        """Drop a file; return what the conversation shows."""
        with path.open("rb") as file:
            sent = self.client.post("/gradio_api/upload", files={"files": (path.name, file)})
        assert sent.status_code == 200, sent.text
        meta = {"_type": "gradio.FileData"}
        return self._event("load_files", [[{"path": sent.json()[0], "orig_name": path.name, "meta": meta}]])

    def ask(self, question: str) -> list[str]:
        """Ask a question; return what the conversation shows once the answer is complete."""
        return self._event("ask", [question])

    def show(self) -> list[str]:
        """Return what the conversation shows, as a page that is opened shows it."""
        return self._event("restore", [])

    def close(self) -> None:
        self.client.close()

    def _event(self, name: str, data: list[Any]) -> list[str]:
        event = next(one for one in self._events if (one["api_name"] or "").startswith(name))
        body = {
            "data": data,
            "fn_index": event["id"],
            "session_hash": self.session,
            "event_data": None,
            "trigger_id": None,
        }
        joined = self.client.post("/gradio_api/queue/join", params={"chat": self.chat}, json=body)
        assert joined.status_code == 200, joined.text
        wanted = joined.json()["event_id"]
        outputs: dict[int, Any] = {}
        chat = next(part for part in event["outputs"] if self._parts[part]["type"] == "chatbot")
        messages: list[Any] = []
        with self.client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self.session}
        ) as stream:
            for line in stream.iter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                if message.get("event_id") != wanted:
                    continue
                if message["msg"] == "process_completed":
                    assert message["success"], message
                    break
                if message["msg"] == "process_generating":
                    assert message["success"], message
                    grow(outputs, event["outputs"], message["output"]["data"])
                    if isinstance(outputs[chat], list):  # otherwise: no change of what is shown
                        messages = json.loads(json.dumps(outputs[chat]))
        return said(messages)


def said(messages: Any) -> list[str]:
    """Return the texts of the messages, without what changes from one look to the next."""
    texts = []
    for message in messages or []:
        content = message["content"] if isinstance(message["content"], list) else [message["content"]]
        for part in content:
            text = part if isinstance(part, str) else part.get("text") or json.dumps(part)
            texts.append(f"{message['role']}: {ADDRESS.sub('', text)}")
    return texts


def grow(outputs: dict[int, Any], parts: list[int], data: list[Any]) -> None:
    """Take over what came: whole values first, then only what differs from the value before."""
    for part, change in zip(parts, data, strict=True):
        if part in outputs and isinstance(change, list) and _is_difference(change):
            for action, path, value in change:
                outputs[part] = _changed(outputs.get(part), action, path, value)
        else:
            outputs[part] = change


def _is_difference(change: list[Any]) -> bool:
    return all(
        isinstance(one, list) and len(one) == 3 and one[0] in ("add", "append", "delete", "replace")
        for one in change
    )


def _changed(value: Any, action: str, path: list[Any], new: Any) -> Any:
    if not path:
        return value + new if action == "append" else new
    spot = value
    for step in path[:-1]:
        spot = spot[step]
    last = path[-1]
    if action == "delete":
        del spot[last]
    elif action == "append":
        spot[last] += new
    elif action == "add" and isinstance(spot, list):
        spot.insert(last, new)
    else:
        spot[last] = new
    return value
