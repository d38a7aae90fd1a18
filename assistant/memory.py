"""Recalls domain notes and earlier findings; the only file that imports chromadb. Nothing is fetched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.core import Fact, ToolResult
from tools.errors import ToolError

NOTES = Path(__file__).resolve().parent.parent / "data" / "notes"
FAR = 0.75  # cosine distance beyond which a note does not speak of the question


@dataclass(frozen=True, slots=True)
class Note:
    """A domain note: a title, paragraphs in our own words, and where the facts come from."""

    name: str
    title: str
    paragraphs: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A note that was found, with its distance from the question (0 the same, 1 unrelated)."""

    note: Note
    distance: float


class Memory:
    """Notes with sources, found by meaning; findings of a person's chats, kept apart by person.

    Args:
        folder: Where findings are kept; None keeps them for this process only.
    """

    def __init__(self, folder: Path | None = None, notes: Path = NOTES) -> None:
        self._folder = folder
        self._notes = {note.name: note for note in read_notes(notes)}
        self._client: Any = None

    def recall_notes(self, question: str, most: int = 3) -> list[Recalled]:
        """Return the notes nearest to the question, nearest first; far ones are left out."""
        collection = self._collection("notes")
        self._index_notes(collection)
        found = collection.query(
            query_embeddings=_embed([question]),
            n_results=max(most * 3, 9),
            include=["distances", "metadatas"],
        )
        nearest: dict[str, float] = {}
        for metadata, distance in zip(found["metadatas"][0], found["distances"][0], strict=True):
            nearest.setdefault(str(metadata["note"]), float(distance))
        ranked = [Recalled(self._notes[name], distance) for name, distance in nearest.items()]
        return [recalled for recalled in ranked if recalled.distance <= FAR][:most]

    def remember_finding(self, person: str, chat: str, sentence: str) -> None:
        """Keep one sentence that was found, for this person only."""
        identity = hashlib.sha256(f"{person}\0{chat}\0{sentence}".encode()).hexdigest()
        self._collection("findings").upsert(
            ids=[identity],
            embeddings=_embed([sentence]),
            documents=[sentence],
            metadatas=[{"person": person, "chat": chat}],
        )

    def recall_findings(self, person: str, question: str, most: int = 3) -> list[str]:
        """Return this person's earlier findings that are near the question, nearest first."""
        found = self._collection("findings").query(
            query_embeddings=_embed([question]), n_results=most, where={"person": person}
        )
        return [str(document) for document in found["documents"][0]]

    def forget_chat(self, person: str, chat: str) -> None:
        """Delete what was kept of a chat."""
        self._collection("findings").delete(where={"$and": [{"person": person}, {"chat": chat}]})

    def _collection(self, name: str) -> Any:
        # chromadb takes over a second to import: only when memory is first used.
        import chromadb
        from chromadb.config import Settings

        if self._client is None:
            settings = Settings(anonymized_telemetry=False)
            if self._folder is None:
                self._client = chromadb.EphemeralClient(settings)
            else:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._client = chromadb.PersistentClient(str(self._folder), settings)
        return self._client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def _index_notes(self, collection: Any) -> None:
        passages = [
            (f"{note.name}:{position}", note.name, text)
            for note in self._notes.values()
            for position, text in enumerate((note.title, *note.paragraphs))
        ]
        digest = hashlib.sha256(repr(passages).encode()).hexdigest()
        ids = [f"{digest[:12]}:{identity}" for identity, _, _ in passages]
        present = set(collection.get(include=[])["ids"])
        if present == set(ids) or not ids:
            return
        if present:
            collection.delete(ids=sorted(present))
        collection.add(
            ids=ids,
            embeddings=_embed([text for _, _, text in passages]),
            documents=[text for _, _, text in passages],
            metadatas=[{"note": name} for _, name, _ in passages],
        )


def read_notes(folder: Path) -> Iterable[Note]:
    """Read Markdown notes with `title:` and `sources:` in front."""
    for path in sorted(folder.glob("*.md")):
        _, front, body = re.split(
            r"^---\s*$", path.read_text(encoding="utf-8"), maxsplit=2, flags=re.MULTILINE
        )
        title = re.search(r"^title:\s*(.+)$", front, re.MULTILINE)
        sources = re.findall(r"^\s*-\s+(.+)$", front, re.MULTILINE)
        paragraphs = [" ".join(block.split()) for block in re.split(r"\n\s*\n", body) if block.strip()]
        yield Note(
            path.stem,
            title[1].strip("\"' ") if title else path.stem,
            tuple(paragraphs),
            tuple(s.strip("\"'") for s in sources),
        )


def answer_from_notes(memory: Memory, question: str) -> ToolResult:
    """Answer a question about the field from the notes, with their sources.

    Raises:
        ToolError: If no note speaks of it.
    """
    recalled = memory.recall_notes(question)
    if not recalled:
        raise ToolError(
            "My notes on segmentation and banking do not speak of that.",
            "Ask about segmentation, machine learning in banking, or about your data.",
        )
    best = recalled[0].note
    first, *rest = best.paragraphs
    others = [item.note.title for item in recalled[1:]]
    sources = "Sources: " + "; ".join(best.sources) + "."
    also = [f"My notes also speak of: {'; '.join(others)}."] if others else []
    return ToolResult(
        headline=first,
        facts=(
            *(Fact("passage", text, scope=best.title) for text in (*best.paragraphs, *best.sources)),
            *(Fact("quoted_number", value, scope=best.title) for value in _numbers(best)),
        ),
        findings=(*rest[:3], sources, *also),
    )


def _numbers(note: Note) -> list[float]:
    text = " ".join((*note.paragraphs, *note.sources, note.title))
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


@lru_cache(maxsize=1)
def _embedder() -> Any:
    import wordllama

    folder = Path(wordllama.__file__).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)


def _embed(texts: list[str]) -> list[list[float]]:
    vectors = _embedder().embed([text.lower() for text in texts], norm=True)
    return [[float(value) for value in vector] for vector in vectors]
