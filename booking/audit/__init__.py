"""Who did what, and who looked: a record that nobody can rewrite."""
