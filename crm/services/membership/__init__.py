"""Segments, tiers, points and coupons."""
