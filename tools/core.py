"""Knows the types that all tools share, and how a plain function becomes a tool."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import typing
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Literal

import docstring_parser
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from tools import drawing
from tools.decimals import without_dots
from tools.engine import Engine
from tools.errors import ToolError

Scalar = float | int | str | bool | None
Json = dict[str, Any]

Kind = Literal["number", "text", "date", "datetime", "time", "boolean"]
Role = Literal[
    "customer_key",  # names the customer
    "row_key",  # names the transaction, order or row
    "time",  # when it happened
    "clock",  # time of day beside a date
    "amount",  # money of one transaction
    "balance",  # money held
    "quantity",  # units bought
    "birth_date",
    "age",
    "category",  # few values, each many times
    "place",
    "outcome",  # churned, converted, label
    "measure",  # any other number that may be averaged
    "flag",  # yes/no
    "personal",  # names, e-mails, phones: never shown to a model
    "free_text",
    "constant",
    "index",  # a row number without meaning
]


@dataclass(frozen=True, slots=True)
class Fact:
    """One number or word that may be quoted.

    Attributes:
        name: What it is, in snake case, carrying its unit where it has one (`share_pct`).
        value: The value, unrounded.
        unit: "INR", "%", "customers", "days" ... or None.
        scope: What it is about: filter, group or period; empty for the whole.
    """

    name: str
    value: Scalar
    unit: str | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A small table for the person; `units[i]` belongs to `columns[i]`, `detail` marks proof to look up."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    units: tuple[str | None, ...] = ()
    n_rows_total: int | None = None  # set where rows were left out, so that nothing is cut silently
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of one column.

    Attributes:
        name: As in the file.
        kind: How it is stored after cleaning.
        role: What it means.
        unit: Currency or unit, if the data or the person said so.
        protected: Sex, age, marital status, place and the like: kept out of distances by default.
        n_missing: Rows without a value.
        n_distinct: Distinct values, exact; None where not counted.
        minimum: Smallest value as number or ISO text, None for text.
        maximum: Largest value, likewise.
        values: Most frequent values with their counts, for text, flags and small integers.
        derived_from: The column it was computed from, if it is not in the file.
        note: One sentence on what is special, or empty.
    """

    name: str
    kind: Kind
    role: Role
    unit: str | None = None
    protected: bool = False
    n_missing: int = 0
    n_distinct: int | None = None
    minimum: Scalar = None
    maximum: Scalar = None
    values: tuple[tuple[str, int], ...] = ()
    derived_from: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CleaningStep:
    """Something that was changed while reading, the rows it touched, its other numbers as `facts`."""

    code: str
    column: str | None
    n_rows: int
    sentence: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know; nothing was changed for it; its other numbers as `facts`."""

    code: str  # "conflicting_customers", "one_purchase_each", "placeholder_dates", ...
    severity: Literal["info", "warning", "serious"]
    column: str | None
    n_rows: int
    sentence: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class DataTable:
    """A loaded table: its engine name, what its columns mean, what was mended and what was found.

    Attributes:
        name: Name in the engine and in requests.
        source: File name, without its folder.
        n_rows: Rows after reading; nothing is dropped silently.
        columns: In file order, derived ones last.
        grain: What one row is.
        customer: Column that names the customer, or None.
        time: Column that says when, or None.
        clock: Column with the time of day beside `time`, or None.
        amount: Column with the money of a transaction, or None.
        cleaning: What was changed.
        findings: What a person should know.
        order: Column that names the order, where rows are the lines of orders, or None.
        reading: How it was read and what a person decided about that, as plain JSON; see `files.drafts`.
    """

    name: str
    source: str
    n_rows: int
    columns: tuple[Column, ...]
    grain: Literal["transactions", "customers", "rows"] = "rows"
    customer: str | None = None
    time: str | None = None
    clock: str | None = None
    amount: str | None = None
    cleaning: tuple[CleaningStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    order: str | None = None
    reading: Json = field(default_factory=dict, compare=False)

    def column(self, name: str) -> Column | None:
        """Return the column of exactly this name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def by_role(self, *roles: Role) -> list[Column]:
        """Return the columns that have one of the roles, in file order."""
        return [column for column in self.columns if column.role in roles]


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a segmentation.

    Attributes:
        key: Stable number; also chooses its colour everywhere.
        name: What people call it.
        leaves: Leaves of the model that belong to it; merging joins them.
        size: Customers.
        share: Part of all customers, 0 to 1.
        rule: Readable rule, as a sentence fragment ("balance above 100,000 and ...").
        value_share: Part of the total value (amount), 0 to 1, or None where there is no amount.
        stability: Bootstrap Jaccard, 0 to 1, or None where not applicable.
        summary: Two or three sentences for a slide, or empty.
    """

    key: int
    name: str
    leaves: tuple[int, ...]
    size: int
    share: float
    rule: str = ""
    value_share: float | None = None
    stability: float | None = None
    summary: str = ""


@dataclass(frozen=True)
class Segmentation:
    """A way to put every customer into one segment; plain JSON, nothing in it can run.

    Attributes:
        name: What people call it.
        kind: Where it comes from.
        method: The procedure in a few words ("k-means on 4 features").
        features: Customer features that decide.
        model: JSON tree that `segments.assigning.assign` evaluates (centres, conditions, nested splits).
        segments: In order of `key`.
        n_customers: Customers segmented.
        evidence: Criteria by k, verdict ("segments" | "partly" | "none" | "rule"), exclusions with reasons.
        seed: Of the random number generator.
        reference_date: ISO date that recency and age are counted from, or None.
        population: Conditions that chose the customers, as JSON, empty for everybody.
        version: Grows with every edit.
        note: How this version came about, in a few words.
        parent: Name and version that was the current one when this version was made.
    """

    name: str
    kind: Literal["clusters", "rules", "RFM", "tiers"]
    method: str
    features: tuple[str, ...]
    model: Json
    segments: tuple[Segment, ...]
    n_customers: int
    evidence: Json = field(default_factory=dict)
    seed: int = 0
    reference_date: str | None = None
    population: tuple[Json, ...] = ()
    version: int = 1
    note: str = ""
    parent: tuple[str, int] | None = None

    def to_json(self) -> Json:
        """Return plain JSON from which `from_json` makes an equal object."""
        return typing.cast(Json, json.loads(json.dumps(asdict(self))))

    @classmethod
    def from_json(cls, document: Json) -> Segmentation:
        """Read what `to_json` wrote.

        Raises:
            ToolError: If the document is not a segmentation.
        """
        try:
            segments = tuple(
                Segment(**{**segment, "leaves": tuple(segment["leaves"])}) for segment in document["segments"]
            )
            parent = document.get("parent")
            return cls(
                **{
                    **document,
                    "segments": segments,
                    "features": tuple(document["features"]),
                    "population": tuple(document.get("population", ())),
                    "parent": (parent[0], parent[1]) if parent else None,
                }
            )
        except (KeyError, TypeError) as error:
            raise ToolError(
                "This file does not hold a segmentation.", "Use a file that was exported here."
            ) from error


@dataclass(frozen=True)
class Workspace:
    """Everything a tool may read: the tables and the segmentations; never changed in place."""

    engine: Engine
    tables: Mapping[str, DataTable]
    main: str
    segmentations: Mapping[str, Segmentation] = field(default_factory=lambda: MappingProxyType({}))
    current: str | None = None
    history: tuple[Segmentation, ...] = ()  # versions other than those in `segmentations`, oldest first
    reference_date: str | None = None  # ISO date chosen by the person; None means the last date in the data

    @property
    def table(self) -> DataTable:
        """The main table."""
        return self.tables[self.main]

    @property
    def segmentation(self) -> Segmentation | None:
        """The current segmentation, if there is one."""
        return self.segmentations.get(self.current) if self.current else None

    def with_segmentation(self, segmentation: Segmentation) -> Workspace:
        """Return a workspace in which this is the newest version under its name, and the current one.

        Version and parent are set here, so that every edit can be undone and redone.
        """
        now = self.segmentation
        versions = [known.version for known in self.versions(segmentation.name)]
        made = replace(
            segmentation,
            version=max(versions) + 1 if versions else segmentation.version,
            parent=(now.name, now.version) if now else None,
        )
        return self.showing(made)

    def versions(self, name: str) -> list[Segmentation]:
        """Return every known version of the segmentation of this name, oldest first."""
        known = [*self.history, *self.segmentations.values()]
        return sorted((item for item in known if item.name == name), key=lambda item: item.version)

    def showing(self, segmentation: Segmentation) -> Workspace:
        """Return a workspace in which this version is the current one; other versions stay in the history."""
        shown = self.segmentations.get(segmentation.name)
        others = [item for item in self.history if (item.name, item.version) != _version(segmentation)]
        if shown and _version(shown) != _version(segmentation):
            others.append(shown)
        return replace(
            self,
            segmentations=MappingProxyType({**self.segmentations, segmentation.name: segmentation}),
            current=segmentation.name,
            history=tuple(others),
        )


def _version(segmentation: Segmentation) -> tuple[str, int]:
    return segmentation.name, segmentation.version


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file that a person may fetch; it is made from the current segments when it is fetched."""

    name: str  # with the ending that decides its format
    holds: Literal["customers", "segments"]


@dataclass(frozen=True)
class ToolResult:
    """What a tool found.

    Attributes:
        headline: One sentence that answers the request, with its numbers; Markdown.
        facts: All that may be quoted; every number in headline and findings is among them.
        findings: What it means: sentences or short Markdown paragraphs, most important first.
        tables: For the person.
        figures: Plotly figures as plain JSON, for the person.
        caveats: What the data cannot tell, or what was assumed, one sentence each.
        workspace: The new workspace, if the tool made one.
        files: What the person may fetch.
    """

    headline: str
    facts: tuple[Fact, ...] = ()
    findings: tuple[str, ...] = ()
    tables: tuple[ResultTable, ...] = ()
    figures: tuple[Json, ...] = ()
    caveats: tuple[str, ...] = ()
    workspace: Workspace | None = None
    files: tuple[OfferedFile, ...] = ()


class Arguments(BaseModel):
    """Base of argument types that tools share; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class ToolSpec:
    """A tool as others see it; everything is read off the function."""

    name: str
    function: Callable[..., ToolResult]

    @cached_property
    def _doc(self) -> Any:
        text = inspect.getdoc(self.function) or ""
        return docstring_parser.parse(text, docstring_parser.DocstringStyle.GOOGLE)

    @property
    def description(self) -> str:
        """Summary and further text of the docstring, without its sections."""
        parts = (self._doc.short_description, self._doc.long_description)
        return "\n\n".join(part for part in parts if part)

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """Pydantic model of the arguments, without the workspace."""
        hints = typing.get_type_hints(self.function, include_extras=True)
        told = {parameter.arg_name: parameter.description for parameter in self._doc.params}
        fields: dict[str, Any] = {}
        for name, parameter in list(inspect.signature(self.function).parameters.items())[1:]:
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[name] = (hints[name], Field(default, description=told.get(name)))
        return create_model(f"{self.name}_arguments", __config__=ConfigDict(extra="forbid"), **fields)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON schema of the arguments, made once; whoever takes it must not change it."""
        return self.arguments.model_json_schema()

    def call(self, workspace: Workspace, arguments: Mapping[str, Any]) -> ToolResult:
        """Check the arguments and run the tool.

        Raises:
            ToolError: If the arguments do not fit, or the tool cannot do what was asked.
        """
        try:
            checked = self.arguments.model_validate(without_dots(dict(arguments)))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            known = ", ".join(self.arguments.model_fields)
            raise ToolError(
                f"{self.name} cannot use the argument {where}: {first['msg']}.", f"It takes: {known}."
            ) from error
        given = {name: getattr(checked, name) for name in self.arguments.model_fields}
        with drawing.watched() as drawn:
            found = self.function(workspace, **given)
        for one in sorted(drawn, key=lambda each: (each.of, each.n)):
            counts = (Fact("n_drawn", one.n, "customers"), Fact("n_drawn_from", one.of, "customers"))
            found = replace(found, caveats=(*found.caveats, one.words), facts=(*found.facts, *counts))
        return found


_REGISTRY: dict[str, ToolSpec] = {}


def tool(function: Callable[..., ToolResult]) -> Callable[..., ToolResult]:
    """Register a function `(workspace, **typed arguments) -> ToolResult` as a tool."""
    _REGISTRY[function.__name__] = ToolSpec(function.__name__, function)
    return function


def all_tools() -> Mapping[str, ToolSpec]:
    """Return every tool by name; importing a file of this package is all it takes to add one."""
    _import_all_files()
    return MappingProxyType(dict(sorted(_REGISTRY.items())))


@cache
def _import_all_files() -> None:
    """Import every file of this package, so that its tools are registered; reading the folders takes long."""
    package = importlib.import_module("tools")
    for module in pkgutil.walk_packages(package.__path__, "tools."):
        importlib.import_module(module.name)
