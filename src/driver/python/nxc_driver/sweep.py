import ast
import linecache

from .errors import DriverError


def sweep(front, rows, space, run, resume, changed):
    """The front knows which points are left and keeps the rows; here each point is run. `rows` are the last sweep's, also when it
    fails."""
    step = {"language": "python", "source": source_of(run)}
    begun = front.call(
        "sweep.begin", {"space": space, "resume": resume and str(resume), "changed": changed, "step": step}
    )
    number, left = begun["id"], begun["left"]
    rows[:] = begun["rows"]
    try:
        for point, after in zip(left, [*left[1:], None]):
            row = run(dict(point))
            if not isinstance(row, dict):
                raise DriverError(f"the function of a sweep gave {row!r} for {point}; let it return a row: a dict")
            rows.append({**point, **row})
            _record(front, number, point, row, after)
    finally:
        recorded = front.call("sweep.end", {"id": number})
    rows[:] = recorded
    return list(recorded)


def _record(front, number, point, row, after):
    try:
        front.call("sweep.record", {"id": number, "point": point, "row": row, "next": after})
    except DriverError as error:
        raise DriverError(
            f"the row of {point} cannot be recorded: {error}\n"
            "to do: the rows that were measured, this one too, are in driver.sweep_rows"
        ) from None


def source_of(function):
    """What a function does, whatever stands beside it: its syntax tree as text; None where its source is not known."""
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    except SyntaxError:
        return None
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    found = [node for node in ast.walk(tree) if isinstance(node, kinds) and _first_line(node) == code.co_firstlineno]
    return "\n".join(ast.dump(node) for node in found) or None


def _first_line(node):
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
