"""The official account: its calls, and what its followers do."""
