"""LaTeX: the files of a project, macros that carry text, tables, notes, and exact places."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_places import cited, misplaced, outline, rows, texts, write

from coreqcheck.errors import ReadError
from coreqcheck.model import Document, Role
from coreqcheck.readers import ReadOptions, latex

MAIN = r"""\documentclass[12pt]{article}
\usepackage[utf8]{inputenc}
\newcommand{\town}{Harbour Town}
\newcommand{\said}[2][P1]{``#2'' (#1)}
\title{Salt and sleep\thanks{Paid by the guild.}: a study of \town}
\author{Ada Lund, PhD \and Jos\'e Mar\'{\i}a R\'ios, RN \\ School of Nursing, Coast University}
\begin{document}
\maketitle
\begin{abstract}
We asked 30--45 fishers. % a remark
\end{abstract}
\section{Methods}\label{sec:m}
\subsection*{Setting}
All \emph{interviews} took place in \town, by \textbf{AL} \citep[p.~4]{moe2001}, with $n = 12$
people\footnote{All adults.} and $\sqrt{x^2}$ nothing else; 5\,\% left \& 1 stayed.

\paragraph{Data analysis.} Codes were kept in a book (see Table~\ref{tab:who}).

\textbf{Ethics.} The board agreed.
\input{parts/results}
\iffalse We never did this. \fi
\begin{comment}
Nor this.
\end{comment}
\begin{thebibliography}{9}
\bibitem{moe2001} Moe, A. \emph{Boats}.
\bibitem{lee} Lee, B. Nets.
\end{thebibliography}
\end{document}
After the end.
"""
RESULTS = r"""\section{Results}
\begin{quote}
The sea decides. (P3, fisher)
\end{quote}
\said[P4]{Nobody sleeps} was often heard.
\begin{itemize}
  \item First theme
  \item[(b)] Second \textit{theme}
\end{itemize}
\begin{table}[t]
\caption{Who took part}\label{tab:who}
\begin{tabular}{lrr}
\toprule
Sex & n & \% \\ \midrule
Women & 7 & 58 \\
\multicolumn{2}{l}{Men and boys} & 42 \\
\bottomrule
\end{tabular}
\end{table}
"""
OLD = "\\section{Results}\nSuperseded words.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {"main.tex": MAIN, "parts/results.tex": RESULTS, "parts/results_old.tex": OLD})
    return tmp_path / "main.tex"


def read_file(path: Path) -> Document:
    return latex.read(path, path.name, path.read_bytes(), ReadOptions())


def read(source: str) -> Document:
    return latex.read(Path("x.tex"), "x.tex", source.encode(), ReadOptions())


def test_front_matter(project: Path) -> None:
    document = read_file(project)
    assert document.meta.title == "Salt and sleep: a study of Harbour Town"
    assert [(a.surname, a.degrees) for a in document.meta.authors] == [
        ("Lund", ("PhD",)),
        ("Ríos", ("RN",)),
    ]
    assert texts(document, Role.AFFILIATION) == ["School of Nursing, Coast University"]


def test_headings_and_run_in_heads(project: Path) -> None:
    assert outline(read_file(project)) == [
        ("Abstract", 1),
        ("Methods", 1),
        ("Setting", 2),
        ("Data analysis.", 4),
        ("Ethics.", 3),
        ("Results", 1),
        ("References", 1),
    ]


def test_running_text(project: Path) -> None:
    document = read_file(project)
    assert (
        "All interviews took place in Harbour Town, by AL moe2001, with n = 12 people and nothing "
        "else; 5 % left & 1 stayed." in document.text
    )
    assert "We asked 30–45 fishers." in document.text
    assert "Codes were kept in a book (see Table 1)." in document.text
    assert "“Nobody sleeps” (P4) was often heard." in document.text
    for gone in ("remark", "never did", "Nor this", "After the end", "sqrt"):
        assert gone not in document.text


def test_roles(project: Path) -> None:
    document = read_file(project)
    assert cited(document) == ["moe2001"]
    assert texts(document, Role.BLOCK_QUOTE) == ["The sea decides. (P3, fisher)"]
    assert texts(document, Role.LIST_ITEM) == ["First theme", "(b) Second theme"]
    assert "All adults." in texts(document, Role.FOOTNOTE)
    assert texts(document, Role.REFERENCE) == ["Moe, A. Boats.", "Lee, B. Nets."]


def test_tables(project: Path) -> None:
    document = read_file(project)
    assert rows(document) == [["Sex", "n", "%"], ["Women", "7", "58"], ["Men and boys", "", "42"]]
    headers = [block.header for block in document.blocks if block.role is Role.TABLE_ROW]
    assert headers == [True, False, False]
    captions = [block for block in document.blocks if block.role is Role.CAPTION]
    assert texts(document, Role.CAPTION) == ["Table 1. Who took part"]
    assert captions[0].table == 0


def test_files_are_named_and_superseded_ones_not_read(project: Path) -> None:
    document = read_file(project)
    assert document.meta.files == ("parts/results.tex",)
    assert "Superseded" not in document.text
    parts = {s.origin.part for s in document.source_map.segments}
    assert parts == {None, "parts/results.tex"}


def test_places_are_exact(project: Path) -> None:
    document = read_file(project)
    assert misplaced(document, {None: MAIN, "parts/results.tex": RESULTS}) == []
    macro = [s for s in document.source_map.segments if s.repair == "macro"]
    assert any("Harbour Town" in document.text[s.start : s.end] for s in macro)


def test_nothing_is_taken_in_from_outside(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "secret.tex": "Secret words.",
            "paper/main.tex": "\\documentclass{article}\\begin{document}Ours.\n\\input{../secret}\n"
            "\\input{main}\n\\input{gone}\n\\end{document}",
        },
    )
    document = read_file(tmp_path / "paper" / "main.tex")
    assert document.text == "Ours."
    messages = " ".join(one.message for one in document.diagnostics)
    assert "outside" in messages
    assert "not found" in messages


def test_macros_without_end_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read("\\newcommand{\\a}{\\a\\a}\n\\a text\n")
    assert caught.value.code == "macro-loop"


def test_accents_and_quotes() -> None:
    document = read("\\enquote{Caf\\'e} na\\\"{\\i}ve \\c{c}a \\ss\\ ,,so`` -- \\'{E}tude\n")
    assert document.text == "“Café” naïve ça ß „so“ – Étude"


def test_a_user_environment_around_quote_is_one() -> None:
    document = read(
        "\\newenvironment{voice}{\\begin{quote}\\itshape}{\\end{quote}}\n\n"
        "\\begin{voice}I sleep by day.\\end{voice}\n"
    )
    assert texts(document, Role.BLOCK_QUOTE) == ["I sleep by day."]


def test_unbalanced_source_is_read_as_far_as_possible() -> None:
    document = read("\\section{Methods\n\nWe met } twice. \\begin{quote} Open \\textbf{end\n")
    assert "twice" in document.text
    assert "Open end" in document.text


def test_main_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "paper.tex": "\\documentclass{article}\\begin{document}\\input{sec/intro}\n"
            "\\end{document}",
            "sec/intro.tex": "\\input{sec/deep}",
            "sec/deep.tex": "Deep.",
            "old.tex": "Old text.",
            "magic/part.tex": "% !TEX root = ../paper.tex\nPart.",
        },
    )
    main = tmp_path / "paper.tex"
    assert latex.main_file(tmp_path) == main
    assert latex.main_file(main) == main
    deep = latex.main_file(tmp_path / "sec" / "deep.tex")
    assert deep is not None
    assert deep.resolve() == main.resolve()
    assert latex.main_file(tmp_path / "old.tex") == tmp_path / "old.tex"
    magic = latex.main_file(tmp_path / "magic" / "part.tex")
    assert magic is not None
    assert magic.resolve() == main.resolve()
    assert latex.main_file(tmp_path / "sec") is None


def test_a_file_name_that_no_file_can_have() -> None:
    document = read("Text.\n\\input{a\x00b}\n\\input{" + "x" * 5000 + "}\n")
    assert document.text == "Text."
