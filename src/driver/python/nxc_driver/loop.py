"""What the front asks for, in order: runs in the main thread, where Python's signals arrive; questions beside them."""

import builtins
import codeop
import os
import sys
import threading

from .completion import complete
from .debugger import use_for_breakpoint
from .front import Front
from .inspection import inspect_name
from .machine import add_methods
from .polling import Conditions
from .report import report
from .session import Session
from .streams import Streams, complain_of_threads


def main():
    front = Front()
    conditions = Conditions()
    ask = builtins.input = lambda prompt="": front.call("driver.ask", {"prompt": str(prompt)})
    streams = Streams(front, ask)
    session = Session(front, conditions)
    complain_of_threads(lambda error: report(error, session))
    use_for_breakpoint()
    threading.Thread(target=_answer, args=(front, session, streams), daemon=True).start()
    while True:
        try:
            message = front.runs.get()
            if message["method"] == "end":
                # As python3 does: threads are waited for, then what is registered with atexit runs.
                return
            if message["method"] == "methods":
                add_methods(front, conditions, message["params"])
                continue
            streams.mute(False)
            result = _run(session, message["params"])
            if front.forked:
                # The script forked and this is the child at the script's end: the parent goes on.
                os._exit(result.get("status", 1))
            front.send({"id": message["id"], "result": result})
        except KeyboardInterrupt:
            # It came between two runs, when there was nothing to interrupt any more.
            continue


def _run(session, params):
    """{status, value?} or {failure}."""
    try:
        session.prepare(params["machines"], params["cwd"], params["env"])
        try:
            value = session.execute(params["source"], params["file"])
        finally:
            session.workspace.share()
        return {"status": 0, "value": value}
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return {"status": int(end.code or 0), "exited": True}
        print(end.code, file=sys.stderr)
        return {"status": 1, "exited": True}
    except BaseException as exception:
        return {"failure": report(exception, session)}


def _answer(front, session, streams):
    """Questions of editors; asked also while a script runs."""
    questions = {
        "complete": lambda text, rest: complete(session.scope, text, rest),
        "inspect": lambda text, rest: inspect_name(session.scope, text, rest),
        "completeness": lambda text: _completeness(text),
        "mute": lambda: streams.mute(True),
        "machines": lambda machines, cwd: session.prepare(machines, cwd),
    }
    while True:
        message = front.questions.get()
        try:
            result = questions[message["method"]](**message["params"])
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.__stderr__)
            result = None
        if "id" in message:
            front.send({"id": message["id"], "result": result})


def _completeness(text):
    """Whether a prompt is to run this or to ask for more lines."""
    try:
        return "complete" if codeop.compile_command(text, symbol="single") else "incomplete"
    except (SyntaxError, ValueError, OverflowError):
        return "complete"
