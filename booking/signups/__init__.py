"""Asking for a place, waiting for one, and giving it back."""
