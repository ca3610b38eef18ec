"""`debug` in scripts: a prompt in the middle of one."""

import sys


class Debug:
    def breakpoint(self, *_address, **_options):
        """Opens pdb at the line that called this; commands are asked for in the cell. `c` goes on, `q` ends the script."""
        _open(sys._getframe(1))


def use_for_breakpoint():
    """Python's own breakpoint() does the same."""
    sys.breakpointhook = lambda *_args, **_options: _open(sys._getframe(1))


def _open(frame):
    import pdb  # Few scripts need it, and every start would wait for it.

    # pdb asks with input(), which leads to the cell, and prints to sys.stdout.
    pdb.Pdb(nosigint=True, readrc=False).set_trace(frame)
