"""The frozen encoders of a process: each is loaded on first use and shared by all versions that name it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from dukemm.config import (
    AudioEncoderConfig,
    EncoderWeights,
    ImageEncoderConfig,
    LanguageConfig,
    Preset,
    ReaderConfig,
    TextConfig,
)
from dukemm.domain.encoded import MediumFeatures
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.audio import load_audio_encoder
from dukemm.encoders.batching import EncoderService, Key, MicroBatches
from dukemm.encoders.image import load_image_encoder
from dukemm.encoders.language import LanguageModel, load_language_model
from dukemm.encoders.reader import TextReader
from dukemm.media.audio import RATE

Output = TypeVar("Output")
#: Features in the cache, 30 KB each.
CACHED_FEATURES = 5_000
#: Queued images, sounds or scans, over all requests.
MAX_WAITING = 1_000
#: Threads that read and decode files.
READERS = 4

MediumConfig = ImageEncoderConfig | AudioEncoderConfig


@dataclass(frozen=True)
class MediumSettings:
    """How media of one kind are loaded and batched."""

    name: str
    load: Callable[[Any], Any]
    #: Media per batch of an encoder.
    batch_size: int
    #: Media that a request decodes at a time; two such groups are in memory at once.
    decoded_at_a_time: int


MEDIUM_SETTINGS: Mapping[type[EncoderWeights], MediumSettings] = {
    ImageEncoderConfig: MediumSettings("images", load_image_encoder, 16, 32),  # 0.75 MB each
    AudioEncoderConfig: MediumSettings("sounds", load_audio_encoder, 16, 32),  # 2 MB each, of 30 s
    ReaderConfig: MediumSettings("scans", TextReader, 1, 2),  # 10 MB a page
}


class MediumService(Generic[Output]):
    """An encoder of images, sounds or scans."""

    def __init__(self, config: MediumConfig | ReaderConfig) -> None:
        self.config = config
        self._settings = MEDIUM_SETTINGS[type(config)]
        self.encoder: Any = self._settings.load(config)
        self._batches = MicroBatches[Any, Output](
            self._settings.name,
            lambda media: self.encoder.encode(media),
            self._settings.batch_size,
            CACHED_FEATURES,
            MAX_WAITING,
        )
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix=f"reader of {self._settings.name}")

    def features(self, media: Mapping[Key, Callable[[], Any]], deadline: float) -> dict[Key, Output]:
        """Features by content hash, of scans their text; a medium is only read and decoded if its features are not cached.

        Raises as MicroBatches.results, and what reading raises.
        """
        found: dict[Key, Output] = {}
        keys = list(media)
        size = self._settings.decoded_at_a_time
        parts = [keys[start : start + size] for start in range(0, len(keys), size)]
        known, reading = self._read(media, parts[0] if parts else [])
        try:
            for following in [*parts[1:], []]:
                found |= known
                decoded = {key: read.result() for key, read in reading.items()}
                # The next group is read and decoded while the encoder works on this one.
                known, reading = self._read(media, following)
                found |= self._batches.results(decoded, deadline)
        finally:
            for read in reading.values():
                read.cancel()
        return found

    def _read(
        self, media: Mapping[Key, Callable[[], Any]], keys: Sequence[Key]
    ) -> tuple[dict[Key, Output], dict[Key, Future[Any]]]:
        """Cached features, and futures of the other media's content."""
        known = self._batches.known(keys)
        try:
            return known, {key: self._readers.submit(media[key]) for key in keys if key not in known}
        except RuntimeError as error:  # the pool is shut down
            raise DukeMMError("overloaded", "this instance is being stopped", 2) from error

    def stop(self) -> None:
        """See MicroBatches.stop."""
        self._batches.stop()
        self._readers.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """See MicroBatches.close."""
        self._batches.close()
        self._readers.shutdown(cancel_futures=True)


class Encoders:
    """Loads and shares encoders; thread-safe."""

    def __init__(self) -> None:
        self._services: dict[object, EncoderService | MediumService[Any]] = {}
        self._languages: dict[LanguageConfig, LanguageModel] = {}
        self._lock = threading.Lock()

    def text(self, config: TextConfig) -> EncoderService:
        """The service of a text encoder. Raises DukeMMError artifact_invalid."""
        with self._lock:
            service = self._services.get(config)
            if not isinstance(service, EncoderService):
                service = self._services[config] = EncoderService(config)
            return service

    def medium(self, config: MediumConfig) -> MediumService[MediumFeatures]:
        """The service of an image or audio encoder. Raises DukeMMError artifact_invalid."""
        with self._lock:
            service = self._services.get(config)
            if not isinstance(service, MediumService):
                service = self._services[config] = MediumService(config)
            return service

    def reader(self, config: ReaderConfig) -> MediumService[str]:
        """The service that reads scans. Raises DukeMMError artifact_invalid."""
        with self._lock:
            service = self._services.get(config)
            if not isinstance(service, MediumService):
                service = self._services[config] = MediumService(config)
            return service

    def language(self, config: LanguageConfig) -> LanguageModel:
        """The language model: one for all versions and threads. Raises DukeMMError artifact_invalid."""
        with self._lock:
            if config not in self._languages:
                self._languages[config] = load_language_model(config)
            return self._languages[config]

    def warm(self, preset: Preset, deadline: float) -> None:
        """Load a preset's encoders and run each once, so that the first request does not pay for it."""
        self.text(preset.text).vectors(["warm"], deadline)
        if preset.multilingual:
            self.text(preset.multilingual).vectors(["warm"], deadline)
        if preset.image:
            self.medium(preset.image).features({b"warm": lambda: np.zeros((28, 28, 3), np.uint8)}, deadline)
        if preset.audio:
            self.medium(preset.audio).features({b"warm": lambda: np.zeros(RATE, np.float32)}, deadline)
        if preset.reader:
            self.reader(preset.reader).features({b"warm": lambda: [np.full((64, 256, 3), 255, np.uint8)]}, deadline)

    def _all(self) -> Sequence[EncoderService | MediumService[Any]]:
        return list(self._services.values())

    def stop(self) -> None:
        """Fail requests that wait for an encoder; called before the process ends."""
        for service in self._all():
            service.stop()

    def close(self) -> None:
        """Stop the encoders' threads."""
        for service in self._all():
            service.close()
