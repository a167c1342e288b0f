"""Pages made of figures."""
