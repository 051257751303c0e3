"""Tables of numbers."""

from collections.abc import Callable, Iterable

from sklearn import datasets

from benchmarks.data.letters import read_letters
from benchmarks.data.rows import Raw, Source


def letters() -> Iterable[Raw]:
    """Frey & Slate 1991: sixteen measurements of distorted capital letters in twenty fonts, 20,000 rows."""
    table = read_letters()
    names = [str(name) for name in table.columns if name != "lettr"]
    for label, values in zip(table["lettr"], table[names].to_numpy(), strict=True):
        yield Raw({name: float(value) for name, value in zip(names, values, strict=True)}, {}, str(label))


def bundled(load: Callable) -> Callable[[], Iterable[Raw]]:
    """Rows of a table that scikit-learn ships."""

    def raws() -> Iterable[Raw]:
        data = load()
        names = [str(name) for name in data.feature_names]
        for values, target in zip(data.data, data.target, strict=True):
            expected = str(data.target_names[target]) if hasattr(data, "target_names") else float(target)
            yield Raw({name: float(value) for name, value in zip(names, values, strict=True)}, {}, expected)

    return raws


LETTER = Source(
    name="letter",
    title="LetterRecognition",
    kind="classification",
    modality="numbers",
    description="Which capital letter do these sixteen measurements of its picture describe?",
    raws=letters,
    sizes=(100, 500, 1000, 5000),
    test=4000,
    note="Debian r-cran-mlbench (UCI); 18,668 distinct rows of 20,000.",
)
BREAST_CANCER = Source(
    name="breast_cancer",
    title="breast cancer",
    kind="classification",
    modality="numbers",
    description="Is this tumour malignant or benign?",
    raws=bundled(datasets.load_breast_cancer),
    note="scikit-learn (UCI, Wisconsin diagnostic).",
)
WINE = Source(
    name="wine",
    title="wine",
    kind="classification",
    modality="numbers",
    description="Which of three growers made the wine that this analysis is of?",
    raws=bundled(datasets.load_wine),
    note="scikit-learn (UCI).",
)
IRIS = Source(
    name="iris",
    title="iris",
    kind="classification",
    modality="numbers",
    description="Which iris is this?",
    raws=bundled(datasets.load_iris),
    note="scikit-learn (UCI).",
)
DIABETES = Source(
    name="diabetes",
    title="diabetes",
    kind="regression",
    modality="numbers",
    description="How far will the disease have progressed after a year?",
    raws=bundled(lambda: datasets.load_diabetes(scaled=False)),
    note="scikit-learn (Efron et al. 2004); R² in place of accuracy.",
)
