"""Requests that no HTTP library would send, written on a socket as they are."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def connect(url: str, timeout_s: float = 15, window: int | None = None) -> socket.socket:
    """window: bytes that this side's system keeps for a reader that does not read."""
    parts = urlsplit(url)
    sock = socket.socket()
    if window is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    sock.settimeout(timeout_s)
    sock.connect((parts.hostname, parts.port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def send_all(sock: socket.socket, data: bytes) -> None:
    """As much as the server takes: it may refuse and close in the middle."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        sock.sendall(data)


def read_all(sock: socket.socket) -> bytes:
    """What comes until the server closes, or falls silent for the socket's time-out."""
    received = b""
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while chunk := sock.recv(65536):
            received += chunk
    return received


def parse(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(": ") for line in lines[1:]]
    return Answer(int(lines[0].split()[1]), {name.lower(): value for name, _, value in pairs}, body)


def ask(url: str, data: bytes, timeout_s: float = 15) -> Answer:
    """The first answer to these bytes."""
    with connect(url, timeout_s) as sock:
        send_all(sock, data)
        return parse(read_all(sock))


def get(path: str, *headers: str, version: str = "1.1") -> bytes:
    """A well-formed GET that closes its connection."""
    lines = [f"GET {path} HTTP/{version}", "Host: localhost", "Connection: close", *headers]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"


def closes_within(sock: socket.socket, seconds: float) -> bool:
    """Whether the server closes the connection in that time; what it sends is dropped."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            if not sock.recv(65536):
                return True
        except ConnectionResetError:
            return True
        except TimeoutError:
            break
    return False
