from .errors import DriverError


def sweep(front, space, run, resume):
    """The front knows which points are left and keeps the rows; here each point is run."""
    begun = front.call("sweep.begin", {"space": space, "resume": resume and str(resume)})
    number, left = begun["id"], begun["left"]
    try:
        for point, after in zip(left, [*left[1:], None]):
            row = run(dict(point))
            if not isinstance(row, dict):
                raise DriverError(f"the function of a sweep gave {row!r} for {point}; let it return a row: a dict")
            front.call("sweep.record", {"id": number, "point": point, "row": row, "next": after})
    finally:
        rows = front.call("sweep.end", {"id": number})
    return rows
