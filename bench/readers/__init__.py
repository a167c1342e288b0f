"""Readers of calendars that are not Python's, asked what they find."""
