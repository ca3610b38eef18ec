"""Runs test scripts in the vocabulary of the NixOS test driver. Python 3.8, standard library only.

The machines live in the front, another process: front.py has the pipe to it, machine.py makes the methods from its table,
symbols.py has the other names that scripts know, session.py keeps their variables and loop.py runs what the front sends.
"""
