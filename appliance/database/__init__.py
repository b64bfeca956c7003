"""DuckDB files that are written while the box runs: opened, brought up to date, mended."""
