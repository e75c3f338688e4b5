"""The language server: a real process, spoken to in its protocol."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from unittest.mock import ANY

import pytest
from test_cli import CONTRADICTS, GOOD, run

pytest.importorskip("pygls", reason="not installed: pip install coreqcheck[lsp]")

TEXT = CONTRADICTS.read_text("utf-8")
CHECK = "participant-checking"
WAIT = 60
RETURNED = "A summary of the themes was returned to all participants, who confirmed it."
NOT_RETURNED = "The findings were not returned to the participants."
LATEX = r"""\documentclass{article}
\title{Nights of nurses: an interview study}
\begin{document}\maketitle
\section{Methods}
We interviewed 12 nurses face to face. The interviews were recorded and transcribed.
%s
\input{parts/limits}
\end{document}
"""


class Editor:
    """The other side of the protocol: sends messages, keeps what the server says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "coreqcheck", "lsp"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
        )  # fmt: skip
        self.said: Queue[dict[str, Any]] = Queue()
        self.kept: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()
        self.number = 0
        self.version = 0
        self.offered = self.ask(
            "initialize",
            {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}},
        )["capabilities"]
        self.tell("initialized", {})

    def _read(self) -> None:
        out = self.process.stdout
        assert out is not None
        while header := out.readline():
            length = (
                int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else 0
            )
            while out.readline().strip():
                pass
            self.said.put(json.loads(out.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: dict[str, Any] | None) -> Any:
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self.said.get(timeout=WAIT)
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.kept.append(message)

    def diagnostics(self, name: str) -> list[dict[str, Any]]:
        """The next that are published for a file."""
        uri = self.uri(name)
        while True:
            for message in self.kept:
                is_it = message.get("method") == "textDocument/publishDiagnostics"
                if is_it and message["params"]["uri"] == uri:
                    self.kept.remove(message)
                    found: list[dict[str, Any]] = message["params"]["diagnostics"]
                    return found
            self.kept.append(self.said.get(timeout=WAIT))

    def is_silent(self, seconds: float) -> bool:
        try:
            self.kept.append(self.said.get(timeout=seconds))
        except Empty:
            return not self.kept
        return False

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def opened(self, name: str, text: str | None = None) -> list[dict[str, Any]]:
        path = self.folder / name
        kind = "latex" if path.suffix == ".tex" else "markdown"
        said = path.read_text("utf-8") if text is None else text
        document = {"uri": self.uri(name), "languageId": kind, "version": 0, "text": said}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return self.diagnostics(name)

    def change(self, name: str, text: str) -> None:
        self.version += 1
        document = {"uri": self.uri(name), "version": self.version}
        params = {"textDocument": document, "contentChanges": [{"text": text}]}
        self.tell("textDocument/didChange", params)

    def hover(self, name: str, line: int, column: int) -> str:
        at = {"line": line, "character": column}
        params = {"textDocument": {"uri": self.uri(name)}, "position": at}
        found = self.ask("textDocument/hover", params)
        return found["contents"]["value"] if found else ""

    def actions(self, name: str, diagnostic: dict[str, Any]) -> dict[str, str]:
        """The texts after each offer was taken, by its title."""
        params = {
            "textDocument": {"uri": self.uri(name)},
            "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic]},
        }
        found = self.ask("textDocument/codeAction", params)
        text = (self.folder / name).read_text("utf-8")
        return {a["title"]: applied(text, a["edit"]["changes"][self.uri(name)]) for a in found}

    def end(self) -> None:
        self.ask("shutdown", None)
        self.tell("exit", {})
        assert self.process.wait(WAIT) == 0
        assert self.process.stderr is not None
        assert b"Traceback" not in self.process.stderr.read()


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    (edit,) = edits
    lines = text.splitlines(keepends=True)
    start, end = edit["range"]["start"], edit["range"]["end"]
    assert start == end
    at = sum(map(len, lines[: start["line"]])) + start["character"]
    return text[:at] + edit["newText"] + text[at:]


def covered(text: str, found: dict[str, Any]) -> str:
    """The text of a diagnostic's range on one line."""
    lines = text.splitlines()
    start, end = found["range"]["start"], found["range"]["end"]
    if start["line"] == end["line"]:
        return lines[start["line"]][start["character"] : end["character"]]
    middle = lines[start["line"] + 1 : end["line"]]
    last = lines[end["line"]][: end["character"]]
    return " ".join([lines[start["line"]][start["character"] :], *middle, last])


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    (tmp_path / "p.md").write_text(TEXT, "utf-8")
    made = Editor(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.wait(WAIT)


def of(found: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    return [d for d in found if d["code"] == code]


def test_it_says_what_it_offers_and_ends_when_asked(editor: Editor) -> None:
    assert editor.offered["hoverProvider"]
    assert editor.offered["codeActionProvider"]["codeActionKinds"] == ["quickfix"]
    editor.end()


def test_findings_stand_at_both_sides_and_name_the_other(editor: Editor) -> None:
    found = editor.opened("p.md")
    sides = of(found, CHECK)
    assert len(sides) >= 2
    assert {d["severity"] for d in sides} == {1}
    for side in sides:
        assert "return" in covered(TEXT, side)
        assert covered(TEXT, side) not in [r["message"] for r in side["relatedInformation"]]
        assert side["relatedInformation"][0]["location"]["uri"] == editor.uri("p.md")
        assert side["source"] == "coreqcheck"
    editor.end()


def test_an_item_that_is_not_located_stands_at_a_heading_or_beside_its_neighbour(
    editor: Editor,
) -> None:
    (item,) = of(editor.opened("p.md"), "coreq-18")
    assert item["severity"] in {2, 3}
    assert item["message"].startswith("Item 18 (Repeat interviews): not located.")
    assert covered(TEXT, item).strip()


def test_it_shows_what_a_check_shows(editor: Editor) -> None:
    data = json.loads(run("check", "p.md", "--format", "json", cwd=editor.folder).stdout)
    (document,) = data["documents"]
    items = {f"coreq-{i['item']}" for i in document["items"] if i["severity"]}
    checks = {f["check"] for f in document["findings"]}
    assert {d["code"] for d in editor.opened("p.md")} == items | checks


def test_what_is_typed_counts_before_it_is_saved(editor: Editor) -> None:
    editor.opened("p.md")
    answered = TEXT + "\n<!-- coreqcheck: 18 not-applicable: one group each -->\n"
    editor.change("p.md", answered)
    found = editor.diagnostics("p.md")
    assert not of(found, "coreq-18")
    assert of(found, CHECK)
    editor.change("p.md", answered.replace(": one group each", ""))
    found = editor.diagnostics("p.md")
    (wrong,) = of(found, "answer.no-reason")
    assert wrong["range"]["start"]["line"] == len(answered.splitlines()) - 1
    assert of(found, "coreq-18")
    assert (editor.folder / "p.md").read_text("utf-8") == TEXT


def test_hovers_explain_findings_items_evidence_and_answers(editor: Editor) -> None:
    text = TEXT + "\n<!-- coreqcheck: 18 not-applicable: one group each -->\n"
    (editor.folder / "p.md").write_text(text, "utf-8")
    found = editor.opened("p.md")
    at = of(found, CHECK)[0]["range"]["start"]
    said = editor.hover("p.md", at["line"], at["character"])
    assert f"`{CHECK}`" in said
    assert "rules/consistency/participant-checking.toml" not in said, "no whole page"
    lines = text.splitlines()
    software = next(n for n, line in enumerate(lines) if "NVivo" in line)
    said = editor.hover("p.md", software, lines[software].index("NVivo"))
    assert "# 27 Software" in said
    assert "reported here" in said
    assert "# 18 Repeat interviews" in editor.hover("p.md", len(lines) - 1, 8)
    assert editor.hover("p.md", 1, 0) == ""


def test_an_example_is_put_in_as_a_comment_and_is_no_evidence(editor: Editor) -> None:
    (item,) = of(editor.opened("p.md"), "coreq-18")
    offers = editor.actions("p.md", item)
    text = offers["coreqcheck: show an example of item 18"]
    (new,) = set(text.splitlines()) - set(TEXT.splitlines())
    assert new.startswith("<!-- Item 18, Repeat interviews. In another study: ")
    editor.change("p.md", text)
    assert of(editor.diagnostics("p.md"), "coreq-18")


def test_an_answer_is_put_in_and_asks_for_its_reason(editor: Editor) -> None:
    (item,) = of(editor.opened("p.md"), "coreq-18")
    text = editor.actions("p.md", item)["coreqcheck: item 18 does not apply, and I say why"]
    editor.change("p.md", text)
    found = editor.diagnostics("p.md")
    assert of(found, "answer.no-reason")
    assert of(found, "coreq-18")
    editor.change("p.md", text.replace("not-applicable:", "not-applicable: one group each"))
    found = editor.diagnostics("p.md")
    assert not of(found, "answer.no-reason")
    assert not of(found, "coreq-18")


def test_a_finding_can_be_accepted(editor: Editor) -> None:
    side = of(editor.opened("p.md"), CHECK)[0]
    (text,) = editor.actions("p.md", side).values()
    editor.change("p.md", text.replace(f"{CHECK} accepted:", f"{CHECK} accepted: two sets of it"))
    assert not of(editor.diagnostics("p.md"), CHECK)


def test_columns_are_those_of_the_protocol_behind_signs_of_two_units(editor: Editor) -> None:
    text = TEXT.replace("using NVivo", "😀😀 using NVivo").replace(
        "The findings were not returned", "😀 The findings were not returned"
    )
    (editor.folder / "p.md").write_text(text, "utf-8")
    for side in of(editor.opened("p.md"), CHECK):
        line = text.splitlines()[side["range"]["start"]["line"]].encode("utf-16-le")
        units = slice(2 * side["range"]["start"]["character"], None)
        rest = line[units].decode("utf-16-le")
        assert rest[0].isupper(), rest


def latex(folder: Path) -> None:
    (folder / "parts").mkdir()
    (folder / "main.tex").write_text(LATEX % RETURNED, "utf-8")
    part = f"\\section{{Limitations}}\nWe saw one ward only. {NOT_RETURNED}\n"
    (folder / "parts" / "limits.tex").write_text(part, "utf-8")


def test_a_part_of_a_latex_manuscript_shows_its_own_side(editor: Editor) -> None:
    latex(editor.folder)
    found = editor.opened("parts/limits.tex")
    (side,) = of(found, CHECK)
    assert side["range"]["start"]["line"] == 1
    (other,) = side["relatedInformation"]
    assert other["location"]["uri"] == editor.uri("main.tex")
    (text,) = editor.actions("parts/limits.tex", side).values()
    assert f"\n% coreqcheck: {CHECK} accepted:\n" in text
    text = text.replace("accepted:", "accepted: two sets of findings")
    (editor.folder / "parts" / "limits.tex").write_text(text, "utf-8")
    saved = {"textDocument": {"uri": editor.uri("parts/limits.tex")}}
    editor.tell("textDocument/didSave", saved)
    assert not of(editor.diagnostics("parts/limits.tex"), CHECK)


def test_closing_takes_away_what_was_shown(editor: Editor) -> None:
    assert editor.opened("p.md")
    editor.tell("textDocument/didClose", {"textDocument": {"uri": editor.uri("p.md")}})
    assert editor.diagnostics("p.md") == []


def test_what_is_no_report_of_a_study_is_left_alone(editor: Editor) -> None:
    (editor.folder / "notes.md").write_text("# Mixing concrete\n\nStir it well. TODO: how.\n")
    assert editor.opened("notes.md") == []
    document = {
        "uri": editor.uri("README.md"), "languageId": "markdown", "version": 0, "text": TEXT
    }  # fmt: skip
    editor.tell("textDocument/didOpen", {"textDocument": document})
    assert editor.is_silent(1.0)
    unsaved = {"uri": "untitled:1", "languageId": "markdown", "version": 0, "text": TEXT}
    editor.tell("textDocument/didOpen", {"textDocument": unsaved})
    assert editor.is_silent(1.0)
    editor.end()


def test_a_mistake_in_the_configuration_is_shown_and_goes_when_it_is_mended(editor: Editor) -> None:
    config = editor.folder / "coreqcheck.toml"
    config.write_text('fail_on = "error"\n', "utf-8")
    (wrong,) = editor.opened("p.md")
    assert "unknown key 'fail_on'; did you mean 'fail-on'?" in wrong["message"]
    assert editor.diagnostics("coreqcheck.toml") == [wrong | {"range": ANY}]
    config.write_text("[items]\nignore = [18]\n", "utf-8")
    changes = [{"uri": config.as_uri(), "type": 2}]
    editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
    assert editor.diagnostics("coreqcheck.toml") == []
    found = editor.diagnostics("p.md")
    assert of(found, CHECK)
    assert not of(found, "coreq-18")


def test_an_empty_and_a_good_manuscript(editor: Editor) -> None:
    (editor.folder / "good.md").write_text(GOOD.read_text("utf-8"), "utf-8")
    assert editor.opened("empty.md", "") == []
    assert not [d for d in editor.opened("good.md") if d["severity"] == 1]


def test_without_pygls_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "found = u.find_spec\n"
        "u.find_spec = lambda n, p=None: None if n == 'pygls' else found(n, p)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import sitecustomize, coreqcheck.cli; coreqcheck.cli.main()", "lsp"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'coreqcheck[lsp]'" in done.stderr


def test_items_of_two_guidelines_have_answers_that_are_understood(editor: Editor) -> None:
    (editor.folder / "coreqcheck.toml").write_text('guideline = ["coreq", "srqr"]\n', "utf-8")
    found = editor.opened("p.md")
    second = next(d for d in found if str(d["code"]).startswith("srqr-"))
    text = next(t for t in editor.actions("p.md", second).values() if "reported:" in t)
    editor.change("p.md", text.replace("reported:", "reported: in the supplement"))
    after = editor.diagnostics("p.md")
    assert not of(after, second["code"])
    assert not [d for d in after if str(d["code"]).startswith("answer.")]
    assert len(after) == len(found) - 1
