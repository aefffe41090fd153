"""How the product is served: a few processes with threads; the address and sign-ins are printed at the start."""

import gc
import multiprocessing
import os
import socket
import sys
import time

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


def on_starting(server: object) -> None:
    """Wait as long as gunicorn would for the address, and say in a sentence when nobody can listen there."""
    for seconds_left in reversed(range(5)):
        fault = _fault_of_the_address()
        if not fault:
            return
        if seconds_left:
            time.sleep(1)
    sys.exit(f"Error: nobody can listen at {bind} ({fault}); choose another port: make run PORT=8001")


def _fault_of_the_address() -> str:
    """Return why nobody can listen at the address, empty where one can."""
    host, port = bind.rsplit(":", 1)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OverflowError as fault:
            return str(fault)
        except OSError as fault:
            return fault.strerror or str(fault)
    return ""


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
