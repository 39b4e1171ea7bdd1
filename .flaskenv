# `flask …` at the root needs the commands, not the web process (wsgi.py opens the database at once).
FLASK_APP=commands
