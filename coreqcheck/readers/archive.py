"""Opening the zip packages of DOCX and ODT without being hurt by them.

Nothing is unpacked before the sizes that the archive declares are known to be within the
limits; XML is parsed without network, document types or entities.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from coreqcheck.errors import ReadError

if TYPE_CHECKING:
    from lxml import etree

    from coreqcheck.readers import Limits

MEMBERS = 20_000
"""Most files that a package may hold."""

XML_BYTES = 150_000_000
"""Largest XML part that is parsed: its tree takes some eight times as much memory."""


class Archive:
    """A package whose members can be read by name.

    Raises:
        ReadError: ``not-zip``, ``damaged``, ``encrypted`` or ``too-large``.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
            raise _not_whole(data) from None
        members = self._zip.infolist()
        if len(members) > MEMBERS:
            raise ReadError(
                "too-large", f"holds {len(members)} parts, the limit is {MEMBERS}; save it again"
            )
        unpacked = sum(member.file_size for member in members)
        if unpacked > limits.unpacked_bytes:
            raise ReadError(
                "too-large",
                f"unpacks to {unpacked / 1e6:.0f} MB, the limit is "
                f"{limits.unpacked_bytes // 1_000_000} MB; reduce its images first",
            )
        if any(member.flag_bits & 1 for member in members):
            raise ReadError("encrypted", "is protected by a password; save a copy without it")
        self._names = {member.filename.lstrip("/").lower(): member for member in members}

    def names(self) -> tuple[str, ...]:
        """The names of all members, as the archive gives them."""
        return tuple(member.filename for member in self._names.values())

    def has(self, name: str) -> bool:
        """True when there is such a member; upper and lower case are the same."""
        return name.lstrip("/").lower() in self._names

    def read(self, name: str) -> bytes | None:
        """The bytes of a member, ``None`` when there is none of that name."""
        member = self._names.get(name.lstrip("/").lower())
        if member is None:
            return None
        try:
            return self._zip.read(member)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ):
            raise ReadError(
                "damaged", f"its part {_shown(name)} cannot be unpacked; save the document again"
            ) from None


def _not_whole(data: bytes) -> ReadError:
    """Why these bytes are no archive: cut off, or never one."""
    if data.startswith(b"PK"):
        return ReadError(
            "damaged", "is cut off or damaged; copy it again or save it again from the original"
        )
    return ReadError("not-zip", "is no such document (no zip archive); save it again")


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML part.

    Args:
        data: the part's bytes.
        name: the part's name, for the message.

    Raises:
        ReadError: it is not well-formed, nested too deeply, huge, or declares a document type.
    """
    from lxml import etree

    if len(data) > XML_BYTES:
        raise ReadError(
            "too-large",
            f"its part {_shown(name)} has {len(data) / 1e6:.0f} MB of XML, the limit is "
            f"{XML_BYTES // 1_000_000} MB; split the document",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unparsed(str(error), name) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise ReadError(
            "damaged",
            f"its part {_shown(name)} declares a document type, which such files never do; "
            "save it again from a word processor",
        )
    return root


def _unparsed(reason: str, name: str) -> ReadError:
    if "too long" in reason or "limit exceeded" in reason:
        return ReadError(
            "too-large",
            f"a single text in its part {_shown(name)} has more than 10 MB; split the document",
        )
    return ReadError(
        "damaged",
        f"its part {_shown(name)} is not well-formed XML; open it in a word processor and save "
        "it again",
    )


def _shown(name: str) -> str:
    """A member's name as it may stand in a message: short, printable, on one line."""
    return "".join(c if c.isprintable() else "?" for c in name)[:80]
