"""What many tests share: small data, a scripted model, the folder with real data where it is present."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.session import Session

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
SMALL = """order_id,customer_id,country,channel,order_date,amount
o1,c1,Spain,web,2024-01-03,10.00
o2,c1,Spain,shop,2024-01-20,30.00
o3,c2,Italy,web,2024-01-21,20.00
o4,c3,Italy,web,2024-02-02,50.00
o5,c3,Italy,shop,2024-02-11,70.00
o6,c3,Italy,web,2024-03-05,
o7,c4,,web,2024-03-17,40.00
"""


@pytest.fixture
def shared() -> Path:
    """Folder with real data beside the project; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder with real data is not beside the project")
    return SHARED


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(SMALL)
    return path


@pytest.fixture
def session(small_file: Path) -> Iterator[Session]:
    opened = Session.open([small_file])
    yield opened
    opened.workspace.engine.close()


class ScriptedModel(BaseChatModel):
    """Says exactly what a test enqueued, and remembers what it was shown."""

    script: list[AIMessage]
    seen: list[list[BaseMessage]] = []  # noqa: RUF012 - pydantic copies defaults

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self.bind(tools=tools)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.seen.append(list(messages))
        return ChatResult(generations=[ChatGeneration(message=self.script.pop(0))])


def calls(tool: str, **arguments: Any) -> AIMessage:
    """Return a message that calls one tool."""
    return AIMessage("", tool_calls=[{"name": tool, "args": arguments, "id": f"call_{tool}"}])
