"""Knows how tokens become items: spans of words with all that each can mean, the best cover of a sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import Any

from assistant.builtin.denials import denials_spelt_out
from assistant.builtin.lexicon import cue, lexicon
from assistant.builtin.linking import Catalog, ColumnLink
from assistant.builtin.meanings import cell_contents, columns, general, verbatim
from assistant.builtin.numbers import years_in_digits
from assistant.builtin.numerals import numbers
from assistant.builtin.segment_words import segment_names
from assistant.builtin.sentence import Item, Sentence
from assistant.builtin.tokens import Token, key_of, plain_english, tokenise

__all__ = ["Item", "Sentence", "annotate"]

_Spans = dict[tuple[int, int], dict[str, tuple[float, Any]]]


def annotate(text: str, catalog: Catalog, customer_level: bool = False) -> Sentence:
    """Find everything that the words of a sentence can mean and keep the cover that explains most.

    Args:
        text: One sentence.
        catalog: The data set.
        customer_level: Prefer features of customers ("total spend") to columns of transactions.

    Returns:
        A sentence of which nothing is used yet; whoever reads it may mark what is.
    """
    key = ("annotated", text, customer_level)
    return catalog.remember(key, lambda: _annotated(text, catalog, customer_level)).fresh()


def _annotated(text: str, catalog: Catalog, customer_level: bool) -> Sentence:
    text = denials_spelt_out(years_in_digits(plain_english(text, catalog.segments)), catalog)
    tokens = tokenise(text)
    mended: dict[str, str] = {}
    lemmas = [_mend(token, catalog, mended) for token in tokens]
    tokens = [
        replace(token, norm=lemma, lemma=lemma) if lemma != token.lemma else token
        for token, lemma in zip(tokens, lemmas, strict=True)
    ]
    spans: _Spans = defaultdict(dict)
    for finder in (verbatim, general, columns, cell_contents, numbers, segment_names):
        for start, end, kind, score, meaning in finder(tokens, lemmas, catalog, customer_level):
            known = spans[start, end].get(kind)
            if known is None or score > known[0]:
                spans[start, end][kind] = (score, meaning)
    for (start, end), kinds in spans.items():
        if "high_value" in kinds and any("value" in spans.get((start, e), ()) for e in range(start + 1, end)):
            del kinds["high_value"]  # "premium customers" where a plan is called Premium
        if "segment" in kinds:
            kinds.pop("superlative_spend", None)  # "VIP" where a segment is called VIP
    spans = defaultdict(dict, {place: kinds for place, kinds in spans.items() if kinds})
    for place in _no_columns(tokens, catalog):
        spans[place, place + 1].pop("column", None)
        if not spans[place, place + 1]:
            del spans[place, place + 1]
    chosen = _cover(len(tokens), spans, lemmas)
    items: list[Item] = []
    fillers: list[Item] = []
    for start, end in chosen:
        senses = {kind: meaning for kind, (_, meaning) in spans.get((start, end), {}).items()}
        words = text[tokens[start].start : tokens[end - 1].end].strip("\"'“”‘’`")
        if senses.get("entity") in ("transaction", "row") and "column" in senses:
            senses["column"] = _of_rows(senses["column"], catalog)
        item = Item(start, end, words, senses)
        is_sign = all(token.kind == "symbol" and token.text not in "%" for token in tokens[start:end])
        item.filler = not senses and (
            is_sign or lemmas[start] in lexicon().filler or tokens[start].norm in lexicon().filler
        )
        (fillers if item.filler else items).append(item)
    _names_no_period(items)
    return Sentence(text, tokens, items, fillers, mended)


def _names_no_period(items: list[Item]) -> None:
    """Take "annual" and "monthly" for contents where both are said, or the column that holds them."""
    worded = [item for item in items if item.has("grain") and item.values]
    for item in worded:
        column = item.values[0].column
        other = any(each is not item and each.values[0].column == column for each in worded)
        near = [each for each in items if each.start == item.end or each.end == item.start]
        if other or any(each.column == column for each in near):
            del item.senses["grain"]
            if item.links and item.links[0].how == "part":
                del item.senses["column"]  # "monthly" beside "annual" is no monthly_fee


def _of_rows(links: tuple[ColumnLink, ...], catalog: Catalog) -> tuple[ColumnLink, ...]:
    """Leave out measures that are called by the noun of the rows: "rides" with a ride_id are no ride_km."""
    keys = [link for link in links if catalog.columns[link.column].role == "row_key"]
    if not keys:
        return links
    return tuple(k for k in links if k.score >= 1 or catalog.columns[k.column].kind != "number" or k in keys)


_WHO = re.compile(
    r"(?:(?:my|our|the|all|these|of) )*(?:customers?|clients?|people|users|members|base|them|buyers)\b"
)


def _are_people(tokens: list[Token], catalog: Catalog) -> bool:
    """Tell whether words begin with customers as these data call them: "guests", "the donors"."""
    noun = next((token for token in tokens if token.norm not in ("the", "our", "my", "all")), None)
    return noun is not None and any(
        kind == "entity" and meaning == "customer"
        for _, _, kind, _, meaning in general([noun], [noun.lemma], catalog, False)
    )


def _no_columns(tokens: list[Token], catalog: Catalog) -> list[int]:
    """Return where "segment" is no column, even if one is called so.

    It is what is to be done with people ("segment my customers"), or one of the segments that were made.
    """
    if catalog.segments:
        names = {name.lower() for name in catalog.columns}
        own = ("segment", "segments", "cluster", "clusters")
        return [
            place
            for place, token in enumerate(tokens)
            if token.text.lower() in own and token.text.lower() not in names
        ]
    return [
        place
        for place, token in enumerate(tokens)
        if token.norm in ("segment", "cluster", "group")
        and (
            _WHO.match(" ".join(after.norm for after in tokens[place + 1 : place + 6]))
            or (not place and _are_people(tokens[1:3], catalog))
        )
        and not (
            place and tokens[place - 1].norm in ("the", "a", "each", "which", "what", "by", "per", "this")
        )
    ]


def _mend(token: Token, catalog: Catalog, mended: dict[str, str]) -> str:
    if token.kind != "word":
        return token.lemma
    usual = catalog.usual_spelling(token.lemma)
    if usual is not None:
        mended[token.text] = usual
        return usual
    spelt = lexicon().abbreviations.get(token.norm) or lexicon().abbreviations.get(token.lemma, "")
    if spelt and " " not in spelt and not catalog.says(token.lemma) and not catalog.says(token.norm):
        return key_of(spelt)[0]
    if catalog.known(token.lemma) or catalog.known(token.norm) or token.norm in cue("kinds_of_people"):
        return token.lemma
    better = catalog.correct(token.norm) or catalog.correct(token.lemma) or catalog.expand(token.lemma)
    if better is None or (token.start and token.text[0].isupper() and key_of(better)[0] in lexicon().filler):
        return token.lemma  # a name is no word that says nothing
    mended[token.text] = better
    return key_of(better)[0]


def _cover(n: int, spans: _Spans, lemmas: list[str]) -> list[tuple[int, int]]:
    """Choose spans without overlap that explain most words, longer ones first where equal."""
    words = lexicon()
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    ending: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (start, end), kinds in spans.items():
        score = max(score for score, _ in kinds.values()) + 0.15 * (end - start - 1)
        ending[end].append((start, score))
    for end in range(1, n + 1):
        score, path = best[end - 1]
        alone = 0.3 if lemmas[end - 1] in words.filler else 0.0
        options = [(score + alone, [*path, (end - 1, end)])]
        options += [(best[start][0] + gain, [*best[start][1], (start, end)]) for start, gain in ending[end]]
        best.append(max(options, key=lambda option: (round(option[0], 6), -len(option[1]))))
    return best[n][1]
