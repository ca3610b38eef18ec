"""The variables of scripts, which stay from run to run, and how a source is run among them."""

import ast
import builtins
import linecache
import os
import sys
import types

from .machine import Machine, MachineList
from .report import report
from .symbols import Driver, symbols_of
from .value import bundle_of
from .workspace import Workspace


class Session:
    def __init__(self, front, conditions):
        self.workspace = Workspace(front)
        # Names of machines, and what they were given: a script may use the name for something else.
        self._given = {}
        self.sources = set()
        self.driver = Driver(front, conditions, self.execute, lambda exception: report(exception, self))
        # A module of its own, so that dataclasses and the like find what scripts define, and nothing of this package.
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        self.scope = module.__dict__
        self.scope.update(symbols_of(self.driver))

    def prepare(self, machines, cwd, env=None):
        """Makes the variables of these machines, takes those of machines that are gone, and goes where the notebook is."""
        known = {machine.name: machine for machine in self.driver.machines}
        found = MachineList(
            known.get(m["name"]) or Machine(m["name"], m["role"], m.get("address")) for m in machines
        )
        for machine in found:
            machine.logger = self.driver.logger
        for name, value in self._given.items():
            if self.scope.get(name) is value:
                del self.scope[name]
        self._given = {m["identifier"]: machine for m, machine in zip(machines, found)}
        if len(found) == 1:
            self._given.setdefault("machine", found[0])
        self._given["machines"] = self.driver.machines = found
        # The NixOS driver has a list for each kind of machine; here every node is of one.
        self._given.update(machines_qemu=found, machines_nspawn=MachineList())
        self.scope.update(self._given)
        if env is None:
            self.workspace.go(cwd)
        else:
            self.workspace.enter(cwd, env)

    def execute(self, source, file):
        """Runs a source and gives the value of its last line as a MIME bundle; None when that is no expression, or None."""
        self.sources.add(file)
        # Tracebacks know it by its name, pdb by what would be its path.
        for name in (file, os.path.abspath(file)):
            linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        tree = compile(source, file, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(_code(tree, file, "exec"), self.scope)
        if last is None:
            return None
        value = eval(_code(ast.Expression(last.value), file, "eval"), self.scope)
        if value is None:
            return None
        builtins._ = value
        return bundle_of(value)


def _code(tree, file, mode):
    return compile(tree, file, mode, dont_inherit=True)
