"""Finds the segments that a sentence names: by name, by number, by place in their order."""

from __future__ import annotations

from assistant.builtin.linking import Catalog, ValueLink
from assistant.builtin.meanings import Found
from assistant.builtin.numbers import ordinal, read_quantity
from assistant.builtin.tokens import Token, key_of


def segment_names(tokens: list[Token], lemmas: list[str], catalog: Catalog, _: bool) -> Found:
    """Names of segments, "segment 2", "the second cluster"; the noun alone stays an entity."""
    names = {key_of(name): name for name in catalog.segments}
    if not tokens:
        return
    for start in range(len(tokens)):
        for phrase, name in names.items():
            length = len(phrase)
            written = tuple(lemmas[start : start + length]) == phrase
            quoted = tokens[start].kind == "quoted" and key_of(tokens[start].text) == phrase
            if quoted:
                yield start, start + 1, "segment", 1.8, name
            elif written:
                yield start, start + length, "segment", 1.15 * length, name
        noun = lemmas[start] in ("segment", "cluster", "group", "tier", "segmentation")
        own = next((n for n in catalog.loaded if "segment" in catalog.words_of[n][0]), None)
        if noun and own and not catalog.segments and start + 1 < len(tokens):
            cell = next(
                (v for v, _ in catalog.columns[own].values if v.lower() == tokens[start + 1].norm), None
            )
            if cell:
                yield start, start + 2, "value", 2.4, (ValueLink(own, cell, 1),)
                continue
        noun = noun and lemmas[start] != "segmentation"
        if noun and start + 1 < len(tokens):
            after = tokens[start + 1]
            number = read_quantity(tokens, start + 1)
            if number and number[1] == start + 2 and number[0].unit is None:
                yield start, start + 2, "segment", 2.3, str(int(number[0].value))
            elif (
                len(after.text) == 1 and after.text.isalpha() and (after.text.isupper() and after.text != "I")
            ):
                yield start, start + 2, "segment", 2.3, after.text
        extreme = {"largest": -1, "biggest": -1, "smallest": 0}.get(lemmas[start])
        if (
            extreme is not None
            and catalog.segments
            and start + 1 < len(tokens)
            and lemmas[start + 1] in ("segment", "cluster", "one", "tier")
        ):
            by_size = sorted(zip(catalog.sizes, catalog.segments, strict=False))
            if by_size:
                yield start, start + 2, "segment", 2.5, by_size[extreme][1]
        place = ordinal(tokens, start)
        if (
            place
            and place[1] < len(tokens)
            and lemmas[place[1]] in ("segment", "cluster", "group", "tier", "one")
        ):
            yield start, place[1] + 1, "segment", 1.15 * (place[1] + 1 - start), str(place[0])
