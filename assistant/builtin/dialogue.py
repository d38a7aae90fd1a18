"""Reads a message in its conversation: answers, lessons, several requests, changes of an earlier one.

The state is what the conversation shows: earlier messages and earlier tool calls. Nothing is hidden.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from assistant.builtin.annotate import annotate
from assistant.builtin.backward.premise import counted_groups
from assistant.builtin.backward.spelling import clickable
from assistant.builtin.backward.verdict import is_unread, settled, verified
from assistant.builtin.choosing import chosen
from assistant.builtin.conversation import Conversation, Exchange, plain_words, read_lesson
from assistant.builtin.following import act, follow, follow_each
from assistant.builtin.following.comparing import read_comparison
from assistant.builtin.following.earlier import read_earlier, without_outliers
from assistant.builtin.following.evidence import is_ellipsis, is_terse, points_back, stands_alone
from assistant.builtin.following.frames import plainly, plainly_of_segments, whole_messages
from assistant.builtin.following.limits import Cut, move_limits
from assistant.builtin.following.made_segments import segments_of_answer
from assistant.builtin.following.of_segments import ask_of_segments, in_singular, merged_one
from assistant.builtin.following.one_segment import named_segment
from assistant.builtin.following.picking import picked
from assistant.builtin.following.pointing import (
    as_cells,
    at_that_time,
    points_at_no_group,
    points_at_no_period,
    written_out,
)
from assistant.builtin.following.promised import with_promised
from assistant.builtin.following.question import question_of
from assistant.builtin.following.sayings import said_plainly
from assistant.builtin.following.segmentations import (
    Scheme,
    as_segments,
    cut_by,
    follow_segments,
    go_back_to_number,
    newest_scheme,
    segment_meant,
    spelt_out,
)
from assistant.builtin.following.splitting import split_by_values
from assistant.builtin.following.unanswered import answered, goes_on_from, leaves_the_thread, mended
from assistant.builtin.following.wording import without_asides
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.corrections import read_correction
from assistant.builtin.parsing.explanations import read_explanation
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.parsing.segment_definitions import defines
from assistant.builtin.request.edits import (
    MergeSegments,
    MoveBoundary,
    RenameSegment,
    SplitSegment,
    UndoSegmentation,
)
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Filtered, Outliers
from assistant.builtin.request.segments import SegmentByValue
from assistant.builtin.resembling import resembled
from assistant.builtin.several import joined, requests_in
from assistant.builtin.spelling_out import spelled_out
from assistant.builtin.tokens import key_of

# "Sorry, I meant ...", "no, the median": what only says that the answer before was not the one wanted.
_SIGH = re.compile(
    r"^(?:(?:sorry|oh|oops|hm+|ah|well|nope|wait|great|nice|cool|perfect|no|"
    r"(?:that'?s |that is |this is |it'?s |you took |you used |you have )?(?:the )?wrong(?: \w+)?|"
    r"(?:that'?s |that is |this is )?not (?:what i (?:meant|asked(?: for)?|wanted|said)|right|it|quite)|"
    r"you (?:misunderstood|got (?:me|it|that) wrong)(?: me)?|try again|incorrect)(?:[,.!:;–—]+|-+(?= )) *|"
    r"(?:sorry|oh|oops|hm+|ah|well|nope|wait|great|nice|cool|perfect|no) +)+(?=\S)"
    r"(?!.*\b(?:none|neither)\b)"
    r"(?<!no )",
    re.IGNORECASE,
)
_ANEW = re.compile(
    r"^(?:(?:ok|okay|now|so|and|well|alright|right)[, ]+)*(?:(?:now )?(?:something|"
    r"a) (?:completely |totally |entirely |"
    r"quite )?(?:different|else)(?: question| topic)?|(?:a )?(?:new|another|different|"
    r"separate) (?:question|topic)|"
    r"(?:forget|never mind|ignore) (?:all )?(?:that|about that|the above|it)|next (?:question|"
    r"topic)|new topic)"
    r"(?: now)?\s*[:,.;–—-]+\s*(?=\S)",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"^(?:(?:ok|okay|now|so|well|alright|right|hm+)[, ]+)*"
    r"(?:forget|never ?mind|scrap|enough (?:of|about)|leave)(?: about)?(?: the| all| all the)? "
    r"\w+(?: \w+)?(?: for now)?\s*[.;–—]+\s*(?=\S)",
    re.IGNORECASE,
)
_NO_I_MEANT = re.compile(r"^no (?=(?:i|we) (?:meant|mean|said|wanted)\b)", re.IGNORECASE)
_REFUSALS = ("hostile", "personal", "other_chats", "deed")
_VAGUE = ("lost", "thanks", "greeting", "what_about")
# Replies that stand whatever was asked before; other replies only mean that a message makes no sense alone.
_FIRM = (
    *_REFUSALS, "off_topic", "greeting", "thanks", "help", "identity", "export", "movement", "no_prediction",
    "scoring", "privacy", "insult", "no_such_segment", "delete_segments",
)  # fmt: skip


def read_message(text: str, catalog: Catalog, conversation: Conversation) -> list[Outcome]:
    """Read a message: one outcome for each request in it, in order."""
    outcomes = _read_in(text, catalog, conversation)
    loose = next((o for o in outcomes if isinstance(o, Reply) and o.template == "unanchored"), None)
    short = len(text.split()) <= _LONGEST_CHANGE
    source = goes_on_from(conversation) if loose and short else None
    again = read_message(text, catalog, answered(conversation)) if source else []
    first = again[0] if again else None
    if loose is None or not isinstance(first, Reading) or not all(isinstance(o, Reading) for o in again):
        return outcomes
    if not leaves_the_thread(conversation, catalog, read_message):
        choice = clickable(first.requests[0], catalog, read_sentence)
        return [replace(loose, choices=(choice, *loose.choices))] if choice else outcomes
    told = f'This goes on from "{source}", the last question that I answered.'
    return [replace(first, notes=(told, *first.notes)), *again[1:]]


def _read_in(text: str, catalog: Catalog, conversation: Conversation) -> list[Outcome]:
    """Read a message as it stands behind the turns before."""
    whole_again = mended(text, catalog, conversation, read_message)
    if whole_again is not None:
        return [whole_again]
    answer = chosen(text, conversation, catalog)
    if answer is not None:
        whole = read_sentence(answer, catalog)
        if isinstance(whole, Reading) and not points_back(answer):
            return [whole]
        text = answer  # a choice that changes the question before: "And by gender?"
    lesson = read_lesson(_without_sigh(_NO_I_MEANT.sub("", text.strip()), catalog), catalog)
    if lesson:
        return [_taught(lesson, catalog, conversation)]
    text = spelled_out(_NO_I_MEANT.sub("", text.strip()), catalog)
    text = _without_sigh(text, catalog)
    text = without_asides(text) if conversation.turns else text
    closed = _CLOSED.match(text)
    if closed and stands_alone(text[closed.end() :], catalog):  # "forget the towns. which doctor ..."
        text, conversation = text[closed.end() :], Conversation()
    anew = _ANEW.match(text)
    if anew:  # "something different: ..." has nothing to do with what was asked before
        text, conversation = text[anew.end() :], Conversation()
    outcomes: list[Outcome] = []
    read: list[str] = []
    pieces = requests_in(text, catalog) or [text]
    if len(pieces) > 1 and defines(text, catalog):
        pieces = [text]
    running = Conversation(list(conversation.turns))
    for place, sentence in enumerate(pieces):
        sentence, told = counted_groups(sentence, catalog) if not running.turns else (sentence, "")
        plain, note = said_plainly(sentence, catalog, running)
        sentence = plain if plain != sentence else _plainly(sentence, catalog, running)
        own = _beside(sentence, catalog) if place else None
        outcome = own or _read_one(sentence, catalog, running)
        outcome = verified(outcome, sentence, catalog, running, read_sentence)
        outcome = resembled(outcome, sentence, catalog, partial(_read_surely, catalog, running))
        outcome = _noted(outcome, note)
        if told and isinstance(outcome, Reading):
            outcome = replace(outcome, notes=(told, *outcome.notes))
        elif told and isinstance(outcome, Reply) and outcome.status == "clarify":
            outcome = Reply("clarify", "other_groups", {"told": told}, outcome.choices)
        if isinstance(outcome, Reply) and outcome.template in ("greeting", "thanks") and len(pieces) > 1:
            continue
        outcomes.append(outcome)
        read.append(sentence)
        if isinstance(outcome, Reading):
            running.turns.append(Exchange(sentence, outcome.requests))
            rest = " ".join(pieces[place + 1 :])
            catalog = with_promised(outcome, rest, catalog) if rest else catalog
    refused = [o for o in outcomes if isinstance(o, Reply) and o.template in _REFUSALS]
    if refused:
        return [refused[0]]
    one = _as_one(text, read, outcomes, catalog, conversation)
    if one is not None:
        return [one]
    outcomes = settled(outcomes, read)
    if any(isinstance(o, Reading) for o in outcomes):
        outcomes = [o for o in outcomes if not (isinstance(o, Reply) and o.template in _VAGUE)]
    return joined(outcomes) or [verified(read_sentence(text, catalog), text, catalog, running, read_sentence)]


def _as_one(
    text: str, pieces: list[str], outcomes: list[Outcome], catalog: Catalog, conversation: Conversation
) -> Reading | None:
    """Read sentences of which one makes no sense alone as one: "do men order more? orders per customer"."""
    unread = [outcome for outcome in outcomes if is_unread(outcome)]
    if len(pieces) < 2 or not unread or len(pieces) > 3:
        return None
    joint = ", ".join(piece.strip(" ,.?!;:-") for piece in pieces)
    if any(not item.senses and len(item.text) > 2 for item in annotate(joint, catalog).items):
        return None  # a reader that looks at a few words only would pass over the rest
    whole = verified(_read_one(joint, catalog, conversation), joint, catalog, conversation, read_sentence)
    return whole if isinstance(whole, Reading) and joint != text else None


def _without_sigh(text: str, catalog: Catalog) -> str:
    """Leave out "no, sorry, ...", unless a word of it is a name in the data: "wait instead"."""
    rest = _SIGH.sub("", text)
    sigh = text[: len(text) - len(rest)]
    sighed = annotate(sigh, catalog).items if rest and not re.search(r"[,.!:;–—]", sigh) else []
    return text if not rest or any(item.links or item.values for item in sighed) else rest


def _plainly(text: str, catalog: Catalog, conversation: Conversation) -> str:
    """Put a change of the last question into plain words, unless the message is a request of its own."""
    newest = conversation.last_request()
    question = question_of(newest) if isinstance(newest, Filtered) else None
    scheme = newest_scheme(conversation, catalog)
    if scheme is not None and newest is not None and (question is None or "segment" in question.columns):
        if isinstance(scheme, Cut) and move_limits(text, scheme, catalog, conversation) is not None:
            return text
        text = plainly_of_segments(in_singular(text, catalog), catalog, cut_by(scheme))
    if question is None:
        return text
    text = at_that_time(text, catalog, conversation)
    alone = stands_alone(text, catalog)
    if alone and (plainly(text, catalog, question) == text or len(text.split()) > _SHORT):
        return text
    if read_earlier(text, catalog, conversation) is not None:
        return text
    text = text if alone else written_out(text, catalog, conversation)
    plain = as_cells(plainly(text, catalog, question), catalog, question)
    if plain == text:
        return text
    whole = read_sentence(text, catalog)
    edits = UndoSegmentation | RenameSegment | MergeSegments | SplitSegment | MoveBoundary
    asked = whole.requests[0] if isinstance(whole, Reading) else None
    empty = isinstance(asked, edits) and (not catalog.segments or isinstance(asked, UndoSegmentation))
    sure = plain in whole_messages() and not isinstance(asked, edits)
    return text if _stands(whole) and not empty and not sure else plain


_LONGEST_CHANGE = 8  # words: a longer message is no mere change, and whether it belongs to the talk is asked
_SHORT = 6  # words: a longer message that says what is asked is no frame around a change
_BESIDE = re.compile(r"^(?:(?:and |plus )?also|plus|oh and|and)\b[, ]*", re.IGNORECASE)


def _beside(sentence: str, catalog: Catalog) -> Reading | None:
    """Read "also the average tenure" within one message as a question of its own, if it points to nothing."""
    lead = _BESIDE.match(sentence)
    rest = sentence[lead.end() :] if lead else ""
    if not rest or set(plain_words(rest).split()) & (cue("pronoun") | cue("them")):
        return None
    whole = read_sentence(rest, catalog)
    asked = whole.requests[0] if isinstance(whole, Reading) else None
    measured = isinstance(asked, Aggregate) and any(m.column or m.per for m in asked.measures)
    return whole if isinstance(whole, Reading) and measured else None


def _read_surely(catalog: Catalog, conversation: Conversation, text: str) -> Outcome:
    outcome = _read_one(text, catalog, conversation)
    return verified(outcome, text, catalog, conversation, read_sentence)


def _read_one(text: str, catalog: Catalog, conversation: Conversation) -> Outcome:
    """Read one request: about an earlier turn, a change of segments or of a question, or a new one."""
    corrected = read_correction(text, catalog)
    if corrected is not None:
        return corrected
    explained = read_explanation(annotate(text, catalog), catalog) if conversation.turns else None
    if explained is not None:
        return explained
    anew = _of_its_own(text, catalog, conversation) if conversation.turns else None
    if anew is not None:
        return anew
    text = picked(text, catalog, conversation, newest_scheme(conversation, catalog))
    text = named_segment(text, catalog, conversation)
    text = as_segments(merged_one(text, catalog, conversation), catalog)
    compared = segments_of_answer(text, catalog, conversation) or read_comparison(text, catalog, conversation)
    if compared is not None:
        return compared
    newest = conversation.last_request()
    if newest is not None and not annotate(text, catalog).tokens:  # "in thousands"
        return Reading((newest,), ("The figures stay as they are, written out in full.",))
    if points_at_no_group(text, conversation):
        return Reply("clarify", "no_groups", {}, ())
    if newest is not None and points_at_no_period(text, catalog, conversation):
        told = {"text": text.strip(" ?.!"), "before": conversation.turns[-1].text.strip()}
        return Reply("clarify", "unanchored", told, ())
    said = (
        act(text, catalog, newest, conversation.listed(), conversation.shown(), conversation.questions())
        if isinstance(newest, Filtered)
        else None
    )
    if said is None and catalog.segments and isinstance(newest, Filtered):
        said = segment_meant(text, catalog, newest)
    if said is not None:
        return said
    earlier = read_earlier(text, catalog, conversation) or go_back_to_number(text, conversation)
    if earlier is not None:
        return earlier
    followed = (
        split_by_values(text, catalog, conversation)
        or ask_of_segments(text, catalog, conversation)
        or follow_segments(text, catalog, conversation)
    )
    if followed is not None:
        return followed
    if catalog.segments and not isinstance(conversation.last_request(), Filtered):
        text = spelt_out(text)
    whole = _about_that_segment(read_sentence(text, catalog), conversation)
    whole = _by_the_same_column(whole, conversation)
    which = _which_segment(whole, text, catalog)
    if which is not None:
        return which
    if _edits_nothing(whole, catalog, conversation):
        return Reply("clarify", "no_segments", {}, ("Segment my customers",))
    asked_anew = isinstance(whole, Reply) and whole.template == "by_what" and text.lower().startswith("who ")
    if conversation.last_question() is None or _stands(whole) or asked_anew:
        return whole
    return _changed(text, catalog, conversation) or whole


def _noted(outcome: Outcome, note: str) -> Outcome:
    return (
        replace(outcome, notes=(*outcome.notes, note)) if note and isinstance(outcome, Reading) else outcome
    )


def _of_its_own(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a message that says by itself what is asked, whatever was asked before; None if it does not."""
    if not stands_alone(text, catalog):
        return None
    whole = read_sentence(text, catalog)
    if isinstance(whole, Reading):
        return (
            _with_kept(whole, text, catalog, conversation)
            if isinstance(whole.requests[0], Filtered)
            else None
        )
    return whole if whole.template == "absent" else None


def _with_kept(whole: Reading, text: str, catalog: Catalog, conversation: Conversation) -> Reading:
    """Offer "avg minutes" of the same groups and rows as the question before, which it may have meant."""
    previous = conversation.last_question()
    if previous is None or not is_terse(text, catalog):
        return whole
    same = follow(text, catalog, previous, nearest=False)
    offer = (
        clickable(same.requests[0], catalog, read_sentence)
        if same and same.requests != whole.requests
        else None
    )
    return replace(whole, offers=(*whole.offers, offer)) if offer else whole


def _by_the_same_column(whole: Outcome, conversation: Conversation) -> Outcome:
    """Read "top 20% instead" after tiers of balance: tiers of the same column."""
    asked = whole.requests[0] if isinstance(whole, Reading) else None
    if not isinstance(whole, Reading) or not isinstance(asked, SegmentByValue) or asked.column:
        return whole
    earlier = [r for turn in conversation.turns for r in turn.requests if isinstance(r, SegmentByValue)]
    if not earlier:
        return whole
    return replace(whole, requests=(asked.model_copy(update={"column": earlier[-1].column}),))


def _edits_nothing(whole: Outcome, catalog: Catalog, conversation: Conversation) -> bool:
    """Tell whether segments are to be changed that nobody has made."""
    made = catalog.segments or any(
        isinstance(request, Scheme) for turn in conversation.turns for request in turn.requests
    )
    edits = RenameSegment | MergeSegments | SplitSegment | MoveBoundary
    return not made and isinstance(whole, Reading) and isinstance(whole.requests[0], edits)


def _stands(whole: Outcome) -> bool:
    """Tell whether a reading is sure without the question before."""
    if isinstance(whole, Reading):
        asked = whole.requests[0]
        return not isinstance(asked, Filtered) and asked != SegmentByValue()  # "the top tier only"
    return whole.template in _FIRM or whole.template.startswith("about_")


def _changed(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a message as a change of the newest question about data; None if it is none."""
    previous = conversation.last_question()
    question = question_of(previous) if previous else None
    if previous is None or question is None:
        return None
    back = points_back(text)
    if back and annotate(text, catalog).has("outliers", "without"):
        measured = next(
            (q for q in reversed(conversation.questions()) if not isinstance(q, Outliers)), previous
        )
        return without_outliers(measured)
    followed = (
        follow(text, catalog, previous, conversation.listed())
        if back or is_ellipsis(text, catalog, question)
        else None
    )
    return followed or follow_each(text, catalog, previous, conversation.shown())


def _about_that_segment(outcome: Outcome, conversation: Conversation) -> Outcome:
    """Put the segment spoken of last in the place of "it": "rename it to Savers"."""
    named = conversation.last_segment()
    if not isinstance(outcome, Reading) or not named:
        return outcome
    requests = tuple(
        request.model_copy(update={"segment": named})
        if str(getattr(request, "segment", "")).lower() in phrases("that_segment")
        else request
        for request in outcome.requests
    )
    return Reading(requests, outcome.notes, outcome.offers, outcome.preface, outcome.after, outcome.claims)


def _which_segment(whole: Outcome, text: str, catalog: Catalog) -> Reply | None:
    """Ask which segment "it" is, where none was spoken of: "split it in two"."""
    asked = whole.requests[0] if isinstance(whole, Reading) else None
    said = str(getattr(asked, "segment", "") or "").lower()
    pattern = re.compile(rf"\b{re.escape(said)}\b", re.IGNORECASE)
    if said not in phrases("that_segment") or not catalog.segments or not pattern.search(text):
        return None
    plain = text.strip().rstrip("?!. ")
    before, after = pattern.split(plain, maxsplit=1)
    choices = (f"{before}“{name}”{after}" for name in catalog.segments[:6])
    return Reply("clarify", "which_segment", {}, tuple(one[:1].upper() + one[1:] for one in choices))


def _taught(lesson: tuple[str, str], catalog: Catalog, conversation: Conversation) -> Outcome:
    """Remember a word; where the message before used it, answer that one again."""
    word, column = lesson
    last = conversation.last
    if last and word in plain_words(last.text):
        taught = catalog.with_taught({**catalog.taught, key_of(word): column})
        again = read_sentence(last.text, taught)
        if isinstance(again, Reading):
            return Reading(again.requests, (f'From now on "{word}" means **{column}**.', *again.notes))
    return Reply("answered", "taught", {"word": word, "column": column}, ())
