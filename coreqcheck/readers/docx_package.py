"""The package of a DOCX: its parts, how they refer to one another, its two namespace variants."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coreqcheck.errors import ReadError
from coreqcheck.readers.archive import Archive, parse_xml

if TYPE_CHECKING:
    from lxml import etree

_PR = "{http://schemas.openxmlformats.org/package/2006/relationships}"

_STRICT = re.compile(
    rb"(=\s*[\"'])http://purl\.oclc\.org/ooxml/(officeDocument|wordprocessingml|drawingml)/"
)
_TRANSITIONAL = re.compile(
    rb"(http://schemas\.openxmlformats\.org/)(officeDocument|wordprocessingml|drawingml)/"
    rb"(?=(?:relationships|math|main|wordprocessingDrawing|chart|diagram|customXml|sharedTypes|"
    rb"extendedProperties|customProperties|bibliography|docPropsVTypes|characteristics)\b)"
)


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    target: str
    external: bool


class Package:
    """The parts of the file and how they refer to one another. Nothing outside is ever opened."""

    __slots__ = ("archive", "main", "relations")

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.main = self._main()
        self.relations = self.relations_of(self.main)

    def _main(self) -> str:
        for relation in self.relations_of("").values():
            if relation.kind == "officeDocument" and self.archive.has(relation.target):
                return relation.target
        if self.archive.has("word/document.xml"):
            return "word/document.xml"
        raise ReadError("damaged", "holds no word/document.xml; open it in Word and save it again")

    def relations_of(self, part: str) -> dict[str, Relation]:
        """The relationships of a part by identifier; targets as names of members."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for element in root.iterchildren(f"{_PR}Relationship") if root is not None else ():
            target = element.get("Target", "")
            external = element.get("TargetMode") == "External"
            if not external:
                target = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                target = posixpath.normpath(target)
            kind = element.get("Type", "").rsplit("/", 1)[-1]
            found[element.get("Id", "")] = Relation(kind, target, external)
        return found

    def part(self, kind: str, fallback: str) -> str:
        """The name of the main document's only part of a kind (``styles``)."""
        for relation in self.relations.values():
            if relation.kind == kind and not relation.external:
                return relation.target
        return fallback

    def parts(self, kind: str) -> list[str]:
        """The names of the main document's parts of a kind (``header``), in order."""
        names = (r.target for r in self.relations.values() if r.kind == kind and not r.external)
        return sorted(set(names))

    def tree(self, name: str) -> etree._Element | None:
        """A part's root with the namespaces of the transitional variant."""
        data = self.archive.read(name)
        if data is None:
            return None
        if b"purl.oclc.org/ooxml" in data:
            data = _TRANSITIONAL.sub(
                rb"\1\2/2006/", _STRICT.sub(rb"\1http://schemas.openxmlformats.org/\2/", data)
            )
        return parse_xml(data, name)

    def properties(self) -> tuple[str | None, int | None]:
        """The title and the number of pages that the file records about itself."""
        core = self.tree("docProps/core.xml")
        title = core.findtext("{http://purl.org/dc/elements/1.1/}title") if core is not None else ""
        title = " ".join((title or "").split())
        if len(title.split()) < 3 or re.match(r"Microsoft Word|.*\.docx?$", title):
            title = ""
        return title or None, self.pages()

    def pages(self) -> int | None:
        """The number of pages that Word counted when it last saved the file."""
        root = self.tree("docProps/app.xml")
        if root is None:
            return None
        for child in root:
            if isinstance(child.tag, str) and child.tag.endswith("}Pages"):
                text = (child.text or "").strip()
                return int(text) if text.isdecimal() and len(text) < 7 else None
        return None
