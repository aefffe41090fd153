"""The product with two routes more, which do the same work the plain way: what the hot paths are compared with."""

from bench import plain
from quiz import create_app

app = create_app()
app.register_blueprint(plain.blueprint)
