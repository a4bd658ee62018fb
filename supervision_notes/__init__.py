"""Structured notes of reflective practice, kept in plain text."""

__version__ = "0.1.0"
