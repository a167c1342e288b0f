"""Printed matter: the poster and the flyers of an activity."""
