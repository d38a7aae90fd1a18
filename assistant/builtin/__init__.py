"""The built-in analyst: a chat model without weights that parses plain English into tool calls.

A sentence becomes a request on a straight line: `tokens` (words; `idioms.toml` in plain words), `annotate`
(what each word can mean, found by `meanings` with `lexicon`, `linking`, `numbers` and `dates`), `parsing`
(one file a kind of request), `dialogue` (follow-ups), `planning` (tool calls), `prose` (the answer),
`model` (the LangChain face). A synonym is a word in `words.toml`, a turn of phrase a line in `idioms.toml`;
a kind of question is a file in `parsing` and a line in `parsing.reading` or `parsing.data_questions`. No
word that could change what is asked is left over in silence: `parsing.coverage` says which words may be.
"""
