"""What is built: the wheel has everything, and what is installed from it works by itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from coreqcheck.version import __version__

pytest.importorskip("build", reason="not installed: pip install coreqcheck[test]")
pytest.importorskip("hatchling", reason="not installed: pip install coreqcheck[test]")
ROOT = Path(__file__).parent.parent


def run(*words: object, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if path is not None:
        env |= {"PYTHONPATH": str(path), "COREQCHECK_CACHE": str(path / "cache")}
    return subprocess.run(
        list(map(str, words)), cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was made out of the sdist."""
    out = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--no-isolation", "-o", out, ROOT, cwd=out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs; its dependencies are those of this Python."""
    target = tmp_path_factory.mktemp("site")
    done = run(
        sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel,
        cwd=target,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return target


def below(folder: str) -> set[str]:
    root = ROOT / folder
    return {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}


def test_twine_finds_nothing(built: Path) -> None:
    pytest.importorskip("twine", reason="not installed: pip install coreqcheck[test]")
    done = run(sys.executable, "-m", "twine", "check", "--strict", *built.iterdir(), cwd=built)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


def test_the_wheel_has_rules_samples_types_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"coreqcheck/_rules/{n}" for n in below("rules")} <= names
    assert {f"coreqcheck/_samples/{n}" for n in below("sample_manuscripts")} <= names
    assert "coreqcheck/py.typed" in names
    assert not [n for n in names if n.startswith(("tests/", "docs/", "benchmarks/"))]
    assert not [n for n in names if "__pycache__" in n]


def test_the_metadata_name_licence_and_extras(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel)
    name = f"coreqcheck-{__version__}.dist-info"
    metadata = inside.read(f"{name}/METADATA").decode()
    assert f"Version: {__version__}\n" in metadata
    assert "License-Expression: AGPL-3.0-or-later" in metadata
    assert {"cluster", "docs", "lsp", "web"} <= set(re.findall(r"Provides-Extra: (\w+)", metadata))
    assert "coreqcheck = coreqcheck.cli:main" in inside.read(f"{name}/entry_points.txt").decode()


def test_the_sdist_has_what_its_tests_and_pages_need(built: Path) -> None:
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {n.partition("/")[2] for n in archive.getnames()}
    wanted = {"mkdocs.yml", "CHANGELOG.md", "README.md", "LICENSE", ".pre-commit-hooks.yaml"}
    assert wanted <= names
    assert {f"rules/{n}" for n in below("rules")} <= names
    assert "tests/test_packaging.py" in names
    assert "docs/tutorial.md" in names


def test_what_is_installed_checks_a_sample_with_its_own_rules(
    installed: Path, tmp_path: Path
) -> None:
    where = "import coreqcheck; print(coreqcheck.__file__)"
    assert str(installed) in run(sys.executable, "-c", where, cwd=tmp_path, path=installed).stdout
    call = (sys.executable, "-m", "coreqcheck")
    version = run(*call, "--version", cwd=tmp_path, path=installed)
    assert re.fullmatch(
        rf"coreqcheck {re.escape(__version__)} \(rules [0-9a-f]{{12}}\)\n", version.stdout
    )
    assert run(*call, "sample", cwd=tmp_path, path=installed).returncode == 0
    for name, status in (("good.docx", 0), ("poor.pdf", 0), ("contradicts_itself.md", 1)):
        done = run(*call, "check", f"sample_manuscripts/{name}", cwd=tmp_path, path=installed)
        assert done.returncode == status, done.stderr
        assert "32 items:" in done.stdout
    profile = run(
        *call, "check", "sample_manuscripts/good.docx", "--profile", "reflexive",
        cwd=tmp_path, path=installed,
    )  # fmt: skip
    assert profile.returncode in {0, 1}, profile.stderr


@pytest.mark.skipif(
    os.environ.get("COREQCHECK_NETWORK") != "yes", reason="fetches packages: COREQCHECK_NETWORK=yes"
)
@pytest.mark.parametrize("extra", ["", "[lsp]", "[web]"])
def test_a_clean_environment(extra: str, wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    done = run(scripts / "python", "-m", "pip", "install", "-q", f"{wheel}{extra}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert run(scripts / "coreqcheck", "sample", cwd=tmp_path).returncode == 0
    done = run(scripts / "coreqcheck", "check", "sample_manuscripts/good.docx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "32 items:" in done.stdout
