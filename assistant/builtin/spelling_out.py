"""Puts what a message defines into the place of its name: "lapsed = no order since May. How many lapsed?"."""

from __future__ import annotations

import re

from assistant.builtin.linking import Catalog
from assistant.builtin.tokens import key_of

_DEFINED = re.compile(
    r"^\s*[\"'“]?(?P<name>[a-z][a-z -]{2,20}?)[\"'”]?\s*(?:=|:=|means|is defined as|stands for)\s+"
    r"(?P<what>[^.;?!\n]{6,120}?)\s*[.;!\n]\s*(?P<question>.+)$",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"^(?:have|has|had|did|do|does|are|is|was|were|spent|bought|ordered|paid|gave|made|never|not)\b", re.I
)
_PEOPLE = (
    r"(?:customers?|clients?|users?|members?|guests?|donors?|patients?|subscribers?|people|buyers?|shoppers?|"
    r"holders?|accounts?|callers?|ones)"
)


def spelled_out(text: str, catalog: Catalog) -> str:
    """Return a question with the definition in the place of the name that it gives; other texts as they are.

    Args:
        text: A message.
        catalog: The data set; a name of the data's own is not to be redefined.
    """
    found = _DEFINED.match(text)
    if found is None:
        return text
    name, what, question = found["name"].strip(), found["what"].strip(), found["question"].strip()
    if not re.search(rf"\b{re.escape(name)}\b", question, re.IGNORECASE) or _is_known(name, catalog):
        return text
    who = f"who {what}" if _VERB.match(what) else f"with {what}"
    described = re.compile(rf"\b{re.escape(name)}\s+(?P<people>{_PEOPLE})\b", re.IGNORECASE)
    if described.search(question):
        return described.sub(lambda m: f"{m['people']} {who}", question, count=1)
    said = re.compile(
        rf"(?:\b(?P<people>{_PEOPLE})\s+)?(?:(?:that|who)\s+)?(?:(?:are|is|were|was|have|has|had)\s+)?"
        rf"\b{re.escape(name)}\b",
        re.IGNORECASE,
    )
    return said.sub(lambda m: f"{m['people'] or 'customers'} {who}", question, count=1)


def _is_known(name: str, catalog: Catalog) -> bool:
    columns = {word for words in catalog.words_of.values() for word in words}
    return all(word in columns for word in key_of(name))
