"""Micro-batching: one thread per frozen encoder computes the inputs of all requests in batches and caches the results."""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from dukemm.config import TextConfig, TextEncoderConfig
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.multilingual import MultilingualEncoder, load_multilingual_encoder
from dukemm.encoders.text import TextEncoder, Vectors, load_text_encoder

#: Texts per batch.
BATCH_SIZE = 32
#: Vectors in the cache, 1.5 KB each at width 384.
CACHED_VECTORS = 50_000
#: Queued texts. More are rejected, so that memory and waiting time stay bounded.
MAX_WAITING = 8_000
#: Texts are truncated to this many characters per token before they are queued; word pieces average four.
MAX_CHARACTERS_PER_TOKEN = 12

Key = bytes
Input = TypeVar("Input")
Output = TypeVar("Output")


class MicroBatches(Generic[Input, Output]):
    """Encodes inputs in batches. `results` blocks until all are encoded or the deadline; finished results stay cached."""

    def __init__(
        self,
        name: str,
        encode: Callable[[Sequence[Input]], Sequence[Output]],
        batch_size: int,
        cached: int,
        max_waiting: int,
    ) -> None:
        """`encode` is called in one thread with at most `batch_size` inputs; the last `cached` used results are kept."""
        self._name = name
        self._encode = encode
        self._batch_size, self._max_waiting = batch_size, max_waiting
        self._known: LRUCache[Key, Output | Exception] = LRUCache(cached)
        self._waiting: dict[Key, Input] = {}
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=f"encoder of {name}", daemon=True)
        self._thread.start()

    def known(self, keys: Sequence[Key]) -> dict[Key, Output]:
        """Results that are cached."""
        with self._wake:
            return {key: found for key in keys if not isinstance(found := self._known.get(key, _MISSING), Exception)}

    def results(self, inputs: Mapping[Key, Input], deadline: float) -> dict[Key, Output]:
        """Result of each input by its key, which names its content. `deadline` is of time.monotonic().

        Raises DukeMMError overloaded if too much is queued, and warming if the deadline comes first: the work continues, so
        a retry finds more of it done.
        """
        with self._wake:
            self._enqueue(inputs)
            found: dict[Key, Output] = {}
            while True:
                for key in inputs:
                    if key in self._known and key not in found:
                        result = self._known[key]
                        if isinstance(result, Exception):
                            raise DukeMMError("internal", "the encoder failed") from result
                        found[key] = result
                if len(found) == len(inputs):
                    return found
                if self._closed:
                    raise DukeMMError("overloaded", "this instance is being stopped", 2)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise DukeMMError("warming", f"{len(inputs) - len(found)} {self._name} are not encoded yet", 1)
                self._wake.wait(min(left, threading.TIMEOUT_MAX))

    def _enqueue(self, inputs: Mapping[Key, Input]) -> None:
        for key in inputs:
            if isinstance(self._known.get(key), Exception):
                del self._known[key]  # a repeated request retries what failed
        new = {key: each for key, each in inputs.items() if key not in self._known and key not in self._waiting}
        if len(self._waiting) + len(new) > self._max_waiting:
            raise DukeMMError("overloaded", f"too many {self._name} are waiting", 5)
        self._waiting.update(new)
        self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._waiting and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                keys = list(self._waiting)[: self._batch_size]
                inputs = [self._waiting[key] for key in keys]
            results: Sequence[Output | Exception]
            try:
                results = list(self._encode(inputs))
            except Exception:  # one bad input must not fail the others of its batch
                results = [self._encode_alone(each) for each in inputs]
            with self._wake:
                for key, result in zip(keys, results, strict=True):
                    self._known[key] = result
                    self._waiting.pop(key, None)
                self._wake.notify_all()

    def _encode_alone(self, one: Input) -> Output | Exception:
        try:
            return self._encode([one])[0]
        except Exception as error:  # raised to the request that waits for it
            return error

    def stop(self) -> None:
        """Fail waiting requests, accept no more, and end the thread after its batch."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def close(self) -> None:
        """Stop, and wait for the thread to end."""
        self.stop()
        self._thread.join(timeout=10)


_MISSING = LookupError("not cached")


class EncoderService:
    """A text encoder, shared by all versions that name it."""

    def __init__(self, config: TextConfig) -> None:
        self._config = config
        self._encoder: TextEncoder | MultilingualEncoder = (
            load_text_encoder(config) if isinstance(config, TextEncoderConfig) else load_multilingual_encoder(config)
        )
        # Looked up at each call, so that tests can replace the encoder.
        self._batches = MicroBatches[str, NDArray[np.float32]](
            "texts", lambda texts: self._encoder.encode(texts), BATCH_SIZE, CACHED_VECTORS, MAX_WAITING
        )

    @property
    def parameters(self) -> int:
        """Number of the encoder's weights."""
        return self._encoder.parameters

    @property
    def width(self) -> int:
        """Width of a vector."""
        return self._config.width

    def vectors(self, texts: Sequence[str], deadline: float) -> Vectors:
        """(n,) texts → (n, width). Raises as MicroBatches.results."""
        cut = [self._cut(text) for text in texts]
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in cut]
        found = self._batches.results(dict(zip(keys, cut, strict=True)), deadline)
        return np.stack([found[key] for key in keys])

    def known_shares(self, texts: Sequence[str]) -> Vectors:
        """See TextEncoder.known_shares; in the thread of the caller. Only of an encoder that has them."""
        assert isinstance(self._encoder, TextEncoder)
        return self._encoder.known_shares([self._cut(text) for text in texts])

    def word_shares(self, text: str, direction: NDArray[np.float64]) -> dict[str, float]:
        """See TextEncoder.word_shares; in the thread of the caller. Only of an encoder that has them."""
        assert isinstance(self._encoder, TextEncoder)
        return self._encoder.word_shares(self._cut(text), direction)

    def _cut(self, text: str) -> str:
        return text[: self._config.max_tokens * MAX_CHARACTERS_PER_TOKEN]

    def stop(self) -> None:
        """See MicroBatches.stop."""
        self._batches.stop()

    def close(self) -> None:
        """See MicroBatches.close."""
        self._batches.close()
