"""Types of arrays that several rooms exchange."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
#: Arrays by name, as a safetensors file holds them.
Arrays = dict[str, np.ndarray]
