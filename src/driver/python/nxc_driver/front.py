"""The pipe to the front: JSON lines. Any thread may send; one thread receives."""

import contextlib
import fcntl
import itertools
import json
import os
import queue
import signal
import threading

from .codec import decode, encode
from .errors import DriverError, error_of


class Front:
    def __init__(self):
        # Scripts that write to 3 or 4, and programs that they start, are not to meet these.
        self._in, self._out = _out_of_reach(3), _out_of_reach(4)
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._answers = {}
        self._interrupts = Interrupts()
        self.forked = False
        self._before_call = lambda: None
        self.runs = queue.SimpleQueue()
        self.questions = queue.SimpleQueue()
        os.register_at_fork(after_in_child=self._forked)
        threading.Thread(target=self._receive, daemon=True).start()

    def send(self, message):
        """`params` and `result` are values of the script's: they cross as codec.py has it."""
        for field in ("params", "result"):
            if field in message:
                message = {**message, field: encode(message[field], f"what {message.get('method', 'a script')} was given")}
        line = json.dumps(message).encode() + b"\n"
        try:
            with self._interrupts.deferred(), self._lock:
                while line:
                    line = line[os.write(self._out, line) :]
        except OSError as error:
            leave(error)

    def before_call(self, action):
        self._before_call = action

    def call(self, method, params, every=None):
        """Asks the front and waits; `every` is (seconds, function) to be called meanwhile."""
        if self.forked:
            raise DriverError(f"{method}: a forked process cannot use machines; use threading")
        self._before_call()
        number, answer = next(self._ids), queue.SimpleQueue()
        self._answers[number] = answer
        try:
            self.send({"id": number, "method": method, "params": params})
            message = _wait(answer, every)
        except BaseException:
            self.send({"method": "cancel", "params": {"id": number}})
            raise
        finally:
            del self._answers[number]
        answer = decode(message["answer"])
        if "error" in answer:
            raise error_of(answer["error"])
        return answer["value"]

    def _receive(self):
        try:
            with os.fdopen(self._in, encoding="utf-8") as lines:
                for line in lines:
                    self._sort(json.loads(line))
            leave("its end was reached")
        except Exception as error:
            leave(error)

    def _sort(self, message):
        if "params" in message:
            message["params"] = decode(message["params"])
        if message.get("method") in ("methods", "run", "end"):
            self.runs.put(message)
        elif "method" in message:
            self.questions.put(message)
        else:
            answer = self._answers.get(message["id"])
            if answer:
                answer.put(message)

    def _forked(self):
        self.forked = True
        for descriptor in (self._in, self._out):
            with contextlib.suppress(OSError):
                os.close(descriptor)


class Interrupts:
    """SIGINT is KeyboardInterrupt, but not in the middle of a line on the pipe."""

    def __init__(self):
        self._depth, self._pending = 0, False
        signal.signal(signal.SIGINT, self._on_signal)

    def _on_signal(self, *_):
        if self._depth:
            self._pending = True
        else:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def deferred(self):
        # Python runs signal handlers in the main thread alone.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._pending and not self._depth:
                self._pending = False
                raise KeyboardInterrupt


def leave(reason):
    """Nobody can be asked or told anything any more: ends this process and what its scripts started."""
    with contextlib.suppress(OSError):
        os.write(2, f"the pipe to nxc is broken: {reason}\n".encode())
    os.killpg(0, signal.SIGKILL)


def _out_of_reach(descriptor):
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    os.close(descriptor)
    return high


def _wait(answer, every):
    if every is None:
        return answer.get()
    seconds, check = every
    while True:
        try:
            return answer.get(timeout=seconds)
        except queue.Empty:
            check()
