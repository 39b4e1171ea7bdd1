"""Household, pieces with their wearers, what she wants remembered, own fields, satisfaction."""
