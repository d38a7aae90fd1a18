"""Finds by meaning what is kept, domain notes and what was learnt with people; alone imports chromadb.

Nothing is fetched, and what is forgotten is gone from the disk.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from assistant.embedding import embed
from tools.core import Fact, ToolResult
from tools.errors import ToolError

NOTES = Path(__file__).resolve().parent.parent / "data" / "notes"
FAR = 0.75  # cosine distance beyond which a note does not speak of the question
FAR_KEPT = 0.8  # the same for what was learnt, whose sentences are full of names and numbers


Kind = Literal["finding", "word", "example"]
BUSY_SECONDS = 10.0  # how long to wait for somebody else who is writing to the same file


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


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that was learnt with a person.

    Attributes:
        kind: A finding, a word that was taught, or a question with the call that answered it.
        text: A sentence by which it is found and shown.
        chat: Where it was learnt.
        place: Of the turn in that chat, counted from 0.
        made: When, in seconds since 1970.
        asked: The question that it answers, by which it is found as well; or empty.
        details: What else belongs to it, as plain JSON.
    """

    kind: Kind
    text: str
    chat: str
    place: int
    made: float
    asked: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its name among what is kept of its person."""
        return hashlib.sha256(f"{self.kind}\0{self.chat}\0{self.place}\0{self.text}".encode()).hexdigest()[
            :32
        ]


class Memory:
    """Notes with sources, found by meaning; what was learnt with each person, in a collection of their own.

    Args:
        folder: Where it is kept; None keeps it for this process only.
        notes: Folder of the domain notes.
    """

    def __init__(self, folder: Path | None = None, notes: Path = NOTES) -> None:
        self._folder = folder
        self._notes = {note.name: note for note in read_notes(notes)}
        self._client: Any = None
        self._lock = threading.RLock()

    def recall_notes(self, question: str, most: int = 3) -> list[Recalled]:
        """Return the notes nearest to the question, nearest first; far ones are left out."""
        with self._lock:
            collection = self._collection("notes")
            self._index_notes(collection)
            found = collection.query(
                query_embeddings=embed([question]),
                n_results=max(most * 3, 9),
                include=["distances", "metadatas"],
            )
        nearest: dict[str, float] = {}
        for metadata, distance in zip(found["metadatas"][0], found["distances"][0], strict=True):
            nearest.setdefault(str(metadata["note"]), float(distance))
        ranked = [Recalled(self._notes[name], distance) for name, distance in nearest.items()]
        return [recalled for recalled in ranked if recalled.distance <= FAR][:most]

    def keep(self, person: str, entries: Sequence[Kept]) -> None:
        """Keep what was learnt, for this person only.

        Raises:
            ToolError: If the disk does not take it.
        """
        if not entries:
            return
        with self._lock, _told_apart():
            self._of(person).upsert(
                ids=[entry.id for entry in entries],
                embeddings=embed([f"{entry.asked} {entry.text}".strip() for entry in entries]),
                metadatas=[_written(entry) for entry in entries],
            )

    def recall(self, person: str, kind: Kind, about: str, most: int = 3) -> list[Kept]:
        """Return what is kept of this person and near in meaning, nearest first.

        Raises:
            ToolError: If it cannot be read.
        """
        with self._lock, _told_apart():
            found = self._of(person).query(
                query_embeddings=embed([about]),
                n_results=most,
                where={"kind": kind},
                include=["distances", "metadatas"],
            )
        pairs = zip(found["metadatas"][0], found["distances"][0], strict=True)
        return [_read(metadata) for metadata, distance in pairs if float(distance) <= FAR_KEPT]

    def kept(self, person: str, kind: Kind | None = None) -> list[Kept]:
        """Return everything that is kept of this person, newest first.

        Raises:
            ToolError: If it cannot be read.
        """
        with self._lock, _told_apart():
            where = {"kind": kind} if kind else None
            found = self._of(person).get(where=where, include=["metadatas"])
        entries = [_read(metadata) for metadata in found["metadatas"]]
        return sorted(entries, key=lambda entry: (-entry.made, -entry.place, entry.kind, entry.text))

    def forget(self, person: str, ids: Sequence[str] | None = None) -> int:
        """Delete things that are kept of this person, or everything; return how many there were.

        Raises:
            ToolError: If they cannot be deleted.
        """
        chosen = {entry.id for entry in self.kept(person)}
        return self._delete(person, sorted(chosen if ids is None else chosen & set(ids)))

    def forget_chat(self, person: str, chat: str, place: int | None = None) -> int:
        """Delete what was learnt in a chat, or in one turn of it; return how many things that were.

        Raises:
            ToolError: If it cannot be deleted.
        """
        if self._client is None and (self._folder is None or not self._folder.is_dir()):
            return 0  # nothing was ever kept
        ids = [e.id for e in self.kept(person) if e.chat == chat and place in (None, e.place)]
        return self._delete(person, ids)

    def _delete(self, person: str, ids: Sequence[str]) -> int:
        if not ids:
            return 0
        with self._lock, _told_apart():
            self._of(person).delete(ids=list(ids))
            if self._folder is not None:
                _wipe(self._folder / "chroma.sqlite3", ids)
        return len(ids)

    def _of(self, person: str) -> Any:
        return self._collection(f"person-{hashlib.sha256(person.encode()).hexdigest()[:40]}")

    def _collection(self, name: str) -> Any:
        # chromadb takes over a second to import: only when memory is first used.
        import chromadb
        from chromadb.config import Settings

        if self._client is None:
            settings = Settings(anonymized_telemetry=False)
            if self._folder is None:
                self._client = chromadb.EphemeralClient(settings)
            else:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
            embeddings=embed([text for _, _, text in passages]),
            documents=[text for _, _, text in passages],
            metadatas=[{"note": name} for _, name, _ in passages],
        )


def _wipe(file: Path, ids: Sequence[str]) -> None:
    """Take deleted entries out of the file as well.

    Chroma leaves the words of what was deleted in its log of operations and in unused pages.
    """
    database = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        database.executemany(
            "DELETE FROM embeddings_queue WHERE id = ? AND metadata <> '{}'",
            [(identity,) for identity in ids],
        )
        database.execute("VACUUM")
    finally:
        database.close()


@contextmanager
def _told_apart() -> Iterator[None]:
    """Tell a disk that fails in a sentence."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError, sqlite3.Error) as error:
        raise ToolError(
            f"What is remembered cannot be read or written ({error}).",
            "Make room on the disk, or switch remembering off with ASSISTANT_REMEMBER=0.",
        ) from error


def _written(entry: Kept) -> dict[str, Any]:
    # Not as a "document": Chroma would index every word of it a second time.
    return {
        "kind": entry.kind,
        "text": entry.text,
        "chat": entry.chat,
        "place": entry.place,
        "made": entry.made,
        "asked": entry.asked,
        "details": json.dumps(dict(entry.details), ensure_ascii=False, sort_keys=True, default=str),
    }


def _read(metadata: Mapping[str, Any]) -> Kept:
    return Kept(**{**metadata, "details": json.loads(str(metadata["details"]))})


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
