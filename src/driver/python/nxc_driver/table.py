"""Functions from entries of the driver's table of methods."""

import base64
import datetime
import inspect
import os
import re

# Seconds after which the NixOS driver ends every test: there "no limit" means no more.
NO_LIMIT = 7 * 86400

_TYPES = {"string": str, "number": float, "boolean": bool, "unknown": object}
_RETURNS = {
    "void": None, "string": str, "string[]": list, "boolean": bool, "number": float,
    "CommandResult": "CommandResult", "Record<string, string>": dict,
}


class CommandResult(tuple):
    """What a command gave: (status, stdout), with everything else that is known as attributes."""

    def __new__(cls, fields):
        result = super().__new__(cls, (fields["status"], fields["stdout"]))
        for name, value in fields.items():
            setattr(result, _snake(name), value)
        return result

    @property
    def stdout_bytes(self):
        """stdout as it was, also where it is no text."""
        encoded = getattr(self, "stdout_base64", None)
        return self.stdout.encode() if encoded is None else base64.b64decode(encoded)


def signature_of(method):
    """The Python signature of a method, the machine left out."""
    parameters, variadic = [], False
    for one in method["parameters"]:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        if one.get("variadic"):
            variadic, kind = True, inspect.Parameter.VAR_POSITIONAL
        elif variadic:
            kind = inspect.Parameter.KEYWORD_ONLY
        optional = (one.get("option") or "default" in one) and not one.get("variadic")
        default = one.get("default") if optional else inspect.Parameter.empty
        annotation = _TYPES.get(one["type"], object)
        parameters.append(inspect.Parameter(one["name"], kind, default=default, annotation=annotation))
    return inspect.Signature(parameters, return_annotation=_RETURNS.get(method["returns"], object))


def describe(method):
    """Its docstring."""
    width = max((len(one["name"]) for one in method["parameters"]), default=0)
    lines = [f"  {one['name']:<{width}}  {one['doc']}" for one in method["parameters"]]
    return "\n".join([method["doc"], *([""] if lines else []), *lines])


def bind(method, signature, args, kwargs):
    """Arguments of a call by the names they have on the wire, checked."""
    try:
        given = signature.bind(*_in_order(method, args), **kwargs).arguments
    except TypeError as error:
        raise TypeError(f"{method['name']}: {error}{_usage(method, signature)}") from None
    named = {}
    for one in method["parameters"]:
        if one["name"] not in given and not one.get("variadic"):
            continue
        value = given.get(one["name"])
        if one.get("variadic"):
            if not value:
                raise TypeError(f"{method['name']} needs {one['name']}{_usage(method, signature)}")
            value = [_checked(method, signature, one, element) for element in value]
        elif value is None and one["name"] == "timeout":
            value = NO_LIMIT
        elif value is None and one.get("option"):
            continue
        else:
            value = _checked(method, signature, one, value)
            if one["name"] == "timeout":
                value = min(value, NO_LIMIT)
        named[one["wire"]] = value
    return named


def _in_order(method, args):
    """Arguments in the NixOS driver's order. That of NixOS Compose has the timeout where this one has check_output."""
    if method["name"] == "execute" and len(args) == 3 and not isinstance(args[2], bool):
        return (*args[:2], True, args[2])
    return args


def from_wire(method, value):
    return CommandResult(value) if method["returns"] == "CommandResult" else value


def _checked(method, signature, parameter, value):
    wanted = parameter["type"]
    if wanted == "string" and isinstance(value, os.PathLike):
        return os.fspath(value)
    if wanted == "number" and isinstance(value, datetime.timedelta):
        return value.total_seconds()
    # The NixOS driver puts a port into a command, so tests also write it as text.
    if wanted == "number" and isinstance(value, str) and re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", value, re.ASCII):
        return float(value) if "." in value else int(value)
    fits = {
        "string": isinstance(value, str),
        "number": isinstance(value, (int, float)) and not isinstance(value, bool) and value == value,
        "boolean": isinstance(value, bool),
    }
    if fits.get(wanted, True):
        return value
    raise TypeError(
        f"{method['name']} needs {parameter['name']} ({_TYPES[wanted].__name__}: {parameter['doc']}) "
        f"and was given {type(value).__name__} {value!r:.80}{_usage(method, signature)}"
    )


def _usage(method, signature):
    return f"; call it as {method['name']}{signature}"


def _snake(name):
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)
