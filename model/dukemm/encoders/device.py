"""Device and precision of the encoders."""

import os

import torch

from dukemm.domain.errors import DukeMMError

#: Images or sounds per forward pass; larger batches are no faster on a CPU.
BATCH_SIZE = {"cpu": 16, "cuda": 128}
#: Set to 1 on GPU instances: without a usable GPU they answer nothing instead of answering slowly.
REQUIRE_CUDA = "DUKEMM_REQUIRE_CUDA"


def cuda_problem() -> str | None:
    """Why an instance that is paid for its GPU cannot use it; None if there is no such problem."""
    if os.environ.get(REQUIRE_CUDA) != "1" or torch.cuda.is_available():
        return None
    if torch.version.cuda is None:
        return f"a GPU is required ({REQUIRE_CUDA}=1), and torch {torch.__version__} is built without CUDA"
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        return f"a GPU is required ({REQUIRE_CUDA}=1), and CUDA {torch.version.cuda} does not start: {error}"
    return f"a GPU is required ({REQUIRE_CUDA}=1), and torch sees none"


def device() -> str:
    """`cuda` if there is a GPU, else `cpu`. Raises DukeMMError internal where a GPU is required and missing."""
    problem = cuda_problem()
    if problem:
        raise DukeMMError("internal", problem)
    return "cuda" if torch.cuda.is_available() else "cpu"


def precision() -> torch.dtype:
    """bfloat16 if the processor has instructions for it: 1.7 times as fast, cosines within 0.0002 of float32."""
    if torch.cuda.is_available():
        # A T4 (g4dn) would emulate them, slower than float32.
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        fast = torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if fast else torch.float32
