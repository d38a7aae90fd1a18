"""What the container files promise holds: every file is there, the start works, the check of health too."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import Settings
from tests.conftest import ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text()
SETTINGS = {setting.metadata["variable"] for setting in fields(Settings)}


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the container file with their arguments, lines joined."""
    text = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", CONTAINERFILE, flags=re.MULTILINE))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def command(kind: str) -> list[str]:
    """Return the words of the command that is started, or that checks the health."""
    (rest,) = [rest for name, rest in instructions() if name == kind]
    words: list[str] = yaml.safe_load(rest[rest.index("[") :])
    return [sys.executable if word == "python" else word for word in words]


def copied() -> list[str]:
    return [source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]]


def test_the_image_runs_without_root_with_pinned_versions() -> None:
    names = [name for name, _ in instructions()]
    assert ("USER", "analyst") in instructions()
    assert names.index("USER") > max(i for i, name in enumerate(names) if name in ("RUN", "COPY"))
    assert "--constraint requirements.txt" in CONTAINERFILE
    assert ("VOLUME", "/data") in instructions()
    (environment,) = [rest for name, rest in instructions() if name == "ENV"]
    given = dict(word.split("=", 1) for word in shlex.split(environment))
    assert given["ASSISTANT_FOLDER"] == "/data"
    assert {name for name in given if name.startswith("ASSISTANT_")} <= SETTINGS


def test_the_program_starts_from_the_copied_files_alone_and_is_healthy(tmp_path: Path) -> None:
    for source in copied():
        path = ROOT / source
        assert path.exists(), source
        (shutil.copytree if path.is_dir() else shutil.copy)(path, tmp_path / source)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "ASSISTANT_PORT": str(port),
        "ASSISTANT_FOLDER": str(tmp_path / "kept"),
    }
    check = [word.replace("7860", str(port)) for word in command("HEALTHCHECK")]
    process = subprocess.Popen(
        command("CMD"), cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert "is ready at" in process.stdout.readline()
        assert subprocess.run(check, check=False, capture_output=True, timeout=30).returncode == 0
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert subprocess.run(check, check=False, capture_output=True, timeout=30).returncode != 0


def test_what_stays_out_of_the_image_is_not_needed() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied()) <= let_in


def test_compose_serves_the_page_to_this_machine_and_a_model_only_on_request() -> None:
    document: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    page, model = document["services"]["page"], document["services"]["model"]
    assert page["build"]["dockerfile"] == "Containerfile"
    assert all(port.startswith("127.0.0.1:") for port in page["ports"])
    assert set(page["environment"]) <= SETTINGS
    assert model["profiles"] == ["model"], "nothing of it is fetched unless it is asked for"
    assert "ports" not in model, "nobody outside reaches the model"
    volumes = {each.split(":")[0] for service in (page, model) for each in service["volumes"]}
    assert volumes == set(document["volumes"])


def test_every_setting_stands_in_the_example() -> None:
    named = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert named == SETTINGS
