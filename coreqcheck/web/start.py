"""Opens a port, says where the page is, and serves it until it is stopped."""

from __future__ import annotations

import contextlib
import signal
import socket
import webbrowser
from collections.abc import Callable
from types import FrameType

import uvicorn

from coreqcheck.errors import UsageError
from coreqcheck.web.app import build
from coreqcheck.web.gate import START, Address, Keys
from coreqcheck.web.shelf import session_folder


def serve(
    host: str, port: int, opens: bool, say: Callable[[str], None], guideline: str = ""
) -> None:
    """Serve the page until the process is told to stop; then nothing of the session is left.

    Args:
        host: the address to listen at.
        port: the port; 0 for any that is free.
        opens: whether to open the browser.
        say: takes lines for the person who started it.
        guideline: one or several with commas between, "" for COREQ.

    Raises:
        UsageError: the address or port cannot be had.
    """
    with _listening(host, port) as listening, session_folder() as folder:
        address = Address(
            host, listening.getsockname()[1], frozenset({socket.gethostname().lower()})
        )
        keys = Keys()
        if not address.loopback:
            say(
                f"Warning: listening at {host}, so other computers on this network can reach the "
                "page. Whoever has the link sees the manuscripts, and the network can read them on "
                "their way. Without --host only this computer can."
            )
        say(f"Open this page in a browser: {address.link}{START}?token={keys.token}")
        say("Manuscripts stay on this computer and are removed when you stop this with Ctrl+C.")
        if opens:
            webbrowser.open(f"{address.link}{START}?token={keys.once}")
        else:
            keys.once = None
        config = uvicorn.Config(
            build(folder, keys, address, guideline=guideline),
            log_level="warning",
            access_log=False,  # it would hold names of files and the token
            server_header=False,
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        _run(uvicorn.Server(config), listening)


def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    """Serve; a closed terminal or a polite kill must leave time to take the files away."""

    def stop(number: int, frame: FrameType | None) -> None:
        if server.should_exit:  # the server has ended and passes the signal on
            raise KeyboardInterrupt
        server.should_exit = True

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens, so that the port is ours before anybody is told of it."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.bind(where)
            listening.listen(100)
        except BaseException:
            listening.close()
            raise
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be used ({error.strerror}); try another") from None
    return listening
