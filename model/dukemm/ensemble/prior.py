"""What is believed about scores before any example; ensemble/mixture.py goes on from there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CalibrationPrior:
    """What is believed before any example; calibration.json of an artifact holds it."""

    #: Log-odds for one unit of a mixed score, and its spread as a logarithm.
    sharpness: float = 1.5
    sharpness_spread: float = 0.7
    #: Standard deviation of the biases of two classes; with more classes there is less to learn each from.
    bias_spread: float = 2.0
    #: Difference of cosines between label texts that is worth one unit of score.
    label_text_scale: float = 0.2
