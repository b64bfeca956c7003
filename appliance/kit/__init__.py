"""The kit: what an installation is made from, checked and put in place.

Runs on a machine that has nothing but Python: standard library alone, straight out of the
wheel that lies in the kit.
"""
