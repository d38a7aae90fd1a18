"""The directions of import and the promises about tools hold for the code as it stands."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.core import ToolSpec, all_tools

SOURCES = [
    path for folder in ("assistant", "tools", "data") for path in sorted((ROOT / folder).rglob("*.py"))
]
TOOLS = sorted(all_tools().values(), key=lambda spec: spec.name)


def test_import_directions() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_first_what_it_knows(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "a file says in its first sentence what it knows"


@pytest.mark.parametrize("spec", TOOLS, ids=lambda spec: spec.name)
def test_every_tool_tells_what_it_does_and_what_it_takes(spec: ToolSpec) -> None:
    assert len(spec.description) > 20
    schema = spec.arguments.model_json_schema()
    untold = [
        name for name, argument in schema.get("properties", {}).items() if not argument.get("description")
    ]
    assert not untold, f"arguments without a description: {untold}"


def test_nothing_is_pickled_and_no_text_is_run() -> None:
    forbidden = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
    for path in [*SOURCES, ROOT / "app.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert not forbidden & {name.name.split(".")[0] for name in node.names}, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec"}, path


def test_only_the_page_imports_gradio() -> None:
    for path in SOURCES:
        if (ROOT / "assistant" / "ui") not in path.parents:
            assert "gradio" not in _imported(path), path


def test_the_command_line_starts_without_heavy_libraries() -> None:
    heavy = ("sklearn", "chromadb", "openai", "gradio", "langchain")
    code = f"import sys, assistant.cli; print(*[name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names
