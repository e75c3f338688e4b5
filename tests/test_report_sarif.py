"""SARIF: the schema of the standard, and what GitHub code scanning asks for on top of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from manuscript_formats import SOURCES, to_docx, to_pdf
from manuscripts_from_text import rules

from coreqcheck.pipeline import check
from coreqcheck.report import sarif
from coreqcheck.report.formats import RenderOptions, render

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
CONTRADICTS = SOURCES / "contradicts_itself.md"
OPTIONS = RenderOptions(digest="test")


def schema() -> Any:
    """The schema of SARIF 2.1.0, fetched once into a cache folder by npm; it is no part of ours."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "coreqcheck-tests"
    kept = home / "sarif-2.1.0.json"
    if not kept.exists():
        reason = "npm is not installed, so the schema of SARIF cannot be fetched"
        if shutil.which("npm") is not None:
            home.mkdir(parents=True, exist_ok=True)
            done = subprocess.run(
                ["npm", "pack", "--silent", PACKAGE, "--pack-destination", str(home)],
                capture_output=True,
                text=True,
                check=False,
            )
            packed = home / done.stdout.strip().split("\n")[-1]
            reason = f"npm could not fetch the schema of SARIF: {done.stderr.strip()[:200]}"
            if not done.returncode and packed.is_file():
                with tarfile.open(packed) as archive:
                    member = archive.extractfile(MEMBER)
                    assert member is not None
                    kept.write_bytes(member.read())
    if not kept.exists():
        warnings.warn(f"SKIPPED, not passed: {reason}", stacklevel=2)
        pytest.skip(reason)
    return json.loads(kept.read_text("utf-8"))


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Logs on several formats, on a file that cannot be read, and on texts that may break one."""
    folder = tmp_path_factory.mktemp("sarif")
    text = CONTRADICTS.read_text("utf-8")
    poor = (SOURCES / "poor.md").read_text("utf-8")
    to_docx(text, folder / "a b.docx")
    to_pdf(poor, folder / "poor.pdf")
    evil = folder / "evil [1] {0} é.md"
    long = " ".join(f"theme {n} of {{0}} [x](y)" for n in range(900))
    evil.write_text(f"# {long}\n\n## Methods\n\nWe interviewed 12 nurses. {long}.\n", "utf-8")
    paths = [CONTRADICTS, folder / "a b.docx", folder / "poor.pdf", evil, folder / "missing.docx"]
    reports = [check(path, rules()) for path in paths]
    hidden = RenderOptions(digest="test", quotes=False)
    rendered = [render(reports, "sarif", o) for o in (OPTIONS, hidden)]
    return [json.loads(r) for r in (*rendered, render([], "sarif", OPTIONS))]


def test_the_log_is_valid(logs: list[dict[str, Any]]) -> None:
    validator = jsonschema.Draft7Validator(schema())
    for log in logs:
        assert [e.message for e in validator.iter_errors(log)] == []
    broken = json.loads(json.dumps(logs[0]))
    del broken["runs"][0]["results"][0]["message"]
    assert list(validator.iter_errors(broken))  # the schema does look


def strays(log: dict[str, Any]) -> list[str]:
    """What GitHub's documentation on SARIF for code scanning would object to."""
    found = []
    if log.get("version") != "2.1.0" or not str(log.get("$schema", "")).startswith("https://"):
        found.append("version or schema")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    known = [rule["id"] for rule in driver["rules"]]
    if len(known) != len(set(known)):
        found.append("a rule twice")
    for rule in driver["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            if not 0 < len(rule[key]["text"]) <= 1024:
                found.append(f"{rule['id']}: {key}")
        if len(rule["properties"]["tags"]) > 20 or len(rule["name"]) > 255:
            found.append(f"{rule['id']}: tags or name")
    if len(run["results"]) > 25_000:
        found.append("too many results")
    prints = []
    for result in run["results"]:
        if result["level"] not in {"error", "warning", "note"} or not result["message"]["text"]:
            found.append("level or message")
        if known[result["ruleIndex"]] != result["ruleId"]:
            found.append("index")
        for location in (*result["locations"], *result["relatedLocations"]):
            found += _strays(location)
        if len(result["locations"]) != 1 or len(result["relatedLocations"]) > 1000:
            found.append("number of locations")
        prints.append(result["partialFingerprints"]["primaryLocationLineHash"])
    if len(prints) != len(set(prints)):
        found.append("two results with one fingerprint are one alert")
    return found


def _strays(location: dict[str, Any]) -> list[str]:
    physical = location["physicalLocation"]
    uri, region = physical["artifactLocation"]["uri"], physical["region"]
    parts = urlsplit(uri)
    relative = not parts.scheme and not parts.netloc and not uri.startswith(("/", ".", "%2F"))
    if not relative or ".." in parts.path.split("/") or "\\" in unquote(uri) or " " in uri:
        return [f"uri {uri}"]
    low = min(region["startLine"], region.get("startColumn", 1))
    return [] if low >= 1 else [f"region {region}"]


def test_github_would_take_it(logs: list[dict[str, Any]]) -> None:
    for log in logs:
        assert strays(log) == []
    assert len(logs[0]["runs"][0]["results"]) > 60


def test_an_absent_item_sits_at_the_heading_where_it_belongs() -> None:
    (run,) = json.loads(render([check(CONTRADICTS, rules())], "sarif", OPTIONS))["runs"]
    lines = CONTRADICTS.read_text("utf-8").split("\n")
    absent = [r for r in run["results"] if "not located" in r["message"]["text"]]
    assert len(absent) > 8
    for result in absent:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert lines[region["startLine"] - 1].startswith("#"), result["message"]["text"]


def test_columns_point_at_the_sentence() -> None:
    (run,) = json.loads(render([check(CONTRADICTS, rules())], "sarif", OPTIONS))["runs"]
    lines = CONTRADICTS.read_text("utf-8").split("\n")
    (result,) = [r for r in run["results"] if r["ruleId"] == "participant-checking"]
    places = [x["physicalLocation"]["region"] for x in result["locations"]]
    places += [x["physicalLocation"]["region"] for x in result["relatedLocations"]]
    starts = [lines[p["startLine"] - 1][p["startColumn"] - 1 :] for p in places]
    assert starts[0].startswith("A summary of the themes was returned")
    assert starts[1].startswith("The findings were not returned")


def test_fingerprints_hold_when_text_moves_and_differ_between_results(tmp_path: Path) -> None:
    text = CONTRADICTS.read_text("utf-8")
    path = tmp_path / "paper.md"
    found = []
    for content in (text, text.replace("## Methods", "A new line.\n\n\n## Methods")):
        path.write_text(content, "utf-8")
        (run,) = json.loads(render([check(path, rules())], "sarif", OPTIONS))["runs"]
        found.append({r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]})
        assert len(found[-1]) == len(run["results"])
    assert found[0] == found[1]


def test_a_file_inside_the_working_folder_goes_by_its_path_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "word").mkdir()
    path = tmp_path / "word" / "paper.md"
    path.write_text(CONTRADICTS.read_text("utf-8"), "utf-8")
    monkeypatch.chdir(tmp_path)
    for typed in (path, Path("word/paper.md"), Path("./word/paper.md")):
        (run,) = json.loads(render([check(typed, rules())], "sarif", OPTIONS))["runs"]
        uris = {
            r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]
        }
        assert uris == {"word/paper.md"}


def test_too_many_results_keep_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST", 5)
    (run,) = json.loads(render([check(CONTRADICTS, rules())], "sarif", OPTIONS))["runs"]
    assert [r["level"] for r in run["results"]] == ["error"] * 4 + ["warning"]
