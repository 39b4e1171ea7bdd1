"""Pages that a customer opens from a message: signed addresses, no login, no scripts."""
