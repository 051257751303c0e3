"""The frozen encoders of a process: each is loaded when first asked for, and shared by all versions that name it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from dukemm.config import AudioEncoderConfig, ImageEncoderConfig, LanguageConfig, Preset, TextEncoderConfig
from dukemm.domain.encoded import MediumFeatures
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.audio import load_audio_encoder
from dukemm.encoders.batching import EncoderService, Key, MicroBatches
from dukemm.encoders.image import load_image_encoder
from dukemm.encoders.language import LanguageModel, load_language_model
from dukemm.media.audio import RATE

#: Images or sounds that an encoder takes at a time, and that one request has read and decoded at a time, twice while
#: the encoder sees the first: an image takes 0.75 MB then, a sound of 30 s 2 MB.
BATCH, AT_ONCE = 16, 32
#: Features kept: 30 KB each.
REMEMBERED = 5_000
#: Images or sounds waiting at most, over all requests.
MOST_WAITING = 1_000
#: Files read and decoded side by side.
READERS = 4

MediumConfig = ImageEncoderConfig | AudioEncoderConfig


class MediumService:
    """An image or audio encoder."""

    def __init__(self, config: MediumConfig) -> None:
        self.config = config
        name, load = (
            ("images", load_image_encoder) if isinstance(config, ImageEncoderConfig) else ("sounds", load_audio_encoder)
        )
        self.encoder: Any = load(config)
        self._batches = MicroBatches[Any, MediumFeatures](
            name, lambda media: self.encoder.encode(media), BATCH, REMEMBERED, MOST_WAITING
        )
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix=f"reader of {name}")

    def features(self, media: Mapping[Key, Callable[[], Any]], deadline: float) -> dict[Key, MediumFeatures]:
        """Features of each medium by its content's hash; what it holds is only read and decoded where they are not known.

        Raises as MicroBatches.results, and what reading raises.
        """
        found: dict[Key, MediumFeatures] = {}
        keys = list(media)
        parts = [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
        known, reading = self._read(media, parts[0] if parts else [])
        try:
            for following in [*parts[1:], []]:
                found |= known
                decoded = {key: read.result() for key, read in reading.items()}
                # While the encoder sees these, the next are read and decoded.
                known, reading = self._read(media, following)
                found |= self._batches.results(decoded, deadline)
        finally:
            for read in reading.values():
                read.cancel()
        return found

    def _read(
        self, media: Mapping[Key, Callable[[], Any]], keys: Sequence[Key]
    ) -> tuple[dict[Key, MediumFeatures], dict[Key, Future[Any]]]:
        """Features that are known, and the others being read."""
        known = self._batches.known(keys)
        try:
            return known, {key: self._readers.submit(media[key]) for key in keys if key not in known}
        except RuntimeError as error:  # the pool takes no more
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
    """All of them."""

    def __init__(self) -> None:
        self._services: dict[object, EncoderService | MediumService] = {}
        self._languages: dict[LanguageConfig, LanguageModel] = {}
        self._lock = threading.Lock()

    def text(self, config: TextEncoderConfig) -> EncoderService:
        """The service of a text encoder. Raises DukeMMError artifact_invalid."""
        with self._lock:
            service = self._services.get(config)
            if not isinstance(service, EncoderService):
                service = self._services[config] = EncoderService(config)
            return service

    def medium(self, config: MediumConfig) -> MediumService:
        """The service of an image or audio encoder. Raises DukeMMError artifact_invalid."""
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
        """Load what a preset names and let each encode once, so that no request pays for it."""
        self.text(preset.text).vectors(["warm"], deadline)
        if preset.image:
            self.medium(preset.image).features({b"warm": lambda: np.zeros((28, 28, 3), np.uint8)}, deadline)
        if preset.audio:
            self.medium(preset.audio).features({b"warm": lambda: np.zeros(RATE, np.float32)}, deadline)

    def _all(self) -> Sequence[EncoderService | MediumService]:
        return list(self._services.values())

    def stop(self) -> None:
        """Let no request wait for an encoder any longer: the process is about to end."""
        for service in self._all():
            service.stop()

    def close(self) -> None:
        """Stop the encoders' threads."""
        for service in self._all():
            service.close()
