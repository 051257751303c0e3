import pytest
import torch

from dukemm.config import FusionConfig
from dukemm.fusion.network import FusionNetwork


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_skipping_unused_outputs_of_the_last_block_changes_nothing(layers):
    torch.manual_seed(0)
    network = FusionNetwork(FusionConfig(width=32, heads=4, layers=layers)).eval()
    tokens = torch.randn(20, 7, 32)
    missing = torch.rand(20, 7) < 0.4
    missing[:, 0] = False  # the query is always there
    with torch.inference_mode():
        whole = network.blocks(tokens, src_key_padding_mask=missing)[:, 0]
        found = network._fused_query(tokens, missing)
    assert torch.allclose(found, whole, atol=1e-5)
    assert not torch.allclose(network._fused_query(tokens, torch.zeros_like(missing)), whole, atol=1e-3)
