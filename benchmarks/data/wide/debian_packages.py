"""Descriptions of Debian's packages and the section of the archive that each stands in."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.data.wide.releases import DOWNLOADS

#: Characters that a description must have: shorter ones repeat the name.
SHORTEST = 60
APT_HELPER = "/usr/lib/apt/apt-helper"


def descriptions(language: str) -> Iterator[tuple[str, str]]:
    """(description, section) by package, in the order of their names; needs apt and its sources, but no root."""
    _download(language)
    sections = _sections()
    found = dict(_translated(language))
    english = {} if language == "en" else dict(_translated("en"))
    for name in sorted(found):
        text = found[name]
        if name in sections and len(text) >= SHORTEST and text != english.get(name):
            yield text, sections[name]


def _lists(language: str) -> Path:
    return DOWNLOADS / f"apt-{language}"


def _download(language: str) -> None:
    for wanted in {language, "en"}:
        lists = _lists(wanted)
        if any(lists.glob(f"*Translation-{wanted}*")):
            continue
        (lists / "partial").mkdir(parents=True, exist_ok=True)
        options = {"Dir::State::lists": lists, "APT::Sandbox::User": "root", "Acquire::Languages": wanted}
        command = ["apt-get", "update", "-q", *(part for name, to in options.items() for part in ("-o", f"{name}={to}"))]
        subprocess.run(command, check=True, capture_output=True)


@cache
def _sections() -> dict[str, str]:
    found = (_fields(record) for record in _records(_lists("en"), "*_main_binary-*_Packages*"))
    return {of["Package"]: of["Section"].rpartition("/")[2] for of in found if "Section" in of}


def _translated(language: str) -> Iterator[tuple[str, str]]:
    for record in _records(_lists(language), f"*Translation-{language}*"):
        match = re.search(rf"^Description-{language}: (.*(?:\n .*)*)", record, re.MULTILINE)
        name = re.search(r"^Package: (\S+)", record, re.MULTILINE)
        if match and name:
            lines = (line.strip() for line in match[1].split("\n"))
            yield name[1], " ".join(line for line in lines if line != ".")


def _records(lists: Path, pattern: str) -> Iterator[str]:
    for path in sorted(lists.glob(pattern)):
        content = subprocess.run([APT_HELPER, "cat-file", str(path)], check=True, capture_output=True).stdout
        yield from content.decode().split("\n\n")


def _fields(record: str) -> dict[str, str]:
    return dict(match.groups() for match in re.finditer(r"^(Package|Section): (\S+)", record, re.MULTILINE))
