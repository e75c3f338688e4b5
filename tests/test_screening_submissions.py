"""Finding submissions: what belongs together, what is passed over, what names outputs get."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coreqcheck.errors import UsageError
from coreqcheck.screening.submissions import arranged, content_digest, find, identifier, printable


def tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}", "utf-8")
    return root


def groups(root: Path, out: Path | None = None) -> list[tuple[str, ...]]:
    return [s.files for s in find([root], out or root / "out").submissions]


def test_each_file_of_a_flat_folder_is_a_submission(tmp_path: Path) -> None:
    assert groups(tree(tmp_path / "in", "b.docx", "a.pdf", "notes.xlsx")) == [
        ("a.pdf",),
        ("b.docx",),
    ]


def test_a_folder_with_one_manuscript_and_what_came_with_it_is_one_submission(
    tmp_path: Path,
) -> None:
    root = tree(
        tmp_path / "in",
        "7/Manuscript.docx", "7/COREQ checklist.docx", "7/Supplementary file 1.pdf",
        "7/cover letter.docx", "8/main.pdf",
    )  # fmt: skip
    seven, eight = find([root], tmp_path / "out").submissions
    assert seven.files == (
        "7/Manuscript.docx", "7/COREQ checklist.docx", "7/Supplementary file 1.pdf",
    )  # fmt: skip
    assert seven.left_out == ("7/cover letter.docx",)
    assert eight.files == ("8/main.pdf",)
    assert {seven.folder} == {"in"}


def test_a_folder_of_supplements_belongs_to_the_manuscript_above_it(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "7/paper.docx", "7/supplement/guide.docx", "7/figures/note.md")
    assert groups(root) == [("7/figures/note.md",), ("7/paper.docx", "7/supplement/guide.docx")]


def test_among_several_manuscripts_a_supplement_goes_by_its_name(tmp_path: Path) -> None:
    root = tree(
        tmp_path / "in", "smith.docx", "jones.docx", "smith_supplement.docx", "appendix.pdf"
    )
    assert groups(root) == [
        ("appendix.pdf",),
        ("jones.docx",),
        ("smith.docx", "smith_supplement.docx"),
    ]


def test_folders_of_the_first_level_group_submissions(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "2023/a.docx", "2023/b.docx", "2024/c/m.docx", "d.docx", "e.docx")
    folders = {s.files[0]: s.folder for s in find([root], tmp_path / "out").submissions}
    assert folders == {
        "2023/a.docx": "in/2023", "2023/b.docx": "in/2023", "2024/c/m.docx": "in/2024",
        "d.docx": "in", "e.docx": "in",
    }  # fmt: skip


def test_included_latex_is_part_of_its_main_file_and_of_its_content(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "sections/methods.tex", "note.md")
    main = root / "main.tex"
    main.write_text(r"\documentclass{article}\input{results}\include{sections/methods}", "utf-8")
    (root / "results.tex").write_text("Results.", "utf-8")
    found = find([root], tmp_path / "out").submissions
    assert ("results.tex",) not in [s.files for s in found]
    (paper,) = [s for s in found if s.files[0] == "main.tex"]
    before = content_digest(paper)
    (root / "sections" / "methods.tex").write_text("Other methods.", "utf-8")
    assert content_digest(paper) != before


def test_links_out_of_the_folder_are_passed_over_and_said(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "a.md", "b.md")
    outside = tree(tmp_path / "elsewhere", "secret.md")
    (root / "link.md").symlink_to(outside / "secret.md")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    (root / "inner.md").symlink_to(root / "a.md")
    os.mkfifo(root / "pipe.md")
    found = find([root], tmp_path / "out")
    assert [s.files for s in found.submissions] == [("a.md",), ("b.md",), ("inner.md",)]
    assert sorted(found.skipped) == [
        "link.md: is a link that leads out of the folder",
        "pipe.md: is not an ordinary file",
    ]


def test_outputs_of_a_screening_are_never_searched(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "a.md", "out/reports/a.html", "old/screening.sqlite", "old/x.html")
    assert groups(root, root / "out") == [("a.md",)]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a/../../b.md", "x" * 400 + ".md", "\u202eevil.md", "<b>.md", "'.md"],
)
def test_identifiers_are_safe_names_whatever_the_path(name: str) -> None:
    made = identifier(name)
    assert len(made) < 60
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in made)
    assert made != identifier(name + "x")


def test_two_paths_never_share_an_identifier() -> None:
    assert identifier("in/a-b.md") != identifier("in/a_b.md")


def test_names_that_are_no_utf8_or_hold_control_characters_become_printable() -> None:
    assert printable(os.fsdecode(b"caf\xe9\n.md")) == r"caf\xe9\n.md"


def test_two_folders_of_one_name_are_refused(tmp_path: Path) -> None:
    one, two = tree(tmp_path / "1" / "in", "a.md"), tree(tmp_path / "2" / "in", "b.md")
    with pytest.raises(UsageError, match="of this name"):
        find([one, two], tmp_path / "out")


def test_outputs_among_the_submissions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in" / "a").mkdir(parents=True)
    for out in (tmp_path / "in", tmp_path, tmp_path / "in" / "a" / ".."):
        with pytest.raises(UsageError, match="a folder of its own"):
            find([tmp_path / "in"], out)
    find([tmp_path / "in"], tmp_path / "in" / "a")


def test_a_missing_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        find([tmp_path / "nowhere"], tmp_path / "out")


def test_names_from_a_url_are_arranged_alike() -> None:
    found = arranged("memory://office/june", ["7/m.docx", "7/supplement.docx", "8/n.pdf", "x.png"])
    assert [s.files for s in found] == [("7/m.docx", "7/supplement.docx"), ("8/n.pdf",)]
    assert found[0].path == "june/7/m.docx"


def test_names_that_look_alike_when_printed_stay_two_submissions(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "a\n.md", "a\\n.md")
    found = find([root], tmp_path / "out").submissions
    assert len({s.path for s in found}) == len({s.ident for s in found}) == 2


def test_folders_inside_each_other_give_each_submission_once(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "b/c.md", "d.md")
    assert len(find([root, root / "b", root], tmp_path / "out").submissions) == 2


def test_single_files_can_be_named_but_not_two_alike(tmp_path: Path) -> None:
    one, two = tree(tmp_path / "1" / "in", "a.md"), tree(tmp_path / "2" / "in", "a.md")
    (found,) = find([one / "a.md"], tmp_path / "out").submissions
    assert found.path == "in/a.md"
    with pytest.raises(UsageError, match="of this name"):
        find([one / "a.md", two / "a.md"], tmp_path / "out")
