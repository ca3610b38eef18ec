"""Names that may stand at the cursor: variables, members, modules, keyword arguments."""

import builtins
import inspect
import keyword
import pkgutil
import re
import sys

from .expression import call_before, innermost_text, value_of

_CHAIN = re.compile(r"((?:[A-Za-z_]\w*(?:\[\s*(?:\d+|'[^']*'|\"[^\"]*\")\s*\])?\s*\.\s*)*)([A-Za-z_]\w*)?$")
_MODULE = re.compile(r"^\s*(?:import|from)\s+(?:[\w.]+\s*,\s*)*([\w.]*)$")
_MEMBER = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+(?:\w+\s*,\s*)*(\w*)$")


def complete(scope, text, rest):
    """{word, matches}: `word` stands before the cursor and is what a match replaces. `text` is the code up to the cursor,
    `rest` the code behind it."""
    code = innermost_text(text)
    if code is None:
        return {"word": "", "matches": []}
    line = code[code.rfind("\n") + 1 :]
    module = _MODULE.match(line)
    if module:
        return _matches(module[1], _modules(module[1]))
    member = _MEMBER.match(line)
    if member:
        return _matches(member[2], _described(_module(member[1])))
    base, word = _CHAIN.search(text).groups()
    word = word or ""
    if base:
        found = value_of(base.strip().rstrip(".").strip(), scope)
        return _matches(word, [] if found is None else _described(found[0]))
    return _matches(word, [*_arguments(scope, code), *_names(scope, text + rest)])


def _matches(word, candidates):
    """Those that begin with the word; private ones only when asked for, each once."""
    seen, matches = set(), []
    for name, kind, signature in candidates:
        if not name.startswith(word) or name in seen or (name.startswith("_") and not word.startswith("_")):
            continue
        seen.add(name)
        matches.append({"text": name, "type": kind, "signature": signature})
    return {"word": word, "matches": matches}


def _described(value):
    """The members of a value. What is a property is not computed for it."""
    for name in sorted(dir(value)):
        try:
            member = inspect.getattr_static(value, name)
        except AttributeError:
            member = None
        yield name, *_kind(member)


def _kind(value):
    if inspect.ismodule(value):
        return "module", ""
    if inspect.isclass(value):
        return "class", ""
    if callable(value):
        return "function", _signature(value)
    return "instance", ""


def _signature(value):
    try:
        parameters = [p for p in inspect.signature(value).parameters.values() if p.name != "self"]
        return str(inspect.Signature(parameters))
    except (TypeError, ValueError):
        return ""


def _arguments(scope, code):
    """Names of keyword arguments of the call that the cursor is in."""
    name = call_before(code)
    found = name and value_of(name, scope)
    if not found:
        return []
    try:
        parameters = inspect.signature(found[0]).parameters.values()
    except (TypeError, ValueError):
        return []
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [(f"{p.name}=", "param", "") for p in parameters if p.kind in named]


def _names(scope, text):
    for name in [*scope, *dir(builtins)]:
        yield name, *_kind(scope.get(name, getattr(builtins, name, None)))
    for name in keyword.kwlist:
        yield name, "keyword", ""
    # What the cell itself is about to define.
    for name in re.findall(r"(?:^|\s|,)(\w+)\s*=(?!=)|\bfor\s+(\w+)\s+in|\b(?:def|class|as|import)\s+(\w+)", text):
        yield next(part for part in name if part), "instance", ""


def _modules(word):
    package, _, _ = word.rpartition(".")
    if not package:
        names = {*sys.builtin_module_names, *(module.name for module in pkgutil.iter_modules())}
        return [(name, "module", "") for name in sorted(names)]
    path = getattr(_module(package), "__path__", [])
    return [(f"{package}.{module.name}", "module", "") for module in pkgutil.iter_modules(path)]


def _module(name):
    """A module of the standard library, or one that the scripts have loaded: completing does not run other people's code."""
    if name in sys.modules:
        return sys.modules[name]
    if name.split(".")[0] not in getattr(sys, "stdlib_module_names", ()):
        return None
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        return None
