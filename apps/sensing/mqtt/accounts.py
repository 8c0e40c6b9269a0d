"""Accounts and topic rights in the broker, by the control topic of Mosquitto's dynamic security plugin."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from paho.mqtt.client import Client, MQTTMessage

from apps.core.errors import ProblemError
from apps.sensing.mqtt.connecting import client_connect, client_make

CONTROL = "$CONTROL/dynamic-security/v1"
ANSWERS = f"{CONTROL}/response"
WAIT_SECONDS = 5.0
Command = dict[str, Any]


def commands_send(commands: Sequence[Command]) -> list[dict[str, Any]]:
    """The plugin's answers to some commands; ProblemError 503 when the broker does not answer."""
    client = client_make(f"control-{get_random_string(12)}", url=settings.MQTT_URL)
    answered, found = threading.Event(), list[dict[str, Any]]()

    def ask(_client: Client, *_rest: Any) -> None:
        client.publish(CONTROL, msgspec.json.encode({"commands": list(commands)}), qos=1)

    def listen(_client: Client, *_rest: Any) -> None:
        client.subscribe(ANSWERS, qos=1)

    def take(_client: Client, _data: Any, message: MQTTMessage) -> None:
        found.extend(msgspec.json.decode(message.payload)["responses"])
        answered.set()

    client.on_connect, client.on_subscribe, client.on_message = listen, ask, take
    client_connect(client, url=settings.MQTT_URL)
    client.loop_start()
    try:
        if not answered.wait(WAIT_SECONDS):
            raise ProblemError(
                _("The MQTT broker does not answer; try again later."), status=503, code="broker"
            )
    finally:
        client.disconnect()
        client.loop_stop()
    return found


def account_put(username: str, password: str, *, acls: Sequence[tuple[str, str]]) -> None:
    """Make an account with exactly these rights; one of this name that exists ends, with its connection."""
    rights = [{"acltype": kind, "topic": topic, "allow": True, "priority": 0} for kind, topic in acls]
    account = {"username": username, "password": password, "roles": [{"rolename": username}]}
    answers = commands_send(
        [
            *_ending(username),
            {"command": "createRole", "rolename": username, "acls": rights},
            {"command": "createClient", **account},
        ]
    )
    _refuse(answer for answer in answers if answer["command"].startswith("create") and "error" in answer)


def account_end(username: str) -> None:
    """Take the account away; an open connection is closed by the broker at once."""
    commands_send(_ending(username))


def _ending(username: str) -> list[Command]:
    return [
        {"command": "disableClient", "username": username},
        {"command": "deleteClient", "username": username},
        {"command": "deleteRole", "rolename": username},
    ]


def platform_rights_ensure() -> None:
    """The platform's own account may publish everywhere, which the plugin does not give it by itself."""
    right = {"acltype": "publishClientSend", "topic": "#", "allow": True}
    commands_send([{"command": "addRoleACL", "rolename": "admin", **right}])


def _refuse(errors: Any) -> None:
    for answer in errors:
        detail = _("The MQTT broker refused: %(reason)s.") % {"reason": answer["error"]}
        raise ProblemError(detail, status=503, code="broker")
