"""The built-in analyst: a chat model without weights that parses plain English into tool calls.

How a message becomes an answer, file by file:

1. `model`, the LangChain face, is given messages; `history` reads the earlier turns off them
   (`conversation`), `cataloguing` the names and values of the data off the workspace (`linking`, over
   `column_linking` and `data_names`).
2. `dialogue` reads the message in its conversation: `choosing` (an offer is taken up), `spelling_out` (a
   name is defined), `several` (more than one request), `following` (an earlier request is changed).
3. `annotate` makes a sentence items (`sentence`): `tokens` are its words, `idioms.toml` puts turns of phrase
   into plain ones, `meanings` finds what each can mean, with `lexicon`, `linking`, `numbers` and `dates`.
4. `parsing.reading` tries one kind of request after the other, a file each in `parsing`; a question about
   rows is what is left, built by `parsing.data_questions`. What comes out is a typed request (`request`).
5. `parsing.checking` gives it only if no word that could change what is asked is left over
   (`parsing.coverage` says which words may be); else `parsing.asking_back` asks or refuses.
6. `planning` makes tool calls of requests, `turn` sends them one by one and mends a failed one, `answering`
   writes the answer with `prose` and the templates of `prompts/builtin/`.

What is new has one place:

- a synonym is a word in `words.toml`, a turn of phrase a line in `idioms.toml`;
- a kind of request is a class in `request` and a reader in `parsing`, with a line in `parsing.reading`; if it
  is about segments, in `read_segments` of `parsing.segments`; if about rows, in `parsing.data_questions`;
- a way to change an earlier request is a field of `following.changes`.
"""
