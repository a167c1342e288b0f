"""The way in for a web server and for the `flask` command."""

from booking import create_app
from booking.settings import UnsafeSettings

try:
    app = create_app()
except UnsafeSettings as unsafe:
    # One sentence that says what to do; a traceback would bury it.
    message = f"Velkommen inn does not start. {unsafe}"
    raise SystemExit(message) from None
