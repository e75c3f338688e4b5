"""SRQR as a second guideline: shared parts, and every command and report that shows its items."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coreqcheck import pipeline
from coreqcheck.checklist import fill
from coreqcheck.cli import cli
from coreqcheck.config import Named, Settings, in_force
from coreqcheck.errors import ConfigError, RuleError
from coreqcheck.evaluation import examples
from coreqcheck.language.load import load_rules
from coreqcheck.language.rule_files import files_read, rules_digest, rules_folder
from coreqcheck.language.schema import RuleSet
from coreqcheck.layers import given, rules_for
from coreqcheck.model import Answer, Level, Report, SectionKind, Verdict
from coreqcheck.report import html, letter, markdown, remarks, sarif, terminal, xlsx
from coreqcheck.report.formats import RenderOptions

PAPER = """# Bread at four in the morning: an interview study

Ilze Ozola, Karlis Berzins

## Abstract

We aimed to explore how bakers sleep. Nine bakers were interviewed. They described sleep as stolen
time. We conclude that rosters should change more slowly.

## Introduction

Sleep loss is a growing burden among shift workers [1]. Little is known about how bakers explain it.
The aim of this study was to explore how bakers sleep.

## Methods

We used a descriptive qualitative design because little was known. Bakers were sampled purposively in
order to include men and women. Semi-structured interviews were conducted in the bakers' homes between
March and May 2009 and lasted about 50 minutes. A topic guide was used and all interviews were
audio-recorded and transcribed verbatim; names were replaced by numbers. The first author and the
second author coded the transcripts independently and grouped codes into themes.

## Results

Nine bakers took part, three women and six men, aged 22 to 61 years.

### Stolen sleep

Bakers slept in pieces.

> I sleep when the dough sleeps, that is all the sleep I have. (Baker 3)

### Silent kitchens

Families kept quiet.

> My children learned to whisper before they learned to read. (Baker 5)

## Discussion

Our findings are consistent with earlier studies of shift workers [1]. Rosters should change slowly.

## Competing interests

None declared.

## References

1. Kalnins J. Sleep. 2001.
"""


@pytest.fixture(scope="module")
def both() -> RuleSet:
    return load_rules(guidelines=("coreq", "srqr"))


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "paper.md"
    path.write_text(PAPER, "utf-8")
    return path


@pytest.fixture
def report(paper: Path, both: RuleSet) -> Report:
    return pipeline.check("paper.md", both)


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, args, catch_exceptions=False)


# -- the rules ------------------------------------------------------------------------------------


def test_srqr_has_its_21_items_each_with_guidance_and_examples(both: RuleSet) -> None:
    own = [rule for rule in both.rules if rule.guideline == "srqr"]
    assert [rule.label for rule in own] == [f"S{n}" for n in range(1, 22)]
    for rule in own:
        held = [e for e in rule.examples if e.level is not Level.ABSENT]
        look_alikes = [e for e in rule.examples if e.level is Level.ABSENT]
        assert len(held) >= 3, rule.file
        assert len(look_alikes) >= 3, rule.file
        assert rule.guidance.example, rule.file
        assert rule.guidance.where, rule.file


def _srqr_examples() -> Iterator[tuple[str, int]]:
    for rule in load_rules(guidelines=("srqr",)).rules:
        yield from ((rule.file, number) for number in range(len(rule.examples)))


@pytest.mark.parametrize(("file", "number"), list(_srqr_examples()))
def test_each_example_of_srqr_holds(file: str, number: int, both: RuleSet) -> None:
    rule = next(r for r in both.rules if r.guideline == "srqr" and r.file == file)
    example = rule.examples[number]
    assert examples.verdict(rule, example, both).level is example.level, example.text


def test_coreq_alone_reads_no_file_of_another_guideline() -> None:
    read = list(files_read([rules_folder()], ("coreq",)))
    assert not [path for path in read if path.parent.name == "srqr"]
    rules = load_rules()
    assert {rule.guideline for rule in rules.rules} == {"coreq"}
    assert rules.lenders == ()


@pytest.mark.parametrize("asked", [("coreq",), ("srqr",), ("coreq", "srqr"), ("srqr", "coreq")])
def test_the_digest_is_told_without_reading_the_rules(asked: tuple[str, ...]) -> None:
    assert rules_digest(guidelines=asked) == load_rules(guidelines=asked).digest


def test_a_shared_part_finds_what_the_other_rule_finds(report: Report) -> None:
    coreq = next(a for a in report.assessments if (a.guideline, a.item) == ("coreq", 19))
    srqr = next(a for a in report.assessments if a.label == "S11")
    recorded = {e.span for e in coreq.evidence if e.part == "recorded"}
    lent = [e for e in srqr.evidence if e.part == "device"]
    assert recorded == {e.span for e in lent}
    assert all(e.phrase.startswith("coreq:19.recorded: ") for e in lent)
    assert all((e.guideline, e.item) == ("srqr", 11) for e in lent)


def test_items_and_contradictions_are_the_same_however_they_are_asked_for(
    paper: Path, report: Report
) -> None:
    paper.write_text(
        PAPER.replace("## Results", "None of the interviews was recorded.\n\n## Results"),
        "utf-8",
    )
    asked = [("coreq",), ("srqr",), ("coreq", "srqr"), ("srqr", "coreq")]
    reports = [pipeline.check("paper.md", load_rules(guidelines=a)) for a in asked]
    assert reports[0].findings
    for one in reports[1:]:
        assert one.findings == reports[0].findings
    for key in ("coreq", "srqr"):
        own = {tuple(a for a in r.assessments if a.guideline == key) for r in reports} - {()}
        assert len(own) == 1, key


def _pack(folder: Path, part: str, guidelines: str = "") -> Path:
    (folder / "house").mkdir(parents=True)
    (folder / "house" / "01-tape.toml").write_text(
        f"""schema = 1
item = 1
name = "Tape"
domain = "methods"
asks = "Was there a tape?"
[level]
reported = "tape"
[part.tape]
label = "a tape"
{part}
[guidance]
why = "We like tapes."
example = "There was a tape."
[[example]]
text = "All interviews were audio-recorded."
is = "reported"
[[example]]
text = "We had bread."
is = "absent"
""",
        "utf-8",
    )
    if guidelines:
        (folder / "guidelines.toml").write_text(guidelines, "utf-8")
    return folder


def test_a_guideline_of_ones_own_uses_parts_of_coreq(tmp_path: Path) -> None:
    said = '[house]\nname = "House rules"\nprefix = "H"\n'
    folder = _pack(tmp_path / "rules", 'uses = ["coreq:19.recorded"]', said)
    rules = load_rules(None, [folder], ("house",))
    (rule,) = rules.rules
    assert rule.label == "H1"
    assert [g.name for g in rules.asked()] == ["House rules"]
    for example in rule.examples:
        assert examples.verdict(rule, example, rules).level is example.level


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('uses = ["coreq:19"]', "write coreq:19.recorded"),
        ('uses = ["coreq:99.recorded"]', "its items are 1 to 32"),
        ('uses = ["coreq:19.recrded"]', "it has recorded"),
        ('uses = ["srqr:11.device"]', "use parts of coreq"),
        ("", "no phrases, no detector and no uses"),
    ],
)
def test_a_part_that_cannot_be_used_is_refused_with_file_line_and_remedy(
    part: str, said: str, tmp_path: Path
) -> None:
    folder = _pack(tmp_path / "rules", part)
    with pytest.raises(RuleError) as error:
        load_rules(None, [folder], ("house",))
    assert said in str(error.value)
    assert "01-tape.toml:" in str(error.value)


def test_a_part_that_uses_others_cannot_be_used(tmp_path: Path) -> None:
    folder = _pack(tmp_path / "rules", 'uses = ["srqr:11.device"]')
    with pytest.raises(RuleError, match="itself uses others"):
        load_rules(None, [folder], ("srqr", "house"))


def test_only_holds_for_what_is_lent_too(tmp_path: Path) -> None:
    part = 'uses = ["coreq:19.recorded"]\nonly = ["results"]'
    rules = load_rules(None, [_pack(tmp_path / "rules", part)], ("house",))
    (rule,) = rules.rules
    assert examples.verdict(rule, rule.examples[0], rules).level is Level.ABSENT


def test_a_prefix_is_one_capital_letter(tmp_path: Path) -> None:
    said = '[house]\nname = "House rules"\nprefix = "HR"\n'
    folder = _pack(tmp_path / "rules", 'uses = ["coreq:19.recorded"]', said)
    with pytest.raises(RuleError, match="no capital letter"):
        load_rules(None, [folder], ("house",))


def test_other_peoples_studies_count_only_where_a_part_asks_for_them(both: RuleSet) -> None:
    text = "Few studies have examined how bakers sleep; Ozols et al. interviewed nine of them."
    gap = both.rule(3, "srqr")
    example = examples.Example(text, Level.PARTIAL, 1, section=SectionKind.INTRODUCTION)
    assert "gap" in {e.part for e in examples.verdict(gap, example, both).evidence}


def test_srqr_speaks_to_a_qualitative_study_without_interviews(tmp_path: Path) -> None:
    body = (
        "We did a qualitative content analysis of the minutes of forty council meetings. The minutes "
        "were coded by two researchers. The coding was thematic. Themes were built from codes. "
        "Two coders coded each text, and a codebook was kept. The codebook and the themes were "
        "discussed. The content analysis was inductive. "
    )
    text = f"# Bread in council\n\n## Methods\n\n{body * 3}\n\n## Results\n\nThemes were found. {body}\n\n## References\n\n1. A. B. 2001.\n"
    path = tmp_path / "minutes.md"
    path.write_text(text, "utf-8")
    verdicts = {
        key: pipeline.check(path, load_rules(guidelines=(key,))).applicability
        for key in ("coreq", "srqr")
    }
    assert verdicts["coreq"] is not None
    assert verdicts["srqr"] is not None
    assert verdicts["coreq"].verdict is Verdict.OTHER
    assert verdicts["srqr"].verdict is Verdict.UNCERTAIN


# -- settings and answers -------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["S6", "s6", "srqr:S6", "srqr-S6", "srqr:6", "srqr-6"])
def test_an_item_of_srqr_goes_by_several_names(said: str, both: RuleSet, paper: Path) -> None:
    settings = in_force([Settings(ignore_items=(Named(said, "here"),))])
    report = pipeline.check("paper.md", both, settings=settings)
    aside = [a.label for a in report.assessments if a.set_aside]
    assert aside == ["S6"]


@pytest.mark.parametrize(
    ("said", "remedy"),
    [("X6", "no guideline has items X1"), ("coreq:S6", "are of srqr"), ("S22", "1 to 21")],
)
def test_an_item_that_there_is_not_is_refused(said: str, remedy: str, both: RuleSet) -> None:
    settings = in_force([Settings(ignore_items=(Named(said, "here"),))])
    with pytest.raises(ConfigError, match=remedy):
        pipeline.choices_of(settings, both)


@pytest.mark.parametrize("item", ['"S6"', '"srqr:S6"', '"srqr-6"'])
def test_an_answer_in_the_configuration_is_about_srqr(item: str, paper: Path) -> None:
    Path("coreqcheck.toml").write_text(
        'guideline = ["coreq", "srqr"]\n'
        f'[[answers]]\nitem = {item}\nlevel = "reported"\nreason = "in the letter"\n',
        "utf-8",
    )
    data = json.loads(run("check", "--format", "json", "paper.md").stdout)
    answered = [i["label"] for i in data["documents"][0]["items"] if i["answer"]]
    assert answered == ["S6"]


@pytest.mark.parametrize("name", ["S6", "srqr:S6", "srqr-6"])
def test_an_answer_in_the_source_is_about_srqr(name: str, paper: Path, both: RuleSet) -> None:
    paper.write_text(f"{PAPER}\n<!-- coreqcheck: {name} reported: in the letter -->\n", "utf-8")
    report = pipeline.check("paper.md", both)
    assert [a.label for a in report.assessments if a.answer] == ["S6"]


def test_an_answer_with_a_letter_that_no_guideline_has_is_told(paper: Path, both: RuleSet) -> None:
    paper.write_text(f"{PAPER}\n<!-- coreqcheck: X6 reported: in the letter -->\n", "utf-8")
    codes = [d.code for d in pipeline.check("paper.md", both).diagnostics]
    assert "answer.unknown-item" in codes


def test_a_number_alone_means_the_first_guideline(paper: Path) -> None:
    answer = Answer("in the letter", "here", item=6, level=Level.REPORTED)
    settings = in_force([given("srqr"), Settings(answers=(answer,))])
    report = pipeline.check("paper.md", rules_for(settings), settings=settings)
    assert [a.label for a in report.assessments if a.answer] == ["S6"]


# -- reports --------------------------------------------------------------------------------------


def test_every_report_names_the_items_of_both(report: Report) -> None:
    options = RenderOptions(verbose=True)
    text = terminal.render([report], options)
    assert "COREQ, 32 items" in text
    assert "SRQR, 21 items" in text
    assert "S6 Researcher characteristics" in text
    assert "| S6 |" in markdown.render([report], options)
    written = str(letter.render([report], options))
    assert "COREQ, the reporting checklist for interviews and focus groups and SRQR" in written
    assert "**S6 Researcher characteristics" in written
    page = html.render([report], options)
    assert 'id="d0-iS6"' in page
    assert 'id="d0-i6"' in page
    assert xlsx.render([report], options)
    assert any(r.text.startswith("SRQR S6 ") for r in remarks.remarks(report))
    assert any(r.text.startswith("COREQ ") for r in remarks.remarks(report))


def test_sarif_tells_the_guidelines_apart(report: Report) -> None:
    rules = json.loads(sarif.render([report], RenderOptions()))["runs"][0]["tool"]["driver"][
        "rules"
    ]
    own = next(r for r in rules if r["id"] == "srqr-06")
    assert own["help"]["text"] == "Run: coreqcheck explain srqr-06"
    assert any(r["id"].startswith("coreq-") for r in rules)


def test_json_has_the_whole_list_of_each_guideline(paper: Path) -> None:
    result = run("check", "--guideline", "coreq,srqr", "--format", "json", "paper.md")
    items = json.loads(result.stdout)["documents"][0]["items"]
    assert [(i["guideline"], i["item"]) for i in items] == [
        *(("coreq", n) for n in range(1, 33)),
        *(("srqr", n) for n in range(1, 22)),
    ]
    alone = run("check", "--guideline", "srqr", "--format", "json", "paper.md")
    own = json.loads(alone.stdout)["documents"][0]["items"]
    assert own == [i for i in items if i["guideline"] == "srqr"]


def test_the_default_is_coreq(paper: Path) -> None:
    items = json.loads(run("check", "--format", "json", "paper.md").stdout)["documents"][0]["items"]
    assert {i["guideline"] for i in items} == {"coreq"}


def test_csv_has_a_row_for_each_item(paper: Path) -> None:
    result = run("check", "--guideline", "coreq,srqr", "--format", "csv", "paper.md")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {"13", "S13"} <= {row["item"] for row in rows}


# -- commands -------------------------------------------------------------------------------------


def test_a_checklist_of_srqr_is_filled_in(paper: Path, report: Report) -> None:
    assert run("checklist", "--guideline", "srqr", "paper.md", "-o", "list.csv").exit_code == 0
    rows = list(csv.DictReader(Path("list.csv").read_text("utf-8").splitlines()))
    assert [row["No."] for row in rows] == [f"S{n}" for n in range(1, 22)]
    import docx

    form = docx.Document(io.BytesIO(fill.as_docx(report)))
    assert form.paragraphs[0].text == "COREQ and SRQR checklist"
    assert "SRQR: methods" in [row.cells[0].text for row in form.tables[0].rows]


def test_a_journals_form_of_srqr_is_filled_in(paper: Path) -> None:
    import docx

    form = docx.Document()
    table = form.add_table(rows=0, cols=3)
    for name in ("S4 Purpose or research question", "S21 Funding"):
        table.add_row().cells[0].text = name
        table.rows[-1].cells[1].text = "a question"
    form.save("form.docx")
    done = run(
        "checklist", "--guideline", "srqr", "--template", "form.docx", "paper.md", "-o", "out.docx"
    )
    assert done.exit_code == 0
    rows = docx.Document("out.docx").tables[0].rows
    assert rows[0].cells[2].text.startswith("Introduction")
    assert rows[1].cells[2].text == ""


def test_annotate_diff_and_baseline_take_a_guideline(paper: Path) -> None:
    import docx

    word = docx.Document()
    word.add_heading("Bread at four", 0)
    word.add_heading("Methods", 1)
    word.add_paragraph("We interviewed nine bakers.")
    word.save("paper.docx")
    assert run("annotate", "--guideline", "srqr", "paper.docx", "-o", "copy.docx").exit_code == 0
    said = [comment.text for comment in docx.Document("copy.docx").comments]
    assert any(text.startswith("SRQR S6 ") for text in said)
    assert not any(text.startswith("COREQ ") for text in said)

    funded = PAPER.replace(
        "## References", "## Funding\n\nNobody funded it: no funding.\n\n## References"
    )
    Path("new.md").write_text(funded, "utf-8")
    said_of_it = run("diff", "--guideline", "srqr", "paper.md", "new.md").stdout
    assert "S21 Funding: not located" in said_of_it

    assert run("baseline", "--guideline", "coreq,srqr", "paper.md").exit_code == 0
    known = json.loads(Path("coreqcheck-baseline.json").read_text("utf-8"))
    assert "srqr-6" in json.dumps(known)
    again = run(
        *("check", "--guideline", "coreq,srqr", "--baseline", "coreqcheck-baseline.json"),
        *("--fail-on", "note", "paper.md"),
    )
    assert again.exit_code == 0


def test_explain_and_rules_know_the_items_by_name() -> None:
    assert run("explain", "S6").stdout.startswith("# S6 Researcher characteristics")
    assert run("explain", "srqr:6").stdout.startswith("# S6 ")
    assert run("explain", "6").stdout.startswith("# 6 Relationship established")
    assert 'name = "Funding"' in run("rules", "show", "S21").stdout
    listed = run("rules", "list", "--guideline", "srqr").stdout
    assert " S1 Title" in listed
    assert "Interviewer/facilitator" not in listed
    with pytest.raises(ConfigError, match="srqr"):
        run("rules", "list", "--guideline", "srqx")


def test_rules_try_shows_where_a_shared_part_comes_from(paper: Path) -> None:
    said = run("rules", "try", "S11", "paper.md").stdout
    assert said.startswith("S11 ")
    assert "by coreq:19.recorded: " in said


def test_rules_test_runs_the_examples_of_one_item() -> None:
    failures, count = examples.run(["S21"])
    assert not failures
    assert count >= 6


def test_screen_takes_a_guideline(paper: Path) -> None:
    folder = Path("in")
    folder.mkdir()
    paper.rename(folder / "paper.md")
    # A process of its own: the command takes over the signals of the one that it runs in.
    typed = ("screen", "in", "-o", "out", "--guideline", "coreq,srqr", "--workers", "1")
    done = subprocess.run(
        [sys.executable, "-m", "coreqcheck", *typed], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(Path("out/items.csv").read_text("utf-8").splitlines()))
    assert [row["item"] for row in rows][:2] == ["1", "2"]
    assert [row["item"] for row in rows][-1] == "S21"
    shares = list(csv.DictReader(Path("out/aggregates.csv").read_text("utf-8").splitlines()))
    assert next(s for s in shares if s["item"] == "S6")["% published"] == ""
    assert 'title="S6 Researcher' in Path("out/dashboard.html").read_text("utf-8")


def test_the_local_page_takes_a_guideline(paper: Path, tmp_path: Path) -> None:
    from coreqcheck.web import work

    folder = tmp_path / "session"
    (folder / "in").mkdir(parents=True)
    (folder / "out").mkdir()
    (folder / "in" / "paper.md").write_text(PAPER, "utf-8")
    job = work.Job("check", str(folder), ("paper.md",), guideline="coreq,srqr")
    shown = work.run(job, lambda stage: None)
    items = shown["items"]
    assert isinstance(items, list)
    assert [i["item"] for i in items][31:34] == [32, "S1", "S2"]
    said = work.job({"task": "answer", "folder": str(folder), "answers": {"S6": ("reported", "x")}})
    answered = work.run(said, lambda stage: None)["items"]
    assert isinstance(answered, list)
    assert [i["item"] for i in answered if i["label"] == "reported" and i["item"] == "S6"] == ["S6"]
