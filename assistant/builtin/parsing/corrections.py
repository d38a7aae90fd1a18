"""Reads what a person says about the reading of the data: date order, meaning, unit, missing values, tables.

One line of `_SAYINGS` is one thing that can be said, with the function that builds the request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.layout_sayings import read_layout
from assistant.builtin.parsing.reading_words import FACTORS, MEANINGS, UNITS
from assistant.builtin.parsing.relation_sayings import apart, key_of, linked, relate
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.tables import (
    ChangeReading,
    ShowRelations,
    ShowUnread,
    SwitchCleaning,
)
from tools.selecting import fold

Found = re.Match[str]
Builder = Callable[[Found, Catalog], "tuple[Request, ...] | Reply | None"]

_POLITE = re.compile(
    r"^(?:(?:please|pls|now|and|but|no|oh|ok(?:ay)?|so|well|sorry|actually|wait|can you|could you|would you|"
    r"let's|let us|you should|i want you to|i'd like you to|just|also|in fact|here|note that|by the way)"
    r"[, ]+)+",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?:is|are|was|were|do(?! not)|does|did|how|why|which|who|when|where|what)\b", re.IGNORECASE
)


def read_correction(text: str, catalog: Catalog) -> Outcome | None:
    """Read a statement about the reading of the data, or a question about it; None if it is neither."""
    said = _POLITE.sub("", text.strip()).rstrip("?!. ")
    asked = bool(_ASKED.match(said)) or text.rstrip().endswith("?")
    if not asked and (layout := read_layout(said, catalog)) is not None:
        return layout if isinstance(layout, Reply) else Reading(layout)
    for pattern, build in _QUESTIONS if _ASKED.match(said) else (*_SAYINGS, *_QUESTIONS):
        found = pattern.search(said)
        built = build(found, catalog) if found else None
        if built is not None:
            return built if isinstance(built, Reply) else Reading(built)
    return None


def _column(words: str, catalog: Catalog) -> str | None:
    """Return the column of the file that words name alone; a computed one stands for its source."""
    bare = re.sub(
        r"^(?:the|our|my|column|field)\s+|\s+(?:column|field|values?|numbers?|figures?)$", "", words.strip()
    )
    bare = re.sub(r"^(?:the|column)\s+", "", bare).strip("\"'“”‘’` ")
    if fold(bare) not in map(fold, catalog.loaded):  # "zip codes" is the column zip
        bare = re.sub(r"(?<=\w)\s+(?:codes?|ids?|fields?|dates?)$", "", bare) if " " in bare else bare
    exact = next((name for name in catalog.loaded if fold(name) == fold(bare)), None)
    items = annotate(bare, catalog).items if exact is None else []
    if exact is None and len(items) == 1 and items[0].links and items[0].links[0].score > 0.6:
        exact = items[0].links[0].column
    if exact is None and fold(bare).rstrip("s") in ("amount", "money", "price", "sale"):
        exact = catalog.table.amount
    if exact is None or exact not in catalog.columns:
        return None
    return catalog.columns[exact].derived_from or exact


def _change(catalog: Catalog, words: str, **what: Any) -> tuple[Request, ...] | None:
    column = _column(words, catalog)
    return (ChangeReading.model_validate({"column": column, **what}),) if column else None


def _order(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "the dates are month first" (all columns left open) and "order_date is day first" (one)."""
    order = found["order"].lower()
    month = order.startswith(("m", "us", "am"))
    what = re.sub(r"\b(?:read|take|treat|interpret|parse)\b", "", found["what"], flags=re.IGNORECASE).strip()
    what = re.sub(r"^(?:the )?dates? (?:in|of) (?=\w)", "", what, flags=re.IGNORECASE)
    told = {"dates": "month first" if month else "day first"}
    if re.fullmatch(r"(?:(?:the|all|my|our|these|those|they|it|dates?|order|in)\s*)*", what, re.IGNORECASE):
        return (ChangeReading.model_validate(told),)
    return _change(catalog, what, **told)


def _meaning(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "use email as the customer", "treat Segmentation as a label", "keep zip as text"."""
    as_what = found["what"].strip().lower()
    kinds = ((r"text|strings?|words", "text"), (r"dates?", "date"), (r"numbers?|numeric|figures", "number"))
    kind = next((name for pattern, name in kinds if re.fullmatch(pattern, as_what)), None)
    if kind:
        return _change(catalog, found["column"], kind=kind)
    meaning = next((name for pattern, name in MEANINGS if re.fullmatch(pattern, as_what)), None)
    return _change(catalog, found["column"], meaning=meaning) if meaning else None


def _dated(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "paid_on is a date, day first"; where it is a date already, only the order is asked for."""
    column = _column(found["column"], catalog)
    told: dict[str, Any] = {"dates": f"{found['order'].lower()} first"}
    if column and catalog.columns[column].kind == "text":
        told["kind"] = "date"
    return _change(catalog, found["column"], **told)


def _unit(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "balance is in thousands", "amounts are in euros", "sales are in thousands of dollars"."""
    told: dict[str, Any] = {}
    for word in re.split(r"\s+of\s+", found["unit"].strip().lower()):
        one = word if word in UNITS or word in FACTORS else word.removesuffix("s")
        if one in ("cent", "penny", "pence", "paise"):
            told["multiply_by"] = 0.01
        elif one in FACTORS:
            told["multiply_by"] = FACTORS[one]
        elif one in UNITS:
            told["unit"] = UNITS[one]
        else:
            return None
    return _change(catalog, found["column"], **told)


def _scaled(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "balance should be multiplied by 1000"."""
    said = found["factor"].lower().split()[-1].replace(",", "").rstrip(".")
    factor = float(FACTORS[said]) if said in FACTORS else float(said)
    divided = found["how"].lower() == "divided" and factor
    return _change(catalog, found["column"], multiply_by=1 / factor if divided else factor)


def _no_value(found: Found, catalog: Catalog) -> tuple[Request, ...] | Reply | None:
    """Read "-999 means missing in score"; without a column, those that hold the value are meant."""
    value = found["value"].strip("\"'“”‘’` ")
    if found["column"]:
        return _change(catalog, found["column"], no_value=[value])
    if not re.fullmatch(r"[-+]?\d[\d.,]*", value):
        holding = [link.column for link in catalog.values.get(tuple(value.lower().split()), ())]
    else:
        holding = [
            name
            for name, column in catalog.columns.items()
            if name in catalog.loaded
            and not column.derived_from
            and column.kind == "number"
            and float(value.replace(",", "")) in (column.minimum, column.maximum)
        ]
    if holding:
        return tuple(ChangeReading(column=name, no_value=[value]) for name in dict.fromkeys(holding))
    if not re.search(r"\d", value):
        return None
    numbers = [c.name for c in catalog.table.columns if c.kind == "number" and not c.derived_from][:4]
    choices = tuple(f"{value} means missing in {name}" for name in numbers)
    return Reply("clarify", "which_value", {"value": value}, choices)


def _repeats(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    keeps = found["verb"].lower().startswith(("keep", "count", "bring", "put"))
    return (ChangeReading(repeated_rows="keep" if keeps else "leave out"),)


def _no_key(found: Found, catalog: Catalog) -> tuple[Request, ...] | Reply | None:
    """Read "order_id is not an id"; where no column is named, those that count as keys are offered."""
    if found["column"].lower() in ("that", "this", "it", "which"):
        keys = [c.name for c in catalog.table.columns if c.role in ("customer_key", "row_key", "index")]
        return Reply("clarify", "which_key", {}, tuple(f"{name} is not an id" for name in keys[:4]))
    column = _column(found["column"], catalog)
    if column is None:
        return None
    number = catalog.columns[column].kind == "number"
    return (ChangeReading(column=column, meaning="number" if number else "category"),)


def _as_recorded(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "keep the birth dates of 1800": what was taken for a placeholder is a date."""
    return (SwitchCleaning(step="placeholder_dates"),)


def _centuries(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    return (SwitchCleaning(step="birth_century"),)


def _births(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    return (SwitchCleaning(step="implausible_births"),)


def _real_word(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "N/A is a value in channel" and "-999 is a value in score"."""
    column = _column(found["column"], catalog) if found["column"] else None
    if found["column"] and column is None:
        return None
    number = re.match(r"^[\"'“‘]?-\d", found[0])
    return (SwitchCleaning(step="placeholder_numbers" if number else "placeholder_words", column=column),)


def _unread(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    return (ShowUnread(),)


def _relations(found: Found, catalog: Catalog) -> tuple[Request, ...] | None:
    return (ShowRelations(),)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_AS = r"(?:use|take|treat|regard|count|consider|handle|keep|read|leave|store|see|mark)"
_NONE = r"(?:missing|no value|unknown|not known|no answer|not given|not available|empty|blank|null)"
_VALUE = r"(?P<value>[-+]?\d[\d.,]*|[\"'“‘`][^\"'”’`]+[\"'”’`]|\S+)"
_SAYINGS: tuple[tuple[re.Pattern[str], Builder], ...] = (
    (_pattern(
        r"^(?P<what>.*?)\s*\b(?:are|is|as|in|should be|come|comes|go|goes|with|has|have)?\s*"
        r"(?:the |written |given )?"
        r"(?P<order>month ?[/-] ?day|day ?[/-] ?month|month|day|mm?/dd?|dd?/mm?|us|american|european)s?"
        r"(?: (?:comes? )?first(?: in them)?|(?:/(?:yy(?:yy)?|year))?(?: (?:format|order|style|dates))?)$"),
     lambda found, catalog: _order(found, catalog) if _orders(found) else None),
    (_pattern(
        r"^(?P<what>(?:(?:the|my|our|all|these) )*dates?) (?:are|is) (?:in |written )?(?:the )?"
        r"(?P<order>us|american|european|british)(?: way| style| order| format)?$"), _order),
    (_pattern(rf"^{_AS} {_VALUE} (?:as|for) {_NONE}(?: (?:in|for|of) (?P<column>.+))?$"), _no_value),
    (_pattern(rf"^{_AS} {_VALUE} in (?P<column>.+?) (?:as|for) {_NONE}$"), _no_value),
    (_pattern(
        rf"^(?:the (?:values?|numbers?|codes?) )?{_VALUE} (?:means?|stands? for|is|are|counts? as|marks?) "
        rf"(?:a |an )?{_NONE}(?: values?| data)?(?: (?:in|for|of) (?P<column>.+))?$"), _no_value),
    (_pattern(
        rf"^(?P<column>\w+(?: \w+)?)(?: values?)? (?:of|equal to|=) {_VALUE} "
        rf"(?:means?|stands? for|is|are|counts? as) (?:a |an )?{_NONE}(?: values?| data)?$"), _no_value),
    (_pattern(
        r"^(?P<column>that|this|it|which|.+?)(?:'s| is|s)(?:n't| not) (?:an? |the |really an? |actually an? )"
        r"(?:id|ids|identifier|key|customer id|customer key|customer|index|row number)$"), _no_key),
    (_pattern(
        r"^(?:join|link|connect|relate|match|merge|tie)(?: up)? (?:the )?(?P<table>\w+) "
        r"(?:to|with|and|onto) (?:the )?(?P<other>\w+) "
        r"(?:by|on|using|via|through|over|with) (?:the )?(?P<columns>[\w. =]+)$"), linked),
    (_pattern(
        r"^(?:the )?(?P<table>\w+) and (?:the )?(?P<other>\w+) (?:are |is )?"
        r"(?:joined|linked|connected|related|matched|tied|(?:belong|go|fit) together|join|link|match) "
        r"(?:by|on|via|through|over) (?:the )?(?P<columns>[\w. =]+)$"), linked),
    (_pattern(
        r"^(?P<column>\w+) (?:is|are|means|refers to|points to|holds) (?:the |a )?(?P<key>\w+) "
        r"(?:of|in|from) (?:the )?(?P<other>\w+)$"), key_of),
    (_pattern(
        r"^(?:unlink|disconnect|separate|unjoin|do not (?:join|link)|don't (?:join|link)) "
        r"(?:the )?(?P<table>\w+) (?:and|from|to|with) (?:the )?(?P<other>\w+)$"), apart),
    (_pattern(rf"^{_AS} (?P<column>.+?) (?:as|for|to be) (?:an? |the |our )?(?P<what>[\w/ ]+)$"), _meaning),
    (_pattern(
        r"^(?P<column>.+?) (?:is|identifies|tells|counts as|should be) (?:an? |the |our )"
        r"(?P<what>customer(?: id| key| number)?|label|category|outcome|flag)$"), _meaning),
    (_pattern(
        r"^(?P<column>.+?) (?:is|are|holds?|contains?|should be|must be|has to be|have to be|needs to be|"
        r"counts?|should count)(?: (?:an?|really|just|only|plain|all|actually|in fact|read|treated|kept|"
        r"taken|stored|handled|seen|regarded|counted|shown|as|like))* "
        r"(?P<what>text|strings?|words|numbers?|numeric|dates?)"
        r"(?:,? (?:and )?not .*)?$"),
     _meaning),
    (_pattern(
        r"^(?P<column>.+?) (?:is|are|holds?|contains?|should be)(?: (?:an?|really|all))* dates?,?"
        r"(?: (?:and|with|written|in|the|is|are))* (?P<order>day|month)s?(?: comes?)? first$"), _dated),
    (_pattern(
        r"^(?:(?:the|our|my|all|each|every) )*(?P<what>customer|client|buyer|user)s? (?:are|is) "
        r"(?:identified|told apart|known|keyed|recogni[sz]ed|distinguished|counted) by "
        r"(?:the |their |its |his or her )?(?P<column>.+)$"),
     _meaning),
    (_pattern(
        r"^(?:(?:the|our|my|real|right|actual) )*(?P<what>customer (?:id|key|number|identifier|column))"
        r"(?: column)? (?:is|stands in|should be|is in|is given by) (?:the )?(?P<column>.+)$"), _meaning),
    (_pattern(
        r"^(?P<column>.+?) (?:is|should be|serves as) (?:the |a |an )?(?:key|id|identifier) "
        r"(?:of|for) (?:a |the |each |every |our |all )?(?P<what>customer)s?$"), _meaning),
    (_pattern(
        r"^(?P<column>.+?) (?:is|are)(?: all)?(?: given| measured| stated| written| recorded)? in "
        r"(?P<unit>[\w€$£₹]+(?: (?:dollars|francs))?(?: of \w+(?: \w+)?)?)$"), _unit),
    (_pattern(
        r"^(?P<column>.+?) (?:should|must|has to|have to|needs? to|is to|are to) be "
        r"(?P<how>multiplied|divided) by "
        r"(?P<factor>\d[\d,.]*|(?:a|one) (?:hundred|thousand|million))$"), _scaled),
    (_pattern(
        r"^(?P<verb>leave|take|throw|drop|remove|exclude|skip|discard|keep|count|bring|put)"
        r"(?: out| away| back)?"
        r"(?: all| the| any| those| these)* (?:(?:repeated|duplicated?|identical|doubled?) (?:rows?|records?|"
        r"lines?|entries)|duplicates|repeats|doubles|repetitions|copies)"
        r"(?: out| away| back| in| too)?$"), _repeats),
    (_pattern(
        r"^(?:keep|leave|do not (?:remove|drop)|don't (?:remove|drop)|bring back|restore)(?: in)? "
        r"(?:the |all )*"
        r"(?:birth ?dates?|dates? of birth|births?|birthdays?|dobs?|dates?|placeholder dates?)"
        r"(?: (?:of|in|from|at|before) (?:the year )?1[6-9]\d\d| as they (?:are|stand))(?: in)?$"),
     _as_recorded),
    (_pattern(
        r"^(?:do not|don't|never|stop) (?:move|moving|shift|shifting|change|changing|correct|correcting) "
        r"(?:the )?(?:birth ?(?:years?|dates?)|years? of birth|centur(?:y|ies))\b.*$"), _centuries),
    (_pattern(
        r"^keep (?:the )?(?:implausible|impossible|very old|odd) (?:ages?|births?|birth ?dates?)$"), _births),
    (_pattern(
        r"^[\"'“‘]?(?:n/?a|none|null|nan|unknown|nil|-\d[\d.]*|-)[\"'”’]? (?:is|are|means|counts as) "
        r"(?:a|an) (?:real |proper |true |valid )?(?:value|category|answer|word)(?: in (?P<column>.+))?$"),
     _real_word),
    (_pattern(
        r"^(?P<column>\w+) (?:in|of|from) (?:the )?(?P<table>\w+) "
        r"(?:is|are|=|equals|matches|means|names|refers to|belongs to|points to)"
        r"(?P<not> not)?(?: the same as)? "
        r"(?:the )?(?P<key>\w+) (?:in|of|from) (?:the )?(?P<other>\w+)$"), relate),
    (_pattern(
        r"^(?P<table>\w+) and (?:the )?(?P<other>\w+) (?:do not|don't) "
        r"(?:belong together|fit together|go together|match)$"), apart),
)  # fmt: skip
_QUESTIONS: tuple[tuple[re.Pattern[str], Builder], ...] = (
    (_pattern(
        r"\b(?:could(?: not|n't)|can(?: ?not|'t)|(?:was|were)(?: not|n't)|"
        r"did(?: not|n't)(?: get)?|failed to be|(?:do|did)(?: not|n't) you) "
        r"(?:you )?(?:be )?read(?: in)?(?: (?:from|in|of) .*)?$"
        r"|\b(?:unread|unreadable) (?:rows?|cells?|lines?|values?|records?)\b"
        r"|\b(?:rows?|lines?|cells?) (?:were|did you) (?:skip(?:ped)?|leave out|left out) (?:while|when) "
        r"(?:reading|loading)$"), _unread),
    (_pattern(
        r"\b(?:tables|files|sheets)\b.*\b(?:belong|fit|go|hang|come|linked|joined|connected|related|relate|"
        r"connect|join|link|tied)\b(?: together| to each other| to one another| with each other)?$"
        r"|^(?:show|draw|list)(?: me)?(?: the| all)? (?:relations|relationships|links|joins)"
        r"(?: (?:of|between) the (?:tables|files))?$"), _relations),
)  # fmt: skip


def _orders(found: Found) -> bool:
    """Tell whether words about days and months speak of their order in a date."""
    return bool(re.search(r"\bfirst\b|/|\b(?:format|order|style|dates)$", found[0], re.IGNORECASE))
