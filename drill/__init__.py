"""A whole district's contest played over HTTP against the real server, then checked against what is stored.

Nothing here imports the product: the drill knows it only as a browser does, and its database only by plain SQL.
"""
