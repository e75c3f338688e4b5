"""Headless Chromium and axe-core for tests; both are looked for, and their absence is said aloud."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The driver's bookkeeping of frames breaks at times when a sandboxed frame has a process of
    # its own; what the sandbox forbids stays forbidden.
    "--disable-features=IsolateSandboxedIframes,Translate,MediaRouter,OptimizationHints",
)
AXE = "4.14.1"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def _skip(reason: str) -> None:
    warnings.warn(f"SKIPPED, not passed: {reason}", stacklevel=2)
    pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser; the test is skipped when there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _skip("the package playwright is not installed")
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        _skip("no Chromium is installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def axe_source() -> str:
    """The script of axe-core, fetched once into a cache folder by npm; it is no part of ours."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "coreqcheck-tests"
    script = folder / f"axe-{AXE}.js"
    if not script.exists():
        if shutil.which("npm") is None:
            _skip("npm is not installed, so axe-core cannot be fetched")
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["npm", "pack", "--silent", f"axe-core@{AXE}", "--pack-destination", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        packed = folder / f"axe-core-{AXE}.tgz"
        if done.returncode or not packed.exists():
            _skip(f"npm could not fetch axe-core: {done.stderr.strip()[:200]}")
        with tarfile.open(packed) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            script.write_bytes(member.read())
    return script.read_text("utf-8")


def violations(page: Any) -> list[str]:
    """What axe-core objects to on a page (opened in a context that bypasses content policies)."""
    page.evaluate(axe_source())
    found = page.evaluate("() => axe.run(document, {iframes: false})")
    return [
        f"{v['id']}: {v['help']} at {[n['target'] for n in v['nodes']][:3]}"
        for v in found["violations"]
    ]
