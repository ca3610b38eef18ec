"""`log` in scripts: the NixOS driver's logger."""

import contextlib
import sys


class Log:
    """What a script tells: in the cell, in order with everything else. `attributes` may name a machine."""

    def __init__(self, subtest):
        self._subtest = subtest

    def info(self, message, attributes=None):
        print(_told(message, attributes))

    log = info

    def warning(self, message, attributes=None):
        print(f"warning: {_told(message, attributes)}", file=sys.stderr)

    log_test_error = warning

    def error(self, message, attributes=None):
        """Tells it and ends the script with status 1."""
        print(f"error: {_told(message, attributes)}", file=sys.stderr)
        sys.exit(1)

    def debug(self, message, attributes=None):
        """Tells nothing: the NixOS driver shows it only when it is asked to."""

    @contextlib.contextmanager
    def nested(self, message, attributes=None):
        self.info(message, attributes)
        yield

    def subtest(self, name, attributes=None):
        return self._subtest(name)

    def log_serial(self, message, machine):
        self.info(message, {"machine": machine})

    def print_serial_logs(self, enable):
        """Does nothing: what nodes log is shown by nxc logs."""

    def set_log_level(self, level):
        """Does nothing: there is one level."""


def _told(message, attributes):
    machine = (attributes or {}).get("machine")
    return f"{machine}: {message}" if machine else message
