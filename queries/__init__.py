"""Data only; see the README."""
