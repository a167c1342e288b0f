"""Which days are red, half, or free of school."""
