"""Knows how the program logs: what happened and where in the code, and never a value that could be data."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutData(logging.Formatter):
    """Writes of an error its kind and its place; its message may quote a cell, so it is left out."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name is logging's
        """Return the kinds of an error and of what caused it, each with the lines that led there."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            places = [
                f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            lines += [f"{type(error).__module__}.{type(error).__qualname__}", *places]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - the name is logging's
        """Leave a stack out: its lines of code are known, and nothing else in it may be shown."""
        return ""


def log_without_data(level: str) -> None:
    """Send everything that is logged, by the server's library too, through `WithoutData` to standard error.

    Args:
        level: The least important kind that is written, such as "WARNING".
    """
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutData())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
