"""What the shop learns: questions kept, answers added, entries counted."""
