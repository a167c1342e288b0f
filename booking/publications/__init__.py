"""Figures let out of the house: decided, protected, remembered."""
