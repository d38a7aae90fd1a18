"""Says what a number of a sentence measures, people, money or purchases, and finds shares of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.grounding.facts import SourcedFact, subjects
from assistant.grounding.kinds import PEOPLE, ROWS
from assistant.grounding.wholes import whole_of
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

_WORDS = {
    "people": "|".join(f"{word}s?" for word in sorted(PEOPLE)) + "|men|women|people|base|folks",
    "money": r"revenues?|sales|turnover|amounts?|value|money|spend(?:s|ing)?|spent|incomes?|rupees?|dollars?|"
    r"sells?|sold|outsells?|fares?|bills?|principal|deposits?|loan book|"
    r"euros?|pounds?|francs?|takings|business|bring(?:s|ing)?|brought|takes? in|earns?|earnings|"
    r"contribut\w+|worth|"
    r"pays?|paid|costs?|charges?|charged|fees?|premiums?|payouts?|billings?|profits?|margin|expenditures?|funds|"
    r"receipts|proceeds|volume",
    "purchases": "|".join(f"{word}s?" for word in sorted(ROWS - {"payment", "sale"}))
    + "|entries|deliveries|policies",
}
_SPOKEN = {name: re.compile(rf"(?<![“\"\w])(?:{words})\b", re.IGNORECASE) for name, words in _WORDS.items()}
_OBJECT = re.compile(
    r"\W{0,3}(?:of|from)\s+(?P<words>(?:(?!(?:is|are|was|were|has|have|had|do|does|did|come|comes|came|in|on|at|from|by|"
    r"who|that|with|belong|use|used|make|makes|but|and)\b)[\w'’]+(?:\s+|(?=\W|$))){1,5})",
    re.I,
)
_COMPOSES = re.compile(
    r"\b(?:accounts? for|accounting for|makes? up|making up|represents?|constitutes?|contributes?|"
    r"responsible for|"
    r"generates?|delivers?)\W+(?:only |just |about |around |roughly |some |nearly |almost |over |a |"
    r"fully |some )*\W*$",
    re.I,
)
_COMES_FROM = re.compile(
    r"[^.;]{0,60}?\b(?:(?:come|comes|came|stem|stems) from|are in|fall on|go to|goes to|belongs? to)\b", re.I
)
_RATE = re.compile(r"where_share|_rate(?:_|$)")
_PEOPLE = re.compile(r"size$|(?:^|_)customers?(?:_|$)|^n_people")
_MONEY = re.compile(r"(?:^|_)(?:sum|total)_|(?:^|_)(?:value|amount|revenue|price|sales|spend)(?:_|$)")
_PURCHASES = re.compile(r"(?:^|_)(?:n_transactions?|transactions?|purchases?|orders?|bookings?)(?:_|$)")
_SUMMED = re.compile(r"(?:sum|mean|median)_(?P<column>\w+)")
_MONEY_UNIT = re.compile(r"[A-Z]{3}")


def measure_of(fact: Fact) -> str:
    """Return what a fact measures: "people", "money", "purchases", or "" where its name does not tell."""
    if fact.unit and _MONEY_UNIT.fullmatch(fact.unit):
        return "money"
    if fact.name.startswith(("median_", "mean_", "average_")):
        return "purchases" if _PURCHASES.search(fact.name) and "amount" not in fact.name else ""
    for name, pattern in (("people", _PEOPLE), ("purchases", _PURCHASES), ("money", _MONEY)):
        if pattern.search(fact.name) or (fact.unit and name == "people" and fact.unit == "customers"):
            return name
    return ""


def is_stated(text: str, number: WrittenNumber) -> bool:
    """Return whether a sentence says of what a number is a part: "82% of the revenue"."""
    found = _OBJECT.match(text, number.end)
    whole = whole_of(text, number) if number.percent else None
    return bool(found and _measures(found["words"]) or whole and _measures(whole.words))


class Measures:
    """What the facts of an answer measure.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._of_share = dict(_shares_of(facts))
        self._known = {(subjects(each.fact.scope), each.fact.unit, self._of(each)) for each in facts}
        columns = {
            match["column"].replace("_", " ")
            for each in facts
            if (match := _SUMMED.match(each.fact.name)) and _MONEY_UNIT.fullmatch(each.fact.unit or "")
        }
        columns = {column for column in columns if len(column) > 4 and column not in PEOPLE | ROWS}
        listed = "|".join(rf"{re.escape(column)}s?" for column in sorted(columns))
        self._money = re.compile(rf"\b(?:{listed})\b" if listed else r"(?!)", re.IGNORECASE)
        self._counted = {measure for _, _, measure in self._known} & {"people", "purchases"}
        words = (word for each in facts for word in re.findall(r"[a-z]+", each.fact.name.lower()))
        self._measured = {word.removesuffix("s") for word in words}  # "51.9% of hours" is of hours

    def _of(self, sourced: SourcedFact) -> str:
        """Return what a fact measures; a bare share measures what the fact before it does."""
        return measure_of(sourced.fact) or self._of_share.get(_key(sourced), "")

    def told_of(self, text: str, number: WrittenNumber) -> str:
        """Return what a number is told to measure, or "" where the sentence leaves it open.

        Args:
            text: The sentence, without names of segments: words within them measure nothing.
            number: A share, a multiple or a sum.
        """
        text = self._with_columns(text)
        stated = _OBJECT.match(text, number.end)
        if stated and len(found := _measures(stated["words"])) == 1:
            return self._as_counted(next(iter(found)))
        if number.percent and (of_whole := self._of_whole(text, number)) is not None:
            return of_whole
        if stated and number.percent and not _measures(stated["words"]):
            return ""
        before = re.split(r"[,;:.(]|\b(?:and|while|but|yet)\b", text[: number.start])[-1]
        behind = re.split(r"[,;:.()\d]|\b(?:while|but|yet)\b", text[number.end :])[0]
        if before.rstrip().endswith("(") or "(" in text[: number.start].rpartition(")")[2]:
            outside, _, before = text[: number.start].rpartition("(")
            whole = re.search(r"\b(?:of|from)\s+([^,.;()]{3,40})$", outside)
            if (
                whole
                and not _measures(before)
                and not re.search(r"\w{3}", before)
                and behind[:1] in ("", ")")
            ):
                before = whole[1]
        found = _measures(behind) or _measures(before)
        if number.kind != "multiple" and len(found) > 1:
            found = _measures(before)
        return self._as_counted(next(iter(found))) if len(found) == 1 else ""

    def _of_whole(self, text: str, number: WrittenNumber) -> str | None:
        """Return what the whole of a share measures, None where none is told: "of the prescriptions, 9 %".

        A plural that is neither money nor anything that a fact measures counts rows.
        """
        whole = whole_of(text, number)
        if whole is None or (found := _measures(whole.words)) and len(found) > 1:
            return None
        if found:
            return self._as_counted(next(iter(found)))
        nouns = re.fullmatch(
            r"(?:all\s+|the\s+|our\s+)*(?:[a-z-]+\s+)?(?P<noun>[a-z]{4,}s)", whole.words.lower()
        )
        if nouns is None or nouns["noun"].removesuffix("s") in self._measured or len(self._counted) != 1:
            return None
        return next(iter(self._counted))

    def _with_columns(self, text: str) -> str:
        """Let a column of money be told as money: "33.7% of principal", letter for letter."""
        return self._money.sub(lambda match: "money".ljust(len(match[0]))[: len(match[0])], text)

    def _as_counted(self, measure: str) -> str:
        """Return people for purchases, and the other way round, where the facts count only one of them."""
        if measure == "money" or measure in self._counted or not self._counted:
            return measure
        return next(iter(self._counted))

    def contradicts(self, sourced: SourcedFact, told: str, stated: bool) -> bool:
        """Return whether a share is of people where the same group's share of money is known and was told.

        Args:
            sourced: What a number may stand for.
            told: What the sentence says that it measures.
            stated: Whether it says so in "82% of the revenue", which is then no other percentage.
        """
        fact, own = sourced.fact, self._of(sourced)
        if not told or own == told or fact.unit != "%":
            return False
        if not own and stated and told == "money" and "share" not in fact.name:
            return any(unit == "%" and known == told for _, unit, known in self._known)
        return bool(own) and (subjects(fact.scope), fact.unit, told) in self._known

    def is_rate_told_as_part(self, fact: Fact, number: WrittenNumber, text: str) -> bool:
        """Return whether a share within a group is told as its part of all: "makes up 39 % of all"."""
        if fact.unit != "%" or not _RATE.search(fact.name) or not fact.scope:
            return False
        stated = _OBJECT.match(text, number.end)
        if not stated:
            return False
        return bool(
            _COMPOSES.search(text[: number.start])
            or (re.match(r"(?:all|the total)\b", stated["words"]) and _COMES_FROM.match(text, number.end))
        )


def _shares_of(facts: Sequence[SourcedFact]) -> Iterator[tuple[tuple[int, str, object], str]]:
    """Yield for each bare share what the fact before it measures, which is what it is a share of."""
    for before, sourced in pairwise(facts):
        alike = before.step == sourced.step and before.fact.scope == sourced.fact.scope
        bare = sourced.fact.name == "share_pct" and before.fact.unit != "%"
        if alike and bare and sourced.fact.unit == "%":
            yield _key(sourced), measure_of(before.fact)


def _key(sourced: SourcedFact) -> tuple[int, str, object]:
    return sourced.step, sourced.fact.scope, sourced.fact.value


def measures_in(text: str) -> frozenset[str]:
    """Return what a text speaks of: "people", "money", "purchases"."""
    return _measures(text)


def _measures(text: str) -> frozenset[str]:
    return frozenset(name for name, words in _SPOKEN.items() if words.search(text))
