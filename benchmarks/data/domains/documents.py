"""PDF files: pages of the documentation of SciPy, NumPy and scikit-learn, by the section they stand in."""

import datetime
import importlib
import inspect
import pkgutil
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from benchmarks.data.rows import Raw, Source

#: Modules whose pages make up a section.
SECTIONS = {
    "linear algebra": ("scipy.linalg",),
    "statistics": ("scipy.stats",),
    "special functions": ("scipy.special",),
    "signal processing": ("scipy.signal",),
    "sparse matrices": ("scipy.sparse",),
    "polynomials": ("numpy.polynomial",),
    "masked arrays": ("numpy.ma",),
    "random numbers": ("numpy.random",),
    "spatial algorithms": ("scipy.spatial",),
    "interpolation": ("scipy.interpolate",),
    "images": ("scipy.ndimage",),
    "optimisation": ("scipy.optimize",),
    "metrics": ("sklearn.metrics",),
    "linear models": ("sklearn.linear_model",),
    "model selection and preparation": ("sklearn.model_selection", "sklearn.preprocessing", "sklearn.feature_selection"),
}
SHORTEST, LONGEST = 300, 6000
#: Of one section at most.
MAX_DOCUMENTS = 200
#: A page does not say where it stands: such names are left out.
NAMES = re.compile(r"\b(scipy|numpy|sklearn|np|sp)\b(\.\w+)*|^.*\bimport\b.*$|~?\.\w+(\.\w+)+", re.MULTILINE)
MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def modules(name: str) -> Iterable[ModuleType]:
    """A module and its public submodules."""
    module = importlib.import_module(name)
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", []), f"{name}."):
        if not found.name.split(".")[-1].startswith(("_", "test", "conftest", "setup")):
            yield importlib.import_module(found.name)


def members(module: ModuleType) -> Iterable[Any]:
    """Public functions and classes, and the classes' methods."""
    for name, member in inspect.getmembers(module):
        if not name.startswith("_"):
            yield member
            if inspect.isclass(member):
                yield from (m for n, m in inspect.getmembers(member, callable) if not n.startswith("_"))


def pages() -> Iterable[tuple[str, str]]:
    """(text, section); each text once, at most MAX_DOCUMENTS of a section."""
    known: set[str] = set()
    for section, names in SECTIONS.items():
        counts: Counter[str] = Counter()
        for member in (m for name in names for module in modules(name) for m in members(module)):
            home = getattr(member, "__module__", None)
            text = inspect.getdoc(member) if isinstance(home, str) and home.startswith(names) else None
            if not text or len(text) < SHORTEST or counts[section] >= MAX_DOCUMENTS:
                continue
            text = NAMES.sub("", text)[:LONGEST]
            if text not in known:
                known.add(text)
                counts[section] += 1
                yield text, section


def pdf(text: str) -> bytes:
    """The text as a PDF file, the same bytes each time."""
    from fpdf import FPDF

    document = FPDF(format="A4")
    document.set_creation_date(MADE)
    document.set_font("Helvetica", size=9)
    document.add_page()
    document.multi_cell(0, 4, text.encode("latin-1", "replace").decode("latin-1"))
    return bytes(document.output())


def documents() -> Iterable[Raw]:
    """One PDF file a page of the documentation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated modules
        found = list(pages())
    for text, section in found:
        yield Raw({}, {"page": ("pdf", pdf(text))}, section)


DOCUMENTS = Source(
    name="documents",
    title="PDF documents",
    kind="classification",
    modality="document",
    description="Which section of a library's documentation is this page from?",
    raws=documents,
    sizes=(100, 500, 1000),
    test=600,
    note="Documentation of SciPy, NumPy and scikit-learn (BSD) as PDF files, names of modules and imports left out.",
)
