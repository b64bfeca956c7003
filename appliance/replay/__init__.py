"""Plays a recorded call through a server, as both people."""
