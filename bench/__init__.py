"""Measurements: each page of ours beside a bare page of the same bytes, in one run."""
