"""Writes the lists of the README and `.env.example` from the code: `python -m tests.readme`; tests check."""

from __future__ import annotations

import re
import textwrap

from assistant.settings import described
from tests.conftest import ROOT
from tools.core import all_tools

README, EXAMPLE = ROOT / "README.md", ROOT / ".env.example"


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


def example() -> str:
    """Return `.env.example` as the settings say."""
    parts = [
        "# Copy to .env and take away the # of what you set. Nothing is needed: without a key the built-in"
    ]
    parts.append("# analyst answers. What stands in the environment wins over this file.")
    for variable, default, meaning in described():
        parts += ["", *(f"# {line}" for line in textwrap.wrap(f"{meaning}.", 100)), f"# {variable}={default}"]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    EXAMPLE.write_text(example())
    README.write_text(rendered(README.read_text()))
