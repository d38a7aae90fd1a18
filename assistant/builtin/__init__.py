"""The built-in analyst: a chat model without weights that parses plain English into tool calls.

A sentence becomes a request on a straight line: `tokens` (words), `annotate` (what each word can mean, with
`lexicon`, `linking`, `numbers` and `dates`), `parsing` (one file a kind of request), `dialogue` (follow-ups),
`planning` (tool calls), `prose` (the answer), `model` (the LangChain face).
"""
