"""Where the weights and thresholds come from: `python -m knowledge.fitting` finds them again, the same each time."""
