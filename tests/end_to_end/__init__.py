"""The whole program as `make run` starts it, used through the sandbox's two phones in a real browser."""
