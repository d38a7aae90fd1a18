"""Knows the short words for a customer feature: a trait in a name ("few CDs"), a figure ("17 CDs")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tools.core import Column, DataTable
from tools.customers.behaviour import FeatureDefinition, is_yes_no
from tools.wording import plain_name, plural

LONG_INACTIVE = 90  # days since the last row from which a segment is called long inactive, not less recent
_YES, _NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
_COUNTED = ("transactions", "orders", "visits", "items", "units", "calls", "logins", "sessions", "trips")
_LASTS = ("tenure", "duration", "gap", "delay", "lag", "wait", "subscription length")


@dataclass(frozen=True, slots=True)
class FeatureWords:
    """How one feature is spoken of.

    Attributes:
        feature: Column name in the table of customers.
        definition: What it means, or None where the file brought it.
        column: What is known of the column, or None.
        account: The customers hold accounts, so that a transaction need not be a purchase.
    """

    feature: str
    definition: FeatureDefinition | None
    column: Column | None
    account: bool

    @property
    def how(self) -> str:
        """Which computation gives it; "attribute" where the file brought it."""
        return self.definition.how if self.definition else "attribute"

    @property
    def source(self) -> str:
        """Words for the column that it was computed from, or for itself."""
        behind = self.definition.source if self.definition and self.how != "attribute" else None
        return plain_name(behind or self.feature)

    @property
    def is_amount(self) -> bool:
        """Whether it is the money of the transactions."""
        return self.feature in ("total_amount", "mean_amount", "median_amount", "largest_amount")

    @property
    def is_yes_no(self) -> bool:
        """Whether it holds only yes and no."""
        return self.how == "again" or (self.column is not None and is_yes_no(self.column))

    @property
    def counted(self) -> str | None:
        """The noun that it counts, in the plural, or None where it counts nothing: CDs of number of CDs."""
        if self.how in ("rows", "orders"):
            return self.definition.label if self.definition else "transactions"
        if self.how == "distinct":
            return f"different {plural(re.sub(r' IDs?$', '', self.source))}"
        if self.how not in ("sum", "mean", "attribute") or self.is_amount:
            return None
        words = re.sub(r"^(total|average) ", "", self.source)
        if found := re.match(r"(?:number|count|no|nr) of (.+)$", words):
            return found[1]
        if found := re.match(r"(.+) count$", words):
            return plural(found[1])
        return _singular_before(words) if words.rsplit(" ", 1)[-1] in _COUNTED else None

    def level(self, j: int, of: int) -> str:
        """Write which of some parts in order this is: fewer transactions, higher spend, more recent."""
        if self.how == "recency" and of == 2:
            return ("more recent", "less recent")[j]
        if self.counted and self.how != "mean":
            words = {2: ("fewer", "more"), 3: ("few", "some", "many")}.get(of)
            return f"{words[j]} {self.counted}" if words else f"{self.counted}, part {j + 1}"
        noun = "spend" if self.feature == "total_amount" and not self.account else self.label
        words = {2: ("lower", "higher"), 3: ("low", "middle", "high")}.get(of)
        return f"{words[j]} {noun}" if words else f"{noun}, part {j + 1}"

    def trait(self, *, high: bool, typical: float) -> str:
        """Write in two or three words how a segment stands out, for its name.

        Args:
            high: Above everybody else rather than below.
            typical: Middle value of the segment, in the feature's own unit.
        """
        special = self._timing(high, typical) or self._money(high, typical) or self._share(high)
        if special:
            return special
        if self.counted:
            each = f" per {'transaction' if self.account else 'purchase'}" if self.how == "mean" else ""
            return f"{'many' if high else 'few'} {self.counted}{each}"
        return self._measure(high)

    def _timing(self, high: bool, typical: float) -> str | None:
        match self.how:
            case "rows" | "orders" if not high and round(typical, 6) == 1:
                return f"one {str(self.counted).removesuffix('s')}"
            case "rows" | "orders" if high and self.feature == "n_transactions":
                return "frequent"
            case "recency" if high:
                return "long inactive" if typical >= LONG_INACTIVE else "less recent"
            case "recency":
                return "recent"
            case "tenure":
                return "long-standing" if high else "newer"
            case "gap":
                return f"{'long' if high else 'short'} gaps between purchases"
            case "gap_variation":
                return f"{'irregular' if high else 'regular'} rhythm"
            case "hour":
                parts = ("at night", "in the morning", "in the afternoon", "in the evening")
                return f"active {parts[int(min(max(typical, 0), 23.9) // 6)]}"
        return None

    def _money(self, high: bool, typical: float) -> str | None:
        noun = "transaction" if self.account else "purchase"
        if self.feature == "total_amount":
            return f"{'high' if high else 'low'} {'total amount' if self.account else 'spend'}"
        if self.feature == "largest_amount":
            return f"{'high' if high else 'low'} largest {noun}"
        if self.is_amount:
            return f"{'large' if high else 'small'} {noun}s"
        if self.how == "largest_share":
            return f"most in one {noun}" if high else f"spread over several {noun}s"
        if self.how == "trend":
            rising = f"{'rising' if high else 'falling'} {'amounts' if self.account else 'spend'}"
            return rising if (typical > 0) == high and typical != 0 else self._measure(high)
        if self.how == "variation":
            return f"{'changing' if high else 'steady'} {self.source}"
        return None

    def _share(self, high: bool) -> str | None:
        often, value = ("often" if high else "rarely"), (self.definition.value if self.definition else None)
        match self.how:
            case "part_of_day":
                return f"{often} {'at' if value == 'night' else 'in the'} {value}"
            case "weekend":
                return f"{often} at weekends"
            case "weekday" if value:
                return f"{often} on {value.capitalize()}s"
            case "yes":
                return f"{often} {self.source}"
            case "value" if value:
                return f"{often} {value if len(value) > 2 else f'{self.source} {value}'}"
            case "negative":
                return f"{'many' if high else 'few'} negative amounts"
        return None

    def _measure(self, high: bool) -> str:
        made = self.how != "attribute"
        words = re.sub(r"^(total|average|last) ", "", self.label) if made else self.label
        if self.is_yes_no:
            return _yes_or_no(words, yes=high)
        if found := re.match(r"(.+) frequency$", words):
            return f"{'frequent' if high else 'rare'} {_singular_before(found[1])}"
        if found := re.match(r"(?:percent|percentage|share)(?: of)? (.+)$", words):
            return f"{'high' if high else 'low'} share of {found[1]}"
        if re.match(r"(minute|hour|day|week|month)s ", words):
            return f"{'many' if high else 'few'} {words}"
        if words.endswith(_LASTS):
            return f"{'long' if high else 'short'} {words}"
        return f"{'high' if high else 'low'} {words}"

    @property
    def label(self) -> str:
        """The words for it inside a sentence."""
        if self.definition and self.how != "attribute" and self.definition.label != self.feature:
            named, behind = self.definition.label, self.definition.source
            return (named.replace(behind, self.source) if behind else named).replace("_", " ")
        return re.sub(r"^percent (?!of )", "share of ", plain_name(self.feature))

    def having(self, trait: str) -> str:
        """Write a trait behind a share of customers: "89% with monthly contract", "7% without award"."""
        if trait.startswith("no "):
            return f"without {trait[3:]}"
        whole = trait.startswith(("with ", "not ")) or trait.endswith("ed")
        if self.column is not None and self.column.role == "place":
            return f"in {trait}"
        return trait if whole else f"with {trait}"

    def category(self, value: str, *, missing: str) -> str:
        """Write a value of a category as a trait: month-to-month contract, no streaming, with partner."""
        words = plain_name(self.feature)
        if value == missing:
            return f"{words} unknown"
        if value.casefold() in (*_YES, *_NO):
            return _yes_or_no(words, yes=value.casefold() in _YES)
        if value.casefold().startswith("no "):
            return value[:1].lower() + value[1:]
        if self.column is not None and self.column.role == "place":
            return value
        readable = len(value) > 2 and any(letter.isalpha() for letter in value)
        return f"{value} {words}" if readable else f"{words} {value}"

    def figure(self, figure: str, *, unit: str | None) -> str:
        """Write a figure with what it says: "17 CDs", "249 USD spent", "balance 1,257"."""
        if self.counted and self.how != "mean":
            one = figure == "1" and self.counted.endswith("s") and not self.counted.endswith("ss")
            return f"{figure} {self.counted[:-1] if one else self.counted}"
        if self.counted:
            return f"{figure} {self.counted} per {'transaction' if self.account else 'purchase'}"
        if self.feature == "total_amount" and unit and not self.account:
            return f"{figure} spent"
        if self.feature == "mean_amount" and unit:
            return f"{figure} a {'transaction' if self.account else 'purchase'}"
        if self.how in ("recency", "tenure"):
            first_or_last = "last" if self.how == "recency" else "first"
            return f"{figure} days since the {first_or_last} transaction"
        if self.label.startswith("days "):
            return f"{figure} {self.label}"
        return f"{self.label} {figure}"


def _yes_or_no(words: str, *, yes: bool) -> str:
    if words.endswith("ed"):  # graduated, ever married, bought again
        return words if yes else f"not {words}"
    return f"{'with' if yes else 'no'} {words}"


def _singular_before(words: str) -> str:
    """Write the words before a counted noun in the singular: purchase transactions, bonus transactions."""
    *before, last = words.split(" ")
    bare = [re.sub(r"(?<=[^suai])s$", "", word) if len(word) > 3 else word for word in before]
    return " ".join([*bare, last])


def words_of(table: DataTable, definitions: Mapping[str, FeatureDefinition], feature: str) -> FeatureWords:
    """Return how a feature of these customers is spoken of."""
    account = any(column.role == "balance" for column in table.columns)
    return FeatureWords(feature, definitions.get(feature), table.column(feature), account)
