"""Knows the requests for advice: who is leaving, what customers will be worth, which method suits."""

from __future__ import annotations

from typing import ClassVar, Literal

from assistant.builtin.request import Request


class RecommendMethod(Request):
    """How to segment these customers: RFM, clusters, tiers or rules."""

    tool: ClassVar[str] = "recommend_method"
    purpose: Literal["any", "contact", "insight", "crm"] = "any"


class CheckEligibility(Request):
    """Whether the data can carry a method."""

    tool: ClassVar[str] = "check_eligibility"
    method: Literal["rfm", "lifetime_value", "churn", "segments"]


class PredictValue(Request):
    """Expected purchases and value of customers, where the data can carry a forecast."""

    tool: ClassVar[str] = "predict_value"
    horizon_days: int = 365


class FindOverdue(Request):
    """Customers who are silent for longer than their own rhythm."""

    tool: ClassVar[str] = "find_overdue"


class FindChurnRisk(Request):
    """Who is about to leave: rates where a column says who left, else who is overdue."""

    tool: ClassVar[str] = "find_churn_risk"
    by: str | None = None


class RecallNotes(Request):
    """A question about the field, not about the data."""

    tool: ClassVar[str] = "recall_notes"
    question: str


class RecallFindings(Request):
    """What was found earlier, in this chat or in older ones of the same person."""

    tool: ClassVar[str] = "recall_findings"
    question: str
