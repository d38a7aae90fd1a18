"""Reads orders that no analysis may carry out: change data, run code, act outside the chat, name people.

An order is told from a question by its shape (a verb in front and what it is done to), never by single words.
"""

from __future__ import annotations

import re

from assistant.builtin.lexicon import cue, phrases, topic_words
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.misuse import asks_about_the_rest, dictates, intends_harm, is_misuse
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request.outcome import Reply
from assistant.builtin.sentence import Sentence
from assistant.builtin.tokens import key_of

_POLITE = (
    r"^(?:(?:please|pls|kindly|now|and|then|ok|okay|just|also|hey|can you|could you|would you|will you|"
    r"you must|"
    r"i want you to|i need you to|i'd like you to|let's|go ahead and)[\s,]+)*"
)
_STATEMENT = re.compile(
    r"\b(?:update\s+[\w.\"]+\s+set\b|insert\s+into\b|delete\s+from\b|(?:drop|alter|truncate)\s+(?:table|"
    r"column|"
    r"database|view|schema)\b|create\s+(?:table|view|user|role)\b|select\s+\*|union\s+(?:all\s+)?select\b|"
    r"select\s+.{1,80}\s+from\s+\w+\s*(?:;|where\b|limit\b|$)|grant\s+\w+\s+(?:on|to)\b)",
    re.IGNORECASE,
)
_STORE = r"(?:data ?base|data ?set|data|file|table|csv|system|server|disk|records|source)"
_WIPE = re.compile(
    _POLITE + r"(?:delete|erase|purge|wipe|destroy|overwrite|falsify|fudge|manipulate|tamper with|"
    r"(?:doctor|cook)(?= (?:up )?(?:the|our|my|these|those|some|all)\b))\b"
    r"(?!.*\b(?:segments?|segmentations?|clusters?|tiers?|filters?|charts?|chats?)\b)",
    re.IGNORECASE,
)
_TAKE_OUT = re.compile(
    _POLITE
    + rf"(?:remove|drop|take|strike|cut|clear)\b.+\b(?:from|out of|off) (?:the |our |my |this )?{_STORE}\b",
    re.IGNORECASE,
)
_NEW_VALUE = re.compile(
    _POLITE
    + r"(?:set|change|update|replace|edit|alter|modify|correct|reset)\b(?P<what>.+?)\b(?:to|with|by|into)\b"
    r"(?P<value>.+)$",
    re.IGNORECASE,
)
_SHIFTED = re.compile(
    _POLITE
    + r"(?:increase|raise|reduce|lower|cut|add|subtract|double|halve|inflate|multiply)\b(?P<what>.+)$",
    re.IGNORECASE,
)
_ROWS = re.compile(
    _POLITE + r"(?:insert|append|add|create|enter|write)\b.*\b(?:rows?|records?|entry|entries|customers?)\b"
    r".*\b(?:to|into|in) (?:the |our |my |this )?" + _STORE + r"\b",
    re.IGNORECASE,
)
_SEND = re.compile(
    _POLITE
    + r"(?:e-?mail|mail|send|forward|post|tweet|text|fax|sms|message|whatsapp|slack|publish|share|upload)\b"
    r"(?! of\b)(?:(?! me\b).)*?(?:\bto (?!me\b)|\b(?:via|by|per|over|on|through) (?:e-?mail|mail|slack|teams|"
    r"whatsapp|twitter|linkedin|facebook|sms|text)\b|\S@\S|\bwith (?:my|our|the) \w+)",
    re.IGNORECASE,
)
_GIFT = re.compile(
    _POLITE + r"(?:e-?mail|mail|send|text|message|offer|grant|hand|post)\b "
    r"(?:all |every |each |the |our |my |these |top |best |\d+ )*(?:\w+ )?"
    r"(?:customers?|clients?|members|users|guests|people|everyone|everybody|them|borrowers|subscribers|"
    r"buyers|shoppers) (?:a|an|some|our|this|these)\b",
    re.IGNORECASE,
)
_BY_NAME = re.compile(
    r"\b(?:who|which (?:person|customer|client|man|woman|guest|member)s?)\b.*\b(?:by name|"
    r"(?:give|tell|show|send)(?: me| us)? (?:the|their|his|her) (?:full |first |last )?names?|"
    r"names? and (?:\w+ )?address(?:es)?|address(?:es)? and names?)\b|"
    r"^(?:give|tell|show)(?: me| us)? (?:the|their|his|her) (?:full |first |last )?names?[.?! ]*$",
    re.IGNORECASE,
)
_ACT = re.compile(
    _POLITE
    + r"(?:(?:transfer|wire|pay|refund|withdraw|deposit)\b.*\d|(?:block|freeze|close|cancel|open|approve|"
    r"reject|suspend)\b.*\b(?:accounts?|cards?|loans?|orders?|bookings?|contracts?)\b(?! by\b| per\b)|"
    r"(?:phone|ring|invite|notify|warn|remind)\b (?:me|him|her|all|every|each|the|this|those|my|our|these)\b|"
    r"(?:call|contact) (?:up )?(?:(?:all|every|each|the|our|my|these|those) )*(?:\w+ )?(?:customers?|"
    r"clients?|people|"
    r"members|users|guests|borrowers|subscribers)\b(?! (?:as|['\"“‘]))|(?:schedule|book)\b (?:a|an|the)\b)",
    re.IGNORECASE,
)
# "Cancel B00012", "text D00162 that it arrived": something is to be done about one row, by its code.
_ON_ONE = re.compile(
    _POLITE
    + r"(?:text|e-?mail|mail|phone|ring|call|message|sms|whatsapp|contact|notify|remind|invite|thank|cancel|"
    r"refund|backdate|block|close|approve|reject|charge|bill|invoice|pay|credit|upgrade|downgrade|"
    r"unsubscribe|"
    r"reactivate|reschedule|rebook|redeliver|resend|reroute|reassign|mark|flag|ban|waive|extend|renew|"
    r"activate|deactivate|confirm|postpone|rename|assign|book|ship|return|replace|fine|forgive|write off)\b"
    r"(?: (?!over|under|above|below|than|per|by|in)[a-z]+){0,4} [A-Za-z]{1,4}[-_]?\d{2,}\w*\b",
)
_OTHER_CHATS = re.compile(
    r"\b(?:other|another|someone else|somebody else|everyone else|everybody else|colleague|colleagues|"
    r"user|users|"
    r"people|person)(?:'s|s'|s|’s)?\b.*\b(?:chats?|conversations?|sessions?|uploads?|uploaded files?)\b|"
    r"\b(?:chats?|conversations?|sessions?|questions?|uploads?) (?:of|from|by) (?:the )?(?:other|another|"
    r"someone|"
    r"somebody|everyone|everybody|all users|my colleagues?|users)|"
    r"\bwhat (?:did|do|have|has|are|is|were|was) (?:the )?(?:other|others|another|someone|somebody|"
    r"everyone|anyone|"
    r"people|my colleagues?|users)\b.{0,20}\b(?:ask|asked|asking|upload|uploaded|type|typed|search|"
    r"searched)\b",
    re.IGNORECASE,
)
_RECALL = re.compile(
    r"\b(?:remember|recall|forget|forgot|forgotten)\b.*\b(?:i|we|me|my|yesterday|last|earlier|before|this|"
    r"it)\b|"
    r"\bwhat did i ask\b|\b(?:my|our) (?:last|previous|earlier|old|yesterday's) (?:chats?|conversations?|"
    r"sessions?)\b",
    re.IGNORECASE,
)
_DETAILS = (
    r"(?:(?:full|first|last|sur|family|complete|real|actual|exact|and|or|the|all|their|home|private|"
    r"e-?mail|email|"
    r"phone|mobile|telephone|contact|street|postal|credit card|card|account|bank|social security|passport|"
    r"id)[\s,-]*)*"
    r"(?:names?|surnames?|e-?mails?|addresses|address|phones?|numbers?|mobiles?|details|passwords?|pins?|"
    r"dates? of birth|birth ?days?|aadhaar)"
)
_DISCLOSE = re.compile(
    _POLITE
    + r"(?:(?:show|list|give|print|display|export|dump|reveal|send|get|tell|write|fetch|find|look up|read)"
    r"(?: out)?(?: me| us)?|what (?:is|are|was)|what's|i (?:want|need)|who (?:is|are))\s+(?:the |all |all "
    r"the |every |"
    rf"a list of |our |my |their )*(?P<what>{_DETAILS})\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_BARE_DETAILS = re.compile(rf"^(?P<what>{_DETAILS})\s+(?P<rest>(?:of|for|from)\s+.+)$", re.IGNORECASE)
_SECRET = re.compile(
    r"\b(?:e-?mail|phone|mobile|telephone|address|addresses|contact|password|passport|pin|social security|"
    r"surname|"
    r"birth|full|first|last|family|card|account|aadhaar)",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:customers?|clients?|people|persons?|members?|users?|guests?|callers?|subscribers?|buyers?|"
    r"shoppers?|"
    r"borrowers?|women|men|everyone|everybody|those|who|churners?|spenders?|ones)\b",
    re.IGNORECASE,
)


_INTO_PARTS = re.compile(
    r"\b(?:in|into) (?:\d+|\w+ (?:equal |even )?(?:parts|ranges|bands|groups|bins|pieces))\b", re.I
)
# "Cut the borrowers by score" makes groups of them; "cut prices by 10 %" would change the data.
_CUTS_PEOPLE = re.compile(
    rf"^(?:\w+ ){{0,3}}cut(?: up)? (?:the |our |my |all |these |those |them\b)*{_PEOPLE.pattern}",
    re.IGNORECASE,
)
_DENY = re.compile(
    r"\b(?:reject|turn (?:\w+ )?down|deny|blacklist|decline|refuse|weed out|keep out|filter out)\b|"
    r"\b(?:drop|exclude|remove|leave out|kick out)\b.*\b(?:offer|campaign|loan|credit|programme|program|"
    r"list|mailing)\b",
    re.IGNORECASE,
)


# "holders above 75": of people a bare number of that size is an age.
_YEARS = re.compile(
    r"\b(?:holders?|people|persons?|customers?|clients?|members?|patients?|drivers?|men|women|applicants?|"
    r"borrowers?|anyone|everyone|those|guests?|users?) (?:who (?:are|is) |aged |that are )?"
    r"(?:over|above|under|below|past) (?:the age of )?(?:1[6-9]|[2-9]\d)s?"
    r"(?=$|[?!.,;]| (?:so|to|and|or|should|who|that)\b)",
    re.IGNORECASE,
)


def read_order(sentence: Sentence, catalog: Catalog) -> Reply | None:
    """Refuse an order that no analysis may carry out; None for anything else."""
    text = sentence.text.strip()
    words = sentence.words() | {token.norm for token in sentence.tokens}
    if _misuses(sentence, words) or _changes_data(text, sentence, catalog):
        return Reply("refused", "hostile", {}, starters(catalog)[:3])
    protected = _protected(sentence, catalog)
    if (
        (_DENY.search(text) or intends_harm(text))
        and protected
        and not text.lower().startswith(("how many", "what share", "why"))
    ):
        return Reply("refused", "protected_denial", {"columns": protected}, starters(catalog)[:2])
    if _OTHER_CHATS.search(text):
        return Reply("refused", "other_chats", {}, starters(catalog)[:2])
    if _RECALL.search(text) and not any(item.links or item.values for item in sentence.items):
        return Reply("answered", "other_chats", {}, starters(catalog)[:2])
    if (
        _SEND.search(text)
        or _GIFT.search(text)
        or (_ON_ONE.match(text[:1].lower() + text[1:]) and not text.endswith("?"))
        or (_ACT.match(text) and not text.endswith("?") and not sentence.has("quoted"))
    ):
        return Reply("refused", "deed", {}, starters(catalog)[:2])
    return _personal(sentence, catalog, words)


def _protected(sentence: Sentence, catalog: Catalog) -> list[str]:
    """Return the protected attributes that a message names, itself or by their values."""
    named = [item.links[0].column for item in sentence.items if item.links]
    named += [item.values[0].column for item in sentence.items if item.values]
    words = sentence.words()
    aged = bool(words & {"born", "old", "young", "age", "elderly", "older", "younger"})
    born = [name for name, own in catalog.words_of.items() if {"birth", "age", "born"} & set(own)]
    aged = aged or _YEARS.search(sentence.text) is not None
    born = born or [name for name, column in catalog.columns.items() if column.role == "age"]
    known = [name for name in named if name in catalog.columns and catalog.columns[name].protected]
    return list(dict.fromkeys([*known, *(born[:1] if aged else [])]))


def _misuses(sentence: Sentence, words: set[str]) -> bool:
    """Tell whether a message holds code or tries to talk the rules away."""
    text = " ".join(token.norm for token in sentence.tokens if token.kind != "symbol")
    lowered = sentence.text.lower()
    if (
        is_misuse(sentence.text)
        or dictates(sentence.text)
        or any(p in f" {text} " for p in topic_words().hostile_phrases)
    ):
        return True
    if any(mark in lowered for mark in phrases("code_mark")) or _STATEMENT.search(sentence.text):
        return True
    return bool(words & cue("run_verb") and words & cue("code_noun") and "rule" not in words)


def _changes_data(text: str, sentence: Sentence, catalog: Catalog) -> bool:
    """Tell whether the data are to be changed: rows taken out, values set to others."""
    if any(item.has("segment") or item.has("outliers") for item in sentence.items):
        return False
    if asks_about_the_rest(text):
        return False
    if _WIPE.match(text) or _TAKE_OUT.match(text) or _ROWS.match(text):
        return True
    found = _NEW_VALUE.match(text)
    if found is not None and _of_everybody(found["what"], sentence):
        return True
    amount = found is not None and any(item.number or item.has("value_word") for item in sentence.items)
    amount = (
        amount
        or found is not None
        and re.search(r"\bzero\b|\bnull\b|\bnothing\b", found["value"], re.I) is not None
    )
    parted = _INTO_PARTS.search(text) or _CUTS_PEOPLE.match(text)
    shifted = _SHIFTED.match(text) if found is None and not parted else None
    amount = amount or shifted is not None and any(item.number for item in sentence.items)
    edits = {"threshold", "boundary", "border", "cutoff", "limit", "number", "bin", "level", "segment", "k"}
    columns = [item for item in sentence.items if item.links and item.links[0].score > 0.66]
    return bool(amount and columns and not sentence.words() & edits)


def _of_everybody(what: str, sentence: Sentence) -> bool:
    """Tell whether every cell of a column is to become one of its values: "change all genders to F"."""
    everybody = re.search(r"\b(?:all|every|each|everyone|everybody)\b", what, re.IGNORECASE)
    named = {link.column for item in sentence.items for link in item.links}
    return everybody is not None and any(v.column in named for item in sentence.items for v in item.values)


def _personal(sentence: Sentence, catalog: Catalog, words: set[str]) -> Reply | None:
    """Refuse to show who single people are or how to reach them."""
    here = [c.name for c in catalog.columns.values() if c.role == "personal"]
    if _BY_NAME.search(sentence.text):
        return Reply("refused", "personal", {"columns": here}, starters(catalog)[1:3])
    asked = _DISCLOSE.match(sentence.text.strip()) or _BARE_DETAILS.match(sentence.text.strip())
    if asked and _of_people(asked["what"], asked["rest"], sentence, catalog):
        return Reply("refused", "personal", {"columns": here}, starters(catalog)[1:3])
    named = any(item.links and item.links[0].column in here for item in sentence.items)
    held = {word for item in sentence.items if item.values for word in key_of(item.text)}
    sought = (words & cue("personal")) - held  # "gave by phone" is a channel here
    if not (named or sought) or not words & cue("show_verb"):
        return None
    about_quality = words & {"missing", "duplicate", "duplicated"}
    measured = sentence.has("statistic") or sentence.has("count", "how_many")
    others = [
        item
        for item in sentence.items
        if item.links
        and item.links[0].score > 0.9
        and catalog.columns[item.links[0].column].role not in ("personal", "customer_key")
    ]
    if about_quality or measured or others:
        return None
    return Reply("refused", "personal", {"columns": here}, starters(catalog)[1:3])


def _of_people(what: str, rest: str, sentence: Sentence, catalog: Catalog) -> bool:
    """Tell whether "names" or "numbers" are those of people rather than of products or columns."""
    if sentence.has("statistic") or sentence.has("duplicates") or sentence.has("missing"):
        return False
    if _SECRET.search(what):
        head = what.lower().split()[-1]
        shown = [
            i for i in sentence.items if i.links and i.text.lower().endswith(head) and i.links[0].score > 0.7
        ]
        return all(
            catalog.columns[i.links[0].column].role in ("personal", "birth_date", "customer_key")
            for i in shown
        )
    return bool(re.search(r"names?$", what, re.I) and _PEOPLE.search(rest))
