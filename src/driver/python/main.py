"""Entry of the child process that runs Python test scripts: python3 main.py, with its pipes on 3 (in) and 4 (out)."""

import sys

from nxc_driver.loop import main

# Scripts find modules beside them, as they would in python3's own prompt, and none of this folder.
sys.path[0] = ""
main()
