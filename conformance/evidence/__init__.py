"""What went over the wire, and what follows from it: facts, which neither judge nor drive."""
