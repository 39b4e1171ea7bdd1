"""What is said to advisors, managers and headquarters."""
