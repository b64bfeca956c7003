"""A box that stands in a call centre and helps agents while they talk."""

__version__ = "0.1.0"
