"""Requirements that are installed when a study first needs them."""

import re

from benchmarks.data.letters import REQUIREMENTS, install_missing


def test_an_installed_package_is_not_installed_again(tmp_path):
    assert not install_missing("numpy", tmp_path / "absent.txt")


def test_the_requirements_are_pinned_by_hash():
    text = REQUIREMENTS.read_text()
    names = re.findall(r"^([a-z]+)==\S+", text, re.MULTILINE)
    assert {"rdata", "pandas", "xarray"} <= set(names)
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE) if block)
