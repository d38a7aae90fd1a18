"""Finds the columns that a phrase may mean: by name, role, concept, calendar, a shortened or coded name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from assistant.builtin.data_names import GENERIC, GENERIC_ROOTS, DataNames
from assistant.builtin.lexicon import Key, concept_words, cue, lexicon
from assistant.builtin.links import ColumnLink
from assistant.builtin.naming import measured_in, naming, stands_for
from assistant.builtin.tokens import key_of, lemma, root
from tools.core import Role

LONG_PREFIX = 4  # letters that a category or name must share with its abbreviation; for places 3 will do


@dataclass(kw_only=True)
class ColumnLinker(DataNames):
    """The names of a data set, with what people may call its columns.

    Attributes:
        taught: Lemmas of a phrase to the column that a person said it means.
    """

    taught: Mapping[Key, str] = field(default_factory=dict)

    def link_column(self, phrase: Key) -> tuple[ColumnLink, ...]:
        """Return the columns that a phrase may mean, best first; several with close scores are ambiguous."""
        return self.remember(("columns", phrase), lambda: self._link_column(phrase))

    def _link_column(self, phrase: Key) -> tuple[ColumnLink, ...]:
        if phrase in self.taught:
            return (ColumnLink(self.taught[phrase], 1.1, "taught"),)
        of_table = self._of_table(phrase)
        if of_table is not None:
            return (of_table,)
        words = [word for word in phrase if word not in ("of", "the", "in", "for", "by")]
        links: dict[str, ColumnLink] = {}
        plain = [word for word in words if word != "per"]
        if "per" in phrase[1:]:  # "price per unit" is a column only where its name says so too
            named = any(own.startswith("per") for raw in self._raw_words.values() for own in raw)
            plain = plain if named else []
        if plain and len(set(plain)) == len(plain):
            splits = {"per", "by"}.intersection(phrase[1:-1])
            for link in self._grams.get(frozenset(root(word) for word in plain), ()):
                if phrase[0] == "number" and phrase[1:2] == ("of",) and self._numbers(link.column):
                    continue
                if splits <= set(self._raw_words.get(link.column, ())):  # "customers by gender" is two things
                    links[link.column] = link
        for link in (
            *self._by_role(phrase),
            *self._by_concept(phrase),
            *self._by_calendar(phrase),
            *self._by_prefix(tuple(words)),
        ):
            if link.column not in links or links[link.column].score < link.score:
                links[link.column] = link
        for link in () if links else self._by_naming(tuple(words)):
            links[link.column] = link
        if not links and len(phrase) == 1 and len(phrase[0]) == 2:  # one "cd" of number_of_cds
            links = {link.column: link for link in self._grams.get(frozenset({f"{phrase[0]}s"}), ())}
        return tuple(sorted(links.values(), key=lambda link: (-link.score, link.column)))

    def _numbers(self, name: str) -> bool:
        """Tell whether a column numbers things: no order_number is a number of orders."""
        return len(self._raw_words[name]) > 1 and self._raw_words[name][-1] in _NUMBERING

    def _of_table(self, phrase: Key) -> ColumnLink | None:
        """Link "product category" and "city of the customer" to a column of the table that is named."""
        plain = tuple(word for word in phrase if word not in ("the", "a", "each", "their"))
        for place in range(1, len(plain)):
            sides = (
                (plain[:place], plain[place:]),
                (plain[place + 1 :], plain[:place]) if plain[place] in ("of", "by", "per") else ((), ()),
            )
            for noun, rest in sides[: 2 if plain[place] == "of" else 1]:
                name = self.related.nouns.get(noun)
                if name is None or not rest or rest in self.related.nouns:
                    continue
                own = [c.name for c in self.tables[name].columns if self.words_of.get(c.name) == rest]
                if own and self.words_of[own[0]] != plain:
                    elsewhere = f"{own[0]} of {name}"
                    return ColumnLink(elsewhere if elsewhere in self.columns else own[0], 1.0, "name")
        return None

    def _by_role(self, phrase: Key) -> Iterable[ColumnLink]:
        if any(
            self.words_of[c.name] == phrase
            for table in self.tables.values()
            for c in table.by_role("row_key")
        ):
            return  # a "ticket" is what a sale brings in, unless the tickets are the rows
        for sense in lexicon().phrases.get(phrase, ()):
            if sense.kind == "role" and sense.value != "gender":
                role: Role = sense.value  # type: ignore[assignment]
                found = [c for table in self.tables.values() for c in table.by_role(role)]
                if role == "amount" and self.table.amount:
                    found.sort(key=lambda column: column.name != self.table.amount)
                for place, column in enumerate(found):
                    yield ColumnLink(column.name, 0.9 if place == 0 else 0.85, "role")

    def _by_calendar(self, phrase: Key) -> Iterable[ColumnLink]:
        """Link weekday, hour, month and year to number columns named so, where there is no date column."""
        if self.table.time is not None:
            return
        wanted = {"weekday": {"day", "week"}, "hour": {"hour"}, "month": {"month"}, "year": {"year"}}
        for sense in lexicon().phrases.get(phrase, ()):
            if sense.kind == "grain" and sense.value in wanted:
                for column in self.table.columns:
                    words = set(self.words_of[column.name])
                    if (
                        wanted[sense.value] <= words
                        and (column.n_distinct or 99) <= 60
                        and "since" not in words
                    ):
                        yield ColumnLink(column.name, 0.97, "concept")

    def _by_concept(self, phrase: Key) -> Iterable[ColumnLink]:
        if len(phrase) == 1 and phrase in lexicon().concepts and len(phrase[0]) >= LONG_PREFIX:
            cut_short = [
                name
                for name, raw in self._raw_words.items()
                if any(own.startswith(phrase[0]) and len(own) >= len(phrase[0]) + 2 for own in raw)
            ]
            if len(cut_short) == 1 and not phrase[0].endswith(("ing", "ed")):  # "disc" is discount_pct first
                yield ColumnLink(cut_short[0], 0.9, "concept")
        for concept in lexicon().concepts.get(phrase, ()):
            money = concept in cue("money_concept")
            alone = (key_of(synonym) for synonym in concept_words(concept))
            wanted = {root(key[0]) for key in alone if len(key) == 1}
            strict = root(concept)
            for name in self.loaded:
                roots = {root(word) for word in self.words_of[name]}
                if money and self.columns[name].kind != "number" and phrase[0] not in self.words_of[name]:
                    continue  # what is paid is no tariff, and a bill no paperless one
                if strict in roots:
                    counts = (
                        roots & _COUNTS and strict not in _COUNTS
                    )  # "flights" are Flight_trans, not miles
                    yield ColumnLink(
                        name, 0.97 if concept in cue("own_concept") else 0.91 if counts else 0.84, "concept"
                    )
                elif (
                    roots & wanted
                    and len(roots - GENERIC_ROOTS - (_SINCE if concept == "tenure" else set())) == 1
                ):
                    yield ColumnLink(name, 0.8, "concept")

    def _by_prefix(self, words: Key) -> Iterable[ColumnLink]:
        """Match words that a column name cuts short or spells differently: lifeExp, gdpPercap, Produkt."""
        vocabulary = self._roots
        if not words or all(root(word) in vocabulary or len(word) < 3 for word in words):
            return
        if any(word in lexicon().value_words or word.isdigit() for word in words):
            return
        for name, raw in self._raw_words.items():
            left, matched = list(words), 0
            for own in raw:
                taken = _cut_short(left, own)
                matched += bool(taken)
                left = left[taken:]
            if matched and not left:
                recall = matched / len(raw)
                yield ColumnLink(
                    name, 0.95 if recall == 1.0 else 0.62 + 0.25 * recall, "name" if recall == 1.0 else "part"
                )

    def _by_naming(self, words: Key) -> Iterable[ColumnLink]:
        """Match words that a name writes without vowels, cuts short or holds as a unit: chnl, wt_kg, amt_usd.

        Read only where nothing else explains the words, so that no plain name loses a word to a guess.
        """
        if not words or any(not self._nameable(word) for word in words):
            return
        for name, raw in self._raw_words.items():
            column = self.columns[name]
            if column.role in ("customer_key", "row_key", "index", "constant"):
                continue
            said = measured_in(raw) if raw and column.kind == "number" else frozenset()
            taken: set[int] = set()
            by_unit = False
            for word in words:
                place = next(
                    (i for i, own in enumerate(raw) if i not in taken and stands_for(own, word)), None
                )
                if place is not None:
                    taken.add(place)
                elif word in said:
                    by_unit = True
                else:
                    break
            else:
                own_words = {
                    i for i, own in enumerate(raw) if own not in naming().units and own not in GENERIC
                }
                if own_words <= taken and taken:
                    yield ColumnLink(name, 0.92, "concept")
                else:
                    yield ColumnLink(name, 0.86 if taken else 0.8, "concept" if by_unit else "part")

    def _nameable(self, word: str) -> bool:
        """Tell whether a word may be looked for behind abbreviations: it says nothing in general."""
        words = lexicon()
        senses = words.phrases.get((word,), ())
        plain = word.isalpha() and len(word) >= 2 and word not in words.filler
        inert = {"role"} if self.has_features else {"role", "feature"}
        return plain and word not in words.value_words and all(sense.kind in inert for sense in senses)

    def ambiguous(self, links: tuple[ColumnLink, ...]) -> tuple[ColumnLink, ...]:
        """Return the links that are as good as the best one, if there are several."""
        best = links[0]
        reach = 0.2 if best.how == "part" else 0.06
        close = tuple(
            link
            for link in links
            if best.score - link.score < reach
            and (link.how == best.how or best.score - link.score < 0.06)
            and not self._is_code_of(link, best)
        )
        return close if len(close) > 1 and best.score < 0.99 else ()

    def _is_code_of(self, link: ColumnLink, best: ColumnLink) -> bool:
        """Tell whether a column is no rival of the one with the name: a code of the same thing, a number."""
        named = self._raw_words.get(best.column, ())
        if link.column == best.column or not named or named[-1] != "name":
            return False
        own = self._raw_words.get(link.column, ())
        code = own[:-1] == named[:-1] and own[-1:] and own[-1] in ("cd", "code", "id", "no", "key", "nr")
        return bool(code) or self.columns[link.column].kind == "number"


_COUNTS = frozenset(root(word) for word in ("transactions", "trans", "trx", "txn", "count", "number"))

_NUMBERING = frozenset({"number", "no", "nr", "num"})
_SINCE = frozenset(root(word) for word in ("days", "weeks", "months", "years", "since"))


def _cut_short(words: list[str], own: str) -> int:
    """Return how many of the leading words a word of a column name stands for, cut short or misspelt."""
    if not words or len(own) < 3:
        return 0
    whole = words[0] + words[1] if len(words) > 1 else ""
    if len(words) > 1 and whole.startswith(own) and len(own) > len(words[0]) and lemma(own) != words[0]:
        return 2
    known = words[0] in lexicon().filler
    if not known and len(words[0]) > len(own) and words[0].startswith(own):
        return 1
    same = root(words[0]) == root(own)
    near = (
        len(own) >= 6 and len(words[0]) >= 6 and own[:3] == words[0][:3] and OSA.distance(own, words[0]) == 1
    )
    return int(same or near)
