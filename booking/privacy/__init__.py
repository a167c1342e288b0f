"""What is kept about people, why, and until when."""
