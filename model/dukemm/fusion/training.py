"""Trains one member of a fusion ensemble on all families of a buyer; each member holds out its own fold."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dukemm.fusion.distributed import all_agree, average_gradients, is_first, partition_batches
from dukemm.fusion.network import FusionNetwork
from dukemm.fusion.scores import macro_f1
from dukemm.fusion.tokens import Batch


@dataclass(frozen=True)
class FusionTraining:
    """Hyperparameters of a member's training."""

    learning_rate: float = 3e-3
    weight_decay: float = 2e-2
    #: Rows per step.
    batch: int = 64
    #: Target number of steps; epochs are bounded by min_epochs and max_epochs.
    steps: int = 1500
    min_epochs: int = 15
    max_epochs: int = 80
    #: Epochs without a better validation loss before stopping.
    patience: int = 12
    gradient_norm: float = 1.0
    #: Label smoothing (Szegedy et al. 2016).
    smoothing: float = 0.1
    #: Share of the steps for linear warm-up.
    warmup: float = 0.1


@dataclass(frozen=True)
class FamilyRows:
    """Training rows of one family: n items, k labels (0 for regression)."""

    name: str
    batch: Batch
    #: (n,) label indices, or standardised numbers.
    answers: Tensor
    #: (n,) loss weights; 0 excludes a row.
    weights: Tensor
    #: (n,) True if the answer was refused: known to be wrong, the right one unknown.
    refused: Tensor
    instruction: Tensor
    label_vectors: Tensor
    #: (n,) index of the member that holds out the row.
    folds: NDArray[np.int64]

    @property
    def regression(self) -> bool:
        """Whether the answers are numbers."""
        return len(self.label_vectors) == 0


class FamilyHead(nn.Module):
    """Parameters of one family: its vector, its column layer, and a vector and bias per label or a number head."""

    def __init__(self, network: FusionNetwork, labels: int, columns: int) -> None:
        super().__init__()
        width = network.config.width
        self.columns = nn.Linear(columns * network.number_width, network.config.hidden) if columns else None
        self.family = nn.Parameter(torch.randn(width) * 0.05)
        self.prototypes = nn.Parameter(torch.zeros(labels, width))
        self.biases = nn.Parameter(torch.zeros(labels))
        self.number = nn.Linear(width, 2) if labels == 0 else None


class Member(nn.Module):
    """The shared network with one head per family."""

    def __init__(self, network: FusionNetwork, families: dict[str, tuple[int, int]]) -> None:
        """`families`: (labels, numeric columns) by name; 0 labels for regression."""
        super().__init__()
        self.network = network
        self.names = list(families)
        self.shapes = dict(families)
        self.heads = nn.ModuleList(FamilyHead(network, labels, columns) for labels, columns in families.values())

    def scores(self, name: str, batch: Batch, instruction: Tensor, label_vectors: Tensor) -> Tensor:
        """(n, labels) log-odds, or (n, 2) mean and log-variance of a standardised number."""
        head = self.heads[self.names.index(name)]
        fused = self.network(batch, instruction, head.family, head.columns)
        if head.number is not None:
            return head.number(fused)
        return self.network.labels(fused, label_vectors, head.prototypes, head.biases)


def weighted_loss(scores: Tensor, rows: FamilyRows, chosen: Tensor, smoothing: float = 0.0) -> Tensor:
    """Weighted mean loss: cross-entropy, −log(1 − p) for a refused label, Gaussian negative log-likelihood for a number."""
    answers, weights, refused = rows.answers[chosen], rows.weights[chosen], rows.refused[chosen]
    if rows.regression:
        mean, log_variance = scores[:, 0], scores[:, 1].clamp(-6, 4)
        losses = 0.5 * ((answers - mean) ** 2 * torch.exp(-log_variance) + log_variance)
    else:
        log_probabilities = torch.log_softmax(scores, 1)
        logs = log_probabilities.gather(1, answers[:, None])[:, 0]
        smooth = -(1 - smoothing) * logs - smoothing * log_probabilities.mean(1)
        losses = torch.where(refused, -torch.log1p(-logs.exp().clamp(max=1 - 1e-4)), smooth)
    return (losses * weights).sum() / weights.sum().clamp(min=1e-6)


def train_member(
    member: Member,
    families: Sequence[FamilyRows],
    fold: int,
    settings: FusionTraining,
    seed: int,
    on_epoch: Callable[[dict[str, Any]], None],
    checkpoint: "Checkpoint | None" = None,
    deadline: float = math.inf,
) -> None:
    """Train in place and restore the epoch with the least loss on the rows of `fold`. `deadline` is of time.monotonic()."""
    optimiser = torch.optim.AdamW(
        member.parameters(), settings.learning_rate, weight_decay=settings.weight_decay, fused=True
    )
    training = [torch.from_numpy(np.flatnonzero((rows.folds != fold) & (rows.weights.numpy() > 0))) for rows in families]
    per_epoch = max(sum(math.ceil(len(rows) / settings.batch) for rows in training), 1)
    epochs = int(np.clip(settings.steps // per_epoch, settings.min_epochs, settings.max_epochs))
    total_steps = epochs * per_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: _learning_rate_factor(step / total_steps, settings.warmup)
    )
    progress = Progress(best_loss=math.inf, best_epoch=0, epoch=0, best={})
    if checkpoint:
        progress = checkpoint.restore(member, optimiser, schedule) or progress
    while all_agree(
        progress.epoch < epochs and progress.epoch - progress.best_epoch < settings.patience and time.monotonic() < deadline
    ):
        started = time.monotonic()
        # Seeded by epoch, so that a resumed run is identical to an uninterrupted one.
        random = torch.Generator().manual_seed(seed * 1000 + progress.epoch)
        torch.manual_seed(seed * 1000 + progress.epoch)
        member.train()
        train_loss = 0.0
        batches = [(f, part) for f, rows in enumerate(training) for part in _shuffled_batches(rows, settings.batch, random)]
        for f, chosen in partition_batches([batches[i] for i in torch.randperm(len(batches), generator=random).tolist()]):
            rows = families[f]
            loss = weighted_loss(_scores(member, rows, chosen), rows, chosen, settings.smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            average_gradients(member)
            nn.utils.clip_grad_norm_(member.parameters(), settings.gradient_norm)
            optimiser.step()
            schedule.step()
            train_loss += loss.item()
        progress.epoch += 1
        validation = evaluate_held_out(member, families, fold)
        if validation["val_loss"] < progress.best_loss or not progress.best:
            progress.best_loss, progress.best_epoch = validation["val_loss"], progress.epoch
            progress.best = {name: tensor.detach().clone() for name, tensor in member.state_dict().items()}
        spent = round(time.monotonic() - started, 3)
        on_epoch({"epoch": progress.epoch, "train_loss": train_loss / max(len(batches), 1), **validation, "seconds": spent})
        if checkpoint and is_first():
            checkpoint.save(member, optimiser, schedule, progress)
    if progress.best:
        member.load_state_dict(progress.best)
    member.eval()


@dataclass
class Progress:
    """State of a training run."""

    best_loss: float
    best_epoch: int
    epoch: int
    best: dict[str, Tensor]


class Checkpoint(Protocol):
    """Saves and restores a training run; implemented on disk in train/checkpoint.py."""

    def save(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any, progress: Progress) -> None:
        """Save the state after an epoch."""
        ...

    def restore(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any) -> Progress | None:
        """Restore the state in place; None if nothing was saved."""
        ...


@torch.inference_mode()
def evaluate_held_out(member: Member, families: Sequence[FamilyRows], fold: int) -> dict[str, float]:
    """Loss, accuracy and macro F1 on the member's held-out rows, averaged by family size; R² replaces both for numbers."""
    member.eval()
    losses, accuracies, f1s, sizes = [], [], [], []
    for rows in families:
        chosen = torch.from_numpy(np.flatnonzero((rows.folds == fold) & (rows.weights.numpy() > 0) & ~rows.refused.numpy()))
        if not len(chosen):
            continue
        scores = torch.cat([_scores(member, rows, part) for part in chosen.split(512)])
        losses.append(weighted_loss(scores, rows, chosen).item())
        truth = rows.answers[chosen].numpy()
        if rows.regression:
            residual = ((scores[:, 0].numpy() - truth) ** 2).mean()
            accuracies.append(1 - float(residual) / max(float(truth.var()), 1e-6))
            f1s.append(accuracies[-1])
        else:
            guesses = scores.argmax(1).numpy()
            accuracies.append(float((guesses == truth).mean()))
            f1s.append(macro_f1(truth, guesses))
        sizes.append(len(chosen))
    if not sizes:
        return {"val_loss": 0.0, "accuracy": 0.0, "f1": 0.0}
    shares = np.array(sizes) / sum(sizes)
    means = [float(np.dot(shares, values)) for values in (losses, accuracies, f1s)]
    return dict(zip(("val_loss", "accuracy", "f1"), means, strict=True))


def _scores(member: Member, rows: FamilyRows, chosen: Tensor) -> Tensor:
    return member.scores(rows.name, rows.batch.rows(chosen), rows.instruction, rows.label_vectors)


def _shuffled_batches(rows: Tensor, size: int, random: torch.Generator) -> list[Tensor]:
    return list(rows[torch.randperm(len(rows), generator=random)].split(size)) if len(rows) else []


def _learning_rate_factor(progress: float, warmup: float) -> float:
    """Factor on the learning rate after a share of the steps: linear warm-up, then cosine decay."""
    if progress < warmup:
        return (progress + 1e-3) / warmup
    return 0.5 * (1 + math.cos(math.pi * min((progress - warmup) / (1 - warmup), 1.0)))
