"""The sandbox's page in a real browser, against the real sandbox and a bot that says what the test wants."""
