"""Backups are made beside a server that works, are whole, and come back."""
