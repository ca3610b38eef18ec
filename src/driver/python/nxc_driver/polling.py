"""Conditions that are to hold while a part of a script runs, as in the NixOS test driver: they are checked before each call of
a machine and during its waits, at most once in `seconds_interval`."""

import time

from .errors import PollingConditionError
from .waiting import seconds_of, until


class Conditions:
    """Those that are to hold now."""

    def __init__(self):
        self.active = []

    def check(self):
        for condition in self.active:
            condition.require()

    @property
    def period(self):
        """For Front.call: how often to check during a wait; None when there is nothing to check."""
        if not self.active or any(condition.entered for condition in self.active):
            return None
        return min(condition.seconds_interval for condition in self.active), self.check

    def polling_condition(self, fun=None, *, seconds_interval=2.0, description=None):
        """Makes a condition of a function: it holds when the function gives None or something true, without exception.

        with condition: … fails as soon as it does not hold; condition.wait(timeout) waits until it does.
        """

        def make(function):
            return PollingCondition(self, function, seconds_interval, description)

        return make if fun is None else make(fun)


class PollingCondition:
    def __init__(self, conditions, function, seconds_interval, description):
        self._conditions, self._function = conditions, function
        self.seconds_interval = seconds_of(seconds_interval)
        self.description = description or (function.__doc__ or function.__name__).strip()
        self.entered = False
        self._checked_at = float("-inf")

    def __enter__(self):
        self._conditions.active.append(self)
        return self

    def __exit__(self, *_):
        self._conditions.active.remove(self)

    def check(self):
        """Whether it holds, and why not."""
        self.entered = True
        try:
            holds = self._function()
            return (True, "") if holds is None or holds else (False, f"it gave {holds!r}")
        except Exception as error:
            return False, str(error) or type(error).__name__
        finally:
            self.entered = False
            self._checked_at = time.monotonic()

    def require(self):
        # What the condition itself calls does not check it again.
        if self.entered or self._checked_at + self.seconds_interval > time.monotonic():
            return
        holds, why = self.check()
        if not holds:
            raise PollingConditionError(f"polling condition failed: {self.description}\n{why}")

    def wait(self, timeout=900):
        """Checks each second until it holds."""
        why = ""

        def attempt(_last):
            nonlocal why
            holds, why = self.check()
            return holds

        until(attempt, seconds_of(timeout), lambda: f"polling condition still fails: {self.description}\n{why}")
