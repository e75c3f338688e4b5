"""By-lines: names, initials, degrees, and what is no by-line."""

from __future__ import annotations

import pytest

from coreqcheck.model import Role
from coreqcheck.readers.bylines import front_role, is_byline, is_degree, make_author, parse_byline


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Ana P. Reyes, PhD, RN; Kerr Boyle, BMid",
            [("APR", "Reyes", ("PhD", "RN")), ("KB", "Boyle", ("BMid",))],
        ),
        ("Lena Curry ¹, Adeola Ojo²*", [("LC", "Curry", ()), ("AO", "Ojo", ())]),
        (
            "Lena Curry ⁽¹⁾, ¹ Adeola Ojo, ² Bo Castle-Hart³",
            [("LC", "Curry", ()), ("AO", "Ojo", ()), ("BCH", "Castle-Hart", ())],
        ),
        ("Smith JA, Lee K.", [("JAS", "Smith", ()), ("KL", "Lee", ())]),
        ("Reyes, Ana P., PhD; Mora, Luis", [("APR", "Reyes", ("PhD",)), ("LM", "Mora", ())]),
        (
            "Ana María López García y José Luis Ortega y Gasset",
            [("AMLG", "García", ()), ("JLOYG", "y Gasset", ())],
        ),
        (
            "Mohammed Al-Harbi and Fatima bint Khalid et al.",
            [("MAH", "Al-Harbi", ()), ("FBK", "bint Khalid", ())],
        ),
        (
            "Joan van der Berg a,b & Mary Stone c",
            [("JVDB", "van der Berg", ()), ("MS", "Stone", ())],
        ),
        (
            "Jane Doe (ORCID 0000-0001-2345-678X), John Q. Hill MD PhD",
            [("JD", "Doe", ()), ("JQH", "Hill", ("MD", "PhD"))],
        ),
        (
            "**Josie Nam, BA, MPH^1^; Peter Oki, MSc^1,2^**",
            [("JN", "Nam", ("BA", "MPH")), ("PO", "Oki", ("MSc",))],
        ),
        ("Rebecca MD Smythe, RN", [("RMDS", "Smythe", ("RN",))]),
        (
            "Dr. Jane Doe, M.D., Ph. D., and Prof Al Hill",
            [("JD", "Doe", ("M.D.", "Ph.D.")), ("AH", "Hill", ())],
        ),
        (
            "Jane Doe, PhD candidate, School of Nursing, Lakeside",
            [("JD", "Doe", ("PhD candidate",))],
        ),
    ],
)
def test_authors(line: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    found = [(a.initials, a.surname, a.degrees) for a in parse_byline(line)]
    assert found == expected
    assert is_byline(line)


def test_writing_without_capitals() -> None:
    assert [author.name for author in parse_byline("王小明、李雷")] == ["王小明", "李雷"]


@pytest.mark.parametrize(
    "line",
    [
        "Study design and setting",
        "Original Research",
        "We interviewed Ana Reyes and Luis Mora in March.",
        "Data were collected, coded, and compared",
        "Rochester NY USA",
    ],
)
def test_no_byline(line: str) -> None:
    assert not is_byline(line)


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("¹ Department of Nursing, University of the Lakes, Lakeside", Role.AFFILIATION),
        ("\\* Corresponding author: a@b.example", Role.METADATA),
        ("Keywords: bees, rain", Role.METADATA),
        ("Received 3 May 2024; accepted 1 June 2024", Role.METADATA),
        ("Ana Reyes and Luis Mora", Role.BYLINE),
        ("This study was carried out at the University of the Lakes.", None),
    ],
)
def test_front_role(line: str, role: Role | None) -> None:
    assert front_role(line) is role


@pytest.mark.parametrize("text", ["PhD", "M.D.", "BSc (Hons)", "FRCGP", "MBChB", "PhD student"])
def test_degrees(text: str) -> None:
    assert is_degree(text)


@pytest.mark.parametrize("text", ["Ma", "Do", "Nurse", "Smith", "the"])
def test_no_degrees(text: str) -> None:
    assert not is_degree(text)


def test_an_author_whose_name_parts_are_known() -> None:
    author = make_author("Oladele A.", "Ogun-Sey", ["PhD, RN", "MPH"])
    assert (author.name, author.initials) == ("Oladele A. Ogun-Sey", "OAOS")
    assert author.degrees == ("PhD", "RN", "MPH")


def test_names_that_are_words_too() -> None:
    names = parse_byline("Matthew J Page1, Joanne E Moe2, Lee Case1")
    assert [(name.surname, name.initials) for name in names] == [
        ("Page", "MJP"),
        ("Moe", "JEM"),
        ("Case", "LC"),
    ]
    assert not parse_byline("Title Page")


def test_initials_before_a_particle() -> None:
    line = "S. van der Dijk^1^, M.J. Hoek^2^, E. Moe^1,2^"
    assert is_byline(line)
    assert [name.initials for name in parse_byline(line)] == ["SVDD", "MJH", "EM"]


@pytest.mark.parametrize(
    ("line", "name", "initials"),
    [
        ("Author: MoeIda K. 1 *", "Ida K. Moe", "IKM"),
        ("Author: LeeBo Annbo.lee@dyke.example2", "Bo A Lee", "BAL"),
        ("Author: van der DijkJ.E.j.e.dijk@dyke.example", "J.E. van der Dijk", "JEVDD"),
        ("Author: McLeodAnn+4712345678x@y.example1", "Ann McLeod", "AM"),
    ],
)
def test_an_author_as_converters_print_one(line: str, name: str, initials: str) -> None:
    (author,) = parse_byline(line)
    assert (author.name, author.initials) == (name, initials)
