"""The names that scripts know beside the machines: those of the NixOS test driver."""

import contextlib
import contextvars
import os
import sys
import unittest

from .debugger import Debug
from .errors import DriverError, MachineError, RequestedAssertionFailed
from .log import Log
from .machine import Machine, MachineList, out_dir
from .sweep import sweep
from .waiting import retry


class Driver:
    """`driver` in scripts."""

    def __init__(self, front, conditions, run, report):
        self._front, self._conditions, self._run, self._report = front, conditions, run, report
        self._around = contextvars.ContextVar("subtest", default=None)
        self.machines = MachineList()
        self.sweep_rows = []
        self.log = self.logger = Log(self.subtest)

    @property
    def polling_conditions(self):
        return self._conditions.active

    @property
    def polling_condition(self):
        return self._conditions.polling_condition

    @property
    def out_dir(self):
        return out_dir()

    def start_all(self):
        """Makes sure that every machine runs."""
        self._front.call("driver.startAll", {})

    def join_all(self):
        """Returns at once: machines of a deployment are stopped by nxc stop, not by a script."""

    def serial_stdout_on(self):
        print("machines have no serial console here; nxc logs NODE --follow shows what they log", file=sys.stderr)

    def serial_stdout_off(self):
        """Does nothing: what nodes log is shown by nxc logs."""

    def test_script(self):
        """Runs the composition's testScript."""
        self._run(self._front.call("driver.testScript", {}), "testScript")

    def run_tests(self):
        """Runs the composition's testScript."""
        self.test_script()

    def sweep(self, space, run, resume=None, changed=None):
        """Calls run(point) for every combination of the values, and gives the rows. With resume, a file of JSON lines, each row
        is there before the next point begins, and what is there already is not run again. When run has changed since,
        changed="keep" goes on with the rows that are there, and changed="redo" measures all again. driver.sweep_rows are
        the rows of the last sweep, also of one that failed."""
        return sweep(self._front, self.sweep_rows, space, run, resume, changed)

    def create_machine(self, *_args, **_options):
        """Says where machines come from."""
        raise DriverError(
            "create_machine: a script cannot make machines\n"
            f"machines of this deployment: {', '.join(machine.name for machine in self.machines) or 'none'}\n"
            "to do: add a role to composition.nix, build and start"
        )

    @contextlib.contextmanager
    def subtest(self, name, points=None):
        """A named part of the script: timed, and listed with its result. It may be worth points when it passes."""
        begin = {"name": str(name), "parent": self._around.get(), "points": points}
        number = self._front.call("subtest.begin", begin)
        token, failure = self._around.set(number), {}
        try:
            yield
        except BaseException as exception:
            failure = self._failure(exception)
            raise
        finally:
            self._around.reset(token)
            self._front.call("subtest.end", {"id": number, **failure})

    def _failure(self, exception):
        shape = self._report(exception)
        frame = shape["frames"][-1] if shape["frames"] else None
        at = {"at": f"{frame['file']} line {frame['line']}"} if frame else {}
        return {"error": shape["message"] or shape["name"], "kind": shape["kind"], **at}


class Tester(unittest.TestCase):
    """`t` in scripts: the assertions of unittest."""

    failureException = RequestedAssertionFailed
    maxDiff = None


def symbols_of(driver):
    return {
        "driver": driver,
        "log": driver.log,
        "os": os,
        "t": Tester(),
        "debug": Debug(),
        "retry": retry,
        "Machine": Machine,
        "BaseMachine": Machine,
        "MachineError": MachineError,
        "RequestedAssertionFailed": RequestedAssertionFailed,
        **{name: getattr(driver, name) for name in _OF_DRIVER},
    }


_OF_DRIVER = (
    "start_all", "join_all", "test_script", "run_tests", "subtest", "sweep", "create_machine", "polling_condition",
    "serial_stdout_on", "serial_stdout_off",
)

# Names of the NixOS test driver that there are none of, and what to use instead.
ABSENT = {
    "vlans": "all nodes are in the deployment's one network",
    "vlan": "all nodes are in the deployment's one network",
}
