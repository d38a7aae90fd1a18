"""Chooses who speaks: the built-in analyst, or a model on any OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.settings import Settings
from tools.core import Workspace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

DEFAULT_MODEL = "gpt-4.1-mini"


def label(settings: Settings) -> str:
    """Say in a few words which model is in use and where the questions go."""
    if not settings.uses_server:
        return "Built-in analyst: no key, no network, nothing leaves this machine"
    return f"{named(settings)}: sees questions and aggregates, never rows"


def named(settings: Settings) -> str:
    """Return name and place of the model on a server."""
    where = urlsplit(settings.base_url).netloc if settings.base_url else "api.openai.com"
    return f"{settings.model or DEFAULT_MODEL} at {where}"


def built_in(
    workspace: Callable[[], Workspace], taught: Mapping[str, str] | None = None, remembers: bool = False
) -> BaseChatModel:
    """Return the built-in analyst, who runs in this process and reads the workspace as it stands.

    Args:
        workspace: Gives the data.
        taught: Words that were taught in other chats, with the column that each means.
        remembers: Whether what was found earlier can be asked for.
    """
    from assistant.builtin.model import BuiltinAnalyst

    return BuiltinAnalyst(workspace_view=workspace, taught=dict(taught or {}), remembers=remembers)


def on_server(settings: Settings, says_usage: bool = False) -> BaseChatModel:
    """Return the chat model on the server that the settings name.

    Args:
        settings: Key, address and model name.
        says_usage: Whether to ask the server for a count of tokens; some refuse the question.
    """
    # langchain_openai takes two seconds to import: only where a server is used.
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=settings.model or DEFAULT_MODEL,
        api_key=SecretStr(settings.api_key or "none"),
        base_url=settings.base_url or None,
        timeout=settings.timeout_seconds,
        max_retries=1,
        temperature=0,
        streaming=True,
        stream_usage=says_usage,
        use_responses_api=False,
    )
