"""Knows what can go wrong with a model or its loop, and what a person is told then."""

from __future__ import annotations

import json

from assistant.prompts import fill
from assistant.settings import Settings


class TooSlowError(Exception):
    """A model used up the seconds that one question may take."""


class CircleError(Exception):
    """A model asked for the same call again and again."""


def failures() -> tuple[type[BaseException], ...]:
    """Errors of model servers and of the loop that a person can do something about."""
    import httpx
    import openai
    from langgraph.errors import GraphRecursionError

    ours = (TooSlowError, CircleError)
    return (*ours, openai.OpenAIError, GraphRecursionError, httpx.HTTPError, json.JSONDecodeError)


def first_sentence(text: str) -> str:
    """Return what happened without what to do about it."""
    return text.split(". ")[0].rstrip(".") + "."


def code_of(error: BaseException | None) -> str:
    """Return which of the cases of `errors.md` an error is; "bug" for one that nobody foresaw."""
    import httpx
    import openai
    from langgraph.errors import GraphRecursionError

    kinds: list[tuple[type[BaseException] | tuple[type[BaseException], ...], str]] = [
        ((openai.APITimeoutError, httpx.TimeoutException), "timeout"),
        ((openai.APIConnectionError, httpx.ConnectError), "unreachable"),
        ((openai.AuthenticationError, openai.PermissionDeniedError), "key"),
        (openai.RateLimitError, "busy"),
        (TooSlowError, "slow"),
        (CircleError, "circles"),
        (GraphRecursionError, "steps"),
        ((openai.OpenAIError, httpx.HTTPError, json.JSONDecodeError), "server"),
    ]
    return next((code for kind, code in kinds if isinstance(error, kind)), "bug")


def told_of(code: str, settings: Settings, error: BaseException | None = None) -> str:
    """Return what a person is told: what happened, and what to try."""
    return fill(
        "errors.md",
        code=code,
        seconds=f"{settings.max_seconds if code == 'slow' else settings.timeout_seconds:g}",
        steps=settings.max_steps,
        detail=getattr(error, "status_code", ""),
    )
