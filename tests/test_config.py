"""Configuration: which file is nearest, what its keys do, and what is said about mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_cli import CONTRADICTS, GOOD, POOR, run

from coreqcheck import config
from coreqcheck.config import DEFAULTS, Settings, in_force
from coreqcheck.engine.choices import choices_of
from coreqcheck.errors import ConfigError
from coreqcheck.layers import layers, rules_for

MISTAKES = sorted((Path(__file__).parent / "mistakes" / "config").glob("*.toml"))


def in_use(path: Path, file: Path | None = None) -> Settings:
    """All that a check would look at before it reads a manuscript."""
    settings = in_force(layers(path, Settings(file="command line"), file))
    choices_of(settings, rules_for(settings))
    return settings


@pytest.mark.parametrize("file", MISTAKES, ids=lambda p: p.stem)
def test_a_mistake_names_file_line_and_remedy(file: Path) -> None:
    first = file.read_bytes().split(b"\n")[0].decode()
    hit = re.fullmatch(r"# expect (\d+|-): (.*)", first)
    assert hit, f"{file.name} does not say what is expected"
    with pytest.raises(ConfigError) as caught:
        in_use(file, file)
    message = str(caught.value)
    place = f"{file.name}:{hit[1]}: " if hit[1] != "-" else f"{file.name}: "
    assert place in message
    assert hit[2] in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["unknown_key", "answer_without_reason", "check_misspelt"])
def test_a_mistake_ends_the_run_with_2_and_one_line(name: str) -> None:
    (file,) = [p for p in MISTAKES if p.stem == name]
    done = run("check", "--config", file, POOR)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert f"{file.name}:" in done.stderr


def test_a_mistake_in_pyproject_names_its_line_there(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\n\n[tool.coreqcheck.items]\nignor = [1]\n', "utf-8"
    )
    with pytest.raises(ConfigError, match=r"pyproject\.toml:5: unknown key 'ignor'; did you mean"):
        in_use(tmp_path / "paper.md")


def test_the_nearest_file_wins_for_each_manuscript(tmp_path: Path) -> None:
    (tmp_path / "coreqcheck.toml").write_text('fail-on = "note"\nmin-items = 9\n', "utf-8")
    inner = tmp_path / "paper" / "text"
    inner.mkdir(parents=True)
    (tmp_path / "paper" / "pyproject.toml").write_text('[tool.coreqcheck]\nfail-on = "never"\n')
    (inner / "pyproject.toml").write_text("[tool.black]\nline-length = 100\n")
    assert in_use(tmp_path / "a.md").fail_on == "note"
    assert in_use(inner / "a.md").fail_on == "never"
    assert in_use(inner / "a.md").min_items == 0, "nothing is taken from the farther file"


def test_in_one_folder_coreqcheck_toml_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "coreqcheck.toml").write_text("min-items = 3\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.coreqcheck]\nmin-items = 4\n", "utf-8")
    assert in_use(tmp_path / "a.md").min_items == 3


def test_layers_command_line_before_file_before_profile(tmp_path: Path) -> None:
    (tmp_path / "journal.toml").write_text(
        'fail-on = "warning"\nmin-items = 5\n[items]\nignore = [15]\n'
        '[severity.items]\n13 = "error"\n14 = "error"\n',
        "utf-8",
    )
    (tmp_path / "coreqcheck.toml").write_text(
        'profile = "journal.toml"\nmin-items = 6\n[items]\nignore = [8]\n'
        '[severity.items]\n13 = "note"\n',
        "utf-8",
    )
    typed = Settings(file="command line", fail_on="never")
    settings = in_force(layers(tmp_path / "a.md", typed))
    assert (settings.fail_on, settings.min_items) == ("never", 6)
    choices = choices_of(settings, rules_for(settings))
    assert choices.items is not None
    assert {n for _, n in choices.items} == set(range(1, 33)) - {8, 15}
    assert choices.weight(("coreq", 13)) == "note"
    assert choices.weight(("coreq", 14)) == "error"


def _items(tmp_path: Path, text: str, *words: object) -> dict[int, dict[str, object]]:
    (tmp_path / "coreqcheck.toml").write_text(text, "utf-8")
    (tmp_path / "p.md").write_text(CONTRADICTS.read_text("utf-8"), "utf-8")
    done = run("check", "p.md", "--format", "json", *words, cwd=tmp_path)
    assert done.returncode in {0, 1}, done.stderr
    (document,) = json.loads(done.stdout)["documents"]
    found = {i["item"]: i for i in document["items"]}
    found[0] = {"findings": [(f["check"], f["severity"]) for f in document["findings"]]}
    return found


def test_items_that_are_left_out_weigh_nothing_and_stay_in_the_list(tmp_path: Path) -> None:
    items = _items(tmp_path, '[items]\nselect = ["1-5", "coreq-23"]\nignore = [4]\n')
    assert len(items) == 33
    assert {n for n, i in items.items() if i.get("severity")} <= {1, 2, 3, 5, 23}
    assert items[4]["set_aside"] == "left out by the configuration"
    assert items[23]["severity"] == "warning"
    assert items[23]["set_aside"] is None


def test_checks_are_left_out_and_weighed(tmp_path: Path) -> None:
    found = _items(
        tmp_path,
        '[checks]\nignore = ["recording"]\n[severity.checks]\nparticipant-checking = "note"\n',
    )[0]["findings"]
    assert ("participant-checking", "note") in found
    assert "recording" not in [check for check, _ in found]


def test_severity_of_an_item_makes_the_run_fail(tmp_path: Path) -> None:
    text = '[checks]\nselect = ["software"]\n[severity.items]\n23 = "error"\n'
    assert _items(tmp_path, text)[23]["severity"] == "error"
    assert run("check", "p.md", cwd=tmp_path).returncode == 1
    (tmp_path / "coreqcheck.toml").write_text(text.replace("23 =", "9 ="), "utf-8")
    assert run("check", "p.md", cwd=tmp_path).returncode == 0


def test_further_rule_folders_add_and_replace(tmp_path: Path) -> None:
    from coreqcheck.language.rule_files import rules_folder

    house = tmp_path / "house" / "consistency"
    house.mkdir(parents=True)
    text = (rules_folder() / "consistency" / "software.toml").read_text("utf-8")
    (house / "software.toml").write_text(text.replace('check = "software"', 'check = "our-tool"'))
    (tmp_path / "coreqcheck.toml").write_text('rules = ["house"]\n', "utf-8")
    names = {c.check for c in rules_for(in_use(tmp_path / "a.md")).consistency}
    assert {"our-tool", "software"} <= names


@pytest.mark.parametrize("name", ["general", "reflexive"])
def test_the_profiles_that_come_with_the_rules_are_in_order(name: str, tmp_path: Path) -> None:
    (tmp_path / "coreqcheck.toml").write_text(f'profile = "{name}"\n', "utf-8")
    settings = in_use(tmp_path / "a.md")
    assert settings.item_weights


def test_config_prints_what_is_in_force_and_from_where(tmp_path: Path) -> None:
    (tmp_path / "coreqcheck.toml").write_text(
        'profile = "reflexive"\nmin-items = 12\n[[answers]]\nitem = 18\n'
        'level = "not-applicable"\nreason = "one interview each"\n',
        "utf-8",
    )
    out = run("config", cwd=tmp_path).stdout
    assert re.search(r"^min-items = 12  # coreqcheck\.toml$", out, re.MULTILINE)
    assert re.search(r"^severity\.items = 22: note  # profile reflexive", out, re.MULTILINE)
    assert re.search(r"^answers = 18 not-applicable: one interview each  # coreqc", out, re.M)
    assert re.search(r"^fail-on = error  # profile reflexive", out, re.MULTILINE)


def test_config_without_a_file_says_so(tmp_path: Path) -> None:
    out = run("config", cwd=tmp_path).stdout
    assert "no coreqcheck.toml above it; defaults" in out
    assert "fail-on = error  # default" in out


def test_init_writes_a_file_that_is_in_order_and_changes_nothing(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path).returncode == 0
    settings = in_use(tmp_path / "a.md")
    assert settings == in_force([Settings()])
    again = run("init", cwd=tmp_path)
    assert again.returncode == 2
    assert "--force" in again.stderr


def test_every_line_of_the_file_that_init_writes_can_be_switched_on(tmp_path: Path) -> None:
    from coreqcheck.cli.init import CONFIGURATION

    on = re.sub(r"(?m)^# (?=\[|[a-z-]+ = )", "", CONFIGURATION).replace("house-rules", ".")
    (tmp_path / "paper").mkdir()
    for name in ("paper/main.tex", "paper/supplement.docx"):
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / "coreqcheck.toml").write_text(on, "utf-8")
    settings = in_use(tmp_path / "a.md")
    said = {name for name in config.KEYS if f"\n{name} =" in on or f"[{name}" in on}
    assert said == set(config.KEYS)
    assert [a.item or a.check for a in settings.answers or ()] == [18, "sample-size"]


def test_init_adds_to_a_pre_commit_configuration_in_its_own_form(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(
        "default_stages: [pre-commit]\nrepos:\n  - repo: local\n    hooks:\n      - id: a\n"
        "        name: a\n        entry: a\n        language: system\n\nfail_fast: true\n",
        "utf-8",
    )
    assert run("init", "--pre-commit", "--github", cwd=tmp_path).returncode == 0
    data = yaml.safe_load(file.read_text("utf-8"))
    assert [r["hooks"][0]["id"] for r in data["repos"]] == ["a", "coreqcheck"]
    assert data["fail_fast"] is True
    assert (tmp_path / "coreqcheck.toml").exists()
    workflow = yaml.safe_load((tmp_path / ".github/workflows/coreqcheck.yml").read_text("utf-8"))
    assert workflow["jobs"]["coreqcheck"]["steps"][-1]["run"].startswith("coreqcheck check")
    assert "already" in run("init", "--pre-commit", cwd=tmp_path).stderr


def test_a_pre_commit_configuration_without_a_list_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text("repos: []\n", "utf-8")
    done = run("init", "--pre-commit", cwd=tmp_path)
    assert done.returncode == 2
    assert "add this entry by hand" in done.stderr
    assert file.read_text("utf-8") == "repos: []\n"


# -- which manuscripts ---------------------------------------------------------------------------


def test_named_manuscripts_are_all_that_a_folder_has(tmp_path: Path) -> None:
    for name in ("paper.md", "old.md"):
        (tmp_path / name).write_text(POOR.read_text("utf-8"), "utf-8")
    (tmp_path / "extra.md").write_text("# Supplement\n\nThe supplement has one sentence.\n")
    (tmp_path / "coreqcheck.toml").write_text(
        '[[manuscripts]]\nmain = "paper.md"\ncompanions = ["extra.md"]\n', "utf-8"
    )
    for words in ((".",), ("--changed", "extra.md"), ("--changed", "old.md", "paper.md")):
        done = run("check", "--format", "json", *words, cwd=tmp_path)
        (document,) = json.loads(done.stdout)["documents"]
        assert document["path"] == "paper.md"
    alone = json.loads(run("check", "--format", "json", POOR).stdout)["documents"][0]["words"]
    assert document["words"] > alone, "the companion is read with it"


def test_what_is_no_report_never_fails_a_folder_but_fails_when_typed(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("", "utf-8")
    (tmp_path / "notes.md").write_text("# Meeting\n\n- buy batteries for the recorder\n", "utf-8")
    (tmp_path / "settings.xml").write_text("<settings><a/></settings>", "utf-8")
    done = run("check", ".", "--fail-on", "note", "--min-items", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert done.stderr.count("no report of a study; passed over") == 2
    assert "32 items set aside" in done.stdout
    assert run("check", "empty.md", cwd=tmp_path).returncode == 3


def test_a_damaged_word_file_in_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "paper.docx").write_bytes(b"")
    assert run("check", ".", cwd=tmp_path).returncode == 3


def latex(folder: Path) -> None:
    body = CONTRADICTS.read_text("utf-8").split("## Introduction")[0]
    (folder / "parts").mkdir(parents=True)
    (folder / "main.tex").write_text(
        "\\documentclass{article}\n\\title{Learning to be recorded: focus groups}\n"
        "\\begin{document}\n\\input{parts/methods}\n\\input{parts/limits}\n\\end{document}\n"
    )
    (folder / "parts" / "methods.tex").write_text(
        "\\section{Methods}\nWe interviewed 12 nurses. The interviews were transcribed. A summary "
        "of the findings was returned to all participants, who confirmed it.\n"
    )
    (folder / "parts" / "limits.tex").write_text(
        "\\section{Limitations}\nThe findings were not returned to the participants.\n"
    )
    (folder / "parts" / "old.tex").write_text("\\section{Methods}\nWe interviewed 9 nurses.\n")
    assert body


def test_parts_of_a_latex_manuscript_are_checked_once_with_their_main_file(tmp_path: Path) -> None:
    latex(tmp_path)
    changed = ("--changed", "parts/methods.tex", "parts/limits.tex", "parts/old.tex")
    for cwd, words in ((tmp_path, (".",)), (tmp_path, changed)):
        done = run("check", "--format", "json", *words, cwd=cwd)
        (document,) = json.loads(done.stdout)["documents"]
        assert document["path"] == "main.tex"
        assert [f["check"] for f in document["findings"]] == ["participant-checking"]
        assert done.returncode == 1


def test_parts_of_a_quarto_manuscript_are_checked_once_with_their_main_file(tmp_path: Path) -> None:
    text = CONTRADICTS.read_text("utf-8")
    front, rest = text.split("## Methods")
    (tmp_path / "sections").mkdir()
    (tmp_path / "paper.qmd").write_text(front + "{{< include sections/_rest.qmd >}}\n", "utf-8")
    (tmp_path / "sections" / "_rest.qmd").write_text(
        "{{< include _inner.qmd >}}\n\n## Methods" + rest, "utf-8"
    )
    (tmp_path / "sections" / "_inner.qmd").write_text("Some words between.\n", "utf-8")
    for words in ((".",), ("--changed", "sections/_rest.qmd", "sections/_inner.qmd")):
        done = run("check", "--format", "json", *words, cwd=tmp_path)
        (document,) = json.loads(done.stdout)["documents"]
        assert document["path"] == "paper.qmd"
        assert document["findings"]


def test_with_and_as_one_read_several_files_as_one_submission(tmp_path: Path) -> None:
    text = CONTRADICTS.read_text("utf-8")
    limits = "The findings were not returned to the participants for comment, as the stations"
    cut = text.replace(limits, "The guide is long, as the stations")
    (tmp_path / "paper.md").write_text(cut, "utf-8")
    (tmp_path / "a_supplement.md").write_text(
        f"# Limitations\n\n{limits} closed.\n\n" * 30, "utf-8"
    )

    def checks(*words: str) -> tuple[int, set[str]]:
        (one,) = json.loads(run("check", "--format", "json", *words, cwd=tmp_path).stdout)[
            "documents"
        ]
        assert one["path"] == "paper.md"
        return len(one["items"]), {f["check"] for f in one["findings"]}

    assert "participant-checking" not in checks("paper.md")[1]
    assert "participant-checking" in checks("paper.md", "--with", "a_supplement.md")[1]
    assert "participant-checking" in checks(".", "--as-one")[1]
    both = run("check", "paper.md", "a_supplement.md", "--with", "a_supplement.md", cwd=tmp_path)
    assert both.returncode == 2
    assert run("check", "--as-one", "paper.md", cwd=tmp_path).returncode == 2


def test_quiet_says_only_what_fails() -> None:
    assert run("check", "--quiet", GOOD).stdout == ""
    out = run("check", "--quiet", CONTRADICTS).stdout
    assert "participant-checking" in out
    assert "Not located" not in out
    assert "items:" not in out
    few = run("check", "--quiet", "--min-items", "32", POOR)
    assert few.returncode == 1
    assert "at least 32 are asked for" in few.stdout


@pytest.mark.parametrize(
    "form", ["text", "json", "markdown", "csv", "letter", "html", "github", "sarif"]
)
def test_no_quotes_shows_no_sentence_of_the_manuscript(form: str) -> None:
    out = run("check", "--format", form, "--no-quotes", "--fail-on", "never", CONTRADICTS).stdout
    assert len(out) > 100
    flat = " ".join(out.split())
    assert "was returned to the participants" not in flat
    assert "Nobody asks me twice" not in flat
    assert "closed at short notice" not in flat


def test_revisions_choose_the_text_before_tracked_changes(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    document.add_heading("Methods", 1)
    paragraph = document.add_paragraph("The interviews lasted ")
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    for tag, run_, words in (("del", "delText", "20 minutes."), ("ins", "t", "90 minutes.")):
        paragraph._p.append(
            parse_xml(
                f'<w:{tag} {w} w:id="1" w:author="A"><w:r><w:{run_}>{words}</w:{run_}></w:r></w:{tag}>'
            )
        )
    document.save(str(tmp_path / "p.docx"))

    def quote(*words: str) -> str:
        done = run("check", "p.docx", "--format", "json", *words, cwd=tmp_path)
        return json.dumps(json.loads(done.stdout)["documents"][0]["items"][20]["evidence"])

    assert "90 minutes" in quote()
    assert "20 minutes" in quote("--revisions", "original")


def test_defaults_alone_are_what_the_documentation_says() -> None:
    assert in_force([]).fail_on == DEFAULTS.fail_on == "error"
