"""Text encoder: mean-pooled BERT, unit length (Reimers & Gurevych 2019, Sentence-BERT)."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel
from transformers.utils import logging as transformers_logging

from dukemm.config import TextEncoderConfig
from dukemm.encoders.device import device, precision
from dukemm.encoders.weights.locate import encoder_folder

Vectors = NDArray[np.float32]
#: Texts per forward pass. Larger batches are no faster on a CPU, and small ones of similar length need little padding.
BATCH_SIZE = {"cpu": 8, "cuda": 64}


UNKNOWN = "[UNK]"


class TextEncoder:
    """Maps texts to vectors. Frozen: holds no state beside its weights, so threads may share it."""

    def __init__(self, config: TextEncoderConfig, model: BertModel, tokenizer: Tokenizer) -> None:
        self.config = config
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(config.max_tokens)
        self.device = device()
        self._model.to(self.device)

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(p.numel() for p in self._model.parameters())

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: (n,) → (n, width), each of length 1. Beyond rounding, the batch does not change a vector."""
        encodings = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(encodings), self.config.width), np.float32)
        # Sorted by length, so that little is computed on padding.
        order = sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids))
        size = BATCH_SIZE[self.device]
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            hidden, mask = self._states([encodings[i].ids for i in batch])
            pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            vectors[batch] = torch.nn.functional.normalize(pooled, dim=-1).cpu().numpy()
        return vectors

    def known_shares(self, texts: Sequence[str]) -> Vectors:
        """(n,) share of each text's words that are one piece of the vocabulary, 0..1; 1 for a text without words.

        High for the language of the vocabulary, at most about a half for others that share its letters, and zero for other
        scripts. Numbers count as no words.
        """
        return np.array([_known_share(encoding) for encoding in self._tokenizer.encode_batch(list(texts))], np.float32)

    @torch.inference_mode()
    def word_shares(self, text: str, direction: NDArray[np.float64]) -> dict[str, float]:
        """Contribution of each word of a text to the dot product of its embedding with `direction` (width,).

        Exact: the embedding is the mean of the words' states divided by its length, so the product is a sum over them.
        """
        encoding = self._tokenizer.encode(text)
        states = self._states([encoding.ids])[0][0].double().cpu().numpy()
        pooled = states.mean(0)
        shares = states @ direction / (len(states) * max(float(np.linalg.norm(pooled)), 1e-12))
        found: dict[str, float] = {}
        for share, word in zip(shares, encoding.word_ids, strict=True):
            if word is not None:
                start, end = encoding.word_to_chars(word)
                name = text[start:end].lower()
                found[name] = found.get(name, 0.0) + float(share)
        return found

    def _states(self, sequences: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Last hidden states (n, length, width) and mask (n, length) as floats."""
        longest = max(map(len, sequences))
        ids = torch.zeros(len(sequences), longest, dtype=torch.long)
        mask = torch.zeros(len(sequences), longest, dtype=torch.long)
        for row, sequence in enumerate(sequences):
            ids[row, : len(sequence)] = torch.tensor(sequence)
            mask[row, : len(sequence)] = 1
        ids, mask = ids.to(self.device), mask.to(self.device)
        hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        return hidden.float(), mask.float()


def _known_share(encoding: Encoding) -> float:
    pieces: dict[int, list[str]] = {}
    for token, word in zip(encoding.tokens, encoding.word_ids, strict=True):
        if word is not None:
            pieces.setdefault(word, []).append(token)
    words = [word for word in pieces.values() if any(map(str.isalpha, "".join(word)))]
    known = sum(1 for word in words if len(word) == 1 and word[0].isascii() and word[0] != UNKNOWN)
    return known / len(words) if words else 1.0


def load_text_encoder(config: TextEncoderConfig) -> TextEncoder:
    """Load the encoder that a config names. Raises DukeMMError artifact_invalid."""
    if config.source == "random":
        return _random_encoder(config)
    folder = encoder_folder(config)
    # Silences the report of unused weights (the pooler).
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, use_safetensors=True, local_files_only=True)
    return TextEncoder(config, model.to(precision()), Tokenizer.from_file(str(folder / "tokenizer.json")))


def _random_encoder(config: TextEncoderConfig) -> TextEncoder:
    """A BERT of two small layers with seeded random weights, over characters: for tests of the machinery."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    letters = [chr(c) for c in range(33, 127) if not chr(c).isupper()]
    vocabulary = {piece: i for i, piece in enumerate(pieces + letters + [f"##{c}" for c in letters])}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    ends = [("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        shape = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=config.width,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=2 * config.width,
            max_position_embeddings=config.max_tokens,
        )
        model = BertModel(shape, add_pooling_layer=False)
    return TextEncoder(config, model, tokenizer)
