"""Reads segments cut along one number: shares from the top, parts of equal size, ranges, with their names."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import NUMBER_WORDS
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_tiers import tier_column
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import SegmentByValue

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
REST = re.compile(
    r"\b(?:all |the )*(?:(?:every(?:one|body|thing)|any(?:one|body)|ones|"
    r"those)? ?(?:in )?between(?! \d)|everyone else|everybody else|anyone else|the rest|rest|others|"
    r"remaining(?: ones| customers)?|"
    r"otherwise|else)\b",
    re.IGNORECASE,
)
SIGN = r"(?:=|->|→|:|\b(?:as|are|is|being|called|named|labelled|go to|to|into)\b)"
_PARTS = {
    "halves": 2, "thirds": 3, "terciles": 3, "tertiles": 3, "quarters": 4, "quartiles": 4, "fifths": 5,
    "quintiles": 5, "sixths": 6, "octiles": 8, "deciles": 10, "tenths": 10, "vigintiles": 20,
}  # fmt: skip
NUMBERS = {word: n for word, n in NUMBER_WORDS.items() if 2 <= n <= 10}
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(NUMBERS)})"
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
QUOTES = "\"'“”‘’`"


def read_slices(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "top 10% Whales, next 20% Dolphins", "balance quintiles", "light under 10, heavy 10 or more"."""
    text = sentence.text.strip().rstrip("?!. ")
    sliced = len([one for one in _SHARE.finditer(text) if one["rank"]]) > 1
    if asks_for_figures(_BY_NUMBER.sub("by", text), catalog) and not sliced:
        return None
    found = (
        _one_share(text, catalog)
        or _parts_of_value(text, catalog)
        or _shares(text, catalog)
        or _equal_parts(text, words, catalog)
    )
    for item in sentence.items if found else ():
        item.used = True  # names are whatever words stand beside a share or a range
    return found


def asks_for_figures(text: str, catalog: Catalog) -> bool:
    """Tell whether a text asks for a number rather than for segments."""
    measured = any(
        i.has("statistic") or i.has("count") or (i.has("share") and i.text != "%") or i.has("how_much")
        for i in annotate(text, catalog, customer_level=True).items
    )
    return measured or _ASKING.match(text) is not None


_BY_NUMBER = re.compile(r"\b(?:by|on) (?:the |their )?(?:number|count) of\b", re.IGNORECASE)
_NAMED_BEFORE = re.compile(
    r"\b(?:an?|one|the) (?P<name>[A-Z][\w&-]*(?: [A-Z][\w&-]*)?) (?:segment|group|tier|class)\b"
)


def _one_share(text: str, catalog: Catalog) -> Outcome | None:
    """Read one share from the top with a name, and all others: "top 5% by spend = Whale, the rest Minnow"."""
    found = [one for one in _SHARE.finditer(text) if one["rank"]]
    rest = REST.search(text, found[0].end()) if len(found) == 1 else None
    if rest is None or found[0]["rank"].lower() not in _FROM_TOP:
        return None
    before = _NAMED_BEFORE.search(text[: found[0].start()])
    name = before["name"] if before else name_in(text[found[0].end() : rest.start()])
    if not name or re.search(r"\b(?:who|that|which|with|also|and) \w", text[found[0].end() : rest.start()]):
        return None
    column = _column(text, catalog)
    if column is None and _BY_NUMBER.search(text):
        column = Parts(annotate("", catalog), catalog).feature("n_transactions")
    others = name_in(text[rest.end() :]) or "Everyone else"
    asked = {"column": column, "top_shares": [float(found[0]["n"])], "names": [name, others]}
    return Reading((SegmentByValue.model_validate(asked),))


_FROM_TOP = ("top", "best", "upper", "highest")
_CLASS = re.compile(
    r"(?<![\w'])(?P<name>[A-D])\b ?(?:=|:|is|are|gets?|takes?|brings?(?: in)?|makes?|for)? ?(?:the )?"
    r"(?:next |following |then |first |top )?(?P<n>\d{1,2}) ?%"
)


def _parts_of_value(text: str, catalog: Catalog) -> Outcome | None:
    """Read classes by what they bring together: "ABC by charge: A = 70% of it, B the next 20%, C rest"."""
    found = list(_CLASS.finditer(text)) if re.search(r"\b(?:abc|pareto)\b", text, re.IGNORECASE) else []
    rest = re.search(r"(?<![\w'])(?P<name>[A-D])\b[^%\d]*\b(?:rest|others|remaining|everyone else)\b", text)
    shares = [float(one["n"]) for one in found]
    if not found or len(found) != text.count("%") or (rest is None and sum(shares) < _ALL):
        return None
    names = [one["name"] for one in found]
    shares, names = (shares, [*names, rest["name"]]) if rest else (shares[:-1], names)
    asked = {"column": _column(text, catalog), "value_shares": shares, "names": names}
    return Reading((SegmentByValue.model_validate(asked),))


_ALL = 99  # percent that classes add up to, or nearly


def _shares(text: str, catalog: Catalog) -> Outcome | None:
    """Read shares of all customers from the top, with the names behind them."""
    found = list(_SHARE.finditer(text))
    if len(found) < 2 or not any(
        (one["rank"] or "").lower() in ("top", "best", "upper", "highest") for one in found
    ):
        return None
    rest = REST.search(text, found[-1].end())
    ends = [one.start() for one in found[1:]] + [rest.start() if rest else len(text)]
    names = [name_in(text[one.end() : end]) for one, end in zip(found, ends, strict=True)]
    shares = [float(one["n"]) for one in found]
    last = name_in(text[rest.end() :]) if rest else ""
    if sum(shares) >= 99:
        shares, last = shares[:-1], names.pop()
    given = [*names, last or "Everyone else"] if all(names) else []
    asked = {"column": _column(text, catalog), "top_shares": shares, "names": given}
    return Reading((SegmentByValue.model_validate(asked),))


def name_in(text: str) -> str:
    """Return the name that words behind a share or a range give; empty if they name nothing."""
    quoted = re.search(rf"[{QUOTES}]([^{QUOTES}]+)[{QUOTES}]", text)
    if quoted:
        return quoted[1].strip()
    signed = re.search(rf"{SIGN}\s*(?P<name>[\w&-]+(?: [\w&-]+){{0,2}}?)\s*(?:[,;.]|$)", text, re.IGNORECASE)
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
        n = NUMBERS.get(told) or int(told)
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
