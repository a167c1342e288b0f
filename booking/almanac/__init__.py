"""Which days are red, and when the schools have a break."""
