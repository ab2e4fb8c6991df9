"""How a test runs a coroutine: in a thread of its own.

Playwright's synchronous interface keeps an event loop in the main thread for as long as a browser
is open, and a second one cannot be run beside it there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def wait_for(coroutine: Coroutine[Any, Any, T]) -> T:
    """The coroutine's result, or its exception."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
