"""Whether accounts, cards and tokens of the demo let anybody in: not under production settings."""

from flask import Flask, current_app


class DemoGate:
    """The gate that everything of the demo passes to get in; bound in create_app, shut until it is opened there."""

    def init_app(self, app: Flask, is_open: bool) -> None:
        """Open the gate of `app`, or keep it shut."""
        app.extensions["demo_gate"] = is_open

    @property
    def is_open(self) -> bool:
        """Tell whether what is of the demo gets in."""
        return current_app.extensions.get("demo_gate") is True

    def shuts_out(self, is_demo: bool) -> bool:
        """Tell whether what is of the demo, or is not, is refused; for what is not, nothing more is asked."""
        return is_demo and not self.is_open
