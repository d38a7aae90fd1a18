"""Reads what needs no tool: greetings, help, files to take away, other topics, questions about the field."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence
from assistant.builtin.lexicon import cue, phrases, topic_words
from assistant.builtin.linking import Catalog
from assistant.builtin.request.advice import RecallNotes
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import ExportSegments, ScoreCustomers, ShowMovement
from assistant.builtin.speaking import spoken

_LONG_DAYS = 150  # beyond this a chart of days is noise and one of months is not


def read_talk(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read a message that is no request about the data; None otherwise."""
    words = sentence.words() | {token.norm for token in sentence.tokens}
    text = " ".join(token.norm for token in sentence.tokens if token.kind != "symbol")
    for reader in (_small_talk, _help, _mood, _export, _deletion, _movement, _topics):
        found = reader(sentence, catalog, words, text)
        if found is not None:
            return found
    return None


def starters(catalog: Catalog) -> tuple[str, ...]:
    """Return questions that make sense for this data."""
    questions = ["What is in this data?"]
    table = catalog.table
    groups = [
        c.name
        for c in table.columns
        if c.role in ("category", "outcome", "flag") and 2 <= (c.n_distinct or 0) <= 12
    ]
    numbers = [
        c.name
        for c in table.columns
        if c.role in ("balance", "amount", "measure", "age") and c.kind == "number"
    ]
    if numbers and groups:
        questions.append(
            f"What is the average {spoken(catalog, numbers[0])} by {spoken(catalog, groups[0])}?"
        )
    elif numbers:
        questions.append(f"Show the distribution of {spoken(catalog, numbers[0])}")
    if table.time:
        span = catalog.span
        long = span is not None and (span.last - span.first).days > _LONG_DAYS
        rows = "transactions" if table.grain == "transactions" else "rows"
        questions.append(f"Plot {rows} per {'month' if long else 'day'}")
    questions.append("Segment my customers" if table.customer else "What is wrong with this data?")
    return tuple(questions)


def absent_values(catalog: Catalog, words: list[str], near: list[str] | None = None) -> dict[str, object]:
    """Return what the refusal of something that is not in the data is filled with."""
    return {"words": words, "catalog": catalog, "table": catalog.table, "near": near or []}


def _small_talk(sentence: Sentence, catalog: Catalog, words: set[str], text: str) -> Outcome | None:
    rules = topic_words()
    if text in rules.greetings:
        return Reply("answered", "greeting", {"table": catalog.table}, starters(catalog))
    if words & rules.insults and not [i for i in sentence.items if i.links or i.values or i.has("statistic")]:
        return Reply("answered", "insult", {}, starters(catalog))
    if text in rules.thanks or (
        len(sentence.tokens) <= 6
        and words & {"thanks", "thank", "thx", "cheers"}
        and not [i for i in sentence.items if i.links or i.values or i.has("statistic") or i.has("entity")]
    ):
        return Reply("answered", "thanks", {}, ())
    return None


def _help(sentence: Sentence, catalog: Catalog, words: set[str], text: str) -> Outcome | None:
    rules = topic_words()
    asked = [phrase for phrase in rules.help_phrases if f" {phrase} " in f" {text} "]
    told = {word for phrase in asked for word in phrase.split()}
    if asked and not [
        i
        for i in sentence.items
        if (i.links or i.values or i.has("statistic")) and not set(i.text.lower().split()) <= told
    ]:
        return Reply("answered", "help", {"catalog": catalog, "table": catalog.table}, starters(catalog))
    if any(f" {phrase}" in f" {text} " for phrase in rules.privacy_phrases) and not sentence.has("statistic"):
        return Reply("answered", "privacy", {}, starters(catalog)[:2])
    if any(f" {phrase} " in f" {text} " for phrase in rules.identity_phrases):
        return Reply("answered", "identity", {}, starters(catalog))
    return None


# "Can I have the list as a file": what there is of customers or segments, to take away.
_AS_FILE = re.compile(
    r"\b(?:list|lists|customers?|clients?|members|segments?|result|results|them|it|that|this|names|"
    r"everyone|table)\b"
    r" (?:as|in|into|to) (?:an? )?(?:file|sheet|table file|list file)\b"
)


_HOW_ARE_THINGS = re.compile(
    r"^(?:so |and )?how (?:is|are|was|were)(?: the| our| my)? "
    r"(?:business|things|we|everything|trade|operations)"
    r"(?: doing| going| looking| running| performing)?(?: these days| lately| now| at the moment)?$"
)


def _mood(sentence: Sentence, catalog: Catalog, words: set[str], text: str) -> Outcome | None:
    """Ask by which number it is to be told how things are."""
    if not _HOW_ARE_THINGS.match(text.replace("how's", "how is")):
        return None
    table = catalog.table
    numbers = [
        c.name
        for role in ("amount", "balance", "quantity", "measure")
        for c in table.by_role(role)
        if c.kind == "number"
    ][:3]
    choices = [f"Plot the total {spoken(catalog, name)} per month" for name in numbers[:2] if table.time]
    choices += ["How many rows are there?"]
    return Reply("clarify", "by_what", {"word": "how it is going", "columns": numbers}, tuple(choices))


def _export(sentence: Sentence, catalog: Catalog, words: set[str], text: str) -> Outcome | None:
    listed = (
        words & {"csv", "xlsx", "parquet", "spreadsheet"}
        and catalog.segmentation
        and words & cue("show_verb")
    )
    taken = catalog.segmentation and _AS_FILE.search(text)
    asks = (
        listed
        or taken
        or words & cue("export_verb")
        or (
            "report" in words
            and words & cue("report_verb")
            and not [i for i in sentence.items if i.links or i.values]
        )
    )
    scoring = "score" in words and words & {"file", "new"} and words & {"segment", "file"}
    if scoring and catalog.segmentation:
        # Without a second table the customers here may be scored with segments that were saved before.
        other = next((name for name in catalog.tables if name != catalog.main), None)
        return Reading((ScoreCustomers(table=other),))
    if scoring:
        return Reply("clarify", "scoring", {}, ())
    if text in ("report", "export", "download") or (asks and not sentence.has("statistic")):
        return _file(words, catalog, text)
    return None


def _file(words: set[str], catalog: Catalog, text: str) -> Outcome:
    """Offer the customers with their segment as a file; reports are made by a button."""
    wants_report = words & {"report", "pdf", "powerpoint", "docx", "presentation", "slide"}
    if not catalog.segmentation or wants_report:
        choices = () if catalog.segments else ("Segment my customers",)
        return Reply("answered", "export", {"segmentation": catalog.segmentation}, choices)
    form = "xlsx" if words & {"excel", "xlsx"} else "parquet" if "parquet" in words else "csv"
    whole = words & {"segmentation", "definition", "model", "json"} and not words & {"customer", "list"}
    return Reading(
        (ExportSegments.model_validate({"what": "segments" if whole else "customers", "file_format": form}),)
    )


def _deletion(sentence: Sentence, catalog: Catalog, words: set[str], text: str) -> Outcome | None:
    if (
        words & {"delete", "remove", "discard", "clear"}
        and words & {"segmentation", "segmentations", "segments"}
        and len(sentence.tokens) <= 6
    ):
        return Reply("clarify", "delete_segments", {}, ("Undo", "Segment my customers"))
    return None


def _movement(sentence: Sentence, catalog: Catalog, words: set[str], text: str) -> Outcome | None:
    moves = words & cue("movement")
    if (
        moves
        and words & {"segment", "cluster"}
        and words & {"between", "since", "who", "how", "customer", "last"}
        and "boundary" not in words
    ):
        if catalog.segments and catalog.table.time:
            return Reading((ShowMovement(),))
        return Reply(
            "refused",
            "movement",
            {"table": catalog.table, "span": catalog.span},
            ("Describe the segments",) if catalog.segments else ("Segment my customers",),
        )
    return None


_OPINION = re.compile(
    r"^(?:so |and |but )?do you (?:like|love|hate|prefer|enjoy|dislike|trust|admire)\b|"
    r"\byour (?:own |personal |honest )?(?:opinion|view|favou?rite|preference|feelings?|belief)\b|"
    r"\bwhat do you (?:think|feel|believe) (?:of|about)\b|"
    r"\bis it (?:ethical|moral|right|wrong|fair|good|bad) (?:to|that|of)\b|"
    r"\b(?:nicest|prettiest|friendliest|coolest|most beautiful) (?:\w+ )?to\b"
)


def _topics(sentence: Sentence, catalog: Catalog, words: set[str], text: str) -> Outcome | None:
    rules = topic_words()
    strong = [
        item
        for item in sentence.items
        if (item.links and item.links[0].score > 0.8) or item.values or item.has("segment")
    ]
    if _OPINION.search(text):
        return Reply("refused", "opinion", {}, starters(catalog)[:3])
    if any(f" {phrase} " in f" {text} " for phrase in rules.off_topic_phrases) and not strong:
        return Reply("refused", "off_topic", {}, starters(catalog)[:3])
    if words & rules.off_topic and not strong:
        return Reply("refused", "off_topic", {}, starters(catalog)[:3])
    return None


def read_domain(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read a question about the field rather than the data: "why is segmentation important?"."""
    rules = topic_words()
    text = " ".join(token.norm for token in sentence.tokens if token.kind != "symbol")
    subject = [phrase for phrase in rules.domain if f" {phrase} " in f" {text} "]
    asks = any(text.startswith(start) for start in rules.domain_questions)
    own = cue("own_data") & {token.norm for token in sentence.tokens}
    figures = any(
        item.number or item.has("comparator") or item.has("statistic") or item.has("share")
        for item in sentence.items
    )
    general = any(f" {where} " in f" {text} " for where in phrases("in_general"))
    data = [
        item
        for item in sentence.items
        if ((item.links and item.links[0].score > 0.8) or item.values or item.has("segment"))
        and not any(item.text.lower() in phrase for phrase in subject)
    ]
    if subject and asks and (general or not own and not data) and not figures:
        return Reading((RecallNotes(question=sentence.text.strip()),))
    return None
