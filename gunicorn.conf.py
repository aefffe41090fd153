"""How the product is served: a few processes with threads; the address and sign-ins are printed at the start."""

import gc
import multiprocessing
import os
import sys

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 the hall's phones come in by Wi-Fi
workers = int(os.environ.get("WORKERS") or max(2, min(8, multiprocessing.cpu_count())))
worker_class = "gthread"
threads = int(os.environ.get("THREADS") or 16)  # so many saves may share one commit
keepalive = 30
backlog = 2048
timeout = 60
graceful_timeout = 20
max_requests = 0
preload_app = False
control_socket_disable = True  # several servers on one machine would share it
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning")
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 a heartbeat file that never waits for the disk


def when_ready(server: object) -> None:
    """Say where the product is and how to sign in, or what the settings lack."""
    from quiz.settings import SettingsError
    from quiz.welcome import welcome

    host, port = bind.rsplit(":", 1)
    try:
        print(welcome(int(port), host), flush=True)
    except SettingsError as error:
        sys.exit(f"Error: {error}")


def post_worker_init(worker: object) -> None:
    """Start the threads that close attempts at their deadline, browser or no browser, and do long work.

    What was imported is put out of the collector's sight: each time it went over the quarter million objects, every
    answer of the process waited for a tenth of a second and more.
    """
    from quiz.web import job_worker, sweeper

    gc.collect()
    gc.freeze()

    app = worker.app.callable  # type: ignore[attr-defined]  # gunicorn has no types
    sweeper.start(app)
    job_worker.start(app)
