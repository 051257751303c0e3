"""One thread a frozen encoder: texts of all requests in micro-batches, each vector computed once and remembered."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dukemm.config import TextEncoderConfig
from dukemm.encoders.text import Vectors, load_text_encoder
from dukemm.errors import DukeMMError

#: Texts that the encoder takes at a time.
BATCH = 32
#: Vectors kept: 1.5 KB each at width 384.
REMEMBERED = 50_000
#: Texts waiting at most; more is refused, so that memory and waiting stay bounded.
MOST_WAITING = 8_000
#: Word pieces have four characters on average; what lies far behind the last one read need not be kept.
CHARACTERS_PER_TOKEN = 12

Key = bytes


class EncoderService:
    """`vectors` blocks until its texts are encoded or the deadline comes; what was computed by then stays."""

    def __init__(self, config: TextEncoderConfig) -> None:
        self._config = config
        self._encoder = load_text_encoder(config)
        self._known: OrderedDict[Key, np.ndarray | Exception] = OrderedDict()
        self._waiting: dict[Key, str] = {}
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=f"encoder {config.name}", daemon=True)
        self._thread.start()

    @property
    def width(self) -> int:
        """Width of a vector."""
        return self._config.width

    def vectors(self, texts: Sequence[str], deadline: float) -> Vectors:
        """(n,) texts → (n, width). `deadline` is of time.monotonic().

        Raises DukeMMError overloaded where too much waits, and warming where the deadline came first: the work goes on, so
        trying again finds it done or further.
        """
        cut = [self._cut(text) for text in texts]
        wanted = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in cut]
        with self._wake:
            found: dict[Key, np.ndarray | Exception] = {}
            for key in wanted:
                if isinstance(self._known.get(key), Exception):
                    del self._known[key]  # who asks again wants it tried again
            missing = {key: text for key, text in zip(wanted, cut, strict=True) if key not in self._known}
            new = {key: text for key, text in missing.items() if key not in self._waiting}
            if len(self._waiting) + len(new) > MOST_WAITING:
                raise DukeMMError("overloaded", "too many texts are waiting", 5)
            self._waiting.update(new)
            self._wake.notify_all()
            while True:
                for key in wanted:
                    if key in self._known and key not in found:
                        found[key] = self._known[key]
                        self._known.move_to_end(key)
                failed = next((result for result in found.values() if isinstance(result, Exception)), None)
                if failed:
                    raise DukeMMError("internal", "the encoder failed") from failed
                if len(found) == len(set(wanted)):
                    return np.stack([found[key] for key in wanted])
                if self._closed:
                    raise DukeMMError("overloaded", "this instance is being stopped", 2)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise DukeMMError("warming", f"{len(set(wanted)) - len(found)} texts are still to be read", 1)
                self._wake.wait(left)

    def word_shares(self, text: str, direction: NDArray[np.float64]) -> dict[str, float]:
        """See TextEncoder.word_shares; in the thread of the caller."""
        return self._encoder.word_shares(self._cut(text), direction)

    def _cut(self, text: str) -> str:
        return text[: self._config.max_tokens * CHARACTERS_PER_TOKEN]

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._waiting and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                keys = list(self._waiting)[:BATCH]
                texts = [self._waiting[key] for key in keys]
            results: Sequence[np.ndarray | Exception]
            try:
                results = list(self._encoder.encode(texts))
            except Exception as error:  # whatever it is, those who wait must hear of it, and the others go on
                results = [error] * len(keys)
            with self._wake:
                for key, vector in zip(keys, results, strict=True):
                    self._known[key] = vector
                    self._waiting.pop(key, None)
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
                self._wake.notify_all()

    def stop(self) -> None:
        """Refuse whoever waits, take no more, and end the thread after its batch."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def close(self) -> None:
        """Stop, and wait for the thread to end."""
        self.stop()
        self._thread.join(timeout=10)
