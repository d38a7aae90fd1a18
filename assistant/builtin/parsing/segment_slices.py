"""Reads segments cut along one number: shares from the top, parts of equal size, ranges, with their names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import NUMBER_WORDS
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_features import banded
from assistant.builtin.parsing.segment_rules import Rules, without_lead
from assistant.builtin.parsing.segment_tiers import tier_column
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import SegmentByRules, SegmentByValue
from assistant.builtin.tokens import key_of

_ASKING = re.compile(
    r"^(?:and |so |but )*(?:what|which|who|how|show|list|is|are|do|does|did|why|plot|draw|chart|compare|"
    r"average|"
    r"total|number|count|share)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:\b(?:the )?(?P<rank>top|best|upper|highest|first|next|following|then|middle|second|third|other|"
    r"remaining|"
    r"last|rest|bottom|lowest) )?(?P<n>\d{1,2}(?:\.\d+)?) ?(?:%|percent\b|per cent\b|pct\b|"
    r"(?<=(?:next|then|last) \d\d)\b(?! ?(?:%|per|[A-Za-z]+s\b)))",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\b(?:all |the )*(?:(?:every(?:one|body|thing)|any(?:one|body)|ones|"
    r"those)? ?(?:in )?between(?! \d)|everyone else|everybody else|anyone else|the rest|rest|others|"
    r"remaining(?: ones| customers)?|"
    r"otherwise|else)\b",
    re.IGNORECASE,
)
_SIGN = r"(?:=|->|→|:|\b(?:as|are|is|being|called|named|labelled|go to|to|into)\b)"
_PARTS = {
    "halves": 2, "thirds": 3, "terciles": 3, "tertiles": 3, "quarters": 4, "quartiles": 4, "fifths": 5,
    "quintiles": 5, "sixths": 6, "octiles": 8, "deciles": 10, "tenths": 10, "vigintiles": 20,
}  # fmt: skip
_NUMBERS = {word: n for word, n in NUMBER_WORDS.items() if 2 <= n <= 10}
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_EQUAL = re.compile(
    rf"\b{_N} (?:equal(?:ly)?(?:[ -](?:sized?|large|big))?|same[ -]sized?|even(?:ly sized)?) (?:parts?|"
    rf"groups?|"
    rf"segments?|tiers?|bands?|buckets?|classes|slices|chunks)\b|\b{_N} (?:groups?|segments?|tiers?|"
    rf"parts) of "
    rf"(?:equal|the same) size\b".replace("(?P<n>", "(?P<m>", 1),
    re.IGNORECASE,
)
_LOW = r"low(?:er|est)?|small|light|bottom|bronze|basic|poor|cold"
_MIDDLE = r"mid(?:dle)?|medium|moderate|average|normal|silver|warm"
_HIGH = r"high(?:er|est)?|top|large|big|heavy|gold|premium|rich|hot"
_BETWEEN = r"(?:\s*[/,|-]\s*(?:and )?|\s+(?:and|or|to)\s+)"
_RISING = re.compile(
    rf"\b(?P<a>{_LOW}){_BETWEEN}(?:(?P<b>{_MIDDLE}){_BETWEEN})?(?P<c>{_HIGH})\b", re.IGNORECASE
)
_FALLING = re.compile(
    rf"\b(?P<a>{_HIGH}){_BETWEEN}(?:(?P<b>{_MIDDLE}){_BETWEEN})?(?P<c>{_LOW})\b", re.IGNORECASE
)
_SIZE = r"\d+(?:,\d{2,3})*(?:\.\d+)? ?(?:k|m|l|lakhs?|crores?|thousand|million)?(?:s\b)?"
_COUNTED = r"once|twice|" + _SIZE
_MORE = r"(?:or|and) (?:more|up|above|over|older|higher|longer|upwards?|beyond|greater)(?: often)?"
_FEWER = r"(?:or|and) (?:less|fewer|under|below|younger|lower|shorter)"
_UNIT = r"(?: ?(?!(?:or|and|to)\b)[a-z]+)?"
_RANGE = re.compile(
    rf"\b(?:between )?{_SIZE}{_UNIT} ?(?:to|-|–|and|through|until) ?{_SIZE}(?!\w)|"
    rf"(?:\b(?:under|below|less than|fewer than|up to|at most|no more than|over|above|more than|at least|"
    rf"from|to|"
    rf"exactly|only|just)|[<>]=?) ?{_SIZE}(?!\w)|\b(?:{_COUNTED}|three|four|five){_UNIT} (?:{_MORE}|"
    rf"{_FEWER})\b|"
    rf"\b{_SIZE}\+|\b(?:once|twice)\b|(?<=[\s,;])\d+(?=\s*[,;])|"
    rf"\b(?:one|two|three|four|five|a single) "
    r"(?=(?:orders?|purchases?|bookings?|transactions?|visits?|calls?)\b)",
    re.IGNORECASE,
)
_NAME_LEAD = re.compile(rf"^\s*(?:[,;]\s*)?(?:{_SIGN}\s*)?|\s*{_SIGN}\s*$", re.IGNORECASE)
_NAMED = 0.8  # score of a link from which on a word names a column rather than a segment
_QUOTES = "\"'“”‘’`"


def read_slices(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "top 10% Whales, next 20% Dolphins", "balance quintiles", "light under 10, heavy 10 or more"."""
    text = sentence.text.strip().rstrip("?!. ")
    measured = any(
        i.has("statistic") or i.has("count") or (i.has("share") and i.text != "%") or i.has("how_much")
        for i in annotate(sentence.text, catalog, customer_level=True).items
    )
    sliced = len([one for one in _SHARE.finditer(text) if one["rank"]]) > 1
    if _ASKING.match(text) and not sliced or measured and not sliced:
        return None
    found = _shares(text, catalog) or _equal_parts(text, words, catalog) or _ranges(text, words, catalog)
    for item in sentence.items if found else ():
        item.used = True  # names are whatever words stand beside a share or a range
    return found


def _shares(text: str, catalog: Catalog) -> Outcome | None:
    """Read shares of all customers from the top, with the names behind them."""
    found = list(_SHARE.finditer(text))
    if len(found) < 2 or not any(
        (one["rank"] or "").lower() in ("top", "best", "upper", "highest") for one in found
    ):
        return None
    rest = _REST.search(text, found[-1].end())
    ends = [one.start() for one in found[1:]] + [rest.start() if rest else len(text)]
    names = [_name(text[one.end() : end]) for one, end in zip(found, ends, strict=True)]
    shares = [float(one["n"]) for one in found]
    last = _name(text[rest.end() :]) if rest else ""
    if sum(shares) >= 99:
        shares, last = shares[:-1], names.pop()
    given = [*names, last or "Everyone else"] if all(names) else []
    asked = {"column": _column(text, catalog), "top_shares": shares, "names": given}
    return Reading((SegmentByValue.model_validate(asked),))


def _name(text: str) -> str:
    """Return the name that words behind a share or a range give; empty if they name nothing."""
    quoted = re.search(rf"[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]", text)
    if quoted:
        return quoted[1].strip()
    signed = re.search(rf"{_SIGN}\s*(?P<name>[\w&-]+(?: [\w&-]+){{0,2}}?)\s*(?:[,;.]|$)", text, re.IGNORECASE)
    if signed:
        return signed["name"].strip()
    capital = re.search(
        r"(?<![\w])(?P<name>[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,2})\s*[,;.]?\s*(?:and\s*)?$", text
    )
    return capital["name"] if capital else ""


def _column(text: str, catalog: Catalog) -> str | None:
    return tier_column(annotate(text, catalog, customer_level=True), catalog)


def _equal_parts(text: str, words: set[str], catalog: Catalog) -> Outcome | None:
    """Read parts of equal size: thirds, quintiles, "5 equal groups", "low, medium and high by spend"."""
    said = {word.lower() for word in re.findall(r"[A-Za-z]+", text)}
    n = next((count for word, count in _PARTS.items() if word in said), None)
    equal = _EQUAL.search(text)
    if equal:
        told = (equal["n"] or equal["m"]).lower()
        n = _NUMBERS.get(told) or int(told)
    rising, falling = _RISING.search(text), _FALLING.search(text)
    named = falling or rising
    making = words & (cue("segment_verb") | cue("tier_verb") | cue("segment_noun") | cue("tier_noun"))
    if re.search(r"\d", text.replace(equal[0], "") if equal else text) or not (n or (named and making)):
        return None
    rest = re.sub("|".join(f"\\b{word}\\b" for word in _PARTS), " ", text, flags=re.IGNORECASE)
    rest = rest.replace(equal[0], " ") if equal else rest
    rest = rest.replace(named[0], " ") if named else rest
    sentence = annotate(rest, catalog, customer_level=True)
    numbers = {
        i.links[0].column
        for i in sentence.items
        if i.links and Parts(sentence, catalog).is_measurable(i.links[0].column)
    }
    column = tier_column(sentence, catalog)
    if column is None and not {"value", "customers"} & said or len(numbers) > 1:
        return None
    unknown = [i for i in sentence.items if not i.senses and i.text.lower() not in phrases("segment_filler")]
    if unknown:
        return None
    names = [named[key].capitalize() for key in ("a", "b", "c") if named[key]] if named else []
    names = names if falling else names[::-1]
    n = n or len(names)
    asked = {"column": column, "quantiles": n, "names": names if len(names) == n else []}
    return Reading((SegmentByValue.model_validate(asked),))


@dataclass
class _Piece:
    """One range with the words before and behind it."""

    before: str
    range: str
    behind: str


def _ranges(text: str, words: set[str], catalog: Catalog) -> Outcome | None:
    """Read one segment for each range of a number, named by the words beside it."""
    text = re.sub(r" ?\(([^()]*\d[^()]*)\)", r" \1", text)  # "heavy (over 40 hours)"
    head, sign, tail = text.partition(":")
    if not sign or not _RANGE.search(tail):
        head, tail = "", text
    pieces = _pieces(tail)
    if len(pieces) < 2 or re.search(r"%|[<>]", text):
        return None
    column, lead = _banded_column(head, pieces, catalog)
    if column is None or _names_others(pieces, column, catalog):
        return None
    speaks = words & (cue("segment_verb") | cue("segment_noun") | cue("tier_verb") | cue("tier_noun"))
    announced = re.search(r"\b(?:by|on|segment|split|divide|group|cut|put)\b", lead, re.IGNORECASE)
    names = [
        _beside(piece, lead if place == 0 and announced else "", catalog)
        for place, piece in enumerate(pieces)
    ]
    listed = len(pieces) > 2 and annotate(text, catalog).items[0].has("entity", "customer")
    if not (speaks or all(names) or listed):
        return None
    rules = Rules(catalog)
    for piece, name in zip(pieces, names, strict=True):
        stated = _plain_range(piece.range)
        where = rules.conditions(f"{column} {stated}")
        if len(where) != 1 or where[0].column != column:
            return None
        rules.add(name if all(names) and name else _label(column, piece, catalog), where)
    end = tail.rfind(pieces[-1].range) + len(pieces[-1].range)
    rest = _REST.search(tail, end)
    last = (_name(tail[rest.end() :]) or _bare(tail[rest.end() :], catalog)) if rest else ""
    if not rest and all(names) and (bare := re.search(r"[,;]|\band\b", tail[end:])):
        last = _bare(tail[end + bare.end() :], catalog)  # "..., and light"
    asked = {"segments": rules.segments, **({"otherwise": last[:1].upper() + last[1:]} if last else {})}
    return Reading((SegmentByRules.model_validate(asked),), tuple(rules.notes))


def _names_others(pieces: list[_Piece], column: str, catalog: Catalog) -> bool:
    """Tell whether words beside the ranges name another column, so that these are rules and no ranges."""
    for piece in pieces:
        parts = Parts(annotate(f"{piece.before} {piece.behind}", catalog, customer_level=True), catalog)
        for item in parts.sentence.items:
            own = {parts.as_feature(link.column) or link.column for link in item.links}
            if item.has("entity", "row", "transaction") and column == "n_transactions":
                continue  # "exactly 1 call": the rows that are counted
            if item.links and item.links[0].score > _NAMED and column not in own:
                return True
            if item.has("feature") and item.senses["feature"] != column and not item.links:
                return True
    return False


def _label(column: str, piece: _Piece, catalog: Catalog) -> str:
    """Name a segment by its range: "tenure 13 to 36", "2 to 3 transactions"."""
    said = " ".join(piece.range.split())
    if column != "n_transactions":
        return f"{Parts(annotate('', catalog), catalog).column(column).name.replace('_', ' ')} {said}"
    once = said.lower() in ("once", "twice")
    noun = "transaction" if re.fullmatch(r"(?:\w+ )?1", said) else "transactions"
    return f"Bought {said}" if once else f"{said} {piece.behind.strip() or noun}"


def _pieces(text: str) -> list[_Piece]:
    """Cut a text into its ranges; what stands between two of them belongs to the nearer side of the comma."""
    found = list(_RANGE.finditer(text))
    pieces: list[_Piece] = []
    at = 0
    for place, one in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        between = re.search(r"[,;/]|\s(?:and|or|vs\.?|versus)\s", text[one.end() : end])
        if between is None and place + 1 < len(found):
            return []
        stop = one.end() + between.start() if between else end
        pieces.append(_Piece(text[at : one.start()], one[0], text[one.end() : stop]))
        at = one.end() + between.end() if between else end
    return pieces


def _banded_column(head: str, pieces: list[_Piece], catalog: Catalog) -> tuple[str | None, str]:
    """Return the number that is cut and the words of the first piece that only announce it."""
    for words in (
        head,
        pieces[0].before,
        *(f"{piece.range}{piece.behind}" for piece in pieces),
        pieces[-1].behind,
    ):
        if not words.strip():
            continue
        column = banded(Parts(annotate(words, catalog, customer_level=True), catalog))
        if column is not None:
            return column, pieces[0].before if words == pieces[0].before else ""
    parts = Parts(annotate(head, catalog), catalog)
    bought = " ".join(piece.before + piece.range + piece.behind for piece in pieces)
    if re.search(
        r"\b(?:once|twice|times|purchases?|orders?|bookings?|transactions?|visits?)\b", bought, re.IGNORECASE
    ):
        return parts.feature("n_transactions"), pieces[0].before
    counted = re.findall(
        r"\b(month|year|day|week)s?\b", " ".join(piece.range + piece.behind for piece in pieces)
    )
    if counted and parts.lasting and parts.unit_of(parts.lasting) == f"{counted[0]}s":
        return parts.lasting, ""
    measured = _column_of_unit(" ".join(piece.range + piece.behind for piece in pieces), parts)
    if measured is not None:
        return measured, ""
    aged = any(
        re.search(r"\d0s\b|\byears? old\b|\bolder\b|\byounger\b", piece.range + piece.behind)
        for piece in pieces
    )
    return (parts.age if aged else None), ""


def _column_of_unit(text: str, parts: Parts) -> str | None:
    """Return the one number of customers whose name holds the unit said: hours of "30 hours or more"."""
    units = {key_of(word)[0] for word in re.findall(r"\d ?([a-z]{3,})\b", text.lower())}
    table = parts.catalog.customers if parts.catalog.has_features else parts.catalog.table
    found = [
        column.name
        for column in (table.columns if table is not None else ())
        if parts.is_measurable(column.name)
        and units & set(key_of(" ".join(parts.catalog.words_of.get(column.name, ()))))
    ]
    return found[0] if len(found) == 1 else None


def _beside(piece: _Piece, lead: str, catalog: Catalog) -> str:
    """Return the name that stands beside a range; words of the column and of units are none."""
    behind = _name(piece.behind) or _bare(piece.behind, catalog)
    told = without_lead(piece.before) if _ANNOUNCED.match(piece.before) else piece.before
    before = "" if lead else _bare(told, catalog)
    name = behind or before
    return name[:1].upper() + name[1:]


_ANNOUNCED = re.compile(r"\s*(?:please )?(?:split|divide|segment|group|put|cut|make|sort)\b", re.IGNORECASE)


def _bare(text: str, catalog: Catalog) -> str:
    """Return what is left of words beside a range without signs, columns, units and words that only join."""
    text = _NAME_LEAD.sub("", text.strip(" ,;")).strip(f" ,;{_QUOTES}")
    text = re.sub(r"^(?:and|or|vs\.?|versus|the|those|with|who|into|in)\s+", "", text, flags=re.IGNORECASE)
    kept = annotate(text, catalog, customer_level=True)
    meant = [
        i
        for i in kept.items
        if i.links or i.has("feature") or i.has("grain") or i.has("logic") or i.has("by")
    ]
    known = {token.norm for i in meant for token in kept.tokens[i.start : i.end]} | {
        "years",
        "days",
        "times",
        "s",
    }
    verbs = {"have", "has", "having", "had", "customers", "members", "clients", "people"}
    left = [
        token.text
        for token in kept.tokens
        if token.norm not in known | verbs and token.kind in ("word", "quoted")
    ]
    while left and left[0].lower() in ("a", "an", "the"):
        left = left[1:]
    while left and left[-1].lower() in ("a", "an", "the", "of", "is", "are"):
        left = left[:-1]
    filler = all(word.lower() in phrases("segment_object") for word in left)
    return " ".join(left) if left and len(left) <= 3 and not filler else ""


def _plain_range(text: str) -> str:
    """Write a range as conditions are read: "30 or more" as "at least 30", "10-30" as "between 10 and 30"."""
    text = re.sub(r"(?<=\d)s\b", "", text.strip())
    text = re.sub(
        r"\ba single\b", "1", re.sub(r"\bone\b", "1", text, flags=re.IGNORECASE), flags=re.IGNORECASE
    )
    text = re.sub(r"\bonce\b", "1", re.sub(r"\btwice\b", "2", text, flags=re.IGNORECASE), flags=re.IGNORECASE)
    for word, value in _NUMBERS.items():
        text = re.sub(rf"\b{word}\b", str(value), text, flags=re.IGNORECASE)
    numbers = re.findall(
        r"\d[\d,]*(?:\.\d+)? ?(?:k|m|l|lakhs?|crores?|thousand|million)?\b", text, re.IGNORECASE
    )
    if len(numbers) == 2:
        return f"between {numbers[0].strip()} and {numbers[1].strip()}"
    number = numbers[0].strip()
    if re.search(rf"{_MORE}|\+", text, re.IGNORECASE):
        return f"at least {number}"
    if re.search(_FEWER, text, re.IGNORECASE):
        return f"at most {number}"
    lead = re.match(r"(?P<lead>[a-z<>= ]+?) ?(?=\d)", text, re.IGNORECASE)
    word = lead["lead"].strip().lower() if lead else ""
    return (
        f"= {number}"
        if word in ("", "exactly", "only", "just")
        else f"{ {'from': 'at least', 'to': 'up to'}.get(word, word) } {number}"
    )
