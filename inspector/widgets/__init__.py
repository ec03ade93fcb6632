"""The parts that screens are made of. Each looks at the model, and at nothing else."""
