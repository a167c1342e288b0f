"""What staff do about sign-ups: who is on the list of an occasion, and where each of them stands."""
