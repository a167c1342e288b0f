"""What staff write to those who are signed up: seen before it leaves, and taken back in time."""
