"""Bare Flask, the unit of every ratio: no extension, no session, no database."""

from flask import Flask

app = Flask("hello")


@app.get("/")
def hello() -> str:
    """Return one word."""
    return "hello"


@app.get("/readyz")
def readyz() -> str:
    """The process answers."""
    return "ok"
