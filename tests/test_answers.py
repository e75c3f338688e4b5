"""An author's word: in a configuration, a comment of the source, a Word comment."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from manuscript_formats import to_docx
from test_cli import CONTRADICTS, run

from coreqcheck import pipeline
from coreqcheck.config import DEFAULTS
from coreqcheck.engine.answers import apply_answers
from coreqcheck.model import Answer, Level, Report

MISTAKES = sorted((Path(__file__).parent / "mistakes" / "answers").glob("*.md"))
TEXT = CONTRADICTS.read_text("utf-8")
CHECK = "participant-checking"


def checked(path: Path, *words: object) -> tuple[int, dict[str, Any]]:
    done = run("check", path.name, "--format", "json", *words, cwd=path.parent)
    assert done.returncode in {0, 1}, done.stderr
    return done.returncode, json.loads(done.stdout)["documents"][0]


def report(text: str, tmp_path: Path) -> Report:
    path = tmp_path / "p.md"
    path.write_text(text, "utf-8")
    return pipeline.check(path)


@pytest.mark.parametrize("file", MISTAKES, ids=lambda p: p.stem)
def test_a_mistake_is_a_warning_that_names_file_line_and_remedy(file: Path, tmp_path: Path) -> None:
    lines = file.read_text("utf-8")
    hit = re.match(r"<!-- expect (\S+) (\d+): (.*?) ?-->", lines)
    assert hit, f"{file.name} does not say what is expected"
    found = [d for d in report(lines + TEXT, tmp_path).diagnostics if d.code.startswith("answer.")]
    (one,) = found
    assert (one.code, one.level) == (hit[1], "warning")
    assert f"p.md:{hit[2]}: " in one.message
    assert hit[3].strip() in one.message


def test_a_mistake_never_changes_the_item(tmp_path: Path) -> None:
    found = report("<!-- coreqcheck: 18 not-applicable -->\n\n" + TEXT, tmp_path)
    assert found.assessments[17].level is Level.ABSENT


def place(text: str, how: str, folder: Path) -> Path:
    """The manuscript with one answer to item 18 and one to a finding, written in one way."""
    item, finding = "18 not-applicable: one group each", f"{CHECK} accepted: two sets of findings"
    path = folder / "p.md"
    if how == "configuration":
        (folder / "coreqcheck.toml").write_text(
            '[[answers]]\nitem = 18\nlevel = "not-applicable"\nreason = "one group each"\n'
            f'[[answers]]\ncheck = "{CHECK}"\nreason = "two sets of findings"\n',
            "utf-8",
        )
        path.write_text(text, "utf-8")
    elif how == "markdown":
        path.write_text(f"{text}\n<!--\ncoreqcheck: {item}\ncoreqcheck: {finding}\n-->\n", "utf-8")
    elif how == "latex":
        path = folder / "p.tex"
        body = re.sub(r"(?m)^## (.*)$", r"\\section{\1}", text).replace("> ", "").replace("**", "")
        body = re.sub(r"(?m)^### (.*)$", r"\\subsection{\1}", body)
        title, rest = body.split("\n", 1)
        path.write_text(
            f"\\documentclass{{article}}\n\\title{{{title[2:]}}}\n\\begin{{document}}\n\\maketitle\n"
            f"{rest}\n%  coreqcheck: {item}\nText. % coreqcheck: {finding}\n\\end{{document}}\n",
            "utf-8",
        )
    else:
        import docx

        path = folder / "p.docx"
        to_docx(text, path)
        document = docx.Document(str(path))
        runs = next(p.runs for p in document.paragraphs if len(p.text) > 80)
        document.add_comment(runs, text=f"coreqcheck: {item}", author="R. Q.", initials="RQ")
        document.add_comment(runs, text=f"Coreqcheck: {finding}", author="R. Q.", initials="RQ")
        document.save(str(path))
    return path


@pytest.mark.parametrize("how", ["configuration", "markdown", "latex", "word"])
def test_the_author_s_word_counts_and_is_shown_as_such(how: str, tmp_path: Path) -> None:
    path = place(TEXT, how, tmp_path)
    _, document = checked(path)
    item = document["items"][17]
    assert item["level"] == "not-applicable"
    assert item["severity"] is None
    assert item["evidence"] == [], "a word is no evidence"
    assert item["answer"]["reason"] == "one group each"
    assert item["answer"]["where"].startswith(("p.", "coreqcheck.toml:"))
    assert CHECK not in [f["check"] for f in document["findings"]]
    (aside,) = [f for f in document["set_aside"] if f["check"] == CHECK]
    assert aside["answer"] == {
        "level": "accepted",
        "reason": "two sets of findings",
        "where": aside["answer"]["where"],
    }
    assert not [d for d in document["diagnostics"] if d["code"].startswith("answer.")]
    text = " ".join(run("check", path.name, cwd=tmp_path).stdout.split())
    assert "On the author's word" in text
    assert "The author's word, not found in the text: not applicable, one group each" in text
    assert "Accepted by the author: two sets of findings" in text


def test_reported_in_the_supplement(tmp_path: Path) -> None:
    found = report(
        TEXT + "\n<!-- coreqcheck: 23 reported: in the supplement,\n     page 3 -->\n", tmp_path
    )
    item = found.assessments[22]
    assert item.level is Level.REPORTED
    assert item.advice == ""
    assert "in the supplement, page 3 (" in item.note
    assert item.evidence == ()


def test_an_accepted_finding_no_longer_fails_and_others_do(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    findings = checked(CONTRADICTS)[1]["findings"]
    accept = {f"<!-- coreqcheck: {f['check']} accepted: it is in order -->" for f in findings}
    path.write_text(TEXT + "\n\n" + "\n".join(sorted(accept)[1:]), "utf-8")
    assert checked(path)[0] == 1
    path.write_text(TEXT + "\n\n" + "\n".join(sorted(accept)), "utf-8")
    status, document = checked(path)
    assert status == 0
    assert document["findings"] == []
    assert len(document["set_aside"]) == len(findings)


def test_a_quote_narrows_an_answer_to_one_finding(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_text(TEXT, "utf-8")
    answer = '[[answers]]\ncheck = "participant-checking"\nreason = "so it is"\nquote = "{}"\n'
    for quote, left in (("A summary of the themes", False), ("no such words", True)):
        (tmp_path / "coreqcheck.toml").write_text(answer.format(quote), "utf-8")
        document = checked(path)[1]
        assert (CHECK in [f["check"] for f in document["findings"]]) is left
        unused = [d for d in document["diagnostics"] if d["code"] == "answer.unused"]
        assert bool(unused) is left


def test_an_answer_for_one_manuscript_is_not_for_another(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(TEXT, "utf-8")
    (tmp_path / "coreqcheck.toml").write_text(
        '[[answers]]\nitem = 18\nlevel = "not-applicable"\nreason = "one each"\n'
        'manuscript = "a.md"\n',
        "utf-8",
    )
    one, two = checked(tmp_path / "a.md")[1], checked(tmp_path / "b.md")[1]
    assert one["items"][17]["level"] == "not-applicable"
    assert two["items"][17]["level"] == "absent"
    assert not [d for d in two["diagnostics"] if d["code"] == "answer.unused"]


def test_an_answer_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "end.md").write_text("\n<!-- coreqcheck: 18 not-applicable: one -->\n", "utf-8")
    path = tmp_path / "p.md"
    path.write_text(TEXT + "\n{{< include end.md >}}\n", "utf-8")
    assert checked(path)[1]["items"][17]["answer"]["where"] == "end.md:2"


def test_apply_answers_is_pure_and_changes_nothing_without_answers(tmp_path: Path) -> None:
    before = report(TEXT, tmp_path)
    assert apply_answers(before, ()) is before
    answer = Answer("one each", "here", item=18, level=Level.NOT_APPLICABLE)
    once = apply_answers(before, [answer])
    assert apply_answers(before, [answer]) == once
    assert before.assessments[17].level is Level.ABSENT
    assert once.assessments[17].answer == answer


def test_an_answer_decides_what_could_not_be_decided(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_text("# Mixing concrete in winter\n\n" + "The concrete was mixed at night. " * 60)
    answer = Answer("one each", "here", item=18, level=Level.NOT_APPLICABLE)
    found = pipeline.check(path, settings=replace(DEFAULTS, answers=(answer,)))
    assert not found.assessments[16].decided
    assert found.assessments[17].decided
    assert found.assessments[17].level is Level.NOT_APPLICABLE


def test_a_number_of_items_that_is_asked_for_is_not_met_by_words(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_text(TEXT, "utf-8")
    levels = [i["level"] for i in checked(path)[1]["items"]]
    least = sum(level != "absent" for level in levels) + 1
    path.write_text(TEXT + "\n<!-- coreqcheck: 18 not-applicable: one each -->\n", "utf-8")
    assert checked(path, "--fail-on", "never", "--min-items", least)[0] == 1


def test_the_filled_checklist_and_the_annotated_copy_know_the_answers(tmp_path: Path) -> None:
    path = place(TEXT, "configuration", tmp_path)
    done = run("checklist", path.name, "-o", "c.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "not applicable, one group each" in (tmp_path / "c.csv").read_text("utf-8")
    to_docx(TEXT, tmp_path / "p.docx")
    assert run("annotate", "p.docx", "-o", "copy.docx", cwd=tmp_path).returncode == 0
    import docx

    said = [c.text for c in docx.Document(str(tmp_path / "copy.docx")).comments]
    assert said
    assert not [s for s in said if "Repeat interviews" in s]
