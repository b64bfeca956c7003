"""Measures the box: how many calls it carries, how late and how right."""
