"""What makes evidence: a client that says exactly what it is told, and stories that tell it what to say."""
