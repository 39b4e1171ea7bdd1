"""The web processes: threads, because a message waits for the database, not for the processor."""

from __future__ import annotations

import os
import tempfile
from typing import Any

bind = f"{os.environ.get('WEB_HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "16"))
# A message is answered within 4 s or not at all (bot/dispatch.py); what is held gets time to finish.
timeout = 30
graceful_timeout = 10
keepalive = 75
# Flask's own limit of what is read is 64 KB (bot/webhook.py); headers of the platforms are short.
limit_request_line = 4094
limit_request_fields = 50
# The knowledge base is loaded once and shared by the processes.
preload_app = True
accesslog = None
errorlog = "-"
loglevel = "warning"

# Nobody controls this server but its signals.
control_socket_disable = True

# Where all processes of this machine keep their counters, so that /metrics sums them; named before
# anything imports prometheus_client. Whoever sets it empties it between runs (launcher.py does).
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="shop-metrics-")
os.makedirs(os.environ["PROMETHEUS_MULTIPROC_DIR"], exist_ok=True)


def child_exit(server: Any, worker: Any) -> None:
    """What a process counted stays in the sums; its gauges go."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
