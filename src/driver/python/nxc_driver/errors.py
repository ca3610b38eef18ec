"""What a call can end with."""


class RequestedAssertionFailed(AssertionError):
    """What the script asserted about a machine is not so."""

    data = None


class PollingConditionError(RequestedAssertionFailed):
    """A condition that was to hold all the time does not."""


class MachineError(Exception):
    """A machine cannot be reached: infrastructure, not the script's assertion."""


class DriverError(Exception):
    """A call that the driver does not understand."""


_BY_NAME = {
    "AssertionFailed": RequestedAssertionFailed,
    "PartialFailure": RequestedAssertionFailed,
    "TransportError": MachineError,
    "PartialOutage": MachineError,
    "InterruptedError": KeyboardInterrupt,
}


def error_of(shape):
    """The exception for an error of the front: {name, message, data?}."""
    error = _BY_NAME.get(shape["name"], DriverError)(shape["message"])
    if isinstance(error, RequestedAssertionFailed):
        error.data = shape.get("data")
    return error
