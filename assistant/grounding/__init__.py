"""Traces every number of an answer to a fact, or marks it as unsupported; marks names that nothing holds.

A sentence passes these questions: which numbers are written (`written_numbers`, `dated`), which facts, told
or following from told ones (`closure`, `margins`, `changes`), have that value and kind (`binding`, `kinds`),
whether the words allow them (`readings`): whether the number is told of what the fact is about
(`attribution`, `linking`), as part of the same whole (`bases`), as the statistic that its label names
(`labels`), in the way it goes (`directions`, `strengths`). A number that no fact has may follow from facts
that the sentence names or chooses by a word (`chosen_groups`): it is their sum (`sums`), their difference or
ratio (`derivation`, `differences`, `multiples`), a width (`spreads`) or a share of two counts (`portions`);
or it belongs to a thing proposed (`offers`). Then the sentence as a whole: whether numbers
stand in the order of their names (`succession`), agree with each other (`agreement`, `proportions`) and with
words of rank and order (`rankings`, `orders`, `trends`, `thresholds`), whether what it claims without a
number holds (`claims`), whether it claims anything about the data (`modality`), and whether the names are
known (`written_names`).
"""

from assistant.grounding.facts import (
    Grounding,
    Marked,
    NumberTrace,
    Said,
    SourcedFact,
    fact_name,
    labels_of,
)
from assistant.grounding.tracing import check, supports
from assistant.grounding.written_names import unknown_names

__all__ = [
    "Grounding",
    "Marked",
    "NumberTrace",
    "Said",
    "SourcedFact",
    "check",
    "fact_name",
    "labels_of",
    "supports",
    "unknown_names",
]
