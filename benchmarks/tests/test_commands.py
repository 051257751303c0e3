"""The commands of `python -m benchmarks`."""

from importlib import import_module

import pytest

from benchmarks import REPOSITORY
from benchmarks.__main__ import ALL, COMMANDS

README = (REPOSITORY / "benchmarks" / "README.md").read_text()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_its_options_and_a_line_in_the_readme(name, capsys):
    module, _ = COMMANDS[name]
    with pytest.raises(SystemExit) as ended:
        import_module(f"benchmarks.{module}").main(["--help"])
    assert ended.value.code == 0 and "usage:" in capsys.readouterr().out
    assert f"| `{name}" in README


def test_all_runs_commands_that_exist():
    assert set(ALL) <= set(COMMANDS)
