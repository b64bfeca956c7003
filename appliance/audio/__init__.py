"""Bytes of the wire in, 16 kHz samples out."""
