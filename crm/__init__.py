"""Customers and what was agreed with them; runs without Flask and without WeChat."""
