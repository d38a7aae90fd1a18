"""Reads how many groups a question takes for given ("the 5 regions") and tells where there are others."""

from __future__ import annotations

import re

from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import NUMBER_WORDS
from assistant.builtin.tokens import key_of

_MOST = 60  # more groups than this nobody counts by heart
_COUNTED = re.compile(
    r"\b(?P<lead>(?:the|our|all|these|all the|each of the|across the|between the|in the|of our)) "
    rf"(?P<n>\d{{1,2}}|{'|'.join(word for word in NUMBER_WORDS if len(word) > 2)})"
    r"(?: different| distinct)? (?P<noun>(?:[a-z]+ )?[a-z]+s)\b"
    r"(?! (?:with|that|who|whose|which|where|having|by|of)\b)",
    re.IGNORECASE,
)
_PICKED = re.compile(
    r"\b(?:top|bottom|best|worst|most|least|first|last|next|largest|biggest|smallest|highest|lowest|past|"
    r"previous|other|busiest|\w+est)\b",
    re.IGNORECASE,
)


def counted_groups(text: str, catalog: Catalog) -> tuple[str, str]:
    """Return a question without the number of groups that it takes for given, and what is to be told of it.

    Args:
        text: The question.
        catalog: The data.

    Returns:
        The question, and a sentence where the data hold another number of groups, else "".
    """
    found = _COUNTED.search(text)
    if found is None or _PICKED.search(text):
        return text, ""
    links = catalog.link_column(key_of(found["noun"]))
    column = catalog.columns.get(links[0].column) if links and links[0].score > 0.8 else None
    held = column.n_distinct if column is not None and column.kind == "text" else None
    if column is None or held is None or not 2 <= held <= _MOST:
        return text, ""
    said = found["n"].lower()
    claimed = int(said) if said.isdigit() else NUMBER_WORDS[said]
    plain = f"{text[: found.start('n')]}{text[found.start('noun') :]}"
    if claimed == held:
        return text, ""
    return plain, f"**{column.name}** has {held} different values in these data, not {claimed}."
