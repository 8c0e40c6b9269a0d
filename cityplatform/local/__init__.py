"""Private PostgreSQL, Redis and Mosquitto, and one supervisor, for ``make run`` and for the tests.

Servers that are already on the machine are never touched: everything here has its own folder,
its own ports on 127.0.0.1 and its own passwords.
"""
