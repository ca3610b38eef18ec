import datetime
import time

from .errors import RequestedAssertionFailed


def retry(fn, timeout=900, *, timeout_seconds=None):
    """Calls fn(last) each second until it gives something true."""
    limit = seconds_of(timeout if timeout_seconds is None else timeout_seconds)
    until(fn, limit, lambda: f"action timed out after {limit} seconds")


def seconds_of(duration):
    """The NixOS driver takes a timedelta wherever it takes seconds."""
    return duration.total_seconds() if isinstance(duration, datetime.timedelta) else duration


def until(attempt, seconds, failure):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if attempt(False):
            return
        time.sleep(min(1, max(0, end - time.monotonic())))
    if not attempt(True):
        raise RequestedAssertionFailed(failure())
