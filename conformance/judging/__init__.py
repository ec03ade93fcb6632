"""What makes verdicts of evidence: requirements, what a check is, and how findings become one verdict."""
