"""The organisations that libraries work with."""
