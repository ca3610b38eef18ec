import time

from .errors import RequestedAssertionFailed


def retry(fn, timeout=900, *, timeout_seconds=None):
    """Calls fn(last) each second until it gives something true."""
    limit = timeout if timeout_seconds is None else timeout_seconds
    until(fn, limit, lambda: f"action timed out after {limit} seconds")


def until(attempt, seconds, failure):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if attempt(False):
            return
        time.sleep(min(1, max(0, end - time.monotonic())))
    if not attempt(True):
        raise RequestedAssertionFailed(failure())
