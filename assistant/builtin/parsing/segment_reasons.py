"""Reads why segments are as they are: why this many, whether they are real, why a figure is so."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import NUMBER_WORDS
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.parsing.segment_words import (
    measures_something_else,
    named_segments,
    segment_words,
)
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import (
    DescribeSegments,
    ExplainSegments,
    ExplainValue,
)

_CLAIM = re.compile(
    r"\bwhy (?:are there |do i have |do we have |did you (?:make|choose|find|pick) |only |just |"
    r"exactly |is it )*"
    r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


# "describe the 9 segments", "are there 5 segments?"
_COUNTED = re.compile(
    r"\b(?:the|these|those|all|our|my|your|there|have) "
    r"(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?:customer )?(?:segments|clusters|groups|tiers)\b",
    re.IGNORECASE,
)


def claimed_number(text: str) -> int | None:
    """Return the number of segments that "why four segments and not six?" takes for granted."""
    found = _CLAIM.search(text) or _COUNTED.search(text)
    if found is None or re.search(r"\bwhy not\b", text, re.IGNORECASE):
        return None
    return NUMBER_WORDS.get(found["n"].lower()) or int(found["n"])


def read_value_question(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "why is the average age in segment B 28?": whether it is so, and what goes with it."""
    shown = masked(sentence.text, catalog, that=False)
    named = list(dict.fromkeys(shown.segments))
    why = re.match(
        r"\s*(?:why|how come|what explains|what is behind|explain why|for what reason)\b", sentence.text, re.I
    )
    if not why or len(named) != 1 or not catalog.segments or re.search(r"\bdifferent\b", sentence.text, re.I):
        return None
    rest = annotate(re.sub(r"§\d+", " ", shown.text), catalog, customer_level=True)
    parts = Parts(rest, catalog)
    columns = [parts.as_feature(i.links[0].column) or i.links[0].column for i in rest.items if i.links]
    columns += [str(i.senses["feature"]) for i in rest.items if i.has("feature")]
    column = next((name for name in columns if parts.is_number(name)), None)
    if column is None:
        return None
    claimed = next((float(i.number.value) for i in reversed(rest.items) if i.number), None)
    statistic = "median" if rest.has("statistic", "median") else "mean"
    asked = {"segment": named[0], "column": column, "claimed": claimed, "statistic": statistic}
    return Reading((ExplainValue.model_validate(asked),), tuple(shown.notes))


def read_why(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Why four segments and not six?", "would 3 be better?", "are there natural groups?"."""
    text = " ".join(token.norm for token in sentence.tokens)
    number = next((int(i.number.value) for i in sentence.items if i.number and i.number.unit is None), None)
    numbers = [int(i.number.value) for i in sentence.items if i.number and i.number.unit is None]
    numbers += [
        int(i.senses["segment"])
        for i in sentence.items
        if i.has("segment")
        and str(i.senses["segment"]).isdigit()
        and i.text.lower().startswith(("segments",))
    ]
    why = (
        "why" in words
        or "how come" in text
        or "what if" in text
        or "reason" in words
        or "how did you choose" in text
        or "how did you decide" in text
    )
    only_numbers = (
        why and numbers and all(i.number or i.has("logic") or i.has("order") for i in sentence.items)
    )
    if only_numbers:
        return Reading(
            (
                ExplainSegments(
                    n_segments=numbers[-1]
                    if "not" in words or len(numbers) == 1 and numbers[0] != len(catalog.segments)
                    else None
                ),
            )
        )
    about = segment_words(words) or "group" in words or "many" in words or "number" in words
    natural = (words & cue("is_it_real") and words & {"segment", "cluster", "group", "segmentation"}) or (
        "there" in words and words & {"structure", "pattern", "grouping"} and words & cue("customer_noun")
    )
    how_many = "how many" in text and words & {"segment", "cluster", "group"} and words & cue("right_number")
    sure = re.search(r"\bhow (?:sure|certain|confident|reliable|solid|robust)\b|\bare you sure\b", text)
    if sure and (numbers or about) and catalog.segments and not named_segments(sentence):
        return Reading((ExplainSegments(),))
    if words & {"difference", "differ"} and any(i.links and not i.has("entity") for i in sentence.items):
        natural = False
    if natural and not named_segments(sentence) or how_many:
        if (
            how_many
            and "there" in words
            and catalog.segments
            and not words & {"should", "best", "optimal", "right", "natural"}
        ):
            return Reading((DescribeSegments(),))
        return Reading((ExplainSegments(),))
    if why and "not" in words and about and numbers:
        return Reading((ExplainSegments(n_segments=numbers[-1]),))
    if (
        why
        and about
        and (
            "many" in words
            or number is not None
            or "number" in words
            or words & {"choose", "chose", "pick", "decide", "those", "these"}
        )
        and not measures_something_else(sentence)
    ):
        target = number if number is not None and number != len(catalog.segments) else None
        return Reading((ExplainSegments(n_segments=target),))
    if about and number and words & {"better", "instead", "would"} and words & {"better", "worse"}:
        return Reading((ExplainSegments(n_segments=number),))
    return None
