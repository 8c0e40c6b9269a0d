"""Plain values of the live feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy

from apps.core.divisions import is_within

MOST_LAYERS, MOST_BYTES = 50, 4096  # of one message of a client
# What the server sends: the types of its messages, each with its other members and what it says.
SENT = {
    "snapshot": (
        "layer, n, at, values",
        gettext_lazy("The newest reading of every feature of the layer; the first answer to subscribe."),
    ),
    "frame": (
        "layer, n, at, values",
        gettext_lazy("What has changed since the last message. n grows by one with each frame of a layer."),
    ),
    "skipped": (
        "layer, from, to",
        gettext_lazy("You read too slowly: frames from … to … are left out; a snapshot follows."),
    ),
    "age": (
        "layers, at",
        gettext_lazy(
            "The time of the newest reading of each layer, or null, so that you see a feed that stands still."
        ),
    ),
    "refused": (
        "layer, detail",
        gettext_lazy("The layer does not exist, or you may not see it any more; the sentence says which."),
    ),
    "error": (
        "detail",
        gettext_lazy("Your message could not be read; the sentence says why. The socket stays open."),
    ),
    "job": (
        "id, kind, state, …",
        gettext_lazy("A job as it stands now; only at /ws/jobs/."),
    ),
    "alarm": (
        "id, state, …",
        gettext_lazy("An alarm as it stands now; only at /ws/jobs/."),
    ),
}
Reading = tuple[int, float | None, int]  # unix milliseconds, value, quality


class Proof(StrEnum):
    """What a caller shows to say who he is."""

    SESSION = "session"
    KEY = "key"
    PROGRAM = "program"  # the access token of a program


@dataclass(frozen=True, slots=True)
class Credential:
    """A session key, an API key or an access token: it may end while its socket is open."""

    proof: Proof
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """A feature on a live layer, and the division that it lies in ("" belongs to no division)."""

    layer: str
    feature: int
    division: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Datastream id -> target, and the newest reading of each datastream that has one."""

    targets: dict[int, Target] = field(default_factory=dict)
    latest: dict[int, Reading] = field(default_factory=dict)

    def readings(
        self, *, layer: str, division: str, former: frozenset[str] = frozenset()
    ) -> dict[int, Reading]:
        """Feature -> newest reading, for the features that viewers of ``division`` may know of.

        ``former``: codes of ended divisions that are parts of it now.
        """
        return {
            target.feature: reading
            for stream, reading in self.latest.items()
            if (target := self.targets[stream]).layer == layer
            and is_within(target.division, division, former)
        }

    def keep_newer(self, known: dict[int, Reading]) -> None:
        """Readings that arrived while the directory was loaded."""
        for stream, reading in known.items():
            if stream in self.targets and reading[0] >= self.latest.get(stream, reading)[0]:
                self.latest[stream] = reading
