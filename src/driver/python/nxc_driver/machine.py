"""Machines and lists of machines; their methods come from the driver's table."""

import contextlib
import difflib
import inspect
import os
import pathlib
import re
from concurrent.futures import ThreadPoolExecutor

from .errors import DriverError, MachineError, RequestedAssertionFailed
from .table import bind, describe, from_wire, signature_of


class Machine:
    """A node of the deployment."""

    def __init__(self, name, role, address=None):
        self.name, self.role, self.address = name, role, address
        # The script itself has ended it.
        self.is_off = False

    def __repr__(self):
        return f"Machine({self.name!r})"

    def __getattr__(self, name):
        raise AttributeError(_unknown("a machine", Machine, name))

    @property
    def booted(self):
        return self.is_up()

    connected = booted

    @property
    def out_dir(self):
        return out_dir()

    @contextlib.contextmanager
    def nested(self, message, attrs=None):
        """Logs what the lines below do."""
        self.log(message)
        yield


class MachineList(list):
    """Machines in the nodes' order. A method of machines runs on all of them at once and gives a list of what it gave."""

    def __init__(self, machines=(), max_parallel=None):
        super().__init__(machines)
        self.max_parallel = max_parallel

    def __getitem__(self, index):
        found = super().__getitem__(index)
        return MachineList(found, self.max_parallel) if isinstance(index, slice) else found

    def __getattr__(self, name):
        raise AttributeError(_unknown("a list of machines", MachineList, name))

    def by_role(self, role):
        """Those of one role."""
        return MachineList((machine for machine in self if machine.role == role), self.max_parallel)

    def at_most(self, max_parallel):
        """The same machines, at most so many at a time."""
        return MachineList(self, max_parallel)

    def map(self, work, max_parallel=None):
        """Calls work(machine) for all in parallel; what fails is told of all that failed."""
        if not self:
            return []
        limit = max_parallel or self.max_parallel or len(self)
        with ThreadPoolExecutor(min(limit, len(self))) as pool:
            results = [pool.submit(work, machine) for machine in self]
        failed = [(machine, result.exception()) for machine, result in zip(self, results) if result.exception()]
        if len(failed) == 1:
            raise failed[0][1]
        if failed:
            bad = [machine.name for machine, _ in failed]
            good = [machine.name for machine in self if machine.name not in bad]
            told = [f"{name}: {error}" for name, (_, error) in zip(bad, failed)]
            found = [f"found: {len(good)} succeeded: {', '.join(good)}"] if good else []
            # As for the methods: with one machine lost, nothing is known of what was asserted.
            lost = any(isinstance(error, MachineError) for _, error in failed)
            text = "\n".join([f"{len(bad)} of {len(self)} machines failed: {', '.join(bad)}", *found, *told])
            raise (MachineError if lost else RequestedAssertionFailed)(text)
        return [result.result() for result in results]


_ENDS = frozenset(("crash", "shutdown"))
# What can be asked of a machine that is off.
_OF_THE_SWITCH = _ENDS | {"start", "isUp", "waitForShutdown", "release", "log", "getConsoleLog"}


def add_methods(front, conditions, methods):
    """Gives Machine and MachineList the methods of the table."""
    for method in methods:
        for kind, make in ((Machine, _of_machine), (MachineList, _of_list)):
            function = make(front, conditions, method, signature_of(method))
            for name in [method["name"], *method["aliases"]]:
                setattr(kind, name, function)


def _of_machine(front, conditions, method, signature):
    def call(machine, *args, **kwargs):
        params = {"node": machine.name, "args": bind(method, signature, args, kwargs)}
        # The NixOS driver starts a machine for its next command.
        if machine.is_off and method["wire"] not in _OF_THE_SWITCH:
            machine.start()
        value = from_wire(method, _ask(front, conditions, method, "machine", params))
        machine.is_off = method["wire"] in _ENDS or machine.is_off and method["wire"] in _OF_THE_SWITCH - {"start"}
        return value

    return _named(call, method, signature)


def _of_list(front, conditions, method, signature):
    def call(machines, *args, **kwargs):
        params = {
            "nodes": [machine.name for machine in machines],
            "args": bind(method, signature, args, kwargs),
            "maxParallel": machines.max_parallel,
        }
        values = _ask(front, conditions, method, "nodes", params) if machines else []
        return [from_wire(method, value) for value in values]

    return _named(call, method, signature)


def out_dir():
    """Where copy_from_machine puts what it copies."""
    return pathlib.Path(os.environ.get("out") or os.getcwd())


def _unknown(what, kind, name):
    near = difflib.get_close_matches(name, [known for known in dir(kind) if not known.startswith("_")])
    return f"{what} has no method {name!r}" + (f"; did you mean {', '.join(near)}?" if near else "")


def _ask(front, conditions, method, group, params):
    conditions.check()
    # The NixOS driver's waits execute again and again, and conditions are checked each time.
    every = conditions.period if method["wire"].startswith("wait") else None
    try:
        return front.call(f"{group}.{method['wire']}", params, every)
    except DriverError as error:
        # The front calls the method as TypeScript does.
        raise DriverError(re.sub(rf"\b{method['wire']}\b", method["name"], str(error))) from None


def _named(function, method, signature):
    receiver = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    function.__name__ = function.__qualname__ = method["name"]
    function.__doc__ = describe(method)
    function.__signature__ = signature.replace(parameters=[receiver, *signature.parameters.values()])
    return function
