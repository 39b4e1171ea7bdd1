"""`python -m sandbox`: serves the sandbox until it is stopped."""

import os
import signal
import sys

from dotenv import load_dotenv
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.app import create_app
from sandbox.config import from_environment
from sandbox.errors import BadSettingError


class QuietHandler(WSGIRequestHandler):
    """Leaves the log to /control/calls: query strings hold tokens."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return None


def _stop(*_: object) -> None:
    raise SystemExit(0)


def main() -> int:
    """Exit code 2 and one sentence when a setting is wrong or the port is taken."""
    signal.signal(signal.SIGTERM, _stop)
    load_dotenv(".env")
    try:
        config = from_environment(os.environ)
        app = create_app(config)
        server = make_server(config.host, config.port, app, threaded=True, request_handler=QuietHandler)
    except (BadSettingError, OSError) as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 2
    print(f"Sandbox: {config.public_url}  →  bot: {config.bot_url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
