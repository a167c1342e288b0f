"""What is on: activities, their occasions and their meetings."""
