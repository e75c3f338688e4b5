"""The worker: a process of its own that reads manuscripts and writes what the page hands out.

One job as JSON on standard input; on standard output a line for each stage and one for the result.
It runs under limits that it sets itself before it looks at a file. Nothing here talks to the page.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck.errors import CoreqcheckError, ReadError

if TYPE_CHECKING:
    from coreqcheck.model import Answer, Document, Level, Report

Told = Callable[[str], None]
Item = int | str
"""An item as the page names it: by its number, or, where its guideline has a prefix, "S6"."""
Answers = dict[Item, tuple[str, str]]
INCOMING, OUTGOING = "in", "out"
KEPT = "report.pickle"


@dataclass(frozen=True, slots=True)
class Job:
    """What to do. ``folder`` holds a manuscript's files; paths in ``files`` are relative to ``in``.

    ``files`` starts with the manuscript. ``kind`` is what to hand out, for ``export``;
    ``other`` is the folder of the earlier version, for ``compare``. ``answers`` and
    ``other_answers`` are what an author says of items: a level and a reason. ``guideline`` names
    one or several with commas between, "" for COREQ.
    """

    task: str
    folder: str
    files: tuple[str, ...] = ()
    answers: Answers | None = None
    kind: str = ""
    other: str = ""
    other_answers: Answers | None = None
    guideline: str = ""


def main() -> None:
    """Run the job on standard input."""
    spec = json.loads(sys.stdin.readline())
    _limit(spec["seconds"], spec["bytes"])
    # Uploads stand in the working directory: none of them may be taken for a module.
    sys.path[:] = [os.path.abspath(p) for p in sys.path if p]
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not reach the channel

    def told(stage: str) -> None:
        print(json.dumps({"stage": stage}), file=channel, flush=True)

    try:
        result = run(job(spec["job"]), told)
    except ReadError as error:
        result = {"error": {"code": error.code, "message": str(error)}}
    except CoreqcheckError as error:
        result = {"error": {"code": "refused", "message": str(error)}}
    except (MemoryError, RecursionError):
        message = "needs more memory than one manuscript may take; save it without its images"
        result = {"error": {"code": "too-large", "message": message}}
    print(json.dumps({"result": result}), file=channel, flush=True)


def job(data: dict[str, object]) -> Job:
    """A job from its JSON form."""
    return Job(
        task=str(data["task"]),
        folder=str(data["folder"]),
        files=tuple(map(str, data.get("files") or ())),  # type: ignore[call-overload]
        answers=_answers(data.get("answers")),
        kind=str(data.get("kind") or ""),
        other=str(data.get("other") or ""),
        other_answers=_answers(data.get("other_answers")),
        guideline=str(data.get("guideline") or ""),
    )


def _answers(data: object) -> Answers:
    if not isinstance(data, dict):
        return {}
    return {_item(str(k)): (str(level), str(reason)) for k, (level, reason) in data.items()}


def _item(key: str) -> Item:
    return int(key) if key.isdigit() else key


def _limit(seconds: int, memory: int) -> None:
    """Bounds that hold even when the page that started this process is gone."""
    try:
        import resource
    except ImportError:  # Windows: the page's own clock is the limit
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def run(job: Job, told: Told) -> dict[str, object]:
    """Do the job; see ``Job``. Returns what the page shows of it.

    Raises:
        CoreqcheckError: it cannot be done; the message is for people.
    """
    tasks = {"check": _check, "answer": _answer, "export": _export, "compare": _compare}
    return tasks[job.task](job, told)


# --- tasks


def _check(job: Job, told: Told) -> dict[str, object]:
    from coreqcheck import pipeline
    from coreqcheck.config import in_force
    from coreqcheck.layers import given, rules_for
    from coreqcheck.model import COREQ
    from coreqcheck.readers.submission import merge

    os.chdir(Path(job.folder) / INCOMING)  # so that reports name files as people do
    told("reading")
    first, *companions = job.files
    documents = [_document(first)]
    refused = []
    for name in companions:
        try:
            documents.append(_document(name))
        except ReadError as error:
            refused.append({"name": name.rsplit("/", 1)[-1], "message": str(error)})
    told("checking")
    settings = in_force([given(job.guideline or COREQ.key)])
    report = pipeline.examine(merge(documents), rules_for(settings))
    _out(job, KEPT).write_bytes(pickle.dumps(report))
    told("writing")
    return {**_written(job, report), "refused": refused}


def _document(name: str) -> Document:
    from coreqcheck.readers import read

    try:
        return read(Path(name), name)
    except (CoreqcheckError, MemoryError, RecursionError):
        raise
    except Exception as error:  # a damaged file may break a parser in ways that nobody foresaw
        message = "could not be read and may be damaged; save it again, best as .docx"
        raise ReadError("damaged", message) from error


def _answer(job: Job, told: Told) -> dict[str, object]:
    return _written(job, _kept(job.folder, job.answers))


def _export(job: Job, told: Told) -> dict[str, object]:
    from coreqcheck.report.files import write_whole

    report = _kept(job.folder, job.answers)
    name, content = EXPORTS[job.kind](report, job)
    write_whole(_out(job, f"{job.kind}.file"), content)
    return {"name": name}


def _compare(job: Job, told: Told) -> dict[str, object]:
    from coreqcheck.report import diff

    old, new = _kept(job.other, job.other_answers), _kept(job.folder, job.answers)
    return {"parts": [[name, entries] for name, entries in diff.parts(old, new) if entries]}


def _kept(folder: str, answers: Answers | None) -> Report:
    """The report that an earlier job of this session wrote, with the answers given since."""
    from coreqcheck.engine.answers import apply_answers
    from coreqcheck.model import Level

    report: Report = pickle.loads((Path(folder) / OUTGOING / KEPT).read_bytes())
    said = [_word(item, Level(level), reason) for item, (level, reason) in (answers or {}).items()]
    return apply_answers(report, said)


def _word(item: Item, level: Level, reason: str) -> Answer:
    """An author's word; "S6" is told from 6 by its prefix."""
    from coreqcheck.model import Answer

    where = "given on the page"
    if isinstance(item, int):
        return Answer(reason, where, item, level)
    return Answer(reason, where, int(item[1:]), level, prefix=item[:1])


def _written(job: Job, report: Report) -> dict[str, object]:
    """Write the report for the page, and say what its list shows of it."""
    from coreqcheck.report import html
    from coreqcheck.report.files import write_whole
    from coreqcheck.report.formats import RenderOptions

    page = html.render([report], RenderOptions(digest=report.rules_digest))
    write_whole(_out(job, "report.html"), page)
    return summary(report)


def summary(report: Report) -> dict[str, object]:
    """A report in short: what the list and the answer form need."""
    from coreqcheck.model import Level
    from coreqcheck.report.html import SHAPES, counts
    from coreqcheck.report.levels import LABELS

    assert report.manuscript is not None
    assert report.applicability is not None
    return {
        "title": report.manuscript.document.meta.title or "",
        "format": report.manuscript.document.format,
        "why": report.applicability.why,
        "counts": [[shape, label, n] for shape, label, n in counts(report.assessments)],
        "findings": len(report.findings),
        "items": [
            {
                "item": a.label if a.prefix else a.item,
                "name": a.name,
                "shape": SHAPES[a.level],
                "label": LABELS[a.level] if a.decided else "could not be decided",
                "open": a.level in {Level.ABSENT, Level.PARTIAL} and not a.set_aside,
            }
            for a in report.assessments
        ],
    }


# --- what can be taken home


def _named(report: Report, ending: str) -> str:
    return f"{Path(report.path).stem}{ending}"


def _annotated(report: Report, job: Job) -> tuple[str, bytes]:
    from coreqcheck.errors import UsageError
    from coreqcheck.report import docx_comments, pdf_highlights

    assert report.manuscript is not None
    writers = {"docx": docx_comments.annotate, "pdf": pdf_highlights.annotate}
    kind = report.manuscript.document.format
    if kind not in writers:
        raise UsageError("only Word files and PDF can be given back with comments in them")
    data = (Path(job.folder) / INCOMING / report.path).read_bytes()
    return _named(report, f"-commented.{kind}"), writers[kind](report, data)


def _checklist(report: Report, job: Job) -> tuple[str, bytes]:
    from coreqcheck.checklist import fill

    keys = "-".join(g.key for g in report.guidelines)
    return _named(report, f"-{keys}-checklist.docx"), fill.as_docx(report)


def _rendered(form: str, ending: str) -> Callable[[Report, Job], tuple[str, str | bytes]]:
    def export(report: Report, job: Job) -> tuple[str, str | bytes]:
        from coreqcheck.report.formats import RenderOptions, render

        options = RenderOptions(digest=report.rules_digest, suffix=Path(ending).suffix)
        return _named(report, ending), render([report], form, options)

    return export


Export = Callable[["Report", Job], tuple[str, "str | bytes"]]
EXPORTS: dict[str, Export] = {
    "annotated": _annotated,
    "checklist": _checklist,
    "letter": _rendered("letter", "-letter.docx"),
    "json": _rendered("json", "-report.json"),
    "report": _rendered("html", "-report.html"),
}
"""What the page hands out, by the name in its address."""


def _out(job: Job, name: str) -> Path:
    return Path(job.folder).resolve() / OUTGOING / name


if __name__ == "__main__":
    main()
