"""Knows the lines above blocks of rows that name their group ("City: Pune"), and makes columns of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tools.core import CleaningStep, Fact
from tools.files.headers import kind_of_cell
from tools.files.parting import Numbered
from tools.files.totals import TOTAL, is_full_total, is_total
from tools.understanding.vocabulary import TOTALS
from tools.wording import count

CODE = "group_labels"
WHY = "names the group of the rows below it"
UNNAMED = "group"  # the column of groups whose labels do not say what they are
LED = re.compile(r"\s*(?P<lead>[^\W\d_][^:=\n]{0,38}?)\s*[:=]\s*(?P<value>\S.*?)\s*", re.DOTALL)
COUNTED = re.compile(r"\s*\(\d[\d.,]*(\s\w+)?\)\s*$")  # Pune (12 orders)
PAGES = frozenset({"page", "seite", "sheet", "blatt", "página", "pagina", "strona", "side"})
FEWEST_ROWS = 3
MOST_LEVELS = 3
FULL = 0.98  # part of the other cells that is filled where nothing else tells a label from a row
FILLED = 0.6  # where something else does
A_BLOCK = 1.5  # rows that a label stands above, on average


@dataclass(frozen=True)
class Level:
    """One column of groups.

    Attributes:
        name: Of the column.
        place: Cell in which its labels stand.
        lead: What stands before the group in each of its labels, in small letters.
        upper: Whether its labels stand right above other labels.
        fills: Whether it is the column in which its labels stand, which is empty in all other rows.
    """

    name: str
    place: int
    lead: str = ""
    upper: bool = False
    fills: bool = False


@dataclass(frozen=True)
class Labels:
    """How the labels of a file look.

    Attributes:
        levels: From the outermost on.
        forms: Which cells rows have in the places of labels, where labels never look so.
        example: One of them as it stands.
        first: A label above the first header, if the header comes again below each label.
    """

    levels: tuple[Level, ...]
    forms: frozenset[str] = frozenset()
    example: str = ""
    first: tuple[str, ...] = ()

    def are(self, row: Sequence[str]) -> bool:
        """Tell whether a row is a label, as far as it alone can tell."""
        return self._level(row, False) is not None or self._level(row, True) is not None

    def _level(self, row: Sequence[str], above_label: bool) -> int | None:
        found = lone(row)
        if found is None:
            return None
        place, text = found
        led = LED.fullmatch(text)
        for i, level in enumerate(self.levels):
            if level.place != place:
                continue
            if level.lead and text.casefold().startswith(level.lead) and (led or not text.endswith(":")):
                return i
            if not level.lead and level.upper == above_label and _form(text) not in self.forms:
                return i
        return None

    @property
    def added(self) -> tuple[Level, ...]:
        """The levels that become columns of their own."""
        return tuple(level for level in self.levels if not level.fills)

    @property
    def filled(self) -> tuple[int, ...]:
        """Places of the columns that are filled with the groups."""
        return tuple(level.place for level in self.levels if level.fills)

    def written(self, row: tuple[str, ...], groups: Sequence[str]) -> tuple[str, ...]:
        """Write the groups that hold into a row: before it, or into their column."""
        cells = list(row)
        before = []
        for level, group in zip(self.levels, groups, strict=True):
            if level.fills:
                cells[level.place] = cells[level.place] or group
            else:
                before.append(group)
        return (*before, *cells)

    def before(self) -> list[str]:
        """Return the groups that hold above the first row of data."""
        groups = [""] * len(self.levels)
        if self.first:
            groups[0] = self.value(self.first, 0)
        return groups

    def read(self, held: Sequence[Numbered], groups: list[str]) -> Iterator[tuple[bool, Numbered]]:
        """Take the labels among rows that precede a row of data, and write their groups into a list.

        Args:
            held: Rows of a single cell, in their order.
            groups: The groups that hold so far, by level; changed.

        Yields:
            For each row whether it is a label.
        """
        for i, (number, row) in enumerate(held):
            level = self._level(row, i + 1 < len(held) and self.are(held[i + 1][1]))
            level = self._level(row, False) if level is None else level
            if level is not None:
                groups[level] = self.value(row, level)
                groups[level + 1 :] = [""] * (len(groups) - level - 1)
            yield level is not None, (number, row)

    def value(self, row: Sequence[str], level: int) -> str:
        """Return the group that a label names."""
        _, text = lone(row) or (0, "")
        lead = self.levels[level].lead
        if lead:
            text = re.sub(r"^[\s:=–—-]+", "", text[len(lead) :])
        return COUNTED.sub("", text).strip() or text.strip()

    def told(self, names: Sequence[str], n: int) -> CleaningStep:
        """Say what became of the labels."""
        columns = " and ".join(names)
        word = "column" if len(names) == 1 else "columns"
        sentence = (
            f"{count(n, 'line', 'lines')} such as `{self.example}` {'names' if n == 1 else 'name'} the group "
            f"of the rows below: their text became the {word} {columns}."
        )
        return CleaningStep(CODE, None, n, sentence, (Fact("columns_of_groups", len(names)),))


def lone(row: Sequence[str]) -> tuple[int, str] | None:
    """Return place and text of the only filled cell of a row, if it has only one."""
    filled = [(place, cell.strip()) for place, cell in enumerate(row) if cell.strip()]
    return filled[0] if len(filled) == 1 else None


def find_labels(
    body: Sequence[Sequence[str]], width: int, above: Sequence[str] = (), cut: bool = False
) -> Labels | None:
    """Tell whether lines of one cell name the groups of the rows below them.

    A row of which only one cell is known looks the same; what tells them apart is that the first row is a
    label, that labels say what they are ("City: Pune") or look unlike the cells below them, that sums are
    named after them, or that all other rows are full.

    Args:
        body: Rows below the header, or all of the beginning of the file that were looked at.
        width: Cells of a row.
        above: The row right above the header, which is a label where the header comes again below each.
        cut: Whether the file goes on behind these rows, so that one label that says what it is will do.
    """
    rows = [row for row in body if any(cell.strip() for cell in row)]
    if width < 2 or not rows or (lone(rows[0]) is None and not above):
        return None
    while rows and lone(rows[-1]) is not None:
        rows.pop()
    labels = [i for i, row in enumerate(rows) if (held := lone(row)) and not _is_sum(held[1])]
    sums = [row for row in rows if _is_total(row)]
    data = [row for i, row in enumerate(rows) if lone(row) is None and not _is_total(row)]
    texts = [
        *((lone(above) or (0, ""))[1:] if above else ()),
        *((lone(rows[i]) or (0, ""))[1] for i in labels),
    ]
    few = len(set(texts)) < 2 and not (cut and len(labels) == 1 and LED.fullmatch(texts[0]))
    if few or len(data) < max(FEWEST_ROWS, A_BLOCK * len(labels)):
        return None
    places = {held[0] for row in (rows[i] for i in labels) if (held := lone(row))}
    if above and not (places == {0} and _led_alike(texts)):
        return None
    if _led_alike(texts) or (cut and len(labels) == 1):
        levels = _led(texts, min(places)) if len(places) == 1 else None
        forms: frozenset[str] = frozenset()
    elif width > 2:
        forms = frozenset(_form(row[p]) for row in data for p in places if p < len(row) and row[p].strip())
        if not _tell(texts, data, sums, places, forms, width):
            return None
        forms = frozenset() if {_form(text) for text in texts} & forms else forms
        levels = _bare(rows, labels)
    else:
        return None
    if not levels:
        return None
    empty = {place for place in places if not any(_cell(row, place) for row in data)}
    once = {place for place in empty if [level.place for level in levels].count(place) == 1}
    levels = tuple(replace(level, fills=level.place in once) for level in levels)
    return Labels(levels, forms, texts[0], tuple(above))


def _is_total(row: Sequence[str]) -> bool:
    return is_total(row) or is_full_total(row) or bool(TOTAL.match(row[0]))


def _is_sum(text: str) -> bool:
    return any(word in TOTALS for word in re.findall(r"\w+", text.casefold())[:2]) and ":" not in text


def _led_alike(texts: Sequence[str]) -> bool:
    """Whether all labels are led by a name, the same few ones again and again."""
    found = [LED.fullmatch(text) for text in texts]
    leads = Counter(each["lead"].casefold() for each in found if each)
    known = all(found) and len(leads) <= MOST_LEVELS and max(leads.values(), default=0) > 1
    return known and not PAGES & set(leads)


def _led(texts: Sequence[str], place: int) -> tuple[Level, ...] | None:
    """Return a level for each name that leads labels, the outermost first."""
    names: dict[str, str] = {}
    for text in texts:
        if found := LED.fullmatch(text):
            names.setdefault(found["lead"].casefold(), found["lead"].strip())
    return tuple(Level(name, place, lead) for lead, name in names.items())


def _tell(
    texts: Sequence[str],
    data: Sequence[Sequence[str]],
    sums: Sequence[Sequence[str]],
    places: set[int],
    forms: frozenset[str],
    width: int,
) -> bool:
    """Whether lines of one cell that do not say what they are can be nothing but labels."""
    summed = sum(any(text in _cell(row, 0) for row in sums) for text in set(texts))
    if 2 * summed >= len(set(texts)):
        return True
    below = {row[place].strip() for row in data for place in places if place < len(row)}
    if {re.sub(r"\d+", "9", text) for text in below} & {re.sub(r"\d+", "9", text) for text in texts}:
        return False  # they come again, or look just like the keys below them
    others = [place for place in range(width) if any(_cell(row, place) for row in data)]
    cells = [bool(_cell(row, place)) for row in data for place in others]
    filled = sum(cells) / max(len(cells), 1)
    digits = {place: _part_with_digits([_cell(row, place) for row in data]) for place in places}
    unlike = not {_form(text) for text in texts} & forms
    values = all(kind_of_cell(text) == "value" for text in texts)
    worded = not any(char.isdigit() for text in texts for char in text)
    numbered = all(part > 0.9 for part in digits.values())
    apart = unlike and (worded and numbered or (values and not numbered))
    return filled >= (FILLED if apart else FULL)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _part_with_digits(cells: Sequence[str]) -> float:
    held = [cell for cell in cells if cell]
    return sum(any(char.isdigit() for char in cell) for cell in held) / max(len(held), 1)


def _form(text: str) -> str:
    """Return what a text looks like: runs of digits as 9, runs of letters as a."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()))


def _bare(rows: Sequence[Sequence[str]], labels: Sequence[int]) -> tuple[Level, ...] | None:
    """Return one level, or two where labels that differ stand right above others."""
    place = {i: held[0] for i in labels if (held := lone(rows[i]))}
    text = {i: held[1] for i in labels if (held := lone(rows[i]))}
    known = set(labels)
    uppers = [i for i in labels if i + 1 in known]
    lowers = [i for i in labels if i + 1 not in known]
    nested = (
        len(uppers) > 1
        and labels[0] in uppers
        and len(lowers) >= len(uppers)
        and not {text[i] for i in uppers} & {text[i] for i in lowers}
        and not any(i + 1 in set(uppers) for i in uppers)
    )
    parts = ((uppers, True), (lowers, False)) if nested else ((list(labels), False),)
    levels = []
    for part, upper in parts:
        places = {place[i] for i in part}
        if len(places) > 1:
            return None
        lead, name = _shared_lead([text[i] for i in part])
        levels.append(Level(name or UNNAMED, places.pop(), lead, upper and not lead))
    return tuple(levels)


def _shared_lead(texts: Sequence[str]) -> tuple[str, str]:
    """Return the words with which all labels begin, as in Region North, and a name made of them."""
    different = list(dict.fromkeys(texts))
    split = [re.findall(r"\S+", text) for text in different]
    shared = 0
    while all(len(words) > shared + 1 for words in split) and len({words[shared] for words in split}) == 1:
        shared += 1
    rest = [" ".join(words[shared:]) for words in split]
    telling = len(different) > 2 or all(any(char.isdigit() for char in each) for each in rest)
    lead = " ".join(split[0][:shared])
    name = lead.strip(" :=–—-")
    if not shared or not telling or any(char.isdigit() for char in lead) or name.casefold() in PAGES:
        return "", ""
    return lead.casefold(), name
