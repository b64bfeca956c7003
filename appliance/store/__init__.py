"""The record: every event of every call, in one DuckDB file."""
