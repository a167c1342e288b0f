"""The demonstration: a made-up autumn, its mailbox, and the page kit."""
