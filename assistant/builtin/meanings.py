"""Finds what words can mean: columns, contents of cells, numbers, dates, segments and general words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from os.path import commonprefix
from typing import Any

from assistant.builtin.lexicon import Sense, countries, lexicon
from assistant.builtin.linking import Catalog, ColumnLink, ValueLink
from assistant.builtin.naming import abbreviates, naming
from assistant.builtin.tokens import Token, key_of, name_words, root

LONGEST = 6


_FUNCTION_WORDS = {
    "by",
    "per",
    "each",
    "of",
    "the",
    "in",
    "for",
    "a",
    "an",
    "to",
    "is",
    "are",
    "do",
    "does",
    "did",
    "their",
    "with",
    "on",
}


Found = Iterable[tuple[int, int, str, float, Any]]


def verbatim(tokens: list[Token], lemmas: list[str], catalog: Catalog, _: bool) -> Found:
    """Column names as they stand in the file."""
    if not tokens:
        return
    text_start, text_end = (
        {t.start: i for i, t in enumerate(tokens)},
        {t.end: i + 1 for i, t in enumerate(tokens)},
    )
    for name, pattern in _name_patterns(catalog):
        if _is_row_noun(catalog, name):
            continue
        for match in pattern.finditer(_text_of(tokens)):
            start, end = text_start.get(match.start()), text_end.get(match.end())
            if end is None:  # a bracket or sign at the end of the name is no token
                end = max((i + 1 for i, t in enumerate(tokens) if t.end <= match.end()), default=None)
            if start is not None and end is not None and end > start:
                score = (
                    1.13 if name.isalpha() and (name.islower() or name.isupper() or name.istitle()) else 1.7
                )
                yield start, end, "column", score * (end - start), (ColumnLink(name, 1.2, "name"),)


def _is_row_noun(catalog: Catalog, name: str) -> bool:
    """Tell whether a column that only numbers the rows is called like what a row is: "ticket"."""
    if catalog.columns[name].role != "row_key":
        return False
    senses = lexicon().phrases.get(key_of(name), ())
    return any(sense.kind == "entity" and sense.value in ("transaction", "row") for sense in senses)


def _text_of(tokens: list[Token]) -> str:
    """Rebuild the text at its offsets, as far as the tokens hold it."""
    text = [" "] * (tokens[-1].end + 1)
    for token in tokens:
        text[token.start : token.start + len(token.text)] = list(token.text)
    return "".join(text)


def _name_patterns(catalog: Catalog) -> list[tuple[str, re.Pattern[str]]]:
    known = catalog.__dict__.get("_patterns")
    if known is None:
        known = []
        for name in catalog.columns:
            plain = re.sub(r"[^\w]+", " ", name).strip()
            if not plain:
                continue
            body = r"[\W_]{1,3}".join(re.escape(word) for word in re.split(r"[^\w]+", name.strip()) if word)
            flags = 0 if len(plain) <= 2 else re.IGNORECASE
            known.append((name, re.compile(rf"(?<![\w]){body}(?![\w])", flags)))
        catalog.__dict__["_patterns"] = known
    return known


def general(tokens: list[Token], lemmas: list[str], catalog: Catalog, customer_level: bool) -> Found:
    """Find what words mean in general, whatever the data: statistics, comparisons, entities."""
    words = lexicon()
    for start in range(len(tokens)):
        for length in range(1, min(words.longest, len(tokens) - start) + 1):
            end = start + length
            phrase = tuple(lemmas[start:end])
            if any(token.kind == "quoted" for token in tokens[start:end]):
                continue
            for sense in words.phrases.get(phrase, ()):
                if sense.kind == "month" or _is_somebody(sense, lemmas, start):
                    continue
                if (
                    sense.kind == "condition_verb"
                    and sense.value in ("inactive", "repeat", "single")
                    and not catalog.has_features
                ):
                    continue
                if sense.kind == "feature":
                    if not catalog.feature(sense.value) or not catalog.has_features:
                        continue
                    quality = 1.12 if customer_level or length > 3 else 0.72
                    yield start, end, "feature", quality * length, sense.value
                    continue
                quality = 0.8 if sense.kind in ("logic", "filler") else 0.97 if sense.kind == "role" else 1.0
                if sense.kind == "entity" and sense.value == "row" and _names_category(catalog, phrase):
                    continue
                if sense.kind != "role":
                    yield start, end, sense.kind, quality * length, sense.value
                elif not catalog.link_column(phrase):
                    yield start, end, "role", 0.5 * length, sense.value
            named = catalog.related.nouns.get(phrase)
            if named is not None and tokens[start].kind == "word":
                yield start, end, "table", 0.97 * length, named
            noun = length == 1 and tokens[start].kind == "word"
            if noun and lemmas[start] in _table_nouns(catalog):
                yield start, end, "entity", 0.95, _row_of(catalog, lemmas[start])
            elif noun and _names_the_key(catalog, lemmas[start], tokens[start].norm):
                yield start, end, "entity", 0.95, "customer"
            if phrase in words.antonyms:
                found = tuple(_antonym(catalog, words.antonyms[phrase]))
                if found:
                    yield start, end, "value", 1.0 * length, found
            if length == 1 and tokens[start].kind == "word" and lemmas[start] in words.value_words:
                found = tuple(_worded(catalog, words.value_words[lemmas[start]]))
                if found:
                    yield start, end, "value", 1.05, found
                else:
                    yield start, end, "value_word", 0.6, lemmas[start]


def _is_somebody(sense: Sense, lemmas: list[str], at: int) -> bool:
    """Tell whether a driver is one who drives, and not what moves a number: "which driver is slowest"."""
    said = lemmas[at] == "driver" and sense.kind == "relation" and at > 0 and "of" not in lemmas[at + 1 :]
    after = lemmas[at + 1 : at + 3]
    asked = {"which", "per", "by", "each", "every", "what", "our", "slowest", "fastest", "worst", "best"}
    return said and lemmas[at - 1] in asked and not {"matter", "explain", "behind", "influence"} & set(after)


def _names_category(catalog: Catalog, phrase: tuple[str, ...]) -> bool:
    """Tell whether a noun that could mean a row is the name of a category here: "job", "contract"."""
    links = catalog.link_column(phrase)
    if not links or links[0].how not in ("name", "concept", "taught"):
        return False
    column = catalog.columns[links[0].column]
    return column.role in ("category", "outcome", "place") and column.kind == "text"


def _table_nouns(catalog: Catalog) -> frozenset[str]:
    """Return words of the main table's name that say what a row is: "loans", "wines"."""
    nouns = {
        word for word in catalog.main.lower().replace("-", "_").split("_") if len(word) > 3 and word.isalpha()
    }
    named = {root(word) for words in catalog.words_of.values() for word in words}
    return frozenset(key_of(word)[0] for word in nouns if word.endswith("s") or root(word) not in named)


def _names_the_key(catalog: Catalog, noun: str, written: str) -> bool:
    """Tell whether a plural noun is what the customers are called by their key: shippers of shipper_acct."""
    key = catalog.table.customer
    if key is None or noun == written or len(noun) < 4 or (noun,) in lexicon().phrases:
        return False
    return noun in catalog.words_of[key] and catalog.table.column(written) is None


def _row_of(catalog: Catalog, noun: str) -> str:
    """Return what the noun of a table stands for: those with a key of that name, or its rows."""
    key = catalog.table.customer
    if key is not None and root(noun) in {root(word) for word in catalog.words_of[key]}:
        return "customer"  # meters, by their meter_id
    return "transaction" if catalog.table.grain == "transactions" else "row"


def _antonym(catalog: Catalog, concepts: tuple[str, ...]) -> Iterable[ValueLink]:
    for concept in concepts:
        for link in catalog.link_column((concept,)):
            answers = catalog.yes_no(link.column)
            if answers:
                yield ValueLink(link.column, answers[1], 0)


def _worded(catalog: Catalog, cells: tuple[str, ...]) -> Iterable[ValueLink]:
    both = {"f", "female", "woman", "females", "women", "w", "m", "male", "man", "males", "men"}
    for column in catalog.columns.values():
        if (column.n_distinct or 0) > 8:
            continue
        texts = {text.strip().lower(): (text, n) for text, n in column.values}
        if column.name in catalog.loaded and len(set(texts) & both) >= 2 and len(texts) <= 8:
            for cell in cells:
                if cell in texts:
                    yield ValueLink(column.name, *texts[cell])


def columns(tokens: list[Token], lemmas: list[str], catalog: Catalog, _: bool) -> Found:
    """Find columns by their names, synonyms and roles."""
    for start in range(len(tokens)):
        if lemmas[start] in _FUNCTION_WORDS:
            continue
        for length in range(1, min(LONGEST, len(tokens) - start) + 1):
            end = start + length
            if lemmas[end - 1] in _FUNCTION_WORDS or (
                length > 1 and any(t.kind == "symbol" for t in tokens[start:end])
            ):
                continue
            links = catalog.link_column(tuple(lemmas[start:end]))
            if length == 2 and lemmas[start + 1] in _TIME_NOUNS and not (links and links[0].score >= 0.9):
                links = tuple(_time_taken(catalog, lemmas[start])) or links
            if not links and lemmas[start:end] == ["income"] and _comes_in(catalog, lemmas, start):
                links = catalog.link_column(("revenue",))
            senses = lexicon().phrases.get(tuple(lemmas[start:end]), ())
            if any(sense.kind == "distribution" for sense in senses):  # "distribution" is no dist_mi
                links = tuple(k for k in links if k.how != "part")
            if any(sense.kind == "condition_verb" for sense in senses):  # "booked" is no booking_id
                links = tuple(
                    k for k in links if catalog.columns[k.column].role not in ("customer_key", "row_key")
                )
            rows = (
                any(sense.kind == "entity" and sense.value in ("transaction", "row") for sense in senses)
                or lemmas[start] == "ordered"
            )
            if length > 1 and lemmas[start] in ("number", "count") and lemmas[start + 1] == "of":
                links = tuple(k for k in links if not _is_key(catalog, k.column))  # no policy_no
            if rows:
                links = tuple(k for k in links if not _is_row_noun(catalog, k.column))
            if rows and links and links[0].how == "part":  # "orders" is none of order_number, order_dow, ...
                keys = tuple(k for k in links if catalog.columns[k.column].role == "row_key")
                counting = tuple(k for k in links if _counts(catalog, k.column))
                dated = catalog.columns[links[0].column].kind in ("date", "datetime")
                after = lemmas[end] if end < len(lemmas) else ""
                periodic = dated and any(
                    sense.kind == "grain" for sense in lexicon().phrases.get((after,), ())
                )
                keys = counting if len(counting) == 1 else keys  # "claims" of claims_count
                links = links if periodic else keys if len(links) > 1 or dated else links
            if links:
                best = links[0]
                quality = {"name": 1.12, "taught": 1.4}.get(best.how, best.score)
                if best.how == "part" and length > 1 and _in_a_row(catalog, best.column, lemmas[start:end]):
                    quality = 1.05  # "lead time" of lead_time_days is one thing, not two
                written = tokens[start].text
                if (
                    length == 1
                    and len(lemmas[start]) <= 2
                    and written not in catalog.columns
                    and written.removesuffix("s") not in catalog.columns
                    and not (len(lemmas[start]) == 2 and _plural_in_names(catalog, lemmas[start]))
                    and not (lemmas[start] in naming().units and any(k.how == "part" for k in links))
                ):
                    continue  # single letters name a column only as they are written
                yield start, end, "column", quality * length, links


def _counts(catalog: Catalog, name: str) -> bool:
    """Tell whether a number column counts the noun in its name: claims_count, n_orders, number_of_stays."""
    own = name_words(name)
    counted = "count" in own or own[:1] in (["n"], ["num"], ["number"], ["no"], ["nr"])
    counted |= catalog.table.grain == "customers" and own[0].endswith("s") and key_of(own[0])[0] != own[0]
    return len(own) > 1 and counted and catalog.columns[name].kind == "number" and own[-1] != "id"


def _is_key(catalog: Catalog, name: str) -> bool:
    return catalog.columns[name].role in ("customer_key", "row_key")


def _comes_in(catalog: Catalog, lemmas: list[str], at: int) -> bool:
    """Tell whether income is what the rows bring in, of a time or in total, and not what a person earns."""
    before, after = lemmas[max(0, at - 1) : at], lemmas[at + 1 : at + 4]
    timed = any(
        sense.kind in ("month", "grain", "over_time", "superlative_time")
        for word in after
        for sense in lexicon().phrases.get((word,), ())
    )
    total = bool({"total", "our", "fee", "gross", "net", "gift", "sale", "all"} & set(before))
    dated = any(re.fullmatch(r"(?:19|20)\d\d", word) for word in after)
    return catalog.table.grain == "transactions" and (timed or total or dated)


_TIME_NOUNS = frozenset({"time", "duration", "length"})
_TIME_WORDS = frozenset(
    {"minute", "min", "hour", "second", "sec", "day", "minutes", "hours", "seconds", "days"}
)


def _time_taken(catalog: Catalog, verb: str) -> Iterable[ColumnLink]:
    """Return the column that counts how long what a word says took: delivery time is minutes_to_deliver."""
    if len(verb) < 4:
        return
    for column in catalog.table.columns:
        own = catalog.words_of[column.name]
        timed = set(own) & _TIME_WORDS or (column.unit or "") in _TIME_WORDS
        shared = min(len(verb), 5)
        alike = any(len(commonprefix([verb, word])) >= shared for word in own if len(word) >= 4)
        alike |= any(abbreviates(word, verb) for word in own)
        if column.kind == "number" and timed and alike:
            yield ColumnLink(column.name, 0.93, "concept")


def _in_a_row(catalog: Catalog, name: str, words: list[str]) -> bool:
    """Tell whether words stand one behind the other in the name of a column."""
    own = [root(word) for word in catalog.words_of[name]]
    said = [root(word) for word in words]
    return any(own[at : at + len(said)] == said for at in range(len(own)))


def _plural_in_names(catalog: Catalog, word: str) -> bool:
    """Tell whether a name holds the plural of a word of two letters: "cd" for number_of_cds."""
    return any(f"{word}s" in name_words(name) for name in catalog.loaded)


def cell_contents(tokens: list[Token], lemmas: list[str], catalog: Catalog, _: bool) -> Found:
    """Find contents of cells, whole or in part, quoted ones too."""
    words = lexicon()
    for start in range(len(tokens)):
        if tokens[start].kind == "quoted":
            inner = key_of(tokens[start].text)
            columns = catalog.link_column(inner)
            if columns and columns[0].how == "name":
                yield start, start + 1, "column", 1.5, columns
            if inner in catalog.values:
                yield start, start + 1, "value", 1.6, catalog.values[inner]
            yield start, start + 1, "quoted", 0.9, tokens[start].text
            continue
        for length in range(1, min(LONGEST, len(tokens) - start) + 1):
            phrase = tuple(lemmas[start : start + length])
            links = catalog.values.get(phrase)
            token = tokens[start]
            if not links and phrase in countries():
                links = tuple(_of_country(catalog, phrase))
            if not links and length == 1:
                links = tuple(_of_weekday(catalog, phrase))
            if not links:
                piece = catalog.partial.get(phrase)
                alike = catalog.alike.get(root(phrase[0])) if length == 1 and len(phrase[0]) >= 5 else None
                if alike and not piece and not (phrase in words.phrases or phrase[0] in words.filler):
                    yield start, start + 1, "value", 0.9, alike
                if piece and not (length == 1 and (phrase in words.phrases or phrase[0] in words.filler)):
                    yield start, start + length, "value", 0.9 * length, piece
                continue
            quality = 1.1 if length > 1 else 0.98
            if length == 1:
                common = (
                    phrase in words.phrases or phrase[0] in words.filler or phrase[0] in words.yes | words.no
                )
                capital = token.text[:1].isupper() and start > 0
                if len(phrase[0]) <= 2 and token.text not in {str(link.value) for link in links}:
                    continue
                if common or len(phrase[0]) <= 2 or token.kind == "number":
                    quality = 0.9 if capital and not phrase[0].isdigit() else 0.35
                elif links[0].n <= 3 and catalog.columns[links[0].column].role == "place" and not capital:
                    quality = 0.6
            yield start, start + length, "value", quality * length, links


def _of_weekday(catalog: Catalog, phrase: tuple[str, ...]) -> Iterable[ValueLink]:
    """Return the cells that write a day of the week or a month otherwise: Sat for "Saturday"."""
    named = {s.value for s in lexicon().phrases.get(phrase, ()) if s.kind in ("weekday", "month")}
    if not named or catalog.table.time is not None:
        return
    for form, links in catalog.values.items():
        senses = lexicon().phrases.get(form, ())
        if len(form) == 1 and any(s.kind in ("weekday", "month") and s.value in named for s in senses):
            yield from links


def _of_country(catalog: Catalog, phrase: tuple[str, ...]) -> Iterable[ValueLink]:
    """Return the cells that write a country otherwise: GBR for "British"."""
    for form in countries()[phrase]:
        for link in catalog.values.get(form, ()):
            code = len(form) == 1 and len(form[0]) <= 3
            named = {"country", "nation", "nationality", "market", "iso", "land"} & set(
                catalog.words_of[link.column]
            )
            if not code or named:
                yield link
