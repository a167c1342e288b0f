"""Putting up activities, changing them, and showing them to families."""
