"""Knows the forms that a report can have, and which file draws which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from assistant.report.content import Report
from tools.errors import ToolError
from tools.wording import listing


@dataclass(frozen=True)
class Form:
    """One form of a report.

    Attributes:
        name: Ending of the file, without the dot.
        label: What people call it.
        media_type: For a download.
        module: Draws it: a file here with a function `draw(report) -> bytes`; imported on first use, because
            the libraries for paper and slides take seconds.
    """

    name: str
    label: str
    media_type: str
    module: str

    def draw(self, report: Report) -> bytes:
        """Return the report in this form."""
        function: Callable[[Report], bytes] = import_module(f"assistant.report.{self.module}").draw
        return function(report)


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("html", "Web page", "text/html; charset=utf-8", "html"),
        Form("pdf", "PDF", "application/pdf", "pdf"),
        Form("docx", "Word", f"{_OFFICE}.wordprocessingml.document", "word"),
        Form("pptx", "PowerPoint", f"{_OFFICE}.presentationml.presentation", "slides"),
        Form("md", "Markdown", "text/markdown; charset=utf-8", "text"),
        Form("ipynb", "Jupyter notebook", "application/x-ipynb+json", "notebook"),
        Form("py", "Python script", "text/x-python; charset=utf-8", "script"),
    )
}


def render(report: Report, form: str) -> bytes:
    """Return the report in one of the forms.

    Raises:
        ToolError: If there is no such form.
    """
    chosen = FORMS.get(form.lower().lstrip("."))
    if chosen is None:
        raise ToolError(f"A report cannot be written as {form!r}.", f"Use {listing(list(FORMS), 'or')}.")
    return chosen.draw(report)
