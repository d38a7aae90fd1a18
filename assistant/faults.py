"""Knows what can go wrong with a model or its loop, and what a person is told then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.prompts import fill
from assistant.settings import Settings
from assistant.usage import TokensError


class ModelError(Exception):
    """Something about a model that a person can be told; each kind has its words in `errors.md`.

    Attributes:
        code: Which of them.
    """

    code = "server"


class TooSlowError(ModelError):
    """A model used up the seconds that one question may take."""

    code = "slow"


class CircleError(ModelError):
    """A model asked for the same call again and again."""

    code = "circles"


class RamblingError(ModelError):
    """A model said the same over and over and came to no end."""

    code = "rambling"


class CutError(ModelError):
    """An answer ended in the middle."""

    code = "cut"


class GarbledError(ModelError):
    """A model or its server said something that cannot be read."""

    code = "garbled"


class DeclinedError(ModelError):
    """A model, or a filter before it, declined to answer."""

    code = "declined"


class EmptyError(ModelError):
    """A model said nothing."""

    code = "empty"


class TooLongError(ModelError):
    """What the model was to read is longer than it can take in."""

    code = "long"


def failures() -> tuple[type[BaseException], ...]:
    """Errors of model servers and of the loop that a person can do something about."""
    import openai
    from langgraph.errors import GraphRecursionError

    ours = (ModelError, TokensError)
    return (*ours, openai.OpenAIError, GraphRecursionError, json.JSONDecodeError)


# langchain-core where a stream holds no event; langchain-openai where a message has no choices.
_UNREADABLE = ("No generation chunks", "No generations found in stream", "null value for")


@contextmanager
def told_apart() -> Iterator[None]:
    """Give errors of a server that its client library reports under other names their own.

    Raises:
        TooLongError: Where a request was longer than the model can take in.
        GarbledError: Where an answer was no answer of such a server.
    """
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        told = str(error).lower()
        too_long = error.status_code in (400, 413, 500) and "context" in told
        if too_long and any(word in told for word in ("length", "exceed", "window", "size", "tokens")):
            raise TooLongError from error
        raise
    except (ValueError, TypeError) as error:
        if any(words in str(error) for words in _UNREADABLE):
            raise GarbledError from error
        raise


def first_sentence(text: str) -> str:
    """Return what happened without what to do about it."""
    return text.split(". ")[0].rstrip(".") + "."


def code_of(error: BaseException | None) -> str:
    """Return which of the cases of `errors.md` an error is; "bug" for one that nobody foresaw."""
    import openai
    from langgraph.errors import GraphRecursionError

    if isinstance(error, ModelError):
        return error.code
    if isinstance(error, openai.APIConnectionError) and _went_away(error):
        return "cut"
    kinds: list[tuple[type[BaseException] | tuple[type[BaseException], ...], str]] = [
        (openai.LengthFinishReasonError, "cut"),
        (openai.ContentFilterFinishReasonError, "declined"),
        (openai.APITimeoutError, "timeout"),
        (openai.APIConnectionError, "unreachable"),
        ((openai.AuthenticationError, openai.PermissionDeniedError), "key"),
        (openai.RateLimitError, "busy"),
        (TokensError, "tokens"),
        (GraphRecursionError, "steps"),
        (json.JSONDecodeError, "garbled"),
        (openai.APIStatusError, "server"),
        (openai.OpenAIError, "server"),
    ]
    return next((code for kind, code in kinds if isinstance(error, kind)), "bug")


def _went_away(error: BaseException) -> bool:
    """Tell whether a server was reached and broke off; the transport's own error lies deep below."""
    cause: BaseException | None = error
    while cause is not None:
        if type(cause).__name__ in ("RemoteProtocolError", "ReadError"):
            return True
        cause = cause.__cause__
    return False


def told_of(code: str, settings: Settings, error: BaseException | None = None) -> str:
    """Return what a person is told: what happened, and what to try."""
    return fill(
        "errors.md",
        code=code,
        seconds=f"{settings.max_seconds if code == 'slow' else settings.timeout_seconds:g}",
        steps=settings.max_steps,
        tokens=f"{settings.max_tokens:,}",
        detail=getattr(error, "status_code", ""),
        wait=_wait(error),
    )


def _wait(error: BaseException | None) -> str:
    """Return how long a server asks to be left alone, in words."""
    response = getattr(error, "response", None)
    seconds = response.headers.get("retry-after", "") if response is not None else ""
    if not seconds.isdigit() or int(seconds) == 0:
        return "a minute"
    if int(seconds) <= 90:
        return f"{int(seconds)} seconds"
    return f"about {round(int(seconds) / 60)} minutes"
