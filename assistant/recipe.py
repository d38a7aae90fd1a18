"""The recipe of a chat: which tools ran with which arguments on which data, and what came out; plain JSON."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.session import Step, Turn
from tools.core import DataTable, Fact, Json, Scalar, Segmentation, Workspace, all_tools
from tools.errors import ToolError

FORMAT, VERSION = "cash classifiers recipe", 1
_IN_PAGE = re.compile(r'<script type="application/json" id="recipe">(.*?)</script>', re.DOTALL)
LARGEST = 50_000_000  # bytes; larger files are data
READABLE = ("html", "json", "ipynb", "py")


@dataclass(frozen=True)
class Source:
    """One table the chat stood on.

    Attributes:
        name: Of the table.
        file: Its name, without the folder.
        n_rows: Rows.
        columns: As in the file.
        first: Earliest moment as ISO text, or empty.
        last: Latest moment, or empty.
        digest: The same for the same rows in any order.
    """

    name: str
    file: str
    n_rows: int
    columns: tuple[str, ...]
    first: str = ""
    last: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Call:
    """One tool call that worked.

    Attributes:
        question: The person's words; empty where the answer is not part of the report.
        tool: Its name.
        arguments: Plain JSON.
        headline: What it said.
        facts: All it stood on.
        sizes: Name, customers, share (0 to 1) of each segment that was current afterwards.
        withheld: Whether some of the facts are kept from others, so that further ones are no news.
    """

    question: str
    tool: str
    arguments: Json
    headline: str
    facts: tuple[Fact, ...] = ()
    sizes: tuple[tuple[str, int, float], ...] = ()
    withheld: bool = False


@dataclass(frozen=True)
class Recipe:
    """Everything needed to run a chat again without a model.

    Attributes:
        title: Of the report.
        created: ISO date.
        sources: Tables, the main one first.
        calls: In order.
        segmentation: The current one at the end, whose frozen model can be applied to other customers.
        reference: Customers behind it, as counts in bins.
    """

    title: str
    created: str
    sources: tuple[Source, ...]
    calls: tuple[Call, ...]
    segmentation: Segmentation | None = None
    reference: Json | None = None

    def to_json(self) -> Json:
        """Return plain JSON from which `from_json` makes an equal recipe."""
        document: Json = {"format": FORMAT, "version": VERSION, **asdict(self)}
        document["segmentation"] = self.segmentation.to_json() if self.segmentation else None
        plain: Json = _finite(json.loads(json.dumps(document, default=_plain)))
        return plain

    @classmethod
    def from_json(cls, document: Any) -> Recipe:
        """Read what `to_json` wrote.

        Raises:
            ToolError: If it is no recipe, or one of a newer version.
        """
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ToolError(
                "There is no recipe in this file.", f"Use a report saved here as {' or '.join(READABLE)}."
            )
        try:
            if int(document["version"]) > VERSION:
                raise ToolError(
                    "This recipe was saved by a newer version of this program.", "Update the program."
                )
            segmentation = document.get("segmentation")
            return cls(
                title=str(document["title"]),
                created=str(document["created"]),
                sources=tuple(
                    Source(**{**each, "columns": tuple(each["columns"])}) for each in document["sources"]
                ),
                calls=tuple(_call(each) for each in document["calls"]),
                segmentation=Segmentation.from_json(segmentation) if segmentation else None,
                reference=document.get("reference"),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ToolError("The recipe in this file is damaged.", "Save the report again.") from error


def recipe_of(
    workspace: Workspace, turns: Sequence[Turn], shown: Sequence[Turn], title: str, created: str
) -> Recipe:
    """Make the recipe of a conversation.

    Args:
        workspace: As it stands at the end.
        turns: Every turn, in order.
        shown: Those that are part of the report. Of the others only those calls are kept that changed the
            segments, without the question: later answers stand on them.
        title: Of the report.
        created: ISO date.
    """
    calls = []
    for turn in turns:
        is_shown = any(turn is each for each in shown)
        for step in replayable(turn):
            if is_shown or (step.result is not None and step.result.workspace is not None):
                calls.append(_recorded(step, turn.question if is_shown else ""))
    main = [workspace.table, *(table for table in workspace.tables.values() if table.name != workspace.main)]
    segmentation = workspace.segmentation
    return Recipe(
        title,
        created,
        tuple(source_of(workspace, table) for table in main if table.source),
        tuple(calls),
        segmentation,
        _reference(workspace, segmentation) if segmentation else None,
    )


def replayable(turn: Turn) -> Iterator[Step]:
    """Yield the steps whose effect lasted; a turn that failed left nothing behind."""
    if turn.status != "error":
        yield from (step for step in turn.steps if step.result is not None and step.tool in all_tools())


def source_of(workspace: Workspace, table: DataTable) -> Source:
    """Describe a loaded table so that the same data are recognised."""
    time = table.column(table.time or "")
    ends = (time.minimum, time.maximum) if time is not None else ("", "")
    own = tuple(column.name for column in table.columns if column.derived_from is None)
    engine = workspace.engine
    digest = engine.memo(("digest", table), lambda: engine.digest(table.name))
    return Source(table.name, table.source, table.n_rows, own, str(ends[0] or ""), str(ends[1] or ""), digest)


def holds_recipe(path: Path) -> bool:
    """Tell whether a file is a report, or a recipe, that was saved here."""
    if path.suffix.lower().lstrip(".") not in READABLE or not path.is_file():
        return False
    if path.stat().st_size > LARGEST:
        return False
    try:
        read_recipe(path)
    except ToolError:
        return False
    return True


def read_recipe(path: Path) -> Recipe:
    """Read the recipe that a report carries.

    Raises:
        ToolError: If the file cannot be read or carries none.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return Recipe.from_json(_document(text, path.suffix.lower()))
    except OSError as error:
        raise ToolError(f"{path.name} cannot be read.", "Check the name and the folder.") from error
    except (UnicodeDecodeError, json.JSONDecodeError, SyntaxError, AttributeError) as error:
        raise ToolError(
            f"There is no recipe in {path.name}.",
            f"Use a report saved here as {', '.join(READABLE[:-1])} or {READABLE[-1]}.",
        ) from error


def state_of(workspace: Workspace) -> Hashable:
    """Return what all words on the current segments depend on: tables, their reading, the segments."""
    segmentation = workspace.segmentation
    made = json.dumps(segmentation.to_json(), sort_keys=True) if segmentation else ""
    return tuple(workspace.tables.values()), workspace.reference_date, made


def sizes_of(segmentation: Segmentation | None) -> tuple[tuple[str, int, float], ...]:
    """Return name, customers and share of each segment."""
    return tuple((one.name, one.size, one.share) for one in segmentation.segments) if segmentation else ()


def _document(text: str, suffix: str) -> Any:
    if suffix in (".html", ".htm"):
        found = _IN_PAGE.search(text)
        return json.loads(found[1]) if found else None
    if suffix == ".ipynb":
        return json.loads(text).get("metadata", {}).get("recipe")
    if suffix == ".py":  # read, never run
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "RECIPE":
                return json.loads(ast.literal_eval(node.value.args[0]))  # type: ignore[attr-defined]
        return None
    return json.loads(text)


def _recorded(step: Step, question: str) -> Call:
    result = step.result
    if result is None:
        raise ValueError("only steps that worked are recorded")
    made = result.workspace.segmentation if result.workspace else None
    return Call(question, step.tool, dict(step.arguments), result.headline, result.facts, sizes_of(made))


def _reference(workspace: Workspace, segmentation: Segmentation) -> Json:
    from tools.over_time.reference import reference  # scikit-learn stands behind it: not at start-up

    known = ("reference", state_of(workspace))
    return workspace.engine.memo(known, lambda: reference(workspace, segmentation))


def _call(document: Json) -> Call:
    facts = tuple(Fact(**fact) for fact in document["facts"])
    sizes = tuple((str(name), int(n), float(part)) for name, n, part in document["sizes"])
    return Call(
        document["question"],
        document["tool"],
        document["arguments"],
        document["headline"],
        facts,
        sizes,
        bool(document.get("withheld")),
    )


def _plain(value: Any) -> Scalar:
    return value.item() if hasattr(value, "item") else str(value)


def _finite(part: Any) -> Any:
    """Write what is no number as nothing: JSON knows neither NaN nor infinity."""
    if isinstance(part, dict):
        return {name: _finite(each) for name, each in part.items()}
    if isinstance(part, list):
        return [_finite(each) for each in part]
    return None if isinstance(part, float) and not math.isfinite(part) else part
