"""Small causal language model: bounded prompts, bounded answers, a deadline, and how likely it thinks an answer is.

Weights of the `embedded` preset are a GGUF of an installed package. It is dequantised once and kept as safetensors in a
cache folder, because reading GGUF takes 12 s and safetensors 1 s.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
    StoppingCriteriaList,
)
from transformers.utils import logging as transformers_logging

from dukemm.config import LanguageConfig
from dukemm.domain.errors import DukeMMError
from dukemm.encoders.device import precision
from dukemm.encoders.stopping import Deadline, Repetition
from dukemm.encoders.weights.locate import WEIGHTS, located
from dukemm.media.text import without_control
from dukemm.storage import file_sha256

GGUF = ".gguf"
#: Texts are truncated to this many characters per token before they are tokenised, to bound the time for hostile texts.
MAX_CHARACTERS_PER_TOKEN = 12


@dataclass(frozen=True)
class Completion:
    """What the model wrote, and the geometric mean of its tokens' probabilities (0 if it wrote nothing)."""

    text: str
    probability: float
    tokens: int


class LanguageModel:
    """A frozen causal LM. Greedy, so the same prompt gives the same answer; threads may share it."""

    def __init__(self, config: LanguageConfig, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        self.config = config
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.eval().requires_grad_(False).to(self.device)
        self._tokenizer = tokenizer
        self._special = sorted(map(str, tokenizer.all_special_tokens), key=len, reverse=True)
        self._end = [i for i in {tokenizer.eos_token_id, model.config.eos_token_id} if isinstance(i, int)]

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(p.numel() for p in self._model.parameters())

    @property
    def width(self) -> int:
        """Width of the token embeddings: what a prefix is projected to."""
        return int(self._model.config.hidden_size)

    @property
    def spread(self) -> torch.Tensor:
        """Standard deviation of the token embeddings, a scalar."""
        return self._model.get_input_embeddings().weight.float().std()

    def cut(self, text: str, tokens: int) -> tuple[str, int]:
        """Truncate a text to at most `tokens` tokens and replace the model's special tokens in it by blanks.

        Returns the text with its number of tokens.
        """
        text = without_control(text[: tokens * MAX_CHARACTERS_PER_TOKEN])
        for mark in self._special:
            # Without the blank, the text around it could join to another special token.
            text = text.replace(mark, " ")
        ids = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        if len(ids) <= tokens:
            return text, len(ids)
        return self._tokenizer.decode(ids[:tokens]), tokens

    @torch.inference_mode()
    def complete(
        self, turns: Sequence[str], new_tokens: int, deadline: float, prefix: torch.Tensor | None = None
    ) -> Completion:
        """Answer a chat. `turns` alternate user, assistant, …, user, each already `cut`.

        `prefix` (t, width) goes before the prompt as if it were tokens. `deadline` is of time.monotonic(): the text
        written by then is returned. Raises DukeMMError invalid_request if the prompt is longer than the config allows.
        """
        ids = self._prompt(turns)
        embeddings = self._model.get_input_embeddings()(ids)
        if prefix is not None:
            embeddings = torch.cat([prefix.to(embeddings)[None], embeddings], dim=1)
        found = self._model.generate(
            inputs_embeds=embeddings,
            attention_mask=torch.ones(embeddings.shape[:2], dtype=torch.long, device=self.device),
            max_new_tokens=min(new_tokens, self.config.max_new_tokens),
            do_sample=False,
            pad_token_id=self._end[0] if self._end else 0,
            stopping_criteria=StoppingCriteriaList([Deadline(deadline), Repetition()]),
            output_logits=True,
            return_dict_in_generate=True,
        )
        written = found.sequences[0].tolist()
        logs = [
            torch.log_softmax(step[0].float(), -1)[token].item() for step, token in zip(found.logits, written, strict=False)
        ]
        text = without_control(self._tokenizer.decode(written, skip_special_tokens=True)).strip()
        probability = float(torch.tensor(logs).mean().exp()) if logs and text else 0.0
        return Completion(text, probability, len(written))

    @torch.inference_mode()
    def likelihoods(self, turns: Sequence[str], answers: Sequence[str]) -> list[float]:
        """Mean log-probability per token of each answer as the next turn, with one pass over the prompt."""
        ids = self._prompt(turns)
        cut = [self._answer(answer) for answer in answers]
        longest = max(map(len, cut))
        rows = torch.zeros(len(cut), longest, dtype=torch.long, device=self.device)
        for row, tokens in enumerate(cut):
            rows[row, : len(tokens)] = torch.tensor(tokens)
        before = self._model(ids, use_cache=True)
        before.past_key_values.batch_repeat_interleave(len(cut))
        first = before.logits[:, -1:].expand(len(cut), -1, -1)
        after = self._model(rows[:, :-1], past_key_values=before.past_key_values).logits if longest > 1 else first[:, :0]
        logs = torch.log_softmax(torch.cat([first, after], 1).float(), -1).gather(2, rows[..., None])[..., 0]
        return [float(logs[row, : len(tokens)].mean()) for row, tokens in enumerate(cut)]

    def loss(self, turns: Sequence[str], answer: str, prefix: torch.Tensor | None) -> torch.Tensor:
        """Mean negative log-probability per token of an answer as the next turn; differentiable in `prefix`."""
        ids = self._prompt(turns)
        wanted = torch.tensor(self._answer(answer), device=self.device)
        embeddings = self._model.get_input_embeddings()(torch.cat([ids, wanted[None]], 1))
        if prefix is not None:
            embeddings = torch.cat([prefix.to(embeddings)[None], embeddings], dim=1)
        logits = self._model(inputs_embeds=embeddings, use_cache=False, logits_to_keep=len(wanted) + 1).logits
        return torch.nn.functional.cross_entropy(logits[0, :-1].float(), wanted)

    def _answer(self, text: str) -> list[int]:
        return self._tokenizer(self.cut(text, 64)[0], add_special_tokens=False)["input_ids"] + self._end[:1]

    def _prompt(self, turns: Sequence[str]) -> torch.Tensor:
        if self._tokenizer.chat_template:
            chat = [{"role": "assistant" if i % 2 else "user", "content": turn} for i, turn in enumerate(turns)]
            text = self._tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
        else:
            text = "\n".join([*turns, ""])
        ids = self._tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"].to(self.device)
        if ids.shape[1] > self.config.max_prompt_tokens:
            raise DukeMMError("invalid_request", f"the prompt is longer than {self.config.max_prompt_tokens} tokens")
        return ids


def load_language_model(config: LanguageConfig) -> LanguageModel:
    """Load the LM that a config names: GGUF of a package, a folder or hub id in the hub's layout, or random weights.

    Raises DukeMMError artifact_invalid if weights are missing or are not the pinned ones.
    """
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    if config.source == "random":
        return _random_model(config)
    place = located(config)
    weights = place if place.suffix == GGUF else place / WEIGHTS
    if not weights.is_file():
        raise DukeMMError("artifact_invalid", f"the language model {config.name} has no {weights.name}")
    if file_sha256(weights) != config.sha256:
        raise DukeMMError("artifact_invalid", f"the weights of the language model {config.name} are not the pinned ones")
    folder = _converted(place, config.sha256) if place.suffix == GGUF else place
    model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=precision())
    return LanguageModel(config, model, AutoTokenizer.from_pretrained(folder, local_files_only=True))


def _converted(gguf: Path, sha256: str) -> Path:
    """Folder with the same model in the hub's layout, made when it is first needed.

    Transformers wants `accelerate` for `from_pretrained(gguf_file=…)`; its reader of checkpoints does without.
    """
    base = Path(os.environ.get("DUKEMM_CACHE") or Path.home() / ".cache" / "dukemm")
    folder = base / f"language-{sha256[:16]}"
    note = folder / "sha256.json"
    if note.is_file() and json.loads(note.read_text()) == file_sha256(folder / WEIGHTS):
        return folder
    from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

    shape = load_gguf_checkpoint(str(gguf), return_tensors=False)["config"]
    model = LlamaForCausalLM(LlamaConfig(**shape))
    tensors = load_gguf_checkpoint(str(gguf), return_tensors=True, model_to_load=model)["tensors"]
    missing = set(model.load_state_dict(tensors, strict=False).missing_keys)
    if missing - {"lm_head.weight"}:
        raise DukeMMError("artifact_invalid", f"{gguf.name} lacks {sorted(missing)[:3]}")
    model.tie_weights()
    folder.mkdir(parents=True, exist_ok=True)
    model.to(torch.bfloat16).save_pretrained(folder)
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(folder)
    # Last, so that a conversion that was broken off is made again.
    note.write_text(json.dumps(file_sha256(folder / WEIGHTS)))
    return folder


def _random_model(config: LanguageConfig) -> LanguageModel:
    """A Llama of two small layers with seeded random weights, over bytes: for tests of the machinery."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: i for i, piece in enumerate(["<|end|>", *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        shape = LlamaConfig(
            vocab_size=len(vocabulary),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=1,
            max_position_embeddings=4096,
            bos_token_id=None,
            eos_token_id=0,
        )
        model = LlamaForCausalLM(shape)
    return LanguageModel(config, model, PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>"))
