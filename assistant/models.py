"""Chooses who speaks: the built-in analyst, or a model on any OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import Callable
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
    where = urlsplit(settings.base_url).netloc if settings.base_url else "api.openai.com"
    return f"{settings.model or DEFAULT_MODEL} at {where}: sees questions and aggregates, never rows"


def chat_model(settings: Settings, workspace: Callable[[], Workspace]) -> BaseChatModel:
    """Return the LangChain chat model that the settings ask for.

    Args:
        settings: Key, address and model name.
        workspace: Gives the workspace as it stands; only the built-in analyst, which runs in this
            process, reads it.
    """
    if not settings.uses_server:
        from assistant.builtin.model import BuiltinAnalyst

        return BuiltinAnalyst(workspace_view=workspace)
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
        use_responses_api=False,
    )
