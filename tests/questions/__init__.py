"""What people ask of their data, with gold answers computed by plain pandas and none by the product."""

from __future__ import annotations

from tests.questions import (
    accounts,
    apart_figures,
    apart_talks,
    bank,
    customer_tables,
    desk_accounts,
    desk_limits,
    desk_segments,
    desk_statistics,
    desk_talks,
    desk_trade,
    fresh_figures,
    packaged,
    people,
    purchases,
    refusals,
    segmentation,
    shop,
    telco,
    travel,
    wording,
)
from tests.questions.model import Question

QUESTIONS: tuple[Question, ...] = (
    *bank.QUESTIONS,
    *telco.QUESTIONS,
    *customer_tables.QUESTIONS,
    *purchases.QUESTIONS,
    *shop.QUESTIONS,
    *people.QUESTIONS,
    *travel.QUESTIONS,
    *accounts.QUESTIONS,
    *packaged.QUESTIONS,
    *segmentation.QUESTIONS,
    *refusals.QUESTIONS,
    *wording.QUESTIONS,
    *desk_accounts.QUESTIONS,
    *desk_trade.QUESTIONS,
    *desk_talks.QUESTIONS,
    *desk_segments.QUESTIONS,
    *desk_statistics.QUESTIONS,
    *desk_limits.QUESTIONS,
    *fresh_figures.QUESTIONS,
    *apart_figures.QUESTIONS,
    *apart_talks.QUESTIONS,
)
