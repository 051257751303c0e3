"""What a task asks for, and embeddings of short texts to compare with it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
#: Embeddings in the cache, 1.5 KB each at width 384.
CACHED_EMBEDDINGS = 20_000
#: Parts of an instruction that do not name what is asked for: verbs, articles of the source, «exactly as …».
_INSTRUCTION = re.compile(
    r"^(please )?(extract|find|return|give|get|read|tell|write|copy|take|name|state|report|identify|output)"
    r"( (me|us|out|down))?\b|^(what|which|who|when) (is|are|was|were)\b|^fill in\b"
    r"|\b((from|in) (the|this|each|every|a|an|its)|of (this|each|every)) [^.]*$|\bexactly as\b.*$|[.?!]+\s*$",
    re.I,
)


@dataclass(frozen=True)
class TaskQuery:
    """A task's description, and the name of the field to fill, if it has one."""

    description: str
    target: str | None = None

    @property
    def subject(self) -> str:
        """The thing asked for: `Extract the invoice number from this PDF.` → `invoice number`."""
        text = self.description.strip().split("\n")[0][:200]
        for _ in range(3):
            text = re.sub(r"^\W*(the|a|an)\b", "", _INSTRUCTION.sub("", text).strip(), flags=re.I).strip()
        return text or self.description[:200]

    @property
    def name(self) -> str:
        """The target in words, or else the subject."""
        return re.sub(r"[_\-./]+|(?<=[a-z])(?=[A-Z])", " ", self.target).strip() if self.target else self.subject

    @property
    def is_question(self) -> bool:
        """Whether the description asks, or speaks of, a question."""
        return "?" in self.description or "question" in self.description.lower()


class EmbeddingCache:
    """Embeddings of short texts, cached: the same labels come in every document."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._cache: LRUCache[str, NDArray[np.float32]] = LRUCache(CACHED_EMBEDDINGS)

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts: (n,) → (n, width), each of length 1."""
        vectors = {text: self._cache[text] for text in set(texts) if text in self._cache}
        missing = sorted(set(texts) - vectors.keys())
        if missing:
            embedded = dict(zip(missing, self._embed(missing), strict=True))
            vectors |= embedded
            self._cache.update(embedded)
        return np.stack([vectors[text] for text in texts])
