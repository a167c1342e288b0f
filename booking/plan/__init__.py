"""The project's plan: its phases, milestones and follow-up meetings, and what became of each."""
