"""The Tab key: what a shell is told about commands and options."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def completed(shell: str, words: str) -> str:
    """What the completion script of a shell gets for what was typed so far."""
    env = os.environ | {
        "_COREQCHECK_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1) if shell != "fish" else words.split()[-1],
    }
    call = [sys.executable, "-c", "from coreqcheck.cli import main; main()"]
    return subprocess.run(call, env=env, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_and_options_are_completed(shell: str) -> None:
    assert "baseline" in completed(shell, "coreqcheck base")
    assert "--only-findings" in completed(shell, "coreqcheck check --only")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_for_the_start_up_file_gives_a_script(shell: str) -> None:
    env = os.environ | {"_COREQCHECK_COMPLETE": f"{shell}_source"}
    call = [sys.executable, "-c", "from coreqcheck.cli import main; main()"]
    done = subprocess.run(call, env=env, capture_output=True, text=True, check=False)
    if shell == "bash" and not done.stdout:
        pytest.skip("no bash of version 4.4 or later here")
    assert "_COREQCHECK_COMPLETE" in done.stdout
