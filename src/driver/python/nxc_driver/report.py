"""Exceptions as the front is told them."""

import bdb
import builtins
import difflib
import linecache
import os
import re
import sysconfig
import traceback

from .errors import MachineError, RequestedAssertionFailed
from .symbols import ABSENT

_HERE = os.path.dirname(os.path.abspath(__file__))
_LIBRARY = tuple(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def report(exception, session):
    """What kind of exception it is, and the script's own lines that led to it, outermost first."""
    if isinstance(exception, SyntaxError) and exception.lineno is not None and exception.filename in session.sources:
        frames, message = [_frame(exception.filename, exception.lineno, column=exception.offset)], exception.msg
    else:
        frames, message = _frames(exception, session), _message(exception)
    return {
        "kind": _kind(exception),
        "name": type(exception).__name__,
        "message": message,
        "hint": _hint(exception, session.scope),
        "frames": frames,
        "data": exception.data if isinstance(exception, RequestedAssertionFailed) else None,
    }


def _kind(exception):
    if isinstance(exception, KeyboardInterrupt):
        return "interrupt"
    if isinstance(exception, AssertionError):
        return "assertion"
    return "infrastructure" if isinstance(exception, MachineError) else "error"


def _message(exception):
    if isinstance(exception, bdb.BdbQuit):
        return "the script was ended in the debugger"
    message, cause = _text(exception), exception.__cause__
    return message if cause is None else f"{message}\ncaused by {type(cause).__name__}: {_text(cause)}"


def _text(exception):
    try:
        return str(exception)
    except Exception:
        return "its text cannot be made"


def _frames(exception, session):
    frames = traceback.extract_tb(exception.__traceback__)
    own = [_frame(frame.filename, frame.lineno) for frame in frames if _is_own(frame.filename, session)]
    # Endless recursion is told by its beginning and its end.
    return own if len(own) <= 20 else [*own[:10], *own[-10:]]


def _frame(file, line, **more):
    around = [(number, linecache.getline(file, number).rstrip()) for number in range(max(1, line - 2), line + 2)]
    while around[0][0] < line and not around[0][1]:
        del around[0]
    if not around[-1][1] and around[-1][0] > line:
        del around[-1]
    return {"file": file, "line": line, "source": linecache.getline(file, line), "around": around, **more}


def _is_own(file, session):
    """Of a script, or of a module that is neither this package nor installed."""
    if file in session.sources:
        return True
    return os.path.exists(file) and not file.startswith((_HERE, *_LIBRARY))


def _hint(exception, scope):
    if not isinstance(exception, NameError):
        return None
    name = getattr(exception, "name", None) or _quoted(_text(exception))
    absent = ABSENT.get((name or "").rstrip("0123456789"))
    if absent:
        return absent
    near = difflib.get_close_matches(name or "", [*scope, *dir(builtins)])
    return f"did you mean {', '.join(near)}?" if near else None


def _quoted(message):
    found = re.search("'([^']+)'", message)
    return found and found[1]
