"""Every secret link: what it opens, until when, and how it is taken back."""
