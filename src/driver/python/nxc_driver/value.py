"""How the value of a cell's last line looks."""

import base64

# Characters of a value that are shown.
ENOUGH = 100_000

_RICH = {"text/html": "_repr_html_", "image/svg+xml": "_repr_svg_", "image/png": "_repr_png_"}


def bundle_of(value):
    """A MIME bundle; rows, a list of dicts, are under `rows` for the front to show as a table."""
    bundle = {"text/plain": _cut(repr(value))}
    if _is_rows(value):
        bundle["rows"] = [{str(name): _plain(cell) for name, cell in row.items()} for row in value]
    for mime, method in _RICH.items():
        make = None if isinstance(value, type) else getattr(value, method, None)
        shown = make() if callable(make) else None
        if shown is not None:
            bundle[mime] = base64.b64encode(shown).decode() if isinstance(shown, bytes) else str(shown)
    return bundle


def _is_rows(value):
    return isinstance(value, list) and 0 < len(value) <= 1000 and all(type(row) is dict and row for row in value)


def _plain(cell):
    """What tables show as such; anything else as text."""
    return cell if cell is None or isinstance(cell, (str, int, float)) else repr(cell)


def _cut(text):
    return text if len(text) <= ENOUGH else f"{text[:ENOUGH]}… ({len(text)} characters)"
