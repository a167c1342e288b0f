"""Inviting staff and letting them in: password, second factor, recovery."""
