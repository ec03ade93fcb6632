"""The process that passes bytes on and turns them into records, and the near end of its socket. It knows no rules."""
