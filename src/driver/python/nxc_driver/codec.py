"""Values as they cross to the front: the other reader and writer of src/codec.ts, whose format is devalue's.

A value is a list of parts that refer to each other by their places, so what is shared is shared and a circle ends. int, float
(nan, inf and -0.0 too), str, bool, None, list, tuple, dict, set, bytes and datetime cross; anything else is refused by its name.
"""

import base64
import datetime
import json
import math
import numbers
import re
import struct

from .errors import DriverError

_UNDEFINED, _HOLE, _NAN, _INFINITY, _MINUS_INFINITY, _MINUS_ZERO, _SPARSE = -1, -2, -3, -4, -5, -6, -7
_NUMBERS = {_NAN: math.nan, _INFINITY: math.inf, _MINUS_INFINITY: -math.inf, _MINUS_ZERO: -0.0}
# Integers that a JavaScript number holds; larger ones are BigInt there.
_SAFE = 2**53 - 1
_ARRAYS = {
    "Int8Array": "b", "Uint8ClampedArray": "B", "Int16Array": "h", "Uint16Array": "H", "Int32Array": "i",
    "Uint32Array": "I", "Float16Array": "e", "Float32Array": "f", "Float64Array": "d", "BigInt64Array": "q", "BigUint64Array": "Q",
}


class CodecError(DriverError):
    """A value that cannot cross, named by its path."""


class JavaScriptValue:
    """What JavaScript has and Python has not: a pattern, an error. Not to be sent back."""

    def __init__(self, kind, parts):
        self.kind, self.parts = kind, parts

    def __repr__(self):
        return f"<JavaScript {self.kind}: {', '.join(map(str, self.parts))}>"


def encode(value, name="the value"):
    """The value as one line of JSON."""
    try:
        return _Encoder().text(value, name)
    except RecursionError:
        raise CodecError(f"{name} is nested too deeply") from None


def decode(text):
    try:
        flat = json.loads(text)
        return _Decoder(flat).at(flat) if isinstance(flat, int) else _Decoder(flat).at(0)
    except RecursionError:
        raise CodecError("a value of another process is nested too deeply") from None


class _Encoder:
    def __init__(self):
        self._parts, self._places, self._kept = [], {}, []

    def text(self, value, name):
        place = self._place(value, name, "")
        return str(place) if place < 0 else f"[{','.join(self._parts)}]"

    def _place(self, value, name, path):
        if isinstance(value, float) and not isinstance(value, bool):
            if math.isnan(value):
                return _NAN
            if math.isinf(value):
                return _INFINITY if value > 0 else _MINUS_INFINITY
            if value == 0 and math.copysign(1, value) < 0:
                return _MINUS_ZERO
        key = id(value)
        if key in self._places:
            return self._places[key]
        place = len(self._parts)
        self._parts.append("")
        self._places[key] = place
        # An object that ends would leave its id to another one.
        self._kept.append(value)
        self._parts[place] = self._part(value, name, path)
        return place

    def _part(self, value, name, path):
        def of(member, step):
            return self._place(member, name, path + step)

        def all_of(members, steps=lambda i: f"[{i}]"):
            return [of(member, steps(i)) for i, member in enumerate(members)]

        if value is None or isinstance(value, bool):
            return json.dumps(value)
        if isinstance(value, str):
            return json.dumps(str(value))
        if isinstance(value, numbers.Integral):
            whole = int(value)
            return str(whole) if abs(whole) <= _SAFE else json.dumps(["BigInt", _digits(whole)])
        if isinstance(value, numbers.Real) and not isinstance(value, numbers.Rational):
            return self._float(float(value))
        if isinstance(value, (bytes, bytearray)):
            encoded = self._place({"base64": base64.b64encode(value).decode()}, name, path)
            return json.dumps(["Buffer", encoded])
        if isinstance(value, tuple):
            return json.dumps(["tuple", self._place(list(value), name, path)])
        if isinstance(value, list):
            return json.dumps(all_of(value))
        if isinstance(value, (set, frozenset)):
            return json.dumps(["Set", *all_of(value, lambda _: "{}")])
        if isinstance(value, dict):
            return self._dict(value, path, of)
        if isinstance(value, datetime.datetime) and value.tzinfo and value.microsecond % 1000 == 0:
            utc = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
            return json.dumps(["Date", utc.isoformat(timespec="milliseconds") + "Z"])
        raise CodecError(f"{(path or name).lstrip('.')} {_refusal(value)}")

    def _float(self, value):
        if value.is_integer() and abs(value) <= _SAFE:
            return str(int(value))
        return repr(value)

    def _dict(self, value, path, of):
        if "__proto__" in value:
            raise CodecError(f"{path.lstrip('.') or 'a dict'} has a key called __proto__")
        if all(isinstance(key, str) for key in value):
            fields = (f"{json.dumps(key)}:{of(member, _step(key))}" for key, member in value.items())
            return "{" + ",".join(fields) + "}"
        entries = (place for key, member in value.items() for place in (of(key, "{}"), of(member, f"[{key!r}]")))
        return json.dumps(["Map", *entries])


def _digits(whole):
    try:
        return str(whole)
    except ValueError as error:
        raise CodecError(f"an int is too large: {error}") from None


def _step(key):
    return f".{key}" if re.match(r"[A-Za-z_]\w*$", key) else f"[{json.dumps(key)}]"


def _refusal(value):
    hints = {
        datetime.datetime: "a datetime without a time zone, or finer than milliseconds: give it one, or its isoformat()",
        datetime.timedelta: "a timedelta: give its total_seconds()",
    }
    for kind, hint in hints.items():
        if isinstance(value, kind):
            return f"is {hint}"
    if callable(value):
        return f"is a {'class' if isinstance(value, type) else 'function'}: only data goes from process to process"
    return f"is a {type(value).__name__}: give its text, its numbers or a dict of them"


class _Decoder:
    def __init__(self, flat):
        self._flat, self._made = flat, {}

    def at(self, place):
        if place < 0:
            return _NUMBERS.get(place)
        if place in self._made:
            return self._made[place]
        part = self._flat[place]
        if isinstance(part, dict):
            value = self._made[place] = {}
            for key, member in part.items():
                value[key] = self.at(member)
        elif isinstance(part, list) and part and isinstance(part[0], str):
            value = self._made[place] = self._special(place, part[0], part[1:])
        elif isinstance(part, list):
            value = self._made[place] = []
            value.extend(self._items(part))
        else:
            # JavaScript writes a large number with digits that it does not have.
            large = isinstance(part, int) and not isinstance(part, bool) and abs(part) > _SAFE
            value = self._made[place] = float(part) if large else part
        return value

    def _items(self, part):
        if not part or part[0] != _SPARSE:
            return [self.at(member) for member in part]
        if part[1] > 1_000_000:
            raise CodecError(f"a list has {part[1]} places, nearly all of them empty")
        items = [None] * part[1]
        for index, member in zip(part[2::2], part[3::2]):
            items[index] = self.at(member)
        return items

    def _special(self, place, kind, parts):
        if kind == "BigInt":
            return int(parts[0])
        if kind == "Date":
            return _date(parts[0])
        if kind == "Set":
            return self._filled(place, set(), parts)
        if kind in ("Map", "null"):
            found = self._made[place] = {}
            for key, member in zip(parts[::2], parts[1::2]):
                found[_hashable(key if kind == "null" else self.at(key))] = self.at(member)
            return found
        if kind == "tuple":
            return tuple(self.at(parts[0]))
        if kind == "array":
            return self.at(parts[0])["items"]
        if kind == "Object":
            return self.at(parts[0])
        if kind == "Buffer":
            return base64.b64decode(self.at(parts[0])["base64"])
        if kind == "ArrayBuffer":
            return base64.b64decode(parts[0])
        if kind in _ARRAYS or kind in ("Uint8Array", "DataView"):
            return self._view(kind, *parts)
        if kind in ("URL", "URLSearchParams") or kind.startswith("Temporal."):
            return parts[0]
        if kind == "Error":
            error = self.at(parts[0])
            return JavaScriptValue("error", [error.get("stack") or error.get("message")])
        return JavaScriptValue(kind, parts)

    def _filled(self, place, found, parts):
        self._made[place] = found
        for member in parts:
            found.add(_hashable(self.at(member)))
        return found

    def _view(self, kind, buffer, offset=0, length=None):
        data = self.at(buffer)
        code = _ARRAYS.get(kind, "B")
        size = struct.calcsize(f"<{code}")
        data = data[offset : None if length is None else offset + length * size]
        return list(struct.unpack(f"<{len(data) // size}{code}", data)) if kind in _ARRAYS else data


def _date(text):
    if not text:
        return JavaScriptValue("Date", ["invalid"])
    match = re.match(r"(\d{4})(-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{3})Z$", text)
    if not match or match[1] == "0000":
        return JavaScriptValue("Date", [text])
    moment = datetime.datetime.strptime(match[1] + match[2], "%Y-%m-%dT%H:%M:%S")
    return moment.replace(microsecond=int(match[3]) * 1000, tzinfo=datetime.timezone.utc)


def _hashable(value):
    """Members of sets and keys of dicts: JavaScript takes anything, Python what does not change."""
    if isinstance(value, list):
        return tuple(_hashable(member) for member in value)
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, dict):
        return tuple((key, _hashable(member)) for key, member in value.items())
    return value
