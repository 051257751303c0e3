"""Where and how precisely encoders compute."""

import torch

#: Images or sounds in one forward pass: a processor is as fast with few.
BATCH = {"cpu": 16, "cuda": 128}


def device() -> str:
    """A GPU where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def precision() -> torch.dtype:
    """bfloat16 where the processor has instructions for it: 1.7 times as fast, cosines within 0.0002 of float32."""
    fast = not torch.cuda.is_available() and torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if fast else torch.float32
