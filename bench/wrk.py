"""One window of load by wrk: prepared requests over keep-alive connections, and what came of them."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 64
PATIENCE = 30  # seconds a request may take before it counts as broken
SCRIPT = Path(__file__).with_name("replay.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What one window did: answers, of them those with status 400 and more (`refused`), requests without an answer
    (`broken`), latencies in ms, how many prepared requests were taken, and whether they ran out."""

    answered: int
    seconds: float
    p50: float
    p99: float
    slowest: float
    refused: int
    broken: int
    sent: int
    ran_out: bool

    @property
    def accepted(self) -> int:
        """Return the answers with a status below 400."""
        return self.answered - self.refused

    @property
    def rate(self) -> float:
        """Return accepted answers a second."""
        return self.accepted / self.seconds


def program() -> str:
    """Return where wrk is; raise RuntimeError saying what to install."""
    found = shutil.which(os.environ.get("WRK") or "wrk")
    if found is None:
        raise RuntimeError(
            "The load generator wrk is missing. Install it (on Debian: apt-get install wrk), then run again."
        )
    return found


def write(requests: Iterable[bytes], path: Path) -> Path:
    """Write raw requests for `replay.lua` and return the path."""
    with path.open("wb") as file:
        for request in requests:
            file.write(b"%d\n%s" % (len(request), request))
    return path


def load(port: int, requests: Path, seconds: int, once: bool, meanwhile: Callable[[], None]) -> Load:
    """Send prepared requests for so many seconds and return what came of them; `meanwhile` is called as it begins.

    With `once` no request is sent twice.
    """
    command = [
        program(), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", f"{PATIENCE}s", "-s", str(SCRIPT),
        f"http://127.0.0.1:{port}/", "--", str(requests), *(["once"] if once else []),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        meanwhile()
        out, err = running.communicate(timeout=seconds + 120)
    line = out.strip().rsplit("\n", 1)[-1]
    if running.returncode or not line.startswith("{"):
        raise RuntimeError(f"wrk failed:\n{out}{err}")
    return Load(**json.loads(line))
