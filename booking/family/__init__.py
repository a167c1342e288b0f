"""What a family sees and does: the form, the answer by letter, and the pages of its sign-ups."""
