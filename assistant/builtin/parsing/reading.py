"""Says in which order the kinds of request are tried.

A new kind of request is a file with `read_x(sentence, catalog) -> Outcome | None` and a line in `KINDS`; one
about segments is a line in `segments.read_segments`, one about rows in `data_questions`.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.about import read_about
from assistant.builtin.parsing.asking_back import lost
from assistant.builtin.parsing.checking import checked, explained
from assistant.builtin.parsing.contrasts import read_contrast
from assistant.builtin.parsing.corrections import read_correction
from assistant.builtin.parsing.data_questions import read_data_question
from assistant.builtin.parsing.edits import read_edit
from assistant.builtin.parsing.explanations import read_explanation
from assistant.builtin.parsing.orders import read_order
from assistant.builtin.parsing.quality import read_quality
from assistant.builtin.parsing.reasons import read_reason
from assistant.builtin.parsing.removals import read_removal
from assistant.builtin.parsing.segments import read_segments
from assistant.builtin.parsing.talk import read_domain, read_talk
from assistant.builtin.request.outcome import Outcome
from assistant.builtin.sentence import Sentence

Reader = Callable[[Sentence, Catalog], "Outcome | None"]

# First match wins. Orders come first, so that none to misbehave is ever taken for a question.
KINDS: tuple[Reader, ...] = (
    read_order,
    read_about,
    read_talk,
    read_explanation,
    read_contrast,
    read_edit,
    read_domain,
    read_segments,
    read_quality,
)


def read_sentence(text: str, catalog: Catalog) -> Outcome:
    """Read one sentence: a request, a question back, or a refusal with the nearest thing that can be done."""
    return catalog.remember(("read", text), lambda: _read(text, catalog))


def _read(text: str, catalog: Catalog) -> Outcome:
    corrected = read_correction(text, catalog)
    if corrected is not None:
        return corrected
    sentence = annotate(text, catalog)
    if not sentence.tokens:
        return lost(sentence, catalog, read_sentence)
    for kind in KINDS:
        if kind is read_domain:
            reasoned = read_removal(sentence, catalog, read_sentence) or read_reason(
                sentence, catalog, read_sentence
            )
            if reasoned is not None:
                return reasoned
        outcome = kind(sentence, catalog)
        if outcome is not None:
            return explained(outcome, sentence, catalog, read_sentence)
    found = read_data_question(sentence, catalog)
    if found is None:
        return lost(sentence, catalog, read_sentence)
    reading, parts = found
    return checked(reading, parts, read_sentence)
