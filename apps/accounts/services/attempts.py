"""Attempts at a password, code or secret outside the login form: counted together, then locked.

The login form has django-axes. These counters belong to the person (or program) whose secret is guessed, so
neither a new session nor another address begins afresh, and an attempt counts before it is checked, so that
many at once are no more than one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from apps.core.errors import ProblemError

MAX_ATTEMPTS, LOCK_SECONDS = 5, 30 * 60


@contextmanager
def attempt(whose: str, *, field: str = "") -> Iterator[None]:
    """One attempt at the secrets of ``whose``: ProblemError 429 after five wrong ones within half an hour.

    The block raises when the secret is wrong; when it ends, the secret was right and the count begins anew.
    """
    attempt_count(whose, field=field)
    yield
    attempts_forget(whose)


def attempt_count(whose: str, *, field: str = "") -> None:
    """Count one attempt; ProblemError 429 when it is one too many."""
    key = f"attempts:{whose}"
    cache.add(key, 0, LOCK_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        cache.set(key, 1, LOCK_SECONDS)
        return
    if count > MAX_ATTEMPTS:
        sentence = _("Too many wrong attempts. Try again in 30 minutes or ask the system administrator.")
        raise ProblemError(sentence, field, 429, "locked_out")


def attempts_forget(whose: str) -> None:
    """The right secret was given."""
    cache.delete(f"attempts:{whose}")


def person(user_id: int | None) -> str:
    """The counter of a person, the same for every form."""
    return f"person:{user_id}"
