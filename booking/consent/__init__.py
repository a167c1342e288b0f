"""A guardian's leave to take part, and the exact words that were agreed to."""
