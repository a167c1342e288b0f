"""The four libraries, and any that join them."""
