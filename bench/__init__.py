"""Load on the real server: what the hot paths do beside bare Flask on the same gunicorn, in one interleaved run."""
