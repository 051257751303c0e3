"""Prior of the mixture's sharpness and biases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CalibrationPrior:
    """Prior of the mixture's parameters, stored in calibration.json of an artifact."""

    #: Log-odds per unit of a mixed score, and the prior standard deviation of its logarithm.
    sharpness: float = 1.5
    sharpness_spread: float = 0.7
    #: Prior standard deviation of the biases with two labels; the variance is divided by half their number.
    bias_spread: float = 2.0
    #: Difference of cosines between the texts of two labels that equals one unit of score; with more labels it is smaller.
    label_text_scale: float = 0.2
