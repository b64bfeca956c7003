"""Joins the stages of a call; the only place that knows their order."""
