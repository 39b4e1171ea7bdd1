"""Privacy as work to be done: erasures that hold, what a law keeps, retention, incidents, a person's own view."""
