"""What one person says to another through the bot."""

from __future__ import annotations


def as_said(words: str) -> str:
    """Words as words: a link that somebody typed as markup must not become one in the shop's name."""
    return words.replace("<", "＜")
