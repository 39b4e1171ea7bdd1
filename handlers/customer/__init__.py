"""What is said to customers."""
