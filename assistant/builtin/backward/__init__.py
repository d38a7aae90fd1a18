"""The check backwards: from a request to the words that asked for it, and from the words to the request.

A reading is made forwards, by readers that each look for what they know. This package looks at what came out
and never at how. `claims` says what a request accounts for. Words that no part of it stands for are found by
`names` (columns, contents, numbers, times), `demands` (what is to be computed, compared, denied, ordered) and
`structure` (lists, ranges, "of all"); parts that no word asked for by `unsaid`; parts that cannot belong
together by `coherence`. `verdict` gives the answer or asks one short question, in the words of `spelling`.

A new check is a function of `Evidence` in the file that it belongs to.
"""
