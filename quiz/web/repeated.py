"""What each worker of the server does beside its requests, every few seconds, in a quiet thread of its own."""

import threading

from flask import Flask


class Repeated(threading.Thread):
    """Does `once` every `interval` seconds until it is stopped or the process ends."""

    def __init__(self, app: Flask, name: str, interval: float) -> None:
        super().__init__(name=name, daemon=True)
        self.app = app
        self.stopped = threading.Event()
        self._interval = interval

    def once(self) -> None:
        """Do it once."""
        raise NotImplementedError

    def run(self) -> None:
        """Wait, do it once, and again; a fault is logged and never ends it."""
        while not self.stopped.wait(self._interval):
            try:
                self.once()
            except Exception:  # whatever went wrong now may be well the next time
                self.app.logger.exception("the thread %s failed", self.name)

    def stop(self) -> None:
        """End, after what is under way."""
        self.stopped.set()
        self.join()
