"""Writes the lists of the README from the code: `python -m tests.readme`; a test checks them."""

from __future__ import annotations

import re

from assistant.settings import described
from tests.conftest import ROOT
from tools.core import all_tools

README = ROOT / "README.md"


def rendered(text: str) -> str:
    """Return the README with its lists as the code says."""
    for name, lines in {"settings": _settings(), "tools": _tools()}.items():
        block = "\n".join([f"<!-- {name} -->", "", *lines, "", f"<!-- /{name} -->"])
        text = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _: block, text, flags=re.DOTALL)  # noqa: B023
    return text


def _settings() -> list[str]:
    rows = [
        f"| `{variable}` | {meaning} | {f'`{default}`' if default else ''} |"
        for variable, default, meaning in described()
    ]
    return ["| variable | meaning | default |", "|---|---|---|", *rows]


def _tools() -> list[str]:
    rows = []
    for name, spec in all_tools().items():
        summary = " ".join(spec.description.split("\n\n")[0].split())
        rows.append(f"| `{name}` | {summary} |")
    return ["| tool | what it does |", "|---|---|", *rows]


if __name__ == "__main__":
    README.write_text(rendered(README.read_text()))
