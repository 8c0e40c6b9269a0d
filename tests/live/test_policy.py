"""A new policy reaches open sockets without a restart."""

import pytest

from apps.accounts.selectors import viewer_for
from apps.privacy.services.versions import policy_approve, policy_draft, policy_propose, rule_put
from tests.live.builders import Web, close_code, hear
from tests.maps.builders import road
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)
ROADS = "city.roads"
RULE = {
    "key": "no-values",
    "object_type": "sensing.LatestValue",
    "field": "result",
    "effect": "hide",
    "roles": ["city-viewer"],
}


def test_an_open_socket_obeys_a_policy_that_comes_into_force(web: Web) -> None:
    road()
    offices = (person(name, office="security") for name in ("first", "second"))
    first, second = (viewer_for(user, strong=True, confirmed=True) for user in offices)
    with web.live(person("bo", roles=["city-viewer"]), ROADS) as socket:
        hear(socket, "snapshot")
        draft = policy_draft(reason="values are not for everybody", by=first)
        rule_put(draft, RULE, by=first)
        policy_approve(policy_propose(draft, by=first), by=second)
        assert hear(socket, "refused")["layer"] == ROADS
        assert close_code(socket) == 4403
