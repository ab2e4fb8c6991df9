"""How much is taken on at once, and from one client; what is beyond it is refused at once."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from geo.errors import TooBusy
from service.api.errors import TooManyRequests

_CLIENTS_REMEMBERED = 10_000
# Smaller answers lie in the sockets' own buffers and are not worth counting.
LARGE_BYTES = 256 * 1024


@dataclass
class Room:
    """The requests that are being answered, and the large answers on their way to clients.

    requests: how many may be inside at once. sending_bytes: how much of large answers may wait to
    be taken; one answer is always let out, however large it is.
    """

    requests: int
    sending_bytes: int
    inside: int = 0
    sending: int = field(default=0, init=False)

    def enter(self) -> None:
        """Count one request in. Raises TooBusy."""
        if self.inside >= self.requests:
            raise TooBusy("Too many requests are being answered; please ask again in a moment")
        self.inside += 1

    def leave(self) -> None:
        """Count it out again."""
        self.inside -= 1

    def begin_sending(self, size: int) -> None:
        """Count a large answer in. Raises TooBusy."""
        if self.sending and self.sending + size > self.sending_bytes:
            raise TooBusy("Too much waits to be taken by slow clients; please ask again later")
        self.sending += size

    def end_sending(self, size: int) -> None:
        """Count it out again."""
        self.sending -= size


class LargeTurns:
    """Lets a few large answers be in memory at once, from their making until they are sent.

    A client that is slow to take its answer keeps no other waiting: after `patience_s` from the
    moment at which its answer was ready the turn passes on.
    """

    def __init__(self, at_once: int, patience_s: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._patience_s = patience_s

    async def begin(self) -> LargeTurn:
        """Wait for a turn."""
        await self._free.acquire()
        return LargeTurn(self._free.release, self._patience_s)


class LargeTurn:
    """One turn; ending it twice ends it once."""

    def __init__(self, release: Callable[[], None], patience_s: float) -> None:
        self._release: Callable[[], None] | None = release
        self._patience_s = patience_s

    def ready(self) -> None:
        """The answer is made, and is now the client's to take."""
        asyncio.get_running_loop().call_later(self._patience_s, self.end)

    def end(self) -> None:
        """Let the next one begin."""
        release, self._release = self._release, None
        if release is not None:
            release()


class RateLimit:
    """A bucket of tokens for each client: `per_s` are added, at most `burst` lie in it.

    Only the clients that asked last are remembered; one that is forgotten starts with a full
    bucket.
    """

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, now: float | None = None) -> None:
        """Take a token of that client's. Raises TooManyRequests, which says when there is one."""
        now = time.monotonic() if now is None else now
        client = _network(address)
        tokens, since = self._buckets.pop(client, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._per_s)
        self._buckets[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._buckets) > _CLIENTS_REMEMBERED:
            self._buckets.popitem(last=False)
        if tokens < 1:
            wait_s = (1 - tokens) / self._per_s
            raise TooManyRequests(
                f"More than {self._per_s:g} requests a second; please ask more slowly", wait_s
            )


def _network(address: str) -> str:
    """The client itself; of IPv6 its network, since one client has all of a /64."""
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return address
