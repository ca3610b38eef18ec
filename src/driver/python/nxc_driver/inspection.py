"""What is known of the name at the cursor."""

import inspect
import re

from .expression import call_before, innermost_text, value_of
from .machine import Machine


def inspect_name(scope, text, rest):
    """Text about the name that the cursor touches, else about the function among whose arguments it is; None for neither."""
    head = re.search(r"[\w.]*$", text)[0]
    name = head + re.match(r"\w*", rest)[0]
    if not re.match(r"[A-Za-z_]", name):
        name = call_before(innermost_text(text) or "")
    found = name and value_of(name, scope)
    return _about(name, found[0]) if found else None


def _about(name, value):
    if isinstance(value, Machine):
        return f"machine {value.name}\n  role     {value.role}\n  address  {value.address or ''}"
    if callable(value):
        try:
            head = f"{name}{inspect.signature(value)}"
        except (TypeError, ValueError):
            head = name
        return "\n\n".join(part for part in (head, inspect.getdoc(value)) if part)
    if inspect.ismodule(value):
        return "\n\n".join(part for part in (f"module {value.__name__}", inspect.getdoc(value)) if part)
    return f"{name}: {type(value).__name__}\n\n{repr(value)[:2000]}"
