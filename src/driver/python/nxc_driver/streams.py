"""sys.stdin, sys.stdout and sys.stderr of scripts: they lead to the cell, not to this process's own."""

import io
import os
import sys
import threading


class Output(io.TextIOBase):
    """What is printed goes out at once, and keeps its place among the front's own messages."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, front, name, real):
        self._front, self._name, self._real = front, name, real
        self.buffer = real.buffer
        # The front says so when a run has printed more than it shows.
        self.muted = False

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._front.forked:
            os.write(self.fileno(), text.encode("utf-8", "backslashreplace"))
        elif text and not self.muted:
            self._front.send({"method": "write", "params": {"stream": self._name, "text": text}})
        return len(text)

    def writable(self):
        return True

    def isatty(self):
        return False

    def fileno(self):
        return self._real.fileno()


class Input(io.TextIOBase):
    """Lines that the person at the cell types."""

    def __init__(self, ask):
        self._ask = ask

    def readable(self):
        return True

    def readline(self, size=-1):
        return self._ask("") + "\n"

    def read(self, size=-1):
        raise io.UnsupportedOperation("a test script has no standard input to its end: read lines, with input()")

    def close(self):
        """Stays open: exit() of the site module closes it."""


class Streams:
    def __init__(self, front, ask):
        self._outputs = [Output(front, "stdout", sys.stdout), Output(front, "stderr", sys.stderr)]
        sys.stdout, sys.stderr = self._outputs
        sys.stdin = Input(ask)

    def mute(self, muted):
        for output in self._outputs:
            output.muted = muted


def complain_of_threads(report):
    """An exception that ends a thread is told as those of scripts are: without frames of this package."""

    def hook(args):
        if args.exc_type is SystemExit or args.exc_value is None:
            return
        shape = report(args.exc_value)
        lines = [f"  {f['file']} line {f['line']}: {f['source'].strip()}" for f in shape["frames"]]
        name = args.thread.name if args.thread else "a thread"
        print(f"{name} failed:", *lines, f"{shape['name']}: {shape['message']}", sep="\n", file=sys.stderr)

    threading.excepthook = hook
