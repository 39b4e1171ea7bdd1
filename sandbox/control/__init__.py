"""What the page and the tests may do: act for people, move the clock, look at everything."""
