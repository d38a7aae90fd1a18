"""Knows what words and sentences mean as vectors; alone imports wordllama, whose weights come with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any


def embed(texts: Sequence[str]) -> list[list[float]]:
    """Return a vector of length 1 for each text; the dot product of two is how near they are in meaning.

    The first call loads the weights, about 0.15 s.
    """
    vectors = _embedder().embed([text.lower() for text in texts], norm=True)
    return [[float(value) for value in vector] for vector in vectors]


@lru_cache(maxsize=4096)
def is_common_word(word: str) -> bool:
    """Tell whether a word is so common in English that the weights hold it whole: no slip of the pen is."""
    return len(_embedder().tokenizer.encode(word.lower(), add_special_tokens=False).ids) == 1


@lru_cache(maxsize=1)
def _embedder() -> Any:
    import wordllama

    folder = Path(wordllama.__file__).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
