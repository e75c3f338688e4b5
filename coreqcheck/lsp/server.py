"""The protocol: what an editor sends, and what it is told. Checks run in one thread beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from coreqcheck import layers
from coreqcheck.lsp import actions, checking, pages
from coreqcheck.lsp.checking import Checked
from coreqcheck.lsp.marks import Mark, Reach, marks
from coreqcheck.model import Severity
from coreqcheck.version import __version__

SOURCE = "coreqcheck"
PAUSE = 0.5
"""Seconds without a key before a manuscript is checked again."""
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


@dataclass(slots=True)
class Manuscript:
    """What is known of one manuscript that is open: its last check, and the one under way."""

    checked: Checked
    marks: list[Mark] = field(default_factory=list)
    shown: set[Path] = field(default_factory=set)
    task: asyncio.Task[None] | None = None


class Desk:
    """The open files, and the manuscripts that they belong to."""

    def __init__(self, server: LanguageServer) -> None:
        self.server = server
        self.open: dict[Path, str] = {}
        self.mains: dict[Path, Path] = {}
        self.manuscripts: dict[Path, Manuscript] = {}
        self._pool = ThreadPoolExecutor(1)

    def changed(self, uri: str, pause: float) -> None:
        """Check the manuscript of a file again, after a pause in which nothing more changes."""
        path = _path(uri)
        if path is None:
            return
        self.open[path] = uri
        main = checking.main_file(path)
        if main is None:
            return
        self.mains[path] = main
        known = self.manuscripts.setdefault(main, Manuscript(Checked(main)))
        if known.task is not None:
            known.task.cancel()
        known.task = asyncio.get_running_loop().create_task(self._check(known, main, pause))

    def closed(self, uri: str) -> None:
        """Forget a file; take away what was shown when it was the last of its manuscript."""
        path = _path(uri)
        if path is None or self.open.pop(path, None) is None:
            return
        main = self.mains.pop(path, None)
        if main is None or main in self.mains.values():
            return
        known = self.manuscripts.pop(main)
        if known.task is not None:
            known.task.cancel()
        for file in known.shown:
            self._publish(file, [])

    def again(self) -> None:
        """Check every open manuscript: a configuration or a rule may have changed."""
        layers.forget()
        for uri in list(self.open.values()):
            self.changed(uri, 0)

    async def known(self, uri: str) -> tuple[Path, Manuscript] | None:
        """The file of a URI and its manuscript, once the check under way has ended."""
        path = _path(uri)
        main = self.mains.get(path) if path else None
        known = self.manuscripts.get(main) if main else None
        if path is None or known is None:
            return None
        while (task := known.task) is not None and not task.done():
            await asyncio.wait([task])
        return path, known

    async def _check(self, known: Manuscript, main: Path, pause: float) -> None:
        await asyncio.sleep(pause)
        buffers = {p: self.source(p) for p in self.open}
        loop = asyncio.get_running_loop()
        try:
            known.checked = await loop.run_in_executor(self._pool, checking.check, main, buffers)
            known.marks = marks(known.checked)
        except Exception as error:  # an error of ours must not end what the editor shows
            self._log(f"{main}: coreqcheck itself failed ({type(error).__name__}: {error})")
            return
        by_file: dict[Path, list[Mark]] = {}
        for mark in known.marks:
            if mark.severity is not None:
                by_file.setdefault(mark.reach.file, []).append(mark)
        files = {main, *by_file, *known.shown, *(p for p, m in self.mains.items() if m == main)}
        for file in sorted(files):
            self._publish(file, by_file.get(file, []))
        known.shown = set(by_file)

    def source(self, path: Path) -> str:
        """The text of a file as the editor has it, else as it was saved."""
        return self.server.workspace.get_text_document(self._uri(path)).source

    def lines(self, path: Path) -> Sequence[str]:
        """The lines of a file; none when it cannot be read."""
        try:
            return self.server.workspace.get_text_document(self._uri(path)).lines
        except OSError:
            return []

    def range(self, reach: Reach) -> types.Range:
        """The stretch in the editor's units."""
        lines = self.lines(reach.file)
        codec = self.server.workspace.position_codec
        length = len(lines[reach.last].rstrip("\r\n")) if reach.last < len(lines) else 0
        end = length if reach.end < 0 else reach.end
        spoken = types.Range(
            types.Position(reach.line, reach.start), types.Position(reach.last, end)
        )
        return codec.range_to_client_units(lines, spoken)

    def _uri(self, path: Path) -> str:
        return self.open.get(path) or uris.from_fs_path(str(path)) or path.as_uri()

    def _log(self, message: str) -> None:
        params = types.LogMessageParams(types.MessageType.Error, message)
        self.server.window_log_message(params)

    def _publish(self, file: Path, found: Sequence[Mark]) -> None:
        diagnostics = [self._diagnostic(mark) for mark in found]
        params = types.PublishDiagnosticsParams(self._uri(file), diagnostics)
        self.server.text_document_publish_diagnostics(params)

    def _diagnostic(self, mark: Mark) -> types.Diagnostic:
        others = [
            types.DiagnosticRelatedInformation(
                types.Location(self._uri(there.file), self.range(there)), quote or "see here"
            )
            for there, quote in mark.others
        ]
        return types.Diagnostic(
            range=self.range(mark.reach),
            message=mark.message,
            severity=_SEVERITIES[mark.severity] if mark.severity else None,
            code=mark.code,
            source=SOURCE,
            related_information=others or None,
        )


def _path(uri: str) -> Path | None:
    """The file of a URI; ``None`` for a text that was never saved."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path).absolute() if path else None


def make() -> LanguageServer:
    """A server with all features, not yet started."""
    server = LanguageServer("coreqcheck", __version__)
    desk = Desk(server)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        desk.changed(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        desk.changed(params.text_document.uri, PAUSE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        desk.changed(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        desk.closed(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(params: types.DidChangeWatchedFilesParams) -> None:
        desk.again()

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await _hover(desk, params)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix]),
    )
    async def act(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await _actions(desk, params)

    return server


async def _hover(desk: Desk, params: types.HoverParams) -> types.Hover | None:
    known = await desk.known(params.text_document.uri)
    if known is None or known[1].checked.rules is None:
        return None
    path, manuscript = known
    lines = desk.lines(path)
    codec = desk.server.workspace.position_codec
    at = codec.position_from_client_units(lines, params.position)
    here = [m for m in manuscript.marks if m.reach.file == path]
    line = lines[at.line] if at.line < len(lines) else ""
    rules = manuscript.checked.rules
    text = pages.hover(here, at.line, at.character, line, rules) if rules else ""
    if not text:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))


async def _actions(desk: Desk, params: types.CodeActionParams) -> list[types.CodeAction]:
    known = await desk.known(params.text_document.uri)
    report = known[1].checked.report if known else None
    if known is None or report is None:
        return []
    path, lines = known[0], desk.lines(known[0])
    found = []
    for diagnostic in params.context.diagnostics:
        code = str(diagnostic.code or "")
        if diagnostic.source != SOURCE or code == "file" or code.startswith("answer."):
            continue
        for offer in actions.offers(code, diagnostic.range.start.line, path, lines, report):
            found.append(_action(offer, diagnostic, params.text_document.uri, lines))
    return found


def _action(
    offer: actions.Offer, diagnostic: types.Diagnostic, uri: str, lines: Sequence[str]
) -> types.CodeAction:
    at = types.Position(offer.line, 0)
    if offer.line >= len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
        # Behind the last line, which does not end: a client may not take a line that is not there.
        at = types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)
    edit = types.TextEdit(types.Range(at, at), offer.text)
    return types.CodeAction(
        title=offer.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=types.WorkspaceEdit(changes={uri: [edit]}),
    )
