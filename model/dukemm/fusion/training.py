"""Trains one member of a fusion ensemble: a buyer's families together, each member blind to a share that is its own."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dukemm.fusion.distributed import all_agree, average_gradients, is_first, share_of
from dukemm.fusion.network import FusionNetwork
from dukemm.fusion.scores import macro_f1
from dukemm.fusion.tokens import Batch


@dataclass(frozen=True)
class FusionTraining:
    """How a member is trained."""

    learning_rate: float = 3e-3
    weight_decay: float = 2e-2
    batch: int = 64
    steps: int = 1500
    fewest_epochs: int = 15
    most_epochs: int = 80
    patience: int = 12
    gradient_norm: float = 1.0
    #: Of labels (Szegedy et al. 2016).
    smoothing: float = 0.1
    warmup: float = 0.1


@dataclass(frozen=True)
class FamilyRows:
    """One family's rows for the network; n items, k labels (0 where numbers are wanted)."""

    name: str
    batch: Batch
    #: (n,) places of labels, or standardised numbers.
    answers: Tensor
    #: (n,); 0 where a row is not to be learned from.
    weights: Tensor
    #: (n,) True where the answer is known to be wrong, and nothing else is known.
    refused: Tensor
    instruction: Tensor
    label_vectors: Tensor
    #: (n,) which member never sees the row.
    folds: NDArray[np.int64]

    @property
    def regression(self) -> bool:
        """Whether numbers are wanted."""
        return len(self.label_vectors) == 0


class FamilyHead(nn.Module):
    """What the network learns for one family alone: its vector, its columns, a vector and a bias a label; or a number."""

    def __init__(self, network: FusionNetwork, labels: int, columns: int) -> None:
        super().__init__()
        width = network.config.width
        self.columns = nn.Linear(columns * network.encoded, network.config.hidden) if columns else None
        self.family = nn.Parameter(torch.randn(width) * 0.05)
        self.prototypes = nn.Parameter(torch.zeros(labels, width))
        self.biases = nn.Parameter(torch.zeros(labels))
        self.number = nn.Linear(width, 2) if labels == 0 else None


class Member(nn.Module):
    """The shared network with the heads of all families, by name."""

    def __init__(self, network: FusionNetwork, families: dict[str, tuple[int, int]]) -> None:
        """`families`: how many labels (0 for numbers) and how many numeric columns each has."""
        super().__init__()
        self.network = network
        self.names = list(families)
        self.shapes = dict(families)
        self.heads = nn.ModuleList(FamilyHead(network, labels, columns) for labels, columns in families.values())

    def scores(self, name: str, batch: Batch, instruction: Tensor, label_vectors: Tensor) -> Tensor:
        """(n, labels) log-odds, or (n, 2) mean and logarithm of the variance of a standardised number."""
        head = self.heads[self.names.index(name)]
        fused = self.network(batch, instruction, head.family, head.columns)
        if head.number is not None:
            return head.number(fused)
        return self.network.labels(fused, label_vectors, head.prototypes, head.biases)


def loss_of(scores: Tensor, rows: FamilyRows, chosen: Tensor, smoothing: float = 0.0) -> Tensor:
    """Mean weighted loss: cross entropy; −log(1 − p) of a refused label; Gaussian likelihood of a number."""
    answers, weights, refused = rows.answers[chosen], rows.weights[chosen], rows.refused[chosen]
    if rows.regression:
        mean, log_variance = scores[:, 0], scores[:, 1].clamp(-6, 4)
        losses = 0.5 * ((answers - mean) ** 2 * torch.exp(-log_variance) + log_variance)
    else:
        every = torch.log_softmax(scores, 1)
        logs = every.gather(1, answers[:, None])[:, 0]
        smooth = -(1 - smoothing) * logs - smoothing * every.mean(1)
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
    """Train in place, keep the epoch with the least loss on the rows of `fold`. `deadline` is of time.monotonic()."""
    optimiser = torch.optim.AdamW(
        member.parameters(), settings.learning_rate, weight_decay=settings.weight_decay, fused=True
    )
    seen = [torch.from_numpy(np.flatnonzero((rows.folds != fold) & (rows.weights.numpy() > 0))) for rows in families]
    per_epoch = max(sum(math.ceil(len(rows) / settings.batch) for rows in seen), 1)
    epochs = int(np.clip(settings.steps // per_epoch, settings.fewest_epochs, settings.most_epochs))
    whole = epochs * per_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step / whole, settings.warmup))
    progress = Progress(best_loss=math.inf, best_epoch=0, epoch=0, best={})
    if checkpoint:
        progress = checkpoint.restore(member, optimiser, schedule) or progress
    while all_agree(
        progress.epoch < epochs and progress.epoch - progress.best_epoch < settings.patience and time.monotonic() < deadline
    ):
        started = time.monotonic()
        # Seeded by the epoch, so that a run that was interrupted draws what it would have drawn.
        random = torch.Generator().manual_seed(seed * 1000 + progress.epoch)
        torch.manual_seed(seed * 1000 + progress.epoch)
        member.train()
        total = 0.0
        batches = [(f, part) for f, rows in enumerate(seen) for part in _parts(rows, settings.batch, random)]
        for f, chosen in share_of([batches[i] for i in torch.randperm(len(batches), generator=random).tolist()]):
            rows = families[f]
            loss = loss_of(_scores(member, rows, chosen), rows, chosen, settings.smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            average_gradients(member)
            nn.utils.clip_grad_norm_(member.parameters(), settings.gradient_norm)
            optimiser.step()
            schedule.step()
            total += loss.item()
        progress.epoch += 1
        measured = held_out(member, families, fold)
        if measured["val_loss"] < progress.best_loss or not progress.best:
            progress.best_loss, progress.best_epoch = measured["val_loss"], progress.epoch
            progress.best = {name: tensor.detach().clone() for name, tensor in member.state_dict().items()}
        spent = round(time.monotonic() - started, 3)
        on_epoch({"epoch": progress.epoch, "train_loss": total / max(len(batches), 1), **measured, "seconds": spent})
        if checkpoint and is_first():
            checkpoint.keep(member, optimiser, schedule, progress)
    if progress.best:
        member.load_state_dict(progress.best)
    member.eval()


@dataclass
class Progress:
    """Where a run is."""

    best_loss: float
    best_epoch: int
    epoch: int
    best: dict[str, Tensor]


class Checkpoint(Protocol):
    """Keeps and restores a run; see train/checkpoint.py for the one on a disk."""

    def keep(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any, progress: Progress) -> None:
        """After an epoch."""
        ...

    def restore(self, member: Member, optimiser: torch.optim.Optimizer, schedule: Any) -> Progress | None:
        """At the start; None where nothing was kept."""
        ...


@torch.inference_mode()
def held_out(member: Member, families: Sequence[FamilyRows], fold: int) -> dict[str, float]:
    """Loss, accuracy and macro F1 on the rows that the member never sees; for numbers R² stands in both places."""
    member.eval()
    losses, accuracies, f1s, sizes = [], [], [], []
    for rows in families:
        chosen = torch.from_numpy(np.flatnonzero((rows.folds == fold) & (rows.weights.numpy() > 0) & ~rows.refused.numpy()))
        if not len(chosen):
            continue
        scores = torch.cat([_scores(member, rows, part) for part in chosen.split(512)])
        losses.append(loss_of(scores, rows, chosen).item())
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


def _parts(rows: Tensor, size: int, random: torch.Generator) -> list[Tensor]:
    return list(rows[torch.randperm(len(rows), generator=random)].split(size)) if len(rows) else []


def _rate(share: float, warmup: float) -> float:
    """Linear warm-up, then cosine."""
    if share < warmup:
        return (share + 1e-3) / warmup
    return 0.5 * (1 + math.cos(math.pi * min((share - warmup) / (1 - warmup), 1.0)))
