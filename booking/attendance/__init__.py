"""At the door: who came, how many dropped in, and closing the meeting."""
