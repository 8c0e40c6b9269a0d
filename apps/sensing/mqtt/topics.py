"""Topics: where devices publish, and where new observations appear."""

from __future__ import annotations

from dataclasses import dataclass

TELEMETRY, STATUS = "telemetry", "status"
SHARED = f"$share/cityplatform/v1/+/+/{TELEMETRY}"  # several doors share the work
STATUSES = f"v1/+/+/{STATUS}"
READERS = "observations"  # stands where the code of a device stands: no device is called so
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Address:
    """``v1/<domain>/<device>/<what>``."""

    domain: str
    device: str
    what: str

    @property
    def prefix(self) -> str:
        """What all topics of this device begin with."""
        return f"v1/{self.domain}/{self.device}/"


def address_of(topic: str) -> Address | None:
    """The parts of a device's topic; None for any other topic."""
    parts = topic.split("/")
    if len(parts) != LEVELS or parts[0] != "v1" or not all(parts):
        return None
    return Address(*parts[1:])


def rights_of(kind: str, domain: str, code: str) -> dict[str, list[str]]:
    """What an account may publish and subscribe to. The door reads no other topic, so none is open.

    A device hears what stands below its own name: the answers that it asks for. A broker tells a device of
    MQTT 3.1.1 nothing of a refused topic; MQTT 5 has the reason "not authorized".
    """
    if kind == "reader":
        return {"publish": [], "subscribe": [f"v1/{domain}/{READERS}/#"]}
    own = f"v1/{domain}/{code}"
    return {"publish": [f"{own}/{TELEMETRY}", f"{own}/{STATUS}"], "subscribe": [f"{own}/#"]}


def observation_topics(domain: str, stream: int) -> tuple[str, str]:
    """Where a new observation appears: for readers of its domain, and as SensorThings 1.1 (14.2) names it."""
    return f"v1/{domain}/{READERS}/{stream}", f"v1.1/Datastreams({stream})/Observations"
