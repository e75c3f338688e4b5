"""Writing a Word package back: the parts that changed, and every other one byte for byte."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from coreqcheck.readers.archive import Archive, parse_xml
from coreqcheck.readers.docx_package import Package

if TYPE_CHECKING:
    from lxml import etree

TYPES = "[Content_Types].xml"
_CT = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_PR = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_KIND = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def written(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The package ``data`` with the parts in ``changed`` (by name) replaced or added."""
    out = io.BytesIO()
    left = {name.lower(): (name, content) for name, content in changed.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            _, content = left.pop(member.filename.lstrip("/").lower(), ("", None))
            new.writestr(member, old.read(member) if content is None else content)
        for name, content in left.values():
            added = zipfile.ZipInfo(name, _EARLIEST)
            added.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(added, content)
    return out.getvalue()


def with_comments_part(archive: Archive, package: Package, name: str) -> dict[str, bytes]:
    """The parts that announce a new comments part ``name``: content types and relationships."""
    from lxml import etree

    folder, main = posixpath.split(package.main)
    links = posixpath.join(folder, "_rels", f"{main}.rels")
    types = parse_xml(archive.read(TYPES) or f'<Types xmlns="{_CT[1:-1]}"/>'.encode(), TYPES)
    etree.SubElement(types, f"{_CT}Override", PartName=f"/{name}", ContentType=_TYPE)
    found = archive.read(links) or f'<Relationships xmlns="{_PR[1:-1]}"/>'.encode()
    relations = parse_xml(found, links)
    used = {element.get("Id") for element in relations}
    fresh = next(f"rId{n}" for n in range(1, len(used) + 2) if f"rId{n}" not in used)
    kind = _STRICT_KIND if b"purl.oclc.org/ooxml" in found else _KIND
    target = posixpath.relpath(name, folder or ".")
    etree.SubElement(relations, f"{_PR}Relationship", Id=fresh, Type=kind, Target=target)
    return {TYPES: xml(types), links: xml(relations)}


def xml(root: etree._Element) -> bytes:
    """A part as Word writes it."""
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
