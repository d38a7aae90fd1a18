"""Notes are found by meaning, with their sources."""

from __future__ import annotations

import pytest

from assistant.grounding import SourcedFact, check
from assistant.memory import NOTES, Memory, answer_from_notes, read_notes
from tools.errors import ToolError


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory(None)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("What is the use of machine learning in banking?", "machine learning"),
        ("what can ML do for a bank", "machine learning"),
        ("What is the importance of customer segmentation in banking?", "segmentation"),
        ("why should a bank segment its customers?", "segment"),
        ("what does RFM mean", "RFM"),
    ],
)
def test_a_question_about_the_field_finds_its_note(memory: Memory, question: str, word: str) -> None:
    result = answer_from_notes(memory, question)
    assert word.lower() in result.headline.lower()
    assert any(finding.startswith("Sources:") for finding in result.findings)


def test_every_number_that_a_note_states_is_a_fact_with_a_source(memory: Memory) -> None:
    for note in read_notes(NOTES):
        assert note.sources, note.name
        result = answer_from_notes(memory, note.title)
        said = "\n\n".join((result.headline, *result.findings))
        assert not check(said, [SourcedFact(0, fact) for fact in result.facts]).unsupported


def test_an_unknown_subject_is_refused(memory: Memory) -> None:
    with pytest.raises(ToolError, match="do not speak of that"):
        answer_from_notes(memory, "how to bake sourdough bread at high altitude")
