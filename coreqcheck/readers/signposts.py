"""Lines that give a manuscript its shape: heads of its main parts, captions, notes of tables.

What a section is about is decided later, from the rule files; here it only matters that a line
is such a sign. Pure functions.
"""

from __future__ import annotations

import re

_MAJOR = r"""
abstract|summary|structured abstract|introduction|background|background and (?:aims?|objectives?)
|introduction and background|literature review|review of (?:the )?literature|theoretical framework
|conceptual framework|methods?|methodology|materials? and methods?|methods? and materials?
|(?:patients?|participants?|subjects?|data|sample|design) and methods?
|methods? and (?:analysis|design)
|research (?:design|methods?|methodology)|experimental|results?|findings|main (?:results|findings)
|(?:results?|findings) and discussions?|discussions?|general discussion|discussion and conclusions?
|(?:study )?(?:strengths|limitations)(?: and (?:strengths|limitations))?(?: of (?:the|this) study)?
|conclusions?|concluding remarks|conclusions? and (?:implications?|recommendations?)|implications?
|recommendations?|acknowledge?ments?|funding(?: (?:sources?|statement|information))?|declarations?
|(?:declarations? of )?(?:conflicts? of |competing |conflicting )interests?(?: statement)?
|disclosures?
|disclosure statement|author(?:s['’]?|['’]s)? contributions?|authorship(?: statement)?|contributors?
|contributorship|credit author(?:ship)? (?:contribution )?statement
|(?:data )?availability(?: of data)?(?: and materials?)?(?: statement)?
|data (?:availability|sharing)(?: statement)?
|ethic(?:s|al)(?: (?:approvals?|statements?|considerations?|declarations?|issues))?
|ethics approval and consent to participate|consent for publication|consent to participate
|abbreviations|list of abbreviations|references?(?: list| cited)?|bibliography|works cited
|literature(?: cited)?|notes|endnotes|appendi(?:x|ces)
|supplementary (?:materials?|information|data|files?)
|supporting information|additional files?|figure legends?|legends?|tables?|figures?
|zusammenfassung|einleitung|methoden?|methodik|ergebnisse|diskussion|schlussfolgerung(?:en)?|fazit
|literatur(?:verzeichnis)?|danksagung|anhang|interessenkonflikte?|r[ée]sum[ée]|m[ée]thodes?|m[ée]thodologie
|r[ée]sultats|remerciements|r[ée]f[ée]rences|bibliographie|annexes?|resumen|introducci[óo]n|m[ée]todos?
|metodolog[íi]a|materiales y m[ée]todos|resultados|discusi[óo]n|conclusi[óo]n(?:es)?|agradecimientos
|referencias|bibliograf[íi]a|resumo|introdu[çc][ãa]o|discuss[ãa]o|conclus(?:[ãa]o|[õo]es)|agradecimentos
|refer[êe]ncias|considera[çc][õo]es finais
"""
_MAJOR_LINE = re.compile(_MAJOR.replace("\n", ""), re.IGNORECASE)
_PARENT = re.compile(
    r"(?:.* and )?(?:methods?|methodology|results|findings|discussion)(?: and .*)?|research design|"
    r"declarations?|methodik|methoden|ergebnisse|diskussion|m[ée]todos?|resultados|m[ée]thodes?",
    re.IGNORECASE,
)
_SUBSIDIARY = re.compile(
    r"ethic.*|.*(?:strengths|limitations).*|implications?|recommendations?|funding.*|.*interests?.*|"
    r"author.*|contributors?|.*availability.*|consent .*|theoretical framework|"
    r"conceptual framework",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"references?(?: list| cited)?|bibliography|works cited|literature cited|literatur"
    r"(?:verzeichnis)?|r[ée]f[ée]rences(?: bibliographiques)?|bibliographie|referencias"
    r"(?: bibliogr[áa]ficas)?|bibliograf[íi]a|refer[êe]ncias(?: bibliogr[áa]ficas)?|riferimenti",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents|list of (?:tables|figures)|inhalt(?:sverzeichnis)?|sommaire|"
    r"table des mati[èe]res|[íi]ndice|sum[áa]rio",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:(?:chapter|section|part|kapitel|chapitre|cap[íi]tulo)\s+)?"
    r"(?P<digits>\d{1,2}(?:\.\d{1,2}){0,5})[.):]?\s+(?=\S)|(?P<roman>[IVX]{1,5})[.)]\s+(?=\S)"
    r"|(?P<letter>[A-H])[.)]\s+(?=\S)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:[^\W\d_]{3,14}\s)?(?:\d{1,2}(?:\.\d{1,2}){0,5}|[IVX]{1,5}(?=[.):]))[.):]?\s+(?=\S)|"
    r"[A-H][.)]\s+(?=\S)"
)
_LABEL = re.compile(
    r"(?:\[(?:table|figure)\]\s+)?(?:supplementa(?:ry|l)\s+|additional\s+|online\s+|appendix\s+|extended data\s+)?"
    r"(?:table|figure|fig|box|scheme|chart|exhibit|panel|plate|map|photo(?:graph)?|image|diagram|"
    r"tabelle|abbildung|abb|tableau|tabla|figura|tabela|quadro|cuadro)s?\b\.?\s*"
    r"(?:[A-Z]{0,2}\s?\d{1,3}(?:[.\-–]\s?(?:\d{1,2}|[xX]\b))*[a-z]?|[IVX]{1,5}|[A-H](?=[\s.:])|"
    r"(?:\d\.)?\s?[xX]{1,2})\b",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(r"\s*(?:$|[.:|]|[-–—](?!\d)|\(continued\))")
_ASIDE = re.compile(
    r"^(?:(?:note|notes|source|sources|abbreviations?|key|legend|\*?values? (?:are|is))\b"
    r"(?=\s*[.:(]|\s+[A-Z])|[*†‡§¶]|(?-i:[a-f]\s[A-Z])|n\s?=)",
    re.IGNORECASE,
)


def bare_heading(text: str) -> str:
    """``text`` without a printed number and closing punctuation."""
    return _NUMBER.sub("", text.strip(), count=1).strip(" .:*_–—-")


def is_major(text: str) -> bool:
    """True for a line that is exactly one of the usual headings of a paper's main parts."""
    return len(text) < 90 and _MAJOR_LINE.fullmatch(bare_heading(text)) is not None


def is_parent(text: str) -> bool:
    """True for the heading of a part that usually has headings of its own below it."""
    return _PARENT.fullmatch(bare_heading(text)) is not None


def is_subsidiary(text: str) -> bool:
    """True for a heading that as often stands inside another part as on its own."""
    return _SUBSIDIARY.fullmatch(bare_heading(text)) is not None


def is_references(text: str) -> bool:
    """True for the heading of a list of references."""
    return len(text) < 60 and _REFERENCES.fullmatch(bare_heading(text)) is not None


def is_contents(text: str) -> bool:
    """True for the heading of a table of contents."""
    return len(text) < 40 and _CONTENTS.fullmatch(bare_heading(text)) is not None


def after_number(text: str) -> str:
    """``text`` without the number that opens it ("2.1 ", "Theme 3: ")."""
    return _COUNTED.sub("", text, count=1)


def number_depth(text: str) -> int:
    """How deep a printed section number is: "2 Methods" 1, "2.1 Design" 2, without one 0."""
    found = _NUMBER.match(text)
    if found is None or found["letter"]:
        return 0
    return 1 if found["roman"] else found["digits"].count(".") + 1


def caption_label(text: str, beside: bool = False) -> int:
    """The length of the label that opens a caption ("Table 2."), 0 when ``text`` is none.

    "Table 2 shows ..." is a sentence, not a caption, unless it stands ``beside`` a picture.
    """
    found = _LABEL.match(text)
    if found is None:
        return 0
    after = _AFTER_LABEL.match(text, found.end())
    if after is not None:
        return after.end()
    rest = text[found.end() :].lstrip()
    whole = len(text) < 300 and not text.rstrip().endswith((".", "?"))
    titled = (rest[:1].isupper() or beside) and whole
    return found.end() if titled else 0


def is_aside(text: str) -> bool:
    """True for a line that, right below a table, is a note of it."""
    return _ASIDE.match(text) is not None
