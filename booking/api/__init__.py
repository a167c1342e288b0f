"""Figures and dates for other programs, as JSON and CSV."""
