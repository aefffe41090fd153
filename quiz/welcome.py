"""What `make run` prints: the address and, in the demo, how to sign in for each role."""

import json
from pathlib import Path

from quiz import lan
from quiz.settings import read_settings

DEMO_FILE = "demo.json"


def remember(data_dir: Path, sign_ins: list[tuple[str, str, str]]) -> None:
    """Keep the demo's sign-ins (role, name, secret) beside its database."""
    (data_dir / DEMO_FILE).write_text(json.dumps(sign_ins, ensure_ascii=False, indent=1), encoding="utf-8")


def welcome(port: int, host: str = "0.0.0.0") -> str:  # noqa: S104 what gunicorn is told by default
    """Return the lines to print when the server listens on `port` of `host`."""
    settings = read_settings()
    lines = ["", f"  Hội thi Bí thư chi bộ giỏi: http://localhost:{port}/"]
    lines += [f"  Từ máy khác trong cùng mạng: http://{address}:{port}/" for address in _reached_by(host)]
    lines += [""]
    file = settings.data_dir / DEMO_FILE
    if not settings.is_production and file.exists():
        rows = json.loads(file.read_text(encoding="utf-8"))
        lines += [f"  {role:<32} {name:<16} {secret}" for role, name, secret in rows]
        lines += [
            "",
            f"  Ban Tổ chức: http://localhost:{port}/sign-in    Thí sinh: http://localhost:{port}/card",
        ]
    return "\n".join([*lines, "  Ctrl+C: dừng", ""])


def _reached_by(host: str) -> list[str]:
    """Return the addresses other devices have for a server that listens on `host`."""
    return lan.addresses() if host == "0.0.0.0" else []  # noqa: S104
