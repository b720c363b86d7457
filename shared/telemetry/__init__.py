"""Logs, metrics and traces: what the platform says of itself."""
