"""What can be done with customers and their pieces: verbs that take a session."""
