"""Makes parsers misbehave on purpose. Only tests and benchmarks put this folder on PYTHONPATH.

In a worker process, a file whose first line says so crashes, hangs or eats memory when it is read.
"""

from __future__ import annotations

import os
import sys
import time

_MARKS = {
    b"hostile: exit": lambda: os._exit(7),
    b"hostile: abort": os.abort,
    b"hostile: hang": lambda: time.sleep(3600),
    b"hostile: spin": lambda: exec("while True: pass"),
    b"hostile: memory": lambda: [bytearray(50_000_000) for _ in range(10_000)],
    b"hostile: error": lambda: {}["no such key"],
    b"hostile: print": lambda: os.write(1, b"what a library prints\n"),
}

if "coreqcheck.screening.child" in sys.orig_argv:
    import coreqcheck.readers as readers

    _read = readers.read

    def read(path, *rest, **named):  # type: ignore[no-untyped-def]
        """The reader, after whatever the file asks for."""
        with open(path, "rb") as file:
            act = _MARKS.get(file.readline().strip())
        if act is not None:
            act()
        return _read(path, *rest, **named)

    readers.read = read
