"""Reads and fills the templates of `prompts/`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER = Path(__file__).resolve().parent.parent / "prompts"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Markdown for people and models; pages of HTML switch escaping on by their ending.
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(name: str, **values: Any) -> str:
    """Return the template of this name (`system.md`) with its values filled in.

    Raises:
        jinja2.UndefinedError: If a value that the template needs is not given.
    """
    return _environment().get_template(name).render(**values).strip()
