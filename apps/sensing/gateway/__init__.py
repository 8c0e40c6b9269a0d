"""The HTTP door: a small ASGI application beside Django that acknowledges after commit."""
