"""Encodes items: reads their files and applies the encoders. Shared by serving, training and evaluation."""

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

from dukemm.config import AudioEncoderConfig, EncoderWeights, ImageEncoderConfig, ModelConfig, ReaderConfig, TextConfig
from dukemm.contract.limits import MAX_MEDIUM_BYTES
from dukemm.domain.encoded import EncodedItem, ItemViews, MediumFeatures, MediumKind
from dukemm.domain.errors import DukeMMError
from dukemm.domain.items import Value
from dukemm.encoders.cache import Arrays, FeatureCache
from dukemm.encoders.reader import LONGER_SIDE
from dukemm.media.audio import decode_audio
from dukemm.media.documents import Document, read_document
from dukemm.media.images import Pixels, decode_image
from dukemm.media.lines_of_text import shows_text
from dukemm.media.scans import decode_pages, decode_scan
from dukemm.media.views import views_of

#: Version of the encoding. Increase it when the same content gives other features, to invalidate caches.
ENCODING_VERSION = 2
#: Share of words in the text encoder's vocabulary up to which a text is of another language, and from which on it is of its
#: own. Fifth percentile of English descriptions, reviews, tweets and editorials: 0.67 to 0.87; median of German, French,
#: Spanish and Italian descriptions: 0.41 to 0.56.
UNREAD_SHARE, READ_SHARE = 0.3, 0.7
#: Files of one item.
MAX_MEDIA = 16
#: Characters of the documents in the cache.
CACHED_CHARACTERS = 48_000_000
#: Texts or media per transaction of the feature cache.
CACHE_BATCH_SIZE = 256
DOCUMENTS = ("pdf", "json", "text")

Key = bytes


class FileReference(Protocol):
    """A file of an item with its hash."""

    uri: str
    file_type: str
    sha256: str
    encoding: str


class EncodableItem(Protocol):
    """An item of a request or of a training example."""

    id: str
    fields: dict[str, Value]
    media: Mapping[str, Any]


class FileReader(Protocol):
    """FileReader files."""

    def read_checked(self, uri: str, sha256: str, limit: int) -> bytes:
        """See Storage.read_checked."""
        ...


class TextService(Protocol):
    """See EncoderService."""

    def vectors(self, texts: Sequence[str], deadline: float) -> NDArray[np.float32]:
        """(n,) → (n, width)."""
        ...

    def known_shares(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n,) → (n,); see TextEncoder.known_shares."""
        ...


class MediumService(Protocol):
    """See encoders/pool.py."""

    def features(self, media: Mapping[Key, Callable[[], Any]], deadline: float) -> dict[Key, MediumFeatures]:
        """Features by content."""
        ...


class ReaderService(Protocol):
    """See encoders/pool.py."""

    def features(self, media: Mapping[Key, Callable[[], Any]], deadline: float) -> dict[Key, str]:
        """Texts by content."""
        ...


class Services(Protocol):
    """The encoders of a process."""

    def text(self, config: TextConfig) -> TextService:
        """A text encoder."""
        ...

    def medium(self, config: ImageEncoderConfig | AudioEncoderConfig) -> MediumService:
        """An image or audio encoder."""
        ...

    def reader(self, config: ReaderConfig) -> ReaderService:
        """Reads the text of scans and pictures."""
        ...


class ItemEncoder:
    """FileReader an item's files, splits the item into views and applies the encoders."""

    def __init__(
        self, config: ModelConfig, storage: FileReader, encoders: Services, cache: FeatureCache | None = None
    ) -> None:
        """`cache` is for training and evaluation, which see the same items many times."""
        self._config = config
        self._storage = storage
        self._encoders = encoders
        self._cache = cache
        self._max_characters = config.classifier.max_characters
        self._documents: LRUCache[tuple[str, str, str, str], Document] = LRUCache(
            CACHED_CHARACTERS, getsizeof=_characters_of
        )
        self._lock = threading.Lock()

    def encode(self, items: Sequence[EncodableItem], deadline: float) -> list[EncodedItem]:
        """Encode items, in order. `deadline` is of time.monotonic().

        Raises DukeMMError: invalid_request with the reason if a file cannot be read, unsupported if this version has no
        encoder for it, warming if the deadline comes first (finished work stays cached), and overloaded.
        """
        if not items:
            return []
        scanned = self._scanned_texts(items, deadline)
        views = [self._views(item, scanned, deadline) for item in items]
        media: list[dict[str, MediumFeatures]] = [{} for _ in items]
        for kind in ("image", "audio"):
            self._encode_media(items, kind, media, deadline)
        meanings = [view.meaning for view in views]
        vectors = self._vectors(self._config.text_encoder, meanings, deadline)
        config = self._config.multilingual_encoder
        if config is None:
            return [EncodedItem(*each) for each in zip(views, vectors, media, strict=True)]
        multilingual = self._vectors(config, meanings, deadline)
        shares = self._encoders.text(self._config.text_encoder).known_shares(meanings)
        readability = np.clip((shares - UNREAD_SHARE) / (READ_SHARE - UNREAD_SHARE), 0.0, 1.0).tolist()
        return [EncodedItem(*each) for each in zip(views, vectors, media, multilingual, readability, strict=True)]

    def _views(self, item: EncodableItem, scanned: Mapping[Key, str], deadline: float) -> ItemViews:
        if len(item.media) > MAX_MEDIA:
            raise DukeMMError("invalid_request", f"item {item.id}: {len(item.media)} files; the limit is {MAX_MEDIA}")
        texts: dict[str, str] = {}
        values: dict[str, Value] = {}
        for name, medium in item.media.items():
            if text := scanned.get(bytes.fromhex(medium.sha256)):
                texts[name] = text
            elif medium.file_type in DOCUMENTS:
                document = self._document(name, medium, deadline)
                texts[name] = document.text
                values |= document.fields
            elif medium.file_type not in ("image", "audio"):
                raise DukeMMError("unsupported", f"{name}: this version does not read {medium.file_type}")
        return views_of({**values, **item.fields}, texts, self._max_characters)

    def _scanned_texts(self, items: Sequence[EncodableItem], deadline: float) -> dict[Key, str]:
        """Texts of scans and of pictures, by the hash of the file; empty where nothing is written."""
        config = self._config.reader
        if config is None:
            return {}
        pages = {
            bytes.fromhex(medium.sha256): partial(self._pages, name, medium)
            for item in items
            for name, medium in item.media.items()
            if self._encoded_as(name, medium, deadline) == "image"
        }

        def compute(some: Mapping[Key, Callable[[], list[Pixels]]]) -> dict[Key, Arrays]:
            texts = self._encoders.reader(config).features(some, deadline)
            return {key: {"": np.frombuffer(text.encode(), np.uint8)} for key, text in texts.items()}

        return {key: arrays[""].tobytes().decode() for key, arrays in self._cached(config, pages, compute).items()}

    def _pages(self, name: str, medium: FileReference) -> list[Pixels]:
        """The pages of a scan, or a picture if it shows text."""
        content = self._storage.read_checked(medium.uri, medium.sha256, MAX_MEDIUM_BYTES)
        if medium.file_type == "pdf":
            return list(decode_pages(content, name, LONGER_SIDE))
        return [decode_image(content, name, LONGER_SIDE)] if shows_text(decode_image(content, name)) else []

    def _document(self, name: str, medium: FileReference, deadline: float) -> Document:
        key = (name, medium.file_type, medium.sha256, medium.encoding)
        with self._lock:
            found = self._documents.get(key)
        if found is None:
            if time.monotonic() > deadline:
                raise DukeMMError("warming", "documents are still to be read", 1)
            content = self._storage.read_checked(medium.uri, medium.sha256, MAX_MEDIUM_BYTES)
            found = read_document(content, medium.file_type, self._max_characters, name, medium.encoding)
        with self._lock:
            self._documents[key] = found
        return found

    def _encode_media(
        self, items: Sequence[EncodableItem], kind: MediumKind, found: list[dict[str, MediumFeatures]], deadline: float
    ) -> None:
        named = [
            (place, name, medium)
            for place, item in enumerate(items)
            for name, medium in item.media.items()
            if self._encoded_as(name, medium, deadline) == kind
        ]
        if not named:
            return
        config = self._config.image_encoder if kind == "image" else self._config.audio_encoder
        if config is None:
            raise DukeMMError("unsupported", f"{named[0][1]}: this version does not read {kind}")
        readers = {bytes.fromhex(medium.sha256): partial(self._decode, name, medium) for _, name, medium in named}
        features = self._features(config, kind, readers, deadline)
        for place, name, medium in named:
            found[place][name] = features[bytes.fromhex(medium.sha256)]

    def _encoded_as(self, name: str, medium: FileReference, deadline: float) -> str:
        """The kind of encoder that a medium needs. A PDF without text is a scan, and so an image."""
        is_scan = medium.file_type == "pdf" and not self._document(name, medium, deadline).text
        return "image" if is_scan else medium.file_type

    def _decode(self, name: str, medium: FileReference) -> NDArray[Any]:
        content = self._storage.read_checked(medium.uri, medium.sha256, MAX_MEDIUM_BYTES)
        if medium.file_type == "image":
            return decode_image(content, name)
        if medium.file_type == "pdf":
            return decode_scan(content, name)
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

        found = self._cached(config, readers, compute)
        return {
            key: MediumFeatures(kind, arrays[""], {name: array for name, array in arrays.items() if name})
            for key, arrays in found.items()
        }

    def _vectors(self, config: TextConfig, texts: Sequence[str], deadline: float) -> list[NDArray[np.float32]]:
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]

        def compute(some: Mapping[Key, str]) -> dict[Key, Arrays]:
            vectors = self._encoders.text(config).vectors(list(some.values()), deadline)
            return {key: {"": vector} for key, vector in zip(some, vectors, strict=True)}

        found = self._cached(config, dict(zip(keys, texts, strict=True)), compute)
        return [found[key][""] for key in keys]

    def _cached(
        self, config: EncoderWeights, inputs: Mapping[Key, Any], compute: Callable[[Mapping[Key, Any]], dict[Key, Arrays]]
    ) -> dict[Key, Arrays]:
        if self._cache is None:
            return compute(inputs)
        encoder = fingerprint(config)
        found: dict[Key, Arrays] = {}
        keys = list(inputs)
        for start in range(0, len(keys), CACHE_BATCH_SIZE):
            batch = keys[start : start + CACHE_BATCH_SIZE]
            known = {key: arrays for key in batch if (arrays := self._cache.get(f"{encoder}/{key.hex()}")) is not None}
            new = compute({key: inputs[key] for key in batch if key not in known}) if len(known) < len(batch) else {}
            self._cache.put({f"{encoder}/{key.hex()}": arrays for key, arrays in new.items()})
            found |= known | new
        return found


def _characters_of(document: Document) -> int:
    return max(len(document.text), 1)


def fingerprint(config: EncoderWeights) -> str:
    """Key of an encoder's outputs in caches: changes with its config and with ENCODING_VERSION."""
    identity = json.dumps([ENCODING_VERSION, type(config).__name__, dataclasses.asdict(config)], sort_keys=True)
    return hashlib.sha256(identity.encode()).hexdigest()[:16]
