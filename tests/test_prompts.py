"""Every prompt says what it is for and which version it is; a text that changes gets a new version."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from assistant.prompts import FOLDER

SNAPSHOT = Path(__file__).parent / "prompts.json"
HEAD = re.compile(r"\A\{# Purpose: (?P<purpose>[^#]+\.) Version: (?P<version>\d+) #\}\n")
PROMPTS = sorted(path for path in FOLDER.rglob("*.md") if path.parent.name != "builtin")


def taken(path: Path) -> tuple[str, int, str]:
    """Return name, version and digest of a prompt."""
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head, f"{path.name} does not begin with its purpose and version"
    digest = hashlib.sha256(text[head.end() :].encode()).hexdigest()[:16]
    return str(path.relative_to(FOLDER)), int(head["version"]), digest


@pytest.mark.parametrize("path", PROMPTS, ids=lambda path: path.name)
def test_a_prompt_is_what_its_version_was(path: Path) -> None:
    name, version, digest = taken(path)
    kept = json.loads(SNAPSHOT.read_text())
    assert kept.get(name) == [version, digest], (
        f"{name} has changed: raise its version, then run `python -m tests.test_prompts`"
    )


def test_no_prompt_is_kept_that_is_gone() -> None:
    assert sorted(json.loads(SNAPSHOT.read_text())) == sorted(str(p.relative_to(FOLDER)) for p in PROMPTS)


if __name__ == "__main__":
    before = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.exists() else {}
    now = {name: [version, digest] for name, version, digest in map(taken, PROMPTS)}
    for name, (version, digest) in now.items():
        if name in before and before[name][1] != digest and before[name][0] == version:
            raise SystemExit(f"{name} has changed, but not its version")
    SNAPSHOT.write_text(json.dumps(now, indent=1) + "\n")
