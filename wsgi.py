"""The way in for a web server and for the `flask` command."""

from booking import create_app

app = create_app()
