"""Everything with a date on it: what is due for whom, by which way, and that it gets there."""
