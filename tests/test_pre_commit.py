"""The hooks under the real pre-commit, in a made repository with manuscripts of four formats.

``pre-commit`` installs hooks of `language: python` from the network; here the hooks of
``.pre-commit-hooks.yaml`` run as they are, but as `language: system`, with this Python's
``coreqcheck`` first on the path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from manuscript_formats import to_docx
from test_cli import CONTRADICTS, GOOD, POOR

yaml = pytest.importorskip("yaml", reason="comes with pre-commit: pip install coreqcheck[test]")
pytest.importorskip("pre_commit", reason="not installed: pip install coreqcheck[test]")
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")

HOOKS = Path(__file__).parent.parent / ".pre-commit-hooks.yaml"
RETURNED = "A summary of the themes was returned to all participants, who confirmed it."
NOT_RETURNED = "The findings were not returned to the participants."
LATEX = f"""\\section{{Methods}}
We interviewed 12 nurses face to face. The interviews were recorded and transcribed. {RETURNED}
"""


class Repository:
    """A git repository with the hooks in it."""

    def __init__(self, folder: Path, hook: str) -> None:
        self.folder = folder
        bin = folder / ".git-tools"
        bin.mkdir(parents=True)
        (bin / "coreqcheck").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coreqcheck "$@"\n')
        (bin / "coreqcheck").chmod(0o755)
        self.env = os.environ | {
            "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit-home"),
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        }  # fmt: skip
        offered = {h["id"]: h for h in yaml.safe_load(HOOKS.read_text("utf-8"))}
        config = {"repos": [{"repo": "local", "hooks": [offered[hook] | {"language": "system"}]}]}
        self.write(".pre-commit-config.yaml", yaml.safe_dump(config))
        self.write(".gitignore", ".git-tools/\n")
        self.git("init", "-q")
        self.commit()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def git(self, *words: str) -> None:
        subprocess.run(
            ["git", *words], cwd=self.folder, env=self.env, check=True, stdout=subprocess.DEVNULL
        )

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x", "--no-verify")

    def run(self, *words: str) -> tuple[int, str]:
        """What pre-commit says of the staged files (or as ``words`` say)."""
        self.git("add", "-A")
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color=never", *words],
            cwd=self.folder, env=self.env, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr


def clean(repository: Repository) -> None:
    """Four manuscripts that do not contradict themselves, and files that are none."""
    text = GOOD.read_text("utf-8")
    repository.write("draft/paper.md", text)
    to_docx(text, repository.folder / "paper.docx")
    front, rest = text.split("## Methods")
    repository.write("quarto/paper.qmd", front + "{{< include sections/_rest.qmd >}}\n")
    repository.write("quarto/sections/_rest.qmd", "## Methods" + rest)
    repository.write(
        "thesis/main.tex",
        "\\documentclass{article}\n\\title{Nights of nurses: an interview study}\n"
        "\\begin{document}\\maketitle\n\\input{parts/methods}\n\\input{parts/limits}\n"
        "\\end{document}\n",
    )
    repository.write("thesis/parts/methods.tex", LATEX)
    repository.write("thesis/parts/limits.tex", "\\section{Limitations}\nWe saw one ward only.\n")
    repository.write("README.md", "# Our study\n\nRun `make`. TODO: say how.\n")
    repository.write("notes/todo.md", "- call the ward\n- XXX batteries\n")
    repository.write("empty.md", "")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "study", "coreqcheck")
    clean(made)
    return made


def test_clean_manuscripts_pass_without_a_word(repository: Repository) -> None:
    status, said = repository.run()
    assert status == 0, said
    assert "Passed" in said


def contradict(repository: Repository, how: str) -> str:
    """Let one manuscript contradict itself; the path that must be named."""
    bad = CONTRADICTS.read_text("utf-8")
    if how == "markdown":
        repository.write("draft/paper.md", bad)
        return "draft/paper.md"
    if how == "docx":
        to_docx(bad, repository.folder / "paper.docx")
        return "paper.docx"
    if how == "quarto":
        file = repository.folder / "quarto/sections/_rest.qmd"
        file.write_text("## Methods" + bad.split("## Methods")[1], "utf-8")
        return "quarto/paper.qmd"
    repository.write("thesis/parts/limits.tex", f"\\section{{Limitations}}\n{NOT_RETURNED}\n")
    return "thesis/main.tex"


@pytest.mark.parametrize("how", ["markdown", "docx", "latex", "quarto"])
def test_a_contradiction_fails_and_says_what_and_where(repository: Repository, how: str) -> None:
    repository.commit()
    path = contradict(repository, how)
    status, said = repository.run()
    flat = " ".join(said.split())
    assert status == 1
    assert said.count(f"{path}\n=") == 1, "once, under its main file"
    assert "participants gave feedback on the findings, another that they did not" in flat
    assert "not returned to the participants" in flat, "both sides are quoted"
    assert "Not located" not in said
    others = {"draft/paper.md", "paper.docx", "quarto/paper.qmd", "thesis/main.tex"} - {path}
    assert not [o for o in others if o in said], "only what changed"


def test_parts_are_checked_once_when_several_of_them_change(repository: Repository) -> None:
    contradict(repository, "latex")
    status, said = repository.run("--all-files")
    assert status == 1
    assert said.count("thesis/main.tex\n=") == 1


def test_an_answer_silences_it(repository: Repository) -> None:
    repository.write(
        "thesis/parts/limits.tex",
        f"\\section{{Limitations}}\n{NOT_RETURNED}\n"
        "% coreqcheck: participant-checking accepted: a summary went back, the full text did not\n",
    )
    status, said = repository.run("--all-files")
    assert status == 0, said


def test_an_answer_without_a_reason_does_not(repository: Repository) -> None:
    repository.write(
        "thesis/parts/limits.tex",
        f"\\section{{Limitations}}\n{NOT_RETURNED}\n% coreqcheck: participant-checking accepted\n",
    )
    status, said = repository.run("--all-files")
    assert status == 1
    assert "parts/limits.tex:3: an answer needs a reason" in " ".join(said.split())


def test_the_baseline_lets_the_old_through_and_not_the_new(repository: Repository) -> None:
    path = contradict(repository, "markdown")
    done = subprocess.run(
        [sys.executable, "-m", "coreqcheck", "baseline", path],
        cwd=repository.folder, env=repository.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    repository.write("coreqcheck.toml", 'baseline = "coreqcheck-baseline.json"\n')
    status, said = repository.run("--all-files")
    assert status == 0, said
    text = (repository.folder / path).read_text("utf-8")
    repository.write(
        path, text.replace("## Conclusion", "Saturation was not reached.\n\n## Conclusion")
    )
    status, said = repository.run()
    assert status == 1
    assert "saturation" in said
    assert "participant-checking" not in said


def test_a_mistake_in_the_configuration_is_one_line(repository: Repository) -> None:
    repository.write("coreqcheck.toml", 'fail_on = "error"\n')
    status, said = repository.run("--all-files")
    assert status == 1
    assert "coreqcheck.toml:1: unknown key 'fail_on'; did you mean 'fail-on'?" in said
    assert "Traceback" not in said


def test_items_count_in_one_hook_and_not_in_the_other(tmp_path: Path) -> None:
    for hook, expected in (("coreqcheck", 1), ("coreqcheck-findings", 0)):
        made = Repository(tmp_path / hook, hook)
        clean(made)
        made.write("draft/paper.md", POOR.read_text("utf-8"))
        made.write("coreqcheck.toml", "min-items = 32\n")
        assert made.run("--all-files")[0] == expected


def test_the_hook_finds_contradictions_under_its_own_name(tmp_path: Path) -> None:
    made = Repository(tmp_path / "study", "coreqcheck-findings")
    clean(made)
    contradict(made, "docx")
    status, said = made.run("--all-files")
    assert status == 1
    assert "coreqcheck (contradictions only)" in said
