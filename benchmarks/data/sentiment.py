"""Short texts with a sentiment: reviews, tweets and editorials of Hutto & Gilbert (2014), and the words of their lexicon.

From the source distribution of `vaderSentiment` 0.5 (PyPI, MIT). Twenty people rated each text; the mean is
positive or negative.
"""

import hashlib
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

RELEASE = "vaderSentiment==0.5"
SHA256 = "5d97c37f3ef6e24eef331122e055dbedafeb6a56abfce0608b326701116ea49a"
#: Corpora with the least absolute mean rating, of at most 4, that counts as clear.
CORPORA = {"movieReviewSnippets": 1.5, "amazonReviewSnippets": 1.5, "tweets": 1.5, "nytEditorialSnippets": 1.0}
LEXICON = "vader_sentiment_lexicon"
MIN_WORD_RATING = 1.0


def load_sentiment(folder: Path) -> dict[str, list[tuple[str, bool]]]:
    """By corpus: (text, whether it is positive). Downloads the release into `folder` once.

    Raises ValueError where the release is not the pinned one.
    """
    archives = list(folder.glob("vaderSentiment-0.5.*"))
    if not archives:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", RELEASE]
        subprocess.run([*command, "--dest", str(folder)], check=True)
        archives = list(folder.glob("vaderSentiment-0.5.*"))
    content = archives[0].read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ValueError(f"{archives[0].name} is not the pinned release of {RELEASE}")
    with zipfile.ZipFile(io.BytesIO(content)) as release:
        root = "vaderSentiment-0.5"
        lexicon = release.read(f"{root}/vaderSentiment/{LEXICON}.txt").decode("latin-1")
        with tarfile.open(
            fileobj=io.BytesIO(release.read(f"{root}/additional_resources/hutto_ICWSM_2014.tar.gz"))
        ) as papers:
            found = {name: _clear(_rated(papers, name), least) for name, least in CORPORA.items()}
    words = (line.split("\t") for line in lexicon.splitlines())
    rated = ((row[0], float(row[1])) for row in words if len(row) > 1 and re.fullmatch("[a-z]+", row[0]))
    return {**found, LEXICON: _clear(rated, MIN_WORD_RATING)}


def _rated(papers: tarfile.TarFile, name: str) -> Iterable[tuple[str, float]]:
    member = papers.extractfile(f"hutto_ICWSM_2014/{name}_GroundTruth.txt")
    assert member is not None
    for line in member.read().decode("latin-1").splitlines():
        row = line.split("\t")
        if len(row) == 3:
            yield row[2], float(row[1])


def _clear(rated: Iterable[tuple[str, float]], least: float) -> list[tuple[str, bool]]:
    return [(text, rating > 0) for text, rating in rated if abs(rating) >= least]
