"""Families and their participants: all names live here."""
