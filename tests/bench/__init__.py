"""What a run costs, measured as whole processes: `make bench`. Nothing here asserts; speed is told, not tested."""
