"""Lends the tools to an agent of somebody else, who is told no more than a model on a server."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant import privacy
from assistant.calling import Calls
from assistant.memory import Memory
from assistant.offering import told_schema
from assistant.session import Session, Turn
from assistant.settings import Settings
from tools.core import all_tools
from tools.files.loading import Given

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

DATA = "see_data"
ABOUT_DATA = "See which tables and columns there are; call this first."
ABOUT = (
    "Customer segmentation by computation: aggregates only. Rows, names, e-mails, ids, free text and groups "
    "of fewer than five people are never told."
)


class Toolbox:
    """The tools over one set of files.

    Args:
        session: Loaded data; segments that are made stay in it from call to call.
        memory: Notes for questions in general.
    """

    def __init__(self, session: Session, memory: Memory | None = None) -> None:
        self._session, self._memory = session, memory or Memory(None)
        self._turn = threading.Lock()

    @classmethod
    def open(cls, paths: Sequence[Given] | Mapping[str, Given]) -> Toolbox:
        """Load files, databases, or tables in memory.

        Raises:
            ToolError: If a file cannot be used.
        """
        return cls(Session.open(paths))

    def schemas(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Return description and JSON schema of the arguments of every tool, by name, in few words."""
        tools = {name: (spec.description, told_schema(spec)) for name, spec in all_tools().items()}
        return {DATA: (ABOUT_DATA, {"type": "object", "properties": {}}), **tools}

    def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Run a tool and return what a model elsewhere may know of the result, as JSON."""
        with self._turn:  # one writer of the session
            if name == DATA:
                return privacy.describe_for_model(self._session.workspace)
            calls = Calls(self._session, self._memory, name, Settings(), threading.Event())
            calls.leaves_machine = True
            told = calls.run(name, dict(arguments))
            # Kept as a turn, so that neutral words that were told for names are understood later on.
            self._session.add(Turn(name, tuple(calls.steps)))
            return told


def langchain_tools(paths: Sequence[Given] | Mapping[str, Given]) -> list[BaseTool]:
    """Return the tools over some files for an agent built with LangChain.

    Args:
        paths: Files of customers or transactions, or pandas and Arrow tables by name.

    Raises:
        ToolError: If a file cannot be used.
    """
    from langchain_core.tools import StructuredTool

    box = Toolbox.open(paths)
    return [
        StructuredTool.from_function(
            func=lambda _name=name, **arguments: box.call(_name, arguments),
            name=name,
            description=description,
            args_schema=schema,
        )
        for name, (description, schema) in box.schemas().items()
    ]
