"""Network of projected tokens, modality embeddings, a task query token and multi-head attention.

Numbers are encoded by learned frequencies (Gorishniy et al. 2022, "On embeddings for numerical features in tabular deep
learning"); blocks are pre-norm transformers (Vaswani et al. 2017).
"""

import math

import torch
from torch import Tensor, nn

from dukemm.config import FusionConfig
from dukemm.fusion.tokens import COLUMN_BUCKETS, WORD_BUCKETS, Batch
from dukemm.media.text_shape import SHAPE

MODALITIES = ("query", "meaning", "numbers", "shape", "words", "image", "audio")


class FusionNetwork(nn.Module):
    """Maps a batch of one family to fused query vectors, (n, width)."""

    def __init__(self, config: FusionConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.meaning = nn.Linear(config.text_width, width)
        self.shape = nn.Linear(SHAPE, width)
        self.media = nn.ModuleDict(
            {key.replace(".", "_"): nn.Linear(size, width) for key, size in config.media_widths.items()}
        )
        self.frequencies = nn.Parameter(torch.randn(config.frequencies) * 0.3)
        self.value = nn.Linear(self.number_width, config.hidden)
        self.column = nn.Embedding(COLUMN_BUCKETS, config.hidden)
        self.table = nn.Sequential(
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.hidden, config.hidden),
            nn.GELU(),
            nn.Linear(config.hidden, width),
        )
        self.words = nn.EmbeddingBag(WORD_BUCKETS, config.word_width, mode="mean")
        self.word = nn.Linear(config.word_width, width)
        self.modality = nn.Embedding(len(MODALITIES), width)
        self.instruction = nn.Linear(config.text_width, width)
        block = nn.TransformerEncoderLayer(
            width, config.heads, 2 * width, config.dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.blocks = nn.TransformerEncoder(block, config.layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.label = nn.Linear(config.text_width, width)
        nn.init.normal_(self.column.weight, std=1.0)
        nn.init.normal_(self.words.weight, std=0.3)
        nn.init.normal_(self.modality.weight, std=0.05)

    @property
    def number_width(self) -> int:
        """Width of an encoded number: value, whether it is known, sines and cosines."""
        return 2 + 2 * self.config.frequencies

    def forward(self, batch: Batch, instruction: Tensor, family: Tensor, columns: nn.Linear | None) -> Tensor:
        """Fuse the items to (n, width).

        `instruction` (text_width,): embedding of the task's description. `family` (width,): learned vector. `columns`: the
        family's own first layer over its numbers.
        """
        query = (self.instruction(instruction) + family).expand(len(batch), 1, -1)
        tokens, present = (
            [self._with_modality("query", query)],
            [torch.ones(len(batch), 1, dtype=torch.bool, device=query.device)],
        )

        def add(modality: str, values: Tensor, mask: Tensor) -> None:
            if not mask.any():
                return  # attention would mask all of these tokens
            tokens.append(self._with_modality(modality, values))
            present.append(mask)

        add("meaning", self.meaning(batch.meaning)[:, None], batch.has_text[:, None])
        add("shape", self.shape(batch.shape)[:, None], batch.has_shape[:, None])
        add("words", self.word(self.words(batch.words, batch.word_offsets))[:, None], batch.has_words[:, None])
        if columns is not None:
            add("numbers", self._numbers(batch, columns)[:, None], batch.known.any(1, keepdim=True))
        for key, (values, has) in batch.media.items():
            projection = key.replace(".", "_")
            if projection in self.media:
                add(key.split(".")[0], self.media[projection](values), has[:, None].expand(-1, values.shape[1]))
        return self.norm(self._fused_query(torch.cat(tokens, 1), ~torch.cat(present, 1)))

    def _fused_query(self, tokens: Tensor, missing: Tensor) -> Tensor:
        """(n, width) first token after all blocks. In inference the last block computes this token only."""
        if self.training:
            return self.blocks(tokens, src_key_padding_mask=missing)[:, 0]
        *earlier, last = self.blocks.layers
        for block in earlier:
            tokens = block(tokens, src_key_padding_mask=missing)
        normed = last.norm1(tokens)
        attended, _ = last.self_attn(normed[:, :1], normed, normed, key_padding_mask=missing, need_weights=False)
        query = tokens[:, 0] + attended[:, 0]
        return query + last.linear2(last.activation(last.linear1(last.norm2(query))))

    def labels(self, fused: Tensor, label_vectors: Tensor, prototypes: Tensor, biases: Tensor) -> Tensor:
        """(n, labels) scores: scaled dot product of the fused query and each label's text embedding plus learned vector."""
        keys = self.label(label_vectors) + prototypes
        return fused @ keys.T / math.sqrt(self.config.width) + biases

    def _numbers(self, batch: Batch, columns: nn.Linear) -> Tensor:
        """(n, width) tabular MLP: column name × value encoding, summed over columns, plus the family's own layer."""
        known = batch.known[..., None].float()
        angles = batch.numbers[..., None] * self.frequencies * 2 * math.pi
        encoded = torch.cat([batch.numbers[..., None], known, angles.sin() * known, angles.cos() * known], -1)
        shared = (self.value(encoded) * self.column(batch.columns)).sum(1) / math.sqrt(encoded.shape[1])
        return self.table(shared + columns(encoded.flatten(1)))

    def _with_modality(self, modality: str, values: Tensor) -> Tensor:
        return values + self.modality.weight[MODALITIES.index(modality)]
