"""The one way from items to what the learners see: the same for serving, training and evaluation."""

import dataclasses
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from dukemm.config import AudioEncoderConfig, EncoderWeights, ImageEncoderConfig, ModelConfig, TextEncoderConfig
from dukemm.domain.encoded import EncodedItem, ItemViews, MediumFeatures, MediumKind
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Value
from dukemm.encoders.cache import Arrays, FeatureCache
from dukemm.media.audio import decode_audio
from dukemm.media.documents import Document, read_document
from dukemm.media.images import decode_image
from dukemm.media.views import views_of

#: Raised when the same content gives other features than before, so that no cache hands out old ones.
FEATURES = 2
MOST_BYTES = 25 << 20
#: Files of one item.
MOST_MEDIA = 16
#: Documents kept as read: 24,000 characters each.
REMEMBERED = 2_000
#: Texts and media that are looked up and kept together in a cache.
AT_ONCE = 256
DOCUMENTS = ("pdf", "json", "text")

Key = bytes


class Named(Protocol):
    """A file of an item, named with its hash."""

    uri: str
    file_type: str
    sha256: str
    encoding: str


class Readable(Protocol):
    """An item as a request or a training example names it."""

    id: str
    fields: dict[str, Value]
    media: Mapping[str, Any]


class Reads(Protocol):
    """Where files are read."""

    def read_checked(self, uri: str, sha256: str, limit: int) -> bytes:
        """See Storage.read_checked."""
        ...


class TextService(Protocol):
    """See EncoderService."""

    def vectors(self, texts: Sequence[str], deadline: float) -> NDArray[np.float32]:
        """(n,) → (n, width)."""
        ...


class MediumService(Protocol):
    """See encoders/pool.py."""

    def features(self, media: Mapping[Key, Callable[[], Any]], deadline: float) -> dict[Key, MediumFeatures]:
        """Features by content."""
        ...


class Services(Protocol):
    """The encoders of a process."""

    def text(self, config: TextEncoderConfig) -> TextService:
        """A text encoder."""
        ...

    def medium(self, config: ImageEncoderConfig | AudioEncoderConfig) -> MediumService:
        """An image or audio encoder."""
        ...


class ItemEncoder:
    """Reads an item's files, splits it into views and asks the encoders."""

    def __init__(self, config: ModelConfig, storage: Reads, encoders: Services, cache: FeatureCache | None = None) -> None:
        """`cache` is for training and evaluation, which see the same items many times."""
        self._config = config
        self._storage = storage
        self._encoders = encoders
        self._cache = cache
        self._longest = config.classifier.max_characters
        self._documents: LRUCache[tuple[str, str, str, str], Document] = LRUCache(REMEMBERED)
        self._lock = threading.Lock()

    def encode(self, items: Sequence[Readable], deadline: float) -> list[EncodedItem]:
        """Items → encoded, in order. `deadline` is of time.monotonic().

        Raises DukeMMError: invalid_request with the reason where a file cannot be read, unsupported where this version has
        no encoder for it, warming where the deadline comes first (what was done by then is remembered), and overloaded.
        """
        if not items:
            return []
        views = [self._views(item, deadline) for item in items]
        media: list[dict[str, MediumFeatures]] = [{} for _ in items]
        for kind in ("image", "audio"):
            self._media_of(items, kind, media, deadline)
        vectors = self._vectors([view.meaning for view in views], deadline)
        return [EncodedItem(*each) for each in zip(views, vectors, media, strict=True)]

    def _views(self, item: Readable, deadline: float) -> ItemViews:
        if len(item.media) > MOST_MEDIA:
            raise DukeMMError("invalid_request", f"item {item.id}: {len(item.media)} files; at most {MOST_MEDIA} are read")
        texts: dict[str, str] = {}
        values: dict[str, Value] = {}
        for name, medium in item.media.items():
            if medium.file_type in DOCUMENTS:
                document = self._document(name, medium, deadline)
                texts[name] = document.text
                values |= document.fields
            elif medium.file_type not in ("image", "audio"):
                raise DukeMMError("unsupported", f"{name}: this version does not read {medium.file_type}")
        return views_of({**values, **item.fields}, texts, self._longest)

    def _document(self, name: str, medium: Named, deadline: float) -> Document:
        key = (name, medium.file_type, medium.sha256, medium.encoding)
        with self._lock:
            found = self._documents.get(key)
        if found is None:
            if time.monotonic() > deadline:
                raise DukeMMError("warming", "documents are still to be read", 1)
            content = self._storage.read_checked(medium.uri, medium.sha256, MOST_BYTES)
            found = read_document(content, medium.file_type, self._longest, name, medium.encoding)
        with self._lock:
            self._documents[key] = found
        return found

    def _media_of(
        self, items: Sequence[Readable], kind: MediumKind, found: list[dict[str, MediumFeatures]], deadline: float
    ) -> None:
        named = [
            (place, name, medium)
            for place, item in enumerate(items)
            for name, medium in item.media.items()
            if medium.file_type == kind
        ]
        if not named:
            return
        config = self._config.image_encoder if kind == "image" else self._config.audio_encoder
        if config is None:
            raise DukeMMError("unsupported", f"{named[0][1]}: this version does not read {kind}")
        readers = {bytes.fromhex(medium.sha256): partial(self._decoded, name, medium) for _, name, medium in named}
        features = self._features(config, kind, readers, deadline)
        for place, name, medium in named:
            found[place][name] = features[bytes.fromhex(medium.sha256)]

    def _decoded(self, name: str, medium: Named) -> NDArray[Any]:
        content = self._storage.read_checked(medium.uri, medium.sha256, MOST_BYTES)
        if medium.file_type == "image":
            return decode_image(content, name)
        assert self._config.audio_encoder is not None
        return decode_audio(content, self._config.audio_encoder.seconds, name)

    def _features(
        self,
        config: ImageEncoderConfig | AudioEncoderConfig,
        kind: MediumKind,
        readers: Mapping[Key, Callable[[], NDArray[Any]]],
        deadline: float,
    ) -> dict[Key, MediumFeatures]:
        def compute(some: Mapping[Key, Callable[[], NDArray[Any]]]) -> dict[Key, Arrays]:
            features = self._encoders.medium(config).features(some, deadline)
            return {key: {"": each.tokens, **each.descriptors} for key, each in features.items()}

        found = self._through_cache(config, readers, compute)
        return {
            key: MediumFeatures(kind, arrays[""], {name: array for name, array in arrays.items() if name})
            for key, arrays in found.items()
        }

    def _vectors(self, texts: Sequence[str], deadline: float) -> list[NDArray[np.float32]]:
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]

        def compute(some: Mapping[Key, str]) -> dict[Key, Arrays]:
            vectors = self._encoders.text(self._config.text_encoder).vectors(list(some.values()), deadline)
            return {key: {"": vector} for key, vector in zip(some, vectors, strict=True)}

        found = self._through_cache(self._config.text_encoder, dict(zip(keys, texts, strict=True)), compute)
        return [found[key][""] for key in keys]

    def _through_cache(
        self, config: EncoderWeights, inputs: Mapping[Key, Any], compute: Callable[[Mapping[Key, Any]], dict[Key, Arrays]]
    ) -> dict[Key, Arrays]:
        if self._cache is None:
            return compute(inputs)
        encoder = fingerprint(config)
        found: dict[Key, Arrays] = {}
        keys = list(inputs)
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            known = {key: arrays for key in some if (arrays := self._cache.get(f"{encoder}/{key.hex()}")) is not None}
            new = compute({key: inputs[key] for key in some if key not in known}) if len(known) < len(some) else {}
            self._cache.put({f"{encoder}/{key.hex()}": arrays for key, arrays in new.items()})
            found |= known | new
        return found


def fingerprint(config: EncoderWeights) -> str:
    """Names what an encoder makes of its input: another config, or other code, has another."""
    said = json.dumps([FEATURES, type(config).__name__, dataclasses.asdict(config)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
