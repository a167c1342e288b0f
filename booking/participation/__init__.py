"""Figures without names: the facts that remain of a meeting."""
