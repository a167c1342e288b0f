"""Calendars that families and partners subscribe to."""
