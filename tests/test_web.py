"""The local page without a browser: who is let in, what is taken, and what comes out."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from manuscript_formats import SOURCES, to_docx
from starlette.testclient import TestClient

from coreqcheck.web import app as web
from coreqcheck.web.gate import Address, Keys
from coreqcheck.web.names import safe_name
from coreqcheck.web.runner import Runner, WorkFailed, WorkLimits
from coreqcheck.web.shelf import Shelf, session_folder
from coreqcheck.web.work import Job

ADDRESS = Address("127.0.0.1", 8123)
HOME = ADDRESS.link
OURS = {"origin": HOME}
CONTRADICTS = SOURCES / "contradicts_itself.md"


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def outside(tmp_path: Path, keys: Keys) -> Iterator[TestClient]:
    """A browser that has not used the start link."""
    with TestClient(web.build(tmp_path, keys, ADDRESS), base_url=HOME) as client:
        yield client


@pytest.fixture
def client(outside: TestClient, keys: Keys) -> TestClient:
    """A browser that has."""
    assert outside.get("/start", params={"token": keys.token}).status_code == 200
    return outside


def put(client: TestClient, ident: str, role: str, name: str, data: bytes) -> Any:
    path = f"/api/manuscripts/{ident}/files/{role}"
    return client.put(path, params={"name": name}, content=data, headers=OURS)


def submit(client: TestClient, name: str, data: bytes, *others: tuple[str, str, bytes]) -> str:
    held = client.post("/api/manuscripts", json={"name": name}, headers=OURS).json()
    assert put(client, held["id"], "manuscript", name, data).status_code == 201
    for role, other, content in others:
        assert put(client, held["id"], role, other, content).status_code == 201
    assert client.post(f"/api/manuscripts/{held['id']}/check", headers=OURS).status_code == 202
    return str(held["id"])


def settled(client: TestClient, ident: str) -> dict[str, Any]:
    """The manuscript's state once it is checked, or could not be."""
    for _ in range(600):
        for one in client.get("/api/session").json()["manuscripts"]:
            if one["id"] == ident and one["stage"] in {"done", "failed"}:
                return dict(one)
        time.sleep(0.1)
    raise AssertionError("the check never ended")


def checked(client: TestClient, name: str, data: bytes, *others: tuple[str, str, bytes]) -> Any:
    return settled(client, submit(client, name, data, *others))


# --- who is let in


@pytest.mark.parametrize(
    "path",
    ["/", "/page.js", "/api/session", "/manuscripts/m1/report", "/manuscripts/m1/download/json"],
)
def test_nothing_is_shown_without_the_start_link(outside: TestClient, path: str) -> None:
    assert outside.get(path).status_code == 403


def test_a_wrong_token_gives_no_cookie(outside: TestClient) -> None:
    answer = outside.get("/start", params={"token": "guess"})
    assert answer.status_code == 403
    assert not outside.cookies


def test_the_start_link_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(
    outside: TestClient, keys: Keys
) -> None:
    cookie = outside.get("/start", params={"token": keys.token}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert keys.token not in cookie


def test_the_link_that_opens_the_browser_works_once(outside: TestClient, keys: Keys) -> None:
    once = keys.once
    assert outside.get("/start", params={"token": once}).status_code == 200
    assert outside.get("/start", params={"token": once}).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example:8123", "127.0.0.1:80", "127.0.0.1", "127.0.0.1.evil.example:8123", "10.0.0.5:8123", "", "[", "a@127.0.0.1:8123"]
)  # fmt: skip
def test_a_name_that_was_pointed_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/api/session", headers={"host": host}).status_code == 403


def test_this_computer_has_two_names(client: TestClient, keys: Keys) -> None:
    cookie = {"cookie": f"coreqcheck-8123={keys.cookie}", "host": "localhost:8123"}
    assert client.get("/api/session", headers=cookie).status_code == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://127.0.0.1:8123", "http://127.0.0.1:9"]
)
def test_changes_from_another_page_are_refused(client: TestClient, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}
    answer = client.post("/api/manuscripts", json={"name": "a.md"}, headers=headers)
    assert answer.status_code == 403
    assert client.get("/api/session").json()["manuscripts"] == []


def test_another_page_cannot_fetch_or_frame_anything(client: TestClient) -> None:
    assert client.get("/api/session", headers={"origin": "http://evil.example"}).status_code == 403
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]


def test_every_answer_is_kept_out_of_caches_and_taken_for_what_it_is(client: TestClient) -> None:
    for path in ("/", "/page.js", "/api/session", "/nowhere", "/start?token=x"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy


def test_only_the_page_itself_may_run_scripts(client: TestClient) -> None:
    page = client.get("/").text
    assert "<script>" not in page
    assert " style=" not in page
    assert re.search(r"\son[a-z]+=", page) is None
    assert re.search(r"(src|href)=.(https?:|//)", page) is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("192.168.1.4", False), ("my-desk", False)],
)  # fmt: skip
def test_what_counts_as_this_computer_alone(host: str, loopback: bool) -> None:
    assert Address(host, 1).loopback is loopback


def test_in_a_network_numbers_are_believed_and_foreign_names_are_not() -> None:
    address = Address("0.0.0.0", 8123, frozenset({"my-desk"}))
    assert address.means_us("192.168.1.4:8123")
    assert address.means_us("my-desk:8123")
    assert not address.means_us("evil.example:8123")


# --- names


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("paper.docx", "paper.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\paper.docx", "paper.docx"),
        ("Étude n° 3 (final).docx", "Étude n° 3 (final).docx"),
        ("论文.pdf", "论文.pdf"),
        (".bashrc", "bashrc"),
        ("a\r\nSet-Cookie: x.md", "aSet-Cookie_ x.md"),
        ("paper\u202excod.md", "paperxcod.md"),
        ("nul.md", "_nul.md"),
        ("..", "manuscript"),
        ("", "manuscript"),
        ("<b>.md", "_b_.md"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("x" * 5000 + ".docx")
    assert len(name) < 140
    assert name.endswith("x.docx")


def test_an_upload_stays_in_its_folder_whatever_its_name(
    client: TestClient, tmp_path: Path
) -> None:
    before = {p for p in tmp_path.parent.rglob("*") if tmp_path not in p.parents}
    one = checked(client, "../../../outside.md", CONTRADICTS.read_bytes())
    assert one["name"] == "outside.md"
    assert {p for p in tmp_path.parent.rglob("*") if tmp_path not in p.parents} == before


# --- limits


def test_a_file_that_says_it_is_too_large_is_refused_unread(client: TestClient) -> None:
    held = client.post("/api/manuscripts", json={"name": "a.docx"}, headers=OURS).json()
    path = f"/api/manuscripts/{held['id']}/files/manuscript"
    headers = {**OURS, "content-length": "200000000"}
    answer = client.put(path, params={"name": "a.docx"}, content=b"PK", headers=headers)
    assert answer.status_code == 413
    assert "the limit is 100 MB" in answer.text
    (one,) = client.get("/api/session").json()["manuscripts"]
    assert one["stage"] == "failed"
    assert one["error"] == answer.text


def test_a_file_that_turns_out_too_large_leaves_nothing(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "FILE_LIMIT", 3_000_000)
    held = client.post("/api/manuscripts", json={"name": "a.docx"}, headers=OURS).json()
    sent = []

    def endless() -> Iterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield bytes(1_000_000)

    path = f"/api/manuscripts/{held['id']}/files/manuscript"
    answer = client.put(path, params={"name": "a.docx"}, content=endless(), headers=OURS)
    assert answer.status_code == 413
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_companion_that_is_too_large_costs_the_manuscript_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "FILE_LIMIT", 50_000)
    held = client.post("/api/manuscripts", json={"name": "a.md"}, headers=OURS).json()
    assert (
        put(client, held["id"], "manuscript", "a.md", CONTRADICTS.read_bytes()).status_code == 201
    )
    assert put(client, held["id"], "supplement", "b.docx", bytes(60_000)).status_code == 413
    client.post(f"/api/manuscripts/{held['id']}/check", headers=OURS)
    assert settled(client, held["id"])["stage"] == "done"


def test_requests_that_are_no_files_are_small(client: TestClient) -> None:
    answer = client.post("/api/manuscripts", content=b" " * 50_000, headers=OURS)
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_requests_that_are_not_understood_are_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/api/manuscripts", content=body, headers=OURS).status_code == 400


def test_one_manuscript_at_a_time(client: TestClient) -> None:
    held = client.post("/api/manuscripts", json={"name": "a.md"}, headers=OURS).json()
    put(client, held["id"], "manuscript", "a.md", b"one")
    assert put(client, held["id"], "manuscript", "b.md", b"two").status_code == 413
    assert put(client, held["id"], "module", "c.md", b"three").status_code == 409


# --- the work


def test_the_page_gives_what_the_command_line_gives(client: TestClient) -> None:
    from coreqcheck import pipeline
    from coreqcheck.report import html
    from coreqcheck.report import json as report_json
    from coreqcheck.report.formats import RenderOptions

    one = checked(client, "paper.md", CONTRADICTS.read_bytes())
    report = pipeline.check(CONTRADICTS)
    assert one["stage"] == "done"
    assert len(one["report"]["items"]) == len(report.assessments) == 32
    assert one["report"]["findings"] == len(report.findings)
    made = json.loads(client.get(f"/manuscripts/{one['id']}/download/json").text)
    wanted = json.loads(report_json.render([report], RenderOptions(digest=report.rules_digest)))
    assert made["documents"][0]["items"] == _renamed(wanted)["documents"][0]["items"]
    page = client.get(f"/manuscripts/{one['id']}/report")
    assert page.text == html.render([report], RenderOptions(digest=report.rules_digest)).replace(
        report.path, "paper.md"
    )


def _renamed(data: Any) -> Any:
    return json.loads(json.dumps(data).replace(str(CONTRADICTS), "paper.md"))


def test_the_report_is_shut_in(client: TestClient) -> None:
    one = checked(client, "paper.md", CONTRADICTS.read_bytes())
    answer = client.get(f"/manuscripts/{one['id']}/report")
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


UNREADABLE = {
    "empty.md": (b"", "save the manuscript again"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".docx"),
    "broken.docx": (b"not a zip at all", "save it again"),
    "cut.docx": (b"PK\x03\x04word/document.xml", "again"),
    "broken.pdf": (b"%PDF-1.4\nnothing", "PDF"),
    "picture.txt": (bytes(range(256)) * 20, "text"),
    "odd.xyz": (b"hello", ".docx"),
    "rich.rtf": (b"{\\rtf1 hello}", ".docx"),
    "pointer.docx": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "git lfs pull",
    ),
}


def test_unreadable_files_show_their_line_beside_those_that_worked(client: TestClient) -> None:
    sent = {submit(client, name, data): hint for name, (data, hint) in UNREADABLE.items()}
    good = submit(client, "good.md", CONTRADICTS.read_bytes())
    for ident, hint in sent.items():
        one = settled(client, ident)
        assert one["stage"] == "failed"
        assert hint in one["error"]
        assert "\n" not in one["error"]
        assert "Traceback" not in one["error"]
        assert client.get(f"/manuscripts/{ident}/report").status_code == 409
    assert settled(client, good)["stage"] == "done"


def test_an_unreadable_companion_is_named_beside_the_report(client: TestClient) -> None:
    one = checked(
        client,
        "paper.md",
        CONTRADICTS.read_bytes(),
        ("supplement", "guide.docx", b"not a zip at all"),
        ("supplement", "table.md", b"# Table S1\n\nCodes and themes.\n"),
    )
    assert one["stage"] == "done"
    (refused,) = one["report"]["refused"]
    assert refused["name"] == "guide.docx"
    assert "save it again" in refused["message"]
    assert one["companions"] == ["guide.docx", "table.md"]


def test_an_upload_is_never_run(client: TestClient, tmp_path: Path) -> None:
    mark = tmp_path / "was-run"
    code = f"open({str(mark)!r}, 'w').close()".encode()
    name = "docx.py"  # as the library that the reader of Word files imports
    one = checked(client, name, code, ("supplement", "lxml.py", code))
    assert one["stage"] == "failed"
    made = io.BytesIO()
    docx.Document().save(made)
    held = client.post("/api/manuscripts", json={"name": "a.docx"}, headers=OURS).json()
    put(client, held["id"], "manuscript", "a.docx", made.getvalue())
    (tmp_path / held["id"] / "in" / "docx.py").write_bytes(code)
    client.post(f"/api/manuscripts/{held['id']}/check", headers=OURS)
    settled(client, held["id"])
    assert not mark.exists()


def test_uploads_are_not_handed_out_again(client: TestClient) -> None:
    one = checked(
        client, "page.html", b"<!doctype html><html><script>alert(1)</script><p>Hello</html>"
    )
    for path in (
        f"/manuscripts/{one['id']}/in/page.html",
        f"/{one['id']}/in/page.html",
        "/m1/out/report.pickle",
    ):
        assert client.get(path).status_code == 404


def test_removing_a_manuscript_removes_its_files(client: TestClient, tmp_path: Path) -> None:
    one = checked(client, "paper.md", CONTRADICTS.read_bytes())
    assert (tmp_path / one["id"]).exists()
    path = f"/api/manuscripts/{one['id']}"
    assert client.request("DELETE", path, headers=OURS).status_code == 204
    assert not (tmp_path / one["id"]).exists()
    assert client.get(f"/manuscripts/{one['id']}/report").status_code == 404


# --- answers, copies, comparison


def test_an_answer_changes_the_item_everywhere_and_can_be_taken_back(client: TestClient) -> None:
    one = checked(client, "paper.md", CONTRADICTS.read_bytes())
    path = f"/api/manuscripts/{one['id']}/answers"
    answer = {"item": 18, "reason": " each group met\n only once "}
    changed = client.post(path, json=answer, headers=OURS).json()
    assert changed["answers"] == {"18": ["not-applicable", "each group met only once"]}
    (item,) = [i for i in changed["report"]["items"] if i["item"] == 18]
    assert item["label"] == "not applicable"
    assert "each group met only once" in client.get(f"/manuscripts/{one['id']}/report").text
    made = client.get(f"/manuscripts/{one['id']}/download/checklist").content
    rows = docx.Document(io.BytesIO(made)).tables[0].rows
    assert any("each group met only once" in c.text for r in rows for c in r.cells)
    data = client.get(f"/manuscripts/{one['id']}/download/json").json()
    assert data["documents"][0]["items"][17]["level"] == "not-applicable"
    found = {"item": 18, "level": "reported", "reason": "page 4"}
    changed = client.post(path, json=found, headers=OURS).json()
    assert changed["answers"] == {"18": ["reported", "page 4"]}
    back = client.post(path, json={"item": 18, "reason": ""}, headers=OURS).json()
    assert back["answers"] == {}
    assert back["report"]["items"] == one["report"]["items"]


@pytest.mark.parametrize(
    "answer", [{"item": 99, "reason": "x"}, {"item": "18", "reason": "x"}, {"item": 18, "reason": "x" * 501}, {},
     {"item": 13, "reason": "it was found"}, {"item": 18, "level": "absent", "reason": "x"}]
)  # fmt: skip
def test_answers_that_make_no_sense_are_refused(client: TestClient, answer: Any) -> None:
    one = checked(client, "paper.md", CONTRADICTS.read_bytes())
    path = f"/api/manuscripts/{one['id']}/answers"
    assert client.post(path, json=answer, headers=OURS).status_code == 400


def test_copies_are_downloads_with_safe_names(client: TestClient, tmp_path: Path) -> None:
    source = tmp_path / "made.docx"
    to_docx(CONTRADICTS.read_text("utf-8"), source)
    one = checked(client, 'été "1".docx', source.read_bytes())
    endings = {
        "annotated": ".docx",
        "checklist": ".docx",
        "letter": "-letter.docx",
        "json": ".json",
        "report": ".html",
    }
    for kind, ending in endings.items():
        answer = client.get(f"/manuscripts/{one['id']}/download/{kind}")
        assert answer.status_code == 200
        said = answer.headers["content-disposition"]
        assert said.startswith("attachment; filename*=UTF-8''%C3%A9t%C3%A9")
        assert said.endswith(ending)
        assert "sandbox" in answer.headers["content-security-policy"]
        if ending.endswith(".docx"):
            assert docx.Document(io.BytesIO(answer.content)).paragraphs
    assert client.get(f"/manuscripts/{one['id']}/download/pickle").status_code == 404


def test_comments_stand_in_the_manuscript_also_when_a_supplement_came_with_it(
    client: TestClient, tmp_path: Path
) -> None:
    source = tmp_path / "made.docx"
    to_docx(CONTRADICTS.read_text("utf-8"), source)
    more = b"# Appendix\n\nAll interviews lasted 20 to 30 minutes.\n"
    one = checked(client, "a.docx", source.read_bytes(), ("supplement", "s.md", more))
    made = client.get(f"/manuscripts/{one['id']}/download/annotated").content
    copy = docx.Document(io.BytesIO(made))
    assert len(list(copy.comments)) > 5
    texts = [p.text for p in copy.paragraphs]
    assert texts == [p.text for p in docx.Document(source).paragraphs]


def test_a_text_file_has_no_copy_with_comments(client: TestClient) -> None:
    one = checked(client, "paper.md", CONTRADICTS.read_bytes())
    answer = client.get(f"/manuscripts/{one['id']}/download/annotated")
    assert answer.status_code == 422
    assert "Word" in answer.text


def test_a_revision_is_compared_with_its_predecessor(client: TestClient) -> None:
    old = CONTRADICTS.read_text("utf-8")
    new = old.replace("mean 92 minutes", "mean 72 minutes").replace(
        "## Results",
        "All transcripts were returned to the participants for correction.\n\n## Results",
    )
    first = checked(client, "v1.md", old.encode())
    second = checked(client, "v2.md", new.encode())
    path = f"/api/manuscripts/{second['id']}/changes/{first['id']}"
    parts = dict(client.get(path).json()["parts"])
    assert any("Transcripts returned" in entry for entry in parts["Gained"])
    assert any("92 minutes" in entry for entry in parts["Resolved findings"])
    assert client.get(f"/api/manuscripts/{second['id']}/changes/m99").status_code == 404


# --- a worker that misbehaves

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")
DIES = (sys.executable, "-c", "import os; os.abort()")


@pytest.mark.parametrize(
    ("command", "says"), [(SLEEPS, "was stopped"), (DIES, "made the reader stop")]
)
def test_a_worker_that_hangs_or_dies_is_one_line(command: tuple[str, ...], says: str) -> None:
    async def run() -> None:
        await Runner(WorkLimits(seconds=1), command).run(Job("check", "."), lambda stage: None)

    with pytest.raises(WorkFailed, match=says):
        asyncio.run(run())


def test_a_hanging_parser_does_not_freeze_the_page(tmp_path: Path, keys: Keys) -> None:
    def hanging(limits: WorkLimits) -> Runner:
        return Runner(limits, SLEEPS)

    with TestClient(web.build(tmp_path, keys, ADDRESS, runner=hanging), base_url=HOME) as client:
        client.get("/start", params={"token": keys.token})
        idents = [submit(client, f"{n}.md", b"text") for n in range(4)]
        states = client.get("/api/session").json()["manuscripts"]
        assert [s["id"] for s in states] == idents
        assert {s["stage"] for s in states} == {"waiting"}
        assert client.get("/").status_code == 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits memory")
def test_a_worker_that_wants_too_much_memory_is_one_line(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    held = shelf.new("a.md")
    (held.folder / "in" / "a.md").write_bytes(b"Nothing. " * 2_000_000)

    async def run() -> None:
        limits = WorkLimits(memory=300_000_000)
        job = Job("check", str(held.folder), ("a.md",))
        await Runner(limits).run(job, lambda stage: None)

    with pytest.raises(WorkFailed, match=r"needs more memory|made the reader stop"):
        asyncio.run(run())


# --- the folder of the session


def test_the_folder_goes_with_the_session() -> None:
    with session_folder() as folder:
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "m1").mkdir()
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="looked after on POSIX only")
def test_what_a_killed_session_left_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / "coreqcheck-page-left"
    left.mkdir()
    (left / "owner.pid").write_text("999999999")
    with session_folder() as other, session_folder():
        assert not left.exists()
        assert other.exists()
