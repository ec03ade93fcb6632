"""What was seen since the start, kept so that it can be saved after the fact."""
