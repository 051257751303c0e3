"""Fits the ranker's weights before any example (dukemm/extraction/ranker.py, PRIOR_WEIGHTS) on the halves «tried» of
data/makers.

Usage: python -m benchmarks extraction-prior [--episodes 40]
An episode is a field with 0 to 6 examples of some layouts, and items mostly of others; one weight vector each for fields
and questions, without and with examples, by maximum likelihood with a ridge. Prints the table, to be put into ranker.py.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import logsumexp

from benchmarks.data.makers import invoices, passages, records
from dukemm.config import PRESETS
from dukemm.encoders.text import load_text_encoder
from dukemm.extraction.candidates import DEFAULT_KINDS, candidates_of
from dukemm.extraction.features import DENSE, AnswerProfile, dense_features
from dukemm.extraction.query import EmbeddingCache, TaskQuery
from dukemm.extraction.source import Source, source_of
from dukemm.extraction.values import folded
from dukemm.media.views import views_of

#: Other ways to ask for the same, so that the prior does not learn one.
PHRASES = {
    "invoice_number": ["number of the invoice", "invoice no", "What is the invoice number?"],
    "invoice_date": ["date of invoice", "issue date"],
    "due_date": ["due date", "payment deadline"],
    "total": ["amount due", "grand total", "total"],
    "customer": ["customer", "billed to"],
    "order_id": ["order id", "order number"],
    "customer_name": ["customer", "buyer"],
    "shipping_city": ["ship to city", "delivery city"],
    "email": ["customer email", "e-mail"],
}
RIDGE = 9.0


@dataclass(frozen=True)
class Document:
    """A document of a layout with its answers."""

    group: str
    source: Source
    answers: dict[str, str]


@dataclass(frozen=True)
class Episode:
    """Dense features of an item's candidates, which of them are right, and the column of the prior that it teaches."""

    dense: np.ndarray
    right: np.ndarray
    column: int


def documents() -> dict[str, list[Document]]:
    """By corpus."""
    found: dict[str, list[Document]] = {"pdf": [], "json": [], "answers": []}
    layouts = [name for name, layout in invoices.LAYOUTS.items() if layout[0] == "tried"]
    schemas = [name for name, schema in records.SCHEMAS.items() if schema[0] == "tried"]
    topics = [name for name, topic in passages.TOPICS.items() if topic.half == "tried"]
    for i in range(150):
        pdf, answers = invoices.invoice(layouts[i % len(layouts)], 50_000 + i)
        text = {"document": invoices.text_of(pdf)}
        found["pdf"].append(Document(layouts[i % len(layouts)], source_of(views_of(text, {})), answers))
        record, answers = records.record(schemas[i % len(schemas)], 50_000 + i)
        found["json"].append(Document(schemas[i % len(schemas)], source_of(views_of({"document": record}, {})), answers))
        asked = passages.question(topics[i % len(topics)], 7_000 + i)
        fields = {"passage": asked.passage, "question": asked.question}
        found["answers"].append(
            Document(topics[i % len(topics)], source_of(views_of(fields, {})), {"answer": asked.answer})
        )
    return found


def episodes(
    random: np.random.Generator,
    pool: Sequence[Document],
    field: str,
    asked: TaskQuery,
    words: bool,
    embeddings: EmbeddingCache,
) -> list[Episode]:
    """Up to three items of one draw of examples."""
    groups = sorted({d.group for d in pool})
    shown = set(random.permutation(groups)[: max(1, len(groups) // 2)])
    kinds = DEFAULT_KINDS | {"words"} if words else DEFAULT_KINDS
    count = int(random.choice([0, 0, 2, 6]))
    order = [pool[i] for i in random.permutation(len(pool))]
    examples = [d for d in order if d.group in shown][:count]
    others = random.random() < 0.8
    items = [d for d in order[::-1] if (d.group in shown) != others][:3]
    found = [candidates_of(e.source, kinds) for e in examples]
    rows = [
        [i for i, c in enumerate(cs) if folded(c.value) == e.answers[field]][:1]
        for e, cs in zip(examples, found, strict=True)
    ]
    profile = AnswerProfile.of(found, rows)
    made = []
    for item in items:
        candidates = candidates_of(item.source, kinds)
        right = np.array([folded(c.value) == item.answers[field] for c in candidates])
        if right.any():
            dense = dense_features(asked, item.source, candidates, profile, embeddings)
            made.append(Episode(dense, right, 2 * bool(item.source.question) + bool(profile.cues)))
    return made


def fit(chosen: Sequence[Episode]) -> np.ndarray:
    """Weights of maximum likelihood, with a ridge."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.5 * weights @ weights / RIDGE, weights / RIDGE
        for episode in chosen:
            scores = episode.dense @ weights
            whole, right = logsumexp(scores), logsumexp(scores[episode.right])
            surplus = np.exp(scores - whole)
            surplus[episode.right] -= np.exp(scores[episode.right] - right)
            value, slope = value + whole - right, slope + episode.dense.T @ surplus
        return float(value), slope

    return minimize(loss, np.zeros(len(DENSE)), jac=True, method="L-BFGS-B").x


def main(arguments: Sequence[str]) -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=40, help="of each field")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    random = np.random.default_rng(5)
    embeddings = EmbeddingCache(load_text_encoder(PRESETS["embedded"].text).encode)
    pools = documents()
    made: list[Episode] = []
    for corpus, descriptions in (("pdf", invoices.ASKED), ("json", records.ASKED)):
        for field, description in descriptions.items():
            for _ in range(options.episodes if field in PHRASES else 0):
                phrases = [(description, None), (description, field), *((phrase, None) for phrase in PHRASES[field])]
                asked = TaskQuery(*phrases[int(random.integers(len(phrases)))])
                made += episodes(random, pools[corpus], field, asked, bool(random.random() < 0.5), embeddings)
    for _ in range(3 * options.episodes):
        asked = TaskQuery("Answer the question from the passage.")
        made += episodes(random, pools["answers"], "answer", asked, True, embeddings)
    columns = []
    for column in range(4):
        chosen = [episode for episode in made if episode.column == column]
        columns.append(fit(chosen))
        right = np.mean([e.right[np.argmax(e.dense @ columns[-1])] for e in chosen])
        print(f"# column {column}: {len(chosen)} items, {100 * right:.1f} % right", file=sys.stderr)
    for i, name in enumerate(DENSE):
        print(f'    "{name}": ({", ".join(f"{c[i]:.1f}" for c in columns)}),')
