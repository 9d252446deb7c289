"""Formats that annotations are exported to and imported from, one module each."""
