"""The Flask application: the doors, health and metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask import Blueprint, Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.webhook import Doors, blueprint

# Each part's name and whether it answers now; only "database" decides the status code.
Health = Callable[[], Mapping[str, str]]


def create_app(
    doors: Doors, health: Health, registry: Callable[[], CollectorRegistry], pages: Iterable[Blueprint] = ()
) -> Flask:
    """The application of one web process. `pages`: what else it shows beside the doors."""
    app = Flask("shop")
    for views in (blueprint(doors), *pages):
        app.register_blueprint(views)

    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        parts = health()
        return jsonify(parts), 200 if parts.get("database") == "ok" else 503

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)

    return app
