"""How a test runs a coroutine, in a thread of its own, and waits for what must come.

Playwright's synchronous interface keeps an event loop in the main thread for as long as a browser
is open, and a second one cannot be run beside it there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def wait_for(coroutine: Coroutine[Any, Any, T]) -> T:
    """The coroutine's result, or its exception."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def eventually(condition: Callable[[], bool], patience_s: float = 15) -> bool:
    """Whether the condition comes to hold; how soon is not what is tested."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
