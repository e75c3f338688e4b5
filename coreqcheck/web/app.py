"""The page's addresses: uploads in, reports and copies out. No verdict is made here."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import Route
from starlette.types import ASGIApp

from coreqcheck.readers import Limits
from coreqcheck.web.gate import START, Address, Gate, Keys, cookie_name
from coreqcheck.web.names import safe_name
from coreqcheck.web.runner import Runner, WorkFailed, WorkLimits
from coreqcheck.web.shelf import Held, Shelf, Upload
from coreqcheck.web.work import EXPORTS, INCOMING, OUTGOING, Item, Job

PAGES = Path(__file__).parent / "pages"
ROLES = ("manuscript", "supplement", "checklist")
FILE_LIMIT = Limits().file_bytes
SESSION_LIMIT = 2_000_000_000
MANUSCRIPTS = 100
FILES = 12
SMALL = 20_000  # bytes of a request that is not a file
LEVELS = ("not-applicable", "reported")
"""What an author can say of an item that was not found."""
REASON = 500  # characters of an answer

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
_NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'"
_ENTER = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>coreqcheck</title>'
    '<meta http-equiv="refresh" content="0; url=/"><p><a href="/">Open the page</a></p></html>'
)


def refuse(status: int, message: str) -> HTTPException:
    """An error of one line for people; whoever sends too much is not listened to any longer."""
    return HTTPException(status, message, {"Connection": "close"} if status == 413 else None)


class Desk:
    """What happens at each address; holds the session's shelf and its runner."""

    def __init__(
        self, shelf: Shelf, runner: Runner, keys: Keys, address: Address, guideline: str = ""
    ) -> None:
        self.shelf = shelf
        self.runner = runner
        self.keys = keys
        self.address = address
        self.guideline = guideline
        self._tasks: set[asyncio.Task[None]] = set()

    # --- the page itself

    async def start(self, request: Request) -> Response:
        """The start link: a token becomes a cookie."""
        if not self.keys.admits(request.query_params.get("token", "")):
            raise refuse(403, "This start link is not valid; use the one that was printed last.")
        response = HTMLResponse(_ENTER)
        response.set_cookie(
            cookie_name(self.address), self.keys.cookie, httponly=True, samesite="strict"
        )
        return response

    async def page(self, request: Request) -> Response:
        """The page, its style, or its script."""
        name = request.url.path.lstrip("/") or "index.html"
        return FileResponse(PAGES / name)

    async def icon(self, request: Request) -> Response:
        """No picture; browsers ask for one all the same."""
        return Response(status_code=204)

    async def session(self, request: Request) -> Response:
        """All manuscripts of the session, for the list."""
        return JSONResponse({"manuscripts": [_state(h) for h in self.shelf], "limit": FILE_LIMIT})

    # --- files in

    async def new(self, request: Request) -> Response:
        """A place for one more manuscript."""
        data = await _small(request)
        if len(self.shelf) >= MANUSCRIPTS:
            raise refuse(413, f"holds {MANUSCRIPTS} manuscripts; remove some from the list first")
        held = self.shelf.new(safe_name(str(data.get("name", ""))))
        return JSONResponse(_state(held), 201)

    async def receive(self, request: Request) -> Response:
        """One file of a manuscript that is not being checked yet, as the body of the request."""
        held = self._held(request)
        role = request.path_params["role"]
        if role not in ROLES or held.stage != "receiving":
            raise refuse(409, "this file does not belong here")
        others = [u for u in held.uploads if u.role == "manuscript"]
        if len(held.uploads) >= FILES or (role == "manuscript" and others):
            raise refuse(413, f"one manuscript and {FILES - 1} other files are taken at a time")
        name = safe_name(request.query_params.get("name", ""), role)
        folder = "" if role == "manuscript" else f"{role}-{len(held.uploads) + 1}/"
        path = held.folder / INCOMING / folder / name
        room = min(FILE_LIMIT, SESSION_LIMIT - sum(h.size for h in self.shelf))
        try:
            size = await _stored(request, path, room)
        except HTTPException as error:
            self._fail(self._held(request), name, error.detail)
            raise
        held = self._held(request)
        upload = Upload(role, name, f"{folder}{name}", size)
        held = self.shelf.put(replace(held, uploads=(*held.uploads, upload)))
        return JSONResponse(_state(held), 201)

    def _fail(self, held: Held, name: str, message: str) -> None:
        """A companion that is refused does not keep the manuscript from being checked."""
        if name == held.name and not held.uploads:
            self.shelf.put(replace(held, stage="failed", error=message, version=held.version + 1))

    async def check(self, request: Request) -> Response:
        """Start the check of a manuscript whose files have all come."""
        held = self._held(request)
        if held.stage != "receiving" or not held.uploads:
            raise refuse(409, "there is no manuscript to check")
        uploads = sorted(held.uploads, key=lambda u: ROLES.index(u.role))
        if uploads[0].role != "manuscript":
            raise refuse(409, "a supplement or checklist needs its manuscript")
        held = self.shelf.put(replace(held, stage="waiting", version=held.version + 1))
        files = tuple(u.path for u in uploads)
        job = Job("check", str(held.folder), files, guideline=self.guideline)
        self._begin(self._checked(held.ident, job))
        return JSONResponse(_state(held), 202)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _checked(self, ident: str, job: Job) -> None:
        def told(stage: str) -> None:
            self._change(ident, stage=stage)

        try:
            shown = await self.runner.run(job, told)
        except WorkFailed as error:
            self._change(ident, stage="failed", error=str(error))
            return
        self._change(ident, stage="done", shown=shown)

    def _change(
        self, ident: str, stage: str, shown: dict[str, object] | None = None, error: str = ""
    ) -> None:
        held = self.shelf.get(ident)
        if held is None:  # removed from the list meanwhile
            return
        shown = held.shown if shown is None else shown
        version = held.version + 1
        self.shelf.put(replace(held, stage=stage, shown=shown, error=error, version=version))

    async def remove(self, request: Request) -> Response:
        """Take a manuscript off the list, and its files away."""
        self.shelf.drop(self._held(request))
        return Response(status_code=204)

    # --- answers

    async def answer(self, request: Request) -> Response:
        """What an author says of an item that was not found; without a reason it is taken back."""
        held = self._ready(request)
        data = await _small(request)
        item, level = data.get("item"), data.get("level", LEVELS[0])
        reason = " ".join(str(data.get("reason", "")).split())
        if not isinstance(item, int | str) or not _may_answer(held, item) or level not in LEVELS:
            raise refuse(400, "there is no such item, or it was found and needs no answer")
        if len(reason) > REASON:
            raise refuse(400, f"a reason has at most {REASON} characters")
        answers = {k: v for k, v in held.answers.items() if k != item}
        if reason:
            answers[item] = (str(level), reason)
        shown = await self._worked(Job("answer", str(held.folder), answers=answers))
        held = self._ready(request)
        shown = {**shown, "refused": held.shown.get("refused", [])}
        held = replace(held, answers=answers, shown=shown, version=held.version + 1)
        return JSONResponse(_state(self.shelf.put(held)))

    # --- reports and copies out

    async def report(self, request: Request) -> Response:
        """The report as a page of its own, shut in: its only script is ours, and it loads nothing."""
        from coreqcheck.report.html import policy

        held = self._ready(request)
        shut_in = f"{policy()}; sandbox allow-scripts; frame-ancestors 'self'"
        return FileResponse(
            held.folder / OUTGOING / "report.html",
            media_type="text/html",
            headers={"Content-Security-Policy": shut_in},
        )

    async def export(self, request: Request) -> Response:
        """A file to take home; always as a download."""
        held = self._ready(request)
        kind = request.path_params["kind"]
        if kind not in EXPORTS:
            raise refuse(404, "there is no such file")
        made = await self._worked(Job("export", str(held.folder), answers=held.answers, kind=kind))
        name = safe_name(str(made["name"]))
        return FileResponse(
            held.folder / OUTGOING / f"{kind}.file",
            media_type=TYPES.get(Path(name).suffix, "application/octet-stream"),
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
                "Content-Security-Policy": _NOTHING,
            },
        )

    async def compare(self, request: Request) -> Response:
        """What a revision gained, lost and moved against an earlier version of the session."""
        new = self._ready(request)
        old = self.shelf.get(request.path_params["other"])
        if old is None or not old.ready:
            raise refuse(404, "the earlier version is not in the list")
        job = Job(
            "compare",
            str(new.folder),
            answers=new.answers,
            other=str(old.folder),
            other_answers=old.answers,
        )
        return JSONResponse(await self._worked(job))

    async def _worked(self, job: Job) -> dict[str, object]:
        try:
            return await self.runner.run(job, lambda stage: None)
        except WorkFailed as error:
            raise refuse(422, str(error)) from None

    def _held(self, request: Request) -> Held:
        held = self.shelf.get(request.path_params["ident"])
        if held is None:
            raise refuse(404, "this manuscript is no longer in the list")
        return held

    def _ready(self, request: Request) -> Held:
        held = self._held(request)
        if not held.ready:
            raise refuse(409, "there is no report on this manuscript yet")
        return held

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Ends what is still at work when the page is closed down."""
        yield
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _may_answer(held: Held, item: Item) -> bool:
    items = held.shown["items"]
    assert isinstance(items, list)
    return item in held.answers or any(i["item"] == item and i["open"] for i in items)


def _state(held: Held) -> dict[str, object]:
    """What the page's list shows of a manuscript."""
    return {
        "id": held.ident,
        "name": held.name,
        "stage": held.stage,
        "error": held.error,
        "version": held.version,
        "answers": {str(k): v for k, v in held.answers.items()},
        "companions": [u.name for u in held.uploads if u.role != "manuscript"],
        "report": held.shown or None,
    }


async def _small(request: Request) -> dict[str, object]:
    """The JSON object of a small request."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > SMALL:
            raise refuse(413, "this request is too large")
    try:
        data = json.loads(body)
    except ValueError:
        raise refuse(400, "this request is not understood") from None
    if not isinstance(data, dict):
        raise refuse(400, "this request is not understood")
    return data


async def _stored(request: Request, path: Path, room: int) -> int:
    """Write the body to ``path`` as it comes; nothing of it stays when it is too large."""
    said = request.headers.get("content-length", "0")
    if said.isdigit() and int(said) > room:
        raise refuse(413, _too_large(int(said), room))
    path.parent.mkdir(exist_ok=True, mode=0o700)
    size = 0
    try:
        with path.open("xb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > room:
                    raise refuse(413, _too_large(size, room))
                file.write(chunk)
    except FileExistsError:
        raise refuse(409, "this file is already here") from None
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, ClientDisconnect):
            raise refuse(400, "did not arrive whole; send it again") from None
        raise
    return size


def _too_large(size: int, room: int) -> str:
    if room < FILE_LIMIT:
        return "finds no room any more; remove manuscripts from the list first"
    megabytes = -(-size // 1_000_000)
    return (
        f"has {megabytes} MB or more, the limit is {room // 1_000_000} MB; reduce its images first"
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(error.detail, error.status_code, headers=error.headers)


def build(
    folder: Path,
    keys: Keys,
    address: Address,
    limits: WorkLimits | None = None,
    runner: Callable[[WorkLimits], Runner] = Runner,
    guideline: str = "",
) -> ASGIApp:
    """The whole application, gate included.

    Args:
        folder: where the session's files live; whoever made it takes it away.
        keys: the secrets of the session.
        address: where it will be reached.
        limits: what one manuscript may take.
        runner: makes what runs the jobs.
        guideline: one or several with commas between, "" for COREQ.
    """
    desk = Desk(Shelf(folder), runner(limits or WorkLimits()), keys, address, guideline)
    one = "/api/manuscripts/{ident}"
    app = Starlette(
        routes=[
            Route(START, desk.start),
            Route("/", desk.page),
            Route("/page.css", desk.page),
            Route("/page.js", desk.page),
            Route("/favicon.ico", desk.icon),
            Route("/api/session", desk.session),
            Route("/api/manuscripts", desk.new, methods=["POST"]),
            Route(one, desk.remove, methods=["DELETE"]),
            Route(f"{one}/files/{{role}}", desk.receive, methods=["PUT"]),
            Route(f"{one}/check", desk.check, methods=["POST"]),
            Route(f"{one}/answers", desk.answer, methods=["POST"]),
            Route(f"{one}/changes/{{other}}", desk.compare),
            Route("/manuscripts/{ident}/report", desk.report),
            Route("/manuscripts/{ident}/download/{kind}", desk.export),
        ],
        exception_handlers={HTTPException: _refused},
        lifespan=desk.lifespan,
    )
    return Gate(app, keys, address)
