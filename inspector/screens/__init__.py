"""What can be shown at a time."""
