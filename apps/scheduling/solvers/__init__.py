"""Solvers: dataclasses in, dataclasses out; no Django, no Celery."""
