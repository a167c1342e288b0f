"""What is on, as everybody sees it."""
