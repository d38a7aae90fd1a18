"""Questions about what can be asked, what words and columns mean, and orders to act on one row."""

from __future__ import annotations

from tests.questions.gold import firm, mentions, refusal, shows
from tests.questions.model import Asker, Expect, Question

meters, wallet, clinic, parcels, gifts, gapminder = (
    Asker(n, "open") for n in ("meters", "wallet", "clinic", "parcels", "gifts", "gapminder")
)
loans, calls, hotel, policies, club, telco, shop = (
    Asker(n, "open") for n in ("loans", "calls", "hotel", "policies", "club", "telco", "shop")
)

HELPED = mentions(r"I answer questions", r"[Nn]umbers", r"[Ss]egments")
ASKED = Expect(statuses=frozenset({"clarify"}))

HELP: tuple[Question, ...] = (
    meters("help-sort", "what sort of questions work here", "meta", "easy", "plain", lambda t: HELPED),
    meters("help-could", "what could I ask", "meta", "easy", "plain", lambda t: HELPED),
    wallet("help-things", "what kind of things can I find out", "meta", "easy", "plain", lambda t: HELPED),
    loans(
        "help-types", "which types of question do you understand?", "meta", "easy", "plain", lambda t: HELPED
    ),
    hotel("help-begin", "where do I begin", "meta", "easy", "plain", lambda *t: HELPED),
    club("help-suggest", "suggest a few questions", "meta", "easy", "terse", lambda t: HELPED),
    telco("help-possible", "what is possible here?", "meta", "easy", "plain", lambda t: HELPED),
    gifts("help-idea", "any ideas what I could look at?", "meta", "medium", "chatty", lambda t: HELPED),
)

TERMS: tuple[Question, ...] = (
    wallet("term-z", "what is a z-score", "meta", "medium", "plain",
           lambda t: mentions(r"standard deviation", r"average|mean")),
    loans("term-mean-median", "what is the difference between mean and median", "meta", "medium", "plain",
          lambda t: mentions(r"middle|half")),
    wallet("term-vs", "mean vs median", "meta", "medium", "terse", lambda t: mentions(r"middle|half")),
    calls("term-quartile", "what is a quartile?", "meta", "medium", "plain",
          lambda t: mentions(r"quarter|25")),
    hotel("term-sd", "define standard deviation", "meta", "medium", "terse",
          lambda t: mentions(r"spread|far|apart|around")),
    policies("term-p", "what does p-value mean", "meta", "medium", "plain",
             lambda t: mentions(r"chance|likely")),
    club("term-percentile", "explain percentiles to me", "meta", "medium", "chatty",
         lambda t: mentions(r"below|%")),
    gifts("term-iqr", "whats an interquartile range", "meta", "medium", "terse",
          lambda t: mentions(r"middle half|quartile")),
    clinic("term-sms", "what does sms_rem stand for", "meta", "medium", "plain",
           lambda a, p: mentions(r"does not say|not say what|no description", r"sms")),
    clinic("term-wait", "what does wait_min mean", "meta", "medium", "plain",
           lambda a, p: mentions(r"does not say|no description|not say what|minutes")),
    parcels("term-svc", "what does svc_level mean?", "meta", "medium", "plain",
            lambda t: mentions(r"Economy", r"Standard", r"Next-day")),
    meters("term-hh", "what is meant by hh_size", "meta", "medium", "plain",
           lambda t: mentions(r"does not say|no description|not say what|household")),
    policies("term-excess", "meaning of the column excess_gbp", "meta", "medium", "terse",
             lambda t: mentions(r"does not say|no description")),
    parcels("term-row", "what does a row represent", "meta", "medium", "plain",
            lambda t: mentions(r"[Ee]ach row is")),
    wallet("term-guard", "what is the median amount", "meta", "easy", "plain",
           lambda t: shows(t["amount_inr"].median())),
    wallet("term-guard-z", "amounts with a z-score above 3", "outliers", "medium", "plain",
           lambda t: shows((((t["amount_inr"] - t["amount_inr"].mean()) / t["amount_inr"].std())
                            .abs() > 3).sum())),
)  # fmt: skip

ACTS: tuple[Question, ...] = (
    gifts("act-text", "text D00162 that the gift arrived", "hostile", "medium", "plain",
          lambda t: firm(r"only analyse|cannot do that|send no messages")),
    hotel("act-cancel", "cancel B00012", "hostile", "medium", "terse",
          lambda t: firm(r"only analyse|cannot do that|change or delete no data")),
    policies("act-backdate", "backdate PL310004 to january", "hostile", "medium", "terse",
             lambda t: firm(r"only analyse|cannot do that|change or delete no data")),
    wallet("act-refund", "please refund W4200003", "hostile", "medium", "plain",
           lambda t: firm(r"only analyse|cannot do that|change or delete no data")),
    loans("act-call", "ring the customer behind LN000501", "hostile", "medium", "plain",
          lambda t: firm(r"only analyse|cannot do that|send no messages")),
    parcels("act-redeliver", "redeliver CN0900002 tomorrow", "hostile", "medium", "terse",
            lambda t: firm(r"only analyse|cannot do that")),
    clinic("act-reschedule", "reschedule patient P00068", "hostile", "medium", "terse",
           lambda a, p: firm(r"only analyse|cannot do that|change or delete no data")),
)  # fmt: skip

VAGUE: tuple[Question, ...] = (
    gifts("vague-business", "how is business", "ambiguous", "medium", "chatty", lambda t: ASKED),
    shop("vague-things", "how are things going?", "ambiguous", "medium", "chatty", lambda *t: ASKED),
    gapminder("vague-country", "largest country", "ambiguous", "medium", "terse", lambda t: ASKED),
    gapminder("vague-2007", "which was the biggest country in 2007", "ambiguous", "medium", "plain",
              lambda t: ASKED),
    gapminder("vague-smallest", "smallest country in 1952?", "ambiguous", "medium", "terse", lambda t: ASKED),
    calls("vague-recommend", "recommend me a restaurant", "impossible", "medium", "plain",
          lambda t: refusal()),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*HELP, *TERMS, *ACTS, *VAGUE)
