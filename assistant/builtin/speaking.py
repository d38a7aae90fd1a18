"""Names columns as a person would say them, as far as those words lead back to the same column."""

from __future__ import annotations

import re

from assistant.builtin.linking import Catalog
from assistant.builtin.tokens import key_of

_LEADING = {"cust", "customer", "client", "transaction", "txn", "account", "acct", "order"}


def spoken(catalog: Catalog, name: str) -> str:
    """Return the words for a column: `CustAccountBalance` is balance where no other column is.

    A name that would lead to another column, or to several, stays as it stands in the file.
    """
    if len(name) <= 2:
        return name  # R, F and M
    text = re.sub(r"\(.*?\)", "", name)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\W]+", " ", text).lower().split()
    while words:
        if len(words) > 1 and words[0] in _LEADING and leads_to(catalog, words[1:], name):
            words = words[1:]
            continue
        break
    return " ".join(words) if leads_to(catalog, words, name) else name.strip().rstrip("?!.")


def leads_to(catalog: Catalog, words: list[str], name: str) -> bool:
    """Tell whether words mean this column and no other."""
    links = catalog.link_column(key_of(" ".join(words))) if words else ()
    return bool(links) and links[0].column == name and not catalog.ambiguous(links)
