"""Starts a worker for a job, listens to it, and ends it when it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import coreqcheck
from coreqcheck.web.work import Job

COMMAND = (sys.executable, "-P", "-m", "coreqcheck.web.work")
"""``-P``: what lies in the working directory is never imported."""

AT_ONCE = 2
_LINE = 8_000_000


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """What one job may take: ``seconds`` by the clock, ``memory`` in bytes."""

    seconds: float = 180
    memory: int = 3_000_000_000


class WorkFailed(Exception):
    """A job came to nothing; ``str()`` is one line for people."""


class Runner:
    """Runs jobs, a few at a time; the others wait for their turn."""

    def __init__(self, limits: WorkLimits, command: tuple[str, ...] = COMMAND) -> None:
        self.limits = limits
        self.command = command
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def run(self, job: Job, told: Callable[[str], None]) -> dict[str, object]:
        """Run ``job``; ``told`` hears of each stage.

        Raises:
            WorkFailed: the file cannot be read, or the job broke a limit.
        """
        async with self._turns:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=os.name == "posix",
                limit=_LINE,
                env=_environment(),
            )
            try:
                async with asyncio.timeout(self.limits.seconds):
                    result = await self._listen(process, job, told)
            except TimeoutError:
                minutes = max(round(self.limits.seconds / 60), 1)
                raise WorkFailed(
                    f"took longer than {minutes} min and was stopped; save it again as .docx, or "
                    "without its images"
                ) from None
            finally:
                await _end(process)
        if result is None:
            raise WorkFailed(
                "made the reader stop; the file may be damaged, save it again as .docx"
            )
        error = result.get("error")
        if isinstance(error, dict):
            raise WorkFailed(str(error["message"]))
        return result

    async def _listen(
        self, process: asyncio.subprocess.Process, job: Job, told: Callable[[str], None]
    ) -> dict[str, object] | None:
        assert process.stdin is not None
        assert process.stdout is not None
        spec = {
            "job": asdict(job),
            "seconds": max(int(self.limits.seconds), 1),
            "bytes": self.limits.memory,
        }
        with contextlib.suppress(ConnectionError):
            process.stdin.write(json.dumps(spec).encode() + b"\n")
            await process.stdin.drain()
        result: dict[str, object] | None = None
        async for line in process.stdout:
            said = json.loads(line)
            if "stage" in said:
                told(str(said["stage"]))
            else:
                result = said["result"]
        return result


def _environment() -> dict[str, str]:
    """Ours, with this very package first: the working folder is no place to find it in."""
    home = str(Path(coreqcheck.__file__).parent.parent)
    inherited = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join(p for p in (home, inherited) if p)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the worker and whatever it started, if it still runs."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    await process.wait()
