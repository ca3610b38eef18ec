"""Runs test scripts in the vocabulary of the NixOS test driver.

The machines live in another process: calls go to it as JSON lines on file descriptor 4, answers and sources to run come on
3, so that the script's own output stays its own. Python 3.8, standard library only.
"""

import builtins
import contextlib
import contextvars
import inspect
import io
import itertools
import json
import linecache
import os
import queue
import signal
import sys
import threading
import time
import traceback
import types
import unittest


class RequestedAssertionFailed(AssertionError):
    """What the script asserted about a machine is not so."""

    data = None


class MachineError(Exception):
    """A machine cannot be reached: infrastructure, not the script's assertion."""


class DriverError(Exception):
    """A call that the driver does not understand."""


ERRORS = {
    "AssertionFailed": RequestedAssertionFailed,
    "PartialFailure": RequestedAssertionFailed,
    "TransportError": MachineError,
    "PartialOutage": MachineError,
    "InterruptedError": KeyboardInterrupt,
}


class Front:
    """The other process: sends from any thread, receives in one."""

    def __init__(self):
        self._out = os.fdopen(4, "w", encoding="utf-8", errors="surrogateescape")
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._waiting = {}
        self.runs = queue.Queue()
        threading.Thread(target=self._receive, daemon=True).start()

    def send(self, message):
        line = json.dumps(message, default=str) + "\n"
        try:
            with self._lock:
                self._out.write(line)
                self._out.flush()
        except OSError as error:
            leave(error)

    def call(self, method, **params):
        number, answer = next(self._ids), queue.Queue()
        self._waiting[number] = answer
        self.send({"id": number, "method": method, "params": params})
        try:
            message = answer.get()
        finally:
            del self._waiting[number]
        if "error" not in message:
            return message.get("result")
        shape = message["error"]
        kind = ERRORS.get(shape["name"], DriverError)
        error = kind(shape["message"])
        if kind is RequestedAssertionFailed:
            error.data = shape.get("data")
        raise error

    def _receive(self):
        try:
            with os.fdopen(3, encoding="utf-8") as lines:
                for line in lines:
                    message = json.loads(line)
                    if "method" in message:
                        self.runs.put(message)
                        continue
                    answer = self._waiting.get(message["id"])
                    if answer:
                        answer.put(message)
            leave("its end was reached")
        except Exception as error:
            leave(error)


def leave(reason):
    """Nobody can be asked or told anything any more: ends this process and what its scripts started."""
    with contextlib.suppress(OSError):
        os.write(2, f"the pipe to nxc is broken: {reason}\n".encode())
    os.killpg(0, signal.SIGKILL)


class Stream(io.TextIOBase):
    """sys.stdout and sys.stderr: what is printed keeps its place among the driver's own messages."""

    encoding = "utf-8"

    def __init__(self, front, name, real):
        self._front, self._name, self._real = front, name, real
        self.buffer = real.buffer

    def write(self, text):
        if text:
            self._front.send({"method": "write", "params": {"stream": self._name, "text": text}})
        return len(text)

    def writable(self):
        return True

    def fileno(self):
        return self._real.fileno()


class CommandResult(tuple):
    """(status, stdout) with everything else that is known as attributes."""

    def __new__(cls, fields):
        result = super().__new__(cls, (fields["status"], fields["stdout"]))
        result.__dict__.update(fields)
        return result


class Machine:
    """A node of the deployment. Its methods come from the driver's table."""

    def __init__(self, name, role, address=None):
        self.name, self.role, self.address = name, role, address

    def __repr__(self):
        return f"Machine({self.name!r})"

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        import difflib

        near = difflib.get_close_matches(name, [m for m in dir(Machine) if not m.startswith("_")])
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise AttributeError(f"a machine has no method {name!r} on this flavour{hint}")


def machine_method(front, method):
    """A function with the signature that the table describes."""
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    wire = {}
    for one in method["parameters"]:
        wire[one["name"]] = one["wire"]
        variadic, after = one.get("variadic"), any(p.get("variadic") for p in method["parameters"])
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        if variadic:
            kind = inspect.Parameter.VAR_POSITIONAL
        elif after:
            kind = inspect.Parameter.KEYWORD_ONLY
        optional = one.get("option") or "default" in one
        default = one.get("default") if optional and not variadic else inspect.Parameter.empty
        parameters.append(inspect.Parameter(one["name"], kind, default=default))
    signature = inspect.Signature(parameters)

    def call(*args, **kwargs):
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            shown = signature.replace(parameters=parameters[1:])
            raise TypeError(f"{error}; call it as {method['name']}{shown}") from None
        machine = given.pop("self")
        named = {wire[name]: list(v) if isinstance(v, tuple) else v for name, v in given.items()}
        result = front.call("machine." + method["wire"], node=machine.name, args=named)
        return CommandResult(result) if method["returns"] == "CommandResult" else result

    call.__name__ = call.__qualname__ = method["name"]
    call.__doc__ = method["doc"]
    call.__signature__ = signature
    return call


class Log:
    def __init__(self, front):
        self._front = front

    def info(self, message):
        print(message)

    log = info

    def warning(self, message):
        print(f"warning: {message}", file=sys.stderr)

    def error(self, message):
        print(f"error: {message}", file=sys.stderr)
        sys.exit(1)

    @contextlib.contextmanager
    def nested(self, message):
        print(message)
        yield


class Driver:
    """The symbols of a script and the state that stays between scripts."""

    def __init__(self, front):
        self._front = front
        self._around = contextvars.ContextVar("subtest", default=None)
        self.machines = []
        self.cwd = None
        self.log = Log(front)
        # A module of its own, so that dataclasses and the like find what scripts define, and nothing of this file.
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        self.scope = module.__dict__
        self.scope.update(
            driver=self, log=self.log, os=os, Machine=Machine, t=unittest.TestCase(),
            start_all=self.start_all, join_all=self.join_all, test_script=self.test_script,
            run_tests=self.run_tests, subtest=self.subtest, retry=self.retry,
            create_machine=self.create_machine, polling_condition=self.polling_condition,
            serial_stdout_on=lambda: None, serial_stdout_off=lambda: None,
            RequestedAssertionFailed=RequestedAssertionFailed, MachineError=MachineError,
        )
        self._given = {}
        builtins.input = lambda prompt="": front.call("driver.ask", prompt=str(prompt))

    def use(self, machines):
        """Makes the variables of these machines, and takes those of machines that are gone."""
        known = {machine.name: machine for machine in self.machines}
        self.machines = [
            known.get(m["name"]) or Machine(m["name"], m["role"], m.get("address")) for m in machines
        ]
        for name, value in self._given.items():
            if self.scope.get(name) is value:
                del self.scope[name]
        self._given = {m["identifier"]: machine for m, machine in zip(machines, self.machines)}
        if len(self.machines) == 1:
            self._given.setdefault("machine", self.machines[0])
        self._given["machines"] = self.machines
        self.scope.update(self._given)

    def run(self, source, file):
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        exec(compile(source, file, "exec"), self.scope)

    def start_all(self):
        """Checks that every machine runs: the deployment was started as a whole."""
        self._front.call("driver.startAll")

    def join_all(self):
        """Returns at once: machines of a deployment are stopped by nxc stop, not by a script."""

    def test_script(self):
        """Runs the composition's testScript."""
        self.run(self._front.call("driver.testScript"), "testScript")

    def create_machine(self, *args, **kwargs):
        """Says where machines come from."""
        names = ", ".join(machine.name for machine in self.machines) or "none"
        raise NotImplementedError(
            "create_machine: a script cannot make machines; add a role to composition.nix, build and start. "
            f"Machines of this deployment: {names}"
        )

    @staticmethod
    def polling_condition(*args, **kwargs):
        """Says what waits for conditions."""
        raise NotImplementedError(
            "polling_condition: conditions are not checked beside a script; there are retry(fn, timeout), "
            "wait_until_succeeds(command, timeout) and wait_until_fails(command, timeout)"
        )

    def run_tests(self):
        self.test_script()

    @contextlib.contextmanager
    def subtest(self, name):
        """A named part of the script: timed, and listed with its result."""
        number = self._front.call("subtest.begin", name=name, parent=self._around.get())
        token, error = self._around.set(number), {}
        try:
            yield
        except BaseException as exception:
            error = {"error": str(exception) or type(exception).__name__}
            raise
        finally:
            self._around.reset(token)
            self._front.call("subtest.end", id=number, **error)

    @staticmethod
    def retry(fn, timeout=900):
        """Calls fn(last) each second until it gives something true."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if fn(False):
                return
            time.sleep(min(1, max(0, end - time.monotonic())))
        if not fn(True):
            raise RequestedAssertionFailed(f"action timed out after {timeout} seconds")


def report(exception):
    """An exception as JSON: what kind it is, and the script's own lines that led to it, outermost first."""
    frames = [
        {"file": frame.filename, "line": frame.lineno, "source": frame.line or ""}
        for frame in traceback.extract_tb(exception.__traceback__)
        if frame.filename not in (__file__, contextlib.__file__)
    ]
    message = str(exception)
    kind = "error"
    if isinstance(exception, KeyboardInterrupt):
        kind = "interrupt"
    elif isinstance(exception, AssertionError):
        kind = "assertion"
    elif isinstance(exception, MachineError):
        kind = "infrastructure"
    elif isinstance(exception, SyntaxError):
        message = exception.msg
        text = (exception.text or "").rstrip("\n")
        frames = [{"file": exception.filename, "line": exception.lineno, "source": text}]
    return {
        "kind": kind, "name": type(exception).__name__, "message": message, "frames": frames,
        "data": getattr(exception, "data", None),
    }


def run(driver, params):
    driver.use(params["machines"])
    if params["cwd"] != driver.cwd:
        os.chdir(params["cwd"])
        driver.cwd = params["cwd"]
    try:
        driver.run(params["source"], params["file"])
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return {"status": end.code or 0}
        print(end.code, file=sys.stderr)
        return {"status": 1}
    except BaseException as exception:
        return {"failure": report(exception)}
    return {"status": 0}


def main():
    front = Front()
    sys.stdout, sys.stderr = Stream(front, "stdout", sys.stdout), Stream(front, "stderr", sys.stderr)
    driver = None
    shim = sys.modules["__main__"]  # keeps these functions' globals alive
    while shim:
        try:
            message = front.runs.get()
            params = message["params"]
            if message["method"] == "methods":
                for method in params["machine"]:
                    function = machine_method(front, method)
                    for name in [method["name"], *method["aliases"]]:
                        setattr(Machine, name, function)
                driver = Driver(front)
                continue
            front.send({"id": message["id"], "result": run(driver, params)})
        except KeyboardInterrupt:
            # It came between two scripts, when there was nothing to interrupt any more.
            continue


if __name__ == "__main__":
    main()
