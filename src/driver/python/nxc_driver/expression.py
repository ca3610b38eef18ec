"""The expression at the cursor, read without running what has effects."""

import ast
import builtins
import re

_TEXT = re.compile(
    r"""[rbfuRBFU]{0,2}(?:'''(?:\\.|[^\\])*?('''|\Z)|\"\"\"(?:\\.|[^\\])*?(\"\"\"|\Z))"""
    r"""|[rbfuRBFU]{0,2}(?:'(?:\\.|[^'\\\n])*('|$)|"(?:\\.|[^"\\\n])*("|$))|\#[^\n]*""",
    re.DOTALL | re.MULTILINE,
)


def innermost_text(text):
    """The code with its strings emptied; None when it ends in a string or a comment."""
    last = None
    for last in _TEXT.finditer(text):
        pass
    if last and last.end() == len(text) and (last[0].startswith("#") or not any(last.groups())):
        return None
    return _TEXT.sub(lambda found: "''" if found[0][0] != "#" else "", text)


def call_before(code):
    """Dotted name of the innermost function whose arguments the end of the code is among."""
    depth = 0
    for at in range(len(code) - 1, -1, -1):
        if code[at] in ")]}":
            depth += 1
        elif code[at] in "([{":
            if depth:
                depth -= 1
                continue
            if code[at] != "(":
                continue
            name = re.search(r"[A-Za-z_][\w.]*$", code[:at])
            return name and name[0]
    return None


def value_of(text, scope):
    """(value,) of a name, its members and elements of lists and dicts; None when it has none. Calls nothing but properties."""
    try:
        return (_evaluate(ast.parse(text.strip(), mode="eval").body, scope),)
    except Exception:
        return None


def _evaluate(node, scope):
    if isinstance(node, ast.Name):
        return scope[node.id] if node.id in scope else getattr(builtins, node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_evaluate(node.value, scope), node.attr)
    if isinstance(node, ast.Subscript):
        # Until Python 3.8 the key is in an ast.Index.
        key = node.slice if isinstance(node.slice, ast.Constant) else getattr(node.slice, "value", None)
        value = _evaluate(node.value, scope)
        if isinstance(key, ast.Constant) and isinstance(value, (list, tuple, dict)):
            return value[key.value]
    raise ValueError("this would run code")
