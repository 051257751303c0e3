"""Numbers asked for outside of the range that the examples cover: less sure, and wider intervals, the further away."""

import numpy as np
import pytest
from test_task import CONFIG, rows_of

from dukemm.ensemble.fit import FitSettings, NumericExamples
from dukemm.ensemble.regressor import FamilyRegressor, PredictedNumbers, fit_regressor

CURVES = {
    "line": lambda x: 3 * x + 1,
    "square": np.square,
    "exponential": lambda x: np.exp(x / 5),
    "logarithm": lambda x: 10 * np.log1p(x),
}
#: Up to twice the range of the examples, which is 0 to 10.
OUTSIDE = np.array([11.0, 12.0, 14.0, 17.0, 20.0])


def fitted(targets: np.ndarray, *columns: np.ndarray) -> FamilyRegressor:
    return fit_regressor(
        NumericExamples(rows_of(np.column_stack(columns)), targets, np.ones(len(targets))), FitSettings(CONFIG.ridge)
    )[0]


def asked(model: FamilyRegressor, *columns: np.ndarray) -> PredictedNumbers:
    return model.predict(rows_of(np.column_stack(columns)))


@pytest.mark.parametrize("curve", CURVES)
def test_intervals_widen_and_confidence_falls_with_the_distance_from_the_examples(curve):
    x = np.linspace(0, 10, 60)
    found = asked(fitted(CURVES[curve](x), x), OUTSIDE)
    assert (np.diff(found.half_widths) > 0).all()
    assert (np.diff(found.confidences) <= 0).all()
    # A line, on the scale of the numbers or of their logarithms, is drawn on; a curve ends where its examples end.
    assert found.confidences[-1] < (1.0 if curve in ("line", "exponential") else 0.6)


def test_intervals_cover_most_targets_up_to_one_range_away_from_the_examples():
    x = np.linspace(0, 10, 60)
    held = []
    for truth in CURVES.values():
        found = asked(fitted(truth(x), x), OUTSIDE)
        held += list(np.abs(found.values - truth(OUTSIDE)) <= found.half_widths)
    assert np.mean(held) >= 0.85


def test_few_examples_give_no_interval_and_less_confidence_outside_of_their_range():
    x = np.linspace(0, 10, 12)
    found = asked(fitted(3 * x + 1, x), np.array([5.2, 14.0, 40.0]))
    assert found.half_widths is None
    assert found.confidences[0] >= found.confidences[1] > 1.2 * found.confidences[2]
    assert found.values == pytest.approx(3 * np.array([5.2, 14.0, 40.0]) + 1, rel=0.02)


def test_an_uninformative_column_widens_little_outside_of_its_range():
    random = np.random.default_rng(0)
    x, row_number = random.uniform(0, 10, 120), np.arange(120.0)
    model = fitted(3 * x + random.normal(size=120), x, row_number)
    inside, beyond = asked(model, np.array([5.0, 5.0]), np.array([60.0, 150.0])).half_widths
    assert beyond < 2 * inside


def test_nothing_changes_inside_of_the_range_and_missing_values_are_inside():
    x = np.linspace(0, 10, 60)
    model = fitted(3 * x + 1, x)
    assert model.extrapolation is not None
    assert (model.extrapolation.deviations(rows_of(np.array([[0.0], [3.3], [10.0]]))) == 0).all()
    assert (model.extrapolation.deviations(rows_of(np.array([[np.nan]]))) == 0).all()


def test_an_artifact_stores_the_range_and_older_ones_are_still_read():
    x = np.linspace(0, 10, 60)
    model = fitted(np.square(x), x)
    spec, arrays = model.pack()
    again = FamilyRegressor.unpack(spec, arrays)
    assert asked(again, OUTSIDE).half_widths == pytest.approx(asked(model, OUTSIDE).half_widths)
    del spec["extrapolation"]
    assert FamilyRegressor.unpack(spec, arrays).extrapolation is None


def test_extreme_items_are_answered_with_finite_numbers():
    x = np.linspace(0, 10, 60)
    found = asked(fitted(np.square(x), x), np.array([1e100, -1e100, 1e6]))
    assert np.isfinite(found.values).all()
    assert np.isfinite(found.half_widths).all()
    assert (found.confidences < 0.05).all()
