"""Starts the page's server, and loads what is slow to import while the page is already up."""

from __future__ import annotations

import importlib
import itertools
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before Gradio is imported: no telemetry

from starlette.middleware import Middleware

from assistant.accounts import Accounts, SignedIn
from assistant.memory import Memory
from assistant.settings import Settings
from assistant.sharing import Shares
from assistant.store import Store
from assistant.ui import publishing, remembered
from assistant.ui.chat import Talker
from assistant.ui.chats import Chats, Limits
from assistant.ui.gate import Gate, Identity
from assistant.ui.page import Page
from assistant.ui.server import routes
from assistant.ui.theme import css, head, theme
from tools.core import all_tools
from tools.errors import ToolError

log = logging.getLogger(__name__)

SAMPLE = Path(__file__).resolve().parent.parent.parent / "data" / "sample_transactions.csv"
UPLOADS_SECONDS = 900.0
SLOW_TO_IMPORT = (
    "langchain.agents",
    "sklearn.cluster",
    "sklearn.mixture",
    "scipy.stats",
    "jinja2",
    "chromadb",
)


def serve(
    settings: Settings,
    talker: Talker,
    model_label: str,
    ready: Callable[[str], None] | None = None,
    memory: Memory | None = None,
) -> None:
    """Serve the page until the program is told to end.

    Args:
        settings: Address, port and limits.
        talker: Answers the questions.
        model_label: Which model is in use, in a few words.
        ready: Called with the page's address once it answers.
        memory: What is remembered with people; forgets with this program by default.

    Raises:
        ToolError: If the port is taken.
    """
    memory = memory or Memory(None)
    store = Store(settings.path, memory.forget_chat)
    chats = Chats(talker, store, limits(settings), memory if settings.remember else None)
    identity = known_people(settings)
    shares = Shares(settings.path / "shares.sqlite3")
    all_routes = [*routes(chats, identity), *publishing.routes(chats, identity, shares)]
    all_routes += remembered.routes(memory, identity)
    page = Page(chats, identity, model_label, SAMPLE)
    all_uploads = settings.path / "uploads"
    all_uploads.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=all_uploads) as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads
        try:
            _, address, _ = page.blocks.queue(default_concurrency_limit=None, api_open=False).launch(
                server_name=settings.host,
                server_port=settings.port,
                root_path=settings.root_path or None,
                prevent_thread_lock=True,
                quiet=True,
                show_error=False,
                footer_links=[],
                run_history=False,
                ssr_mode=False,
                share=False,
                max_file_size=f"{settings.max_upload_mb}mb",
                theme=theme(),
                css=css(),
                head=head(),
                app_kwargs={
                    "middleware": [Middleware(Gate, identity=identity)],
                    "routes": all_routes,
                },
            )
        except OSError as error:
            raise ToolError(
                f"The page cannot listen on {settings.host}:{settings.port}.",
                "Another program may be using the port; choose another one with --port.",
            ) from error
        if ready is not None:
            ready(address)
        threading.Thread(target=_preload, name="preload", daemon=True).start()
        threading.Thread(
            target=_forget, args=(store, settings.keep_days, all_uploads, chats), name="forget", daemon=True
        ).start()
        page.blocks.block_thread()


def limits(settings: Settings) -> Limits:
    """Return what one person may use."""
    return Limits(settings.workers, settings.max_files, settings.max_chats, settings.max_kept_mb)


def known_people(settings: Settings) -> Identity:
    """Return who may use the page: the accounts where there are some, otherwise every browser for itself."""
    accounts = Accounts(settings.account_lines())
    if not accounts and (settings.accounts or settings.accounts_file):
        raise ToolError(
            "There is no account among those that were given, so nobody could sign in.",
            "Make one with `app.py --add-account NAME`.",
        )
    return Identity(accounts, SignedIn(settings.path, accounts) if accounts else None)


def forget_uploads(folder: Path, being_read: Callable[[], Collection[Path]]) -> None:
    """Delete uploaded files that were read, those of programs that were killed among them.

    Args:
        folder: Where files are uploaded to; they are kept for a quarter of an hour.
        being_read: Returns the files that somebody still waits for.
    """
    for path in folder.rglob("*"):
        try:
            if path.stat().st_mtime > time.time() - UPLOADS_SECONDS or path in being_read():
                continue
            if path.is_file():
                path.unlink()
            elif path.parent != folder:
                path.rmdir()
        except OSError:
            continue  # another program is using it, or it is gone already; the next round comes


def _forget(store: Store, days: float, uploads: Path, chats: Chats) -> None:
    """Delete what has been kept for long enough, uploads every minute and chats every hour."""
    for minute in itertools.count():
        n_forgotten = store.forget_old(days) if minute % 60 == 0 else 0
        if n_forgotten:
            log.info("Deleted %d chats that nobody opened for %g days", n_forgotten, days)
        forget_uploads(uploads, chats.being_read)
        time.sleep(60)


def _preload() -> None:
    """Import what the first question needs, so that it does not wait for it."""
    for name in SLOW_TO_IMPORT:
        importlib.import_module(name)
    all_tools()
    log.info("Everything is loaded")
