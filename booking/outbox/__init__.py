"""Every letter: waiting, sent once, or parked for a person to see."""
