"""The live feed through a real server, database and Redis."""

import pytest
from django.test import Client
from websockets.exceptions import InvalidStatus

from apps.accounts.models import RoleGrant, User
from apps.accounts.services.keys import api_key_create, api_key_revoke
from apps.core.divisions import EVERYWHERE
from apps.core.grades import Grade
from apps.core.jobs import job_create, job_succeed
from apps.core.models import JobKind
from tests.live.builders import Web, close_code, cookies, hear, hear_until, say, shows, store
from tests.maps.builders import logged_in, road
from tests.people import division, person

pytestmark = pytest.mark.django_db(transaction=True)
ROADS = "city.roads"
T = 1_772_424_000_000  # 2026-03-02 04:00 UTC


@pytest.fixture
def bo() -> User:
    return person("bo", roles=["city-viewer"])


def test_a_stored_reading_reaches_the_map(web: Web, bo: User) -> None:
    segment, stream = road()
    with web.live(bo, ROADS) as socket:
        assert hear(socket, "snapshot")["layer"] == ROADS
        store(stream, T, 31.5)
        assert [segment.pk, T, 31.5, 0] in shows(socket, segment.pk, 31.5)["values"]


def test_frames_are_numbered_one_after_the_other(web: Web, bo: User) -> None:
    segment, stream = road()
    with web.live(bo, ROADS) as socket:
        store(stream, T + 1, 2.0)
        first = shows(socket, segment.pk, 2.0)["n"]
        store(stream, T + 2, 3.0)
        assert shows(socket, segment.pk, 3.0)["n"] == first + 1


def test_an_older_reading_does_not_replace_a_newer_one(web: Web, bo: User) -> None:
    segment, stream = road()
    with web.live(bo, ROADS) as socket:
        store(stream, T + 10, 2.0)
        shows(socket, segment.pk, 2.0)
        store(stream, T + 5, 9.0)
        store(stream, T + 11, 3.0)
        assert [row[2] for row in hear(socket, "frame")["values"]] == [3.0]


def test_a_client_resumes_from_its_number(web: Web, bo: User) -> None:
    segment, stream = road()
    with web.live(bo, ROADS) as stays, web.live(bo, ROADS) as leaves:
        store(stream, T + 1, 2.0)
        number = shows(leaves, segment.pk, 2.0)["n"]
        leaves.close()
        store(stream, T + 2, 3.0)
        shows(stays, segment.pk, 3.0)
        with web.live(bo, ROADS, resume={ROADS: number}) as again:
            message = hear(again, "snapshot", "frame")
            assert (message["type"], message["n"]) == ("frame", number + 1)


def test_a_number_that_nobody_gave_starts_with_a_snapshot(web: Web, bo: User) -> None:
    road()
    with web.live(bo, ROADS, resume={ROADS: 12}) as socket:
        assert hear(socket, "snapshot", "frame")["type"] == "snapshot"


def test_viewers_of_two_divisions_get_different_features(web: Web, bo: User) -> None:
    (here, one), (there, two) = road("T1", division="359902"), road("T2", division="359903")
    limited = person("ana", roles=["city-viewer"], division_code="359903")
    with web.live(limited, ROADS) as narrow, web.live(bo, ROADS) as wide:
        store(one, T + 1, 5.0)
        store(two, T + 1, 6.0)
        shows(wide, here.pk, 5.0)
        seen = shows(narrow, there.pk, 6.0)
        assert [row[0] for row in seen["values"]] == [there.pk]


@pytest.mark.parametrize("layer", [ROADS, "city.districts", "city.none"])
def test_what_may_not_be_seen_is_refused(web: Web, layer: str) -> None:
    with web.live(person("fa", roles=["farm-viewer"]), layer) as socket:
        assert hear(socket, "refused", "snapshot") == {
            "type": "refused",
            "layer": layer,
            "detail": "There is no such layer, or you may not see it.",
        }


def test_a_clearance_below_the_grade_of_readings_is_refused(web: Web) -> None:
    with web.live(person("low", roles=["city-viewer"], clearance=Grade.L1), ROADS) as socket:
        assert hear(socket, "refused", "snapshot")["type"] == "refused"


def test_revoked_rights_close_the_socket_within_seconds(web: Web, bo: User) -> None:
    road()
    with web.live(bo, ROADS) as socket:
        hear(socket, "snapshot")
        RoleGrant.objects.filter(user=bo).delete()
        assert hear(socket, "refused", seconds=5)["layer"] == ROADS
        assert close_code(socket) == 4403


def test_rights_that_narrow_move_the_socket_to_a_smaller_feed(web: Web, bo: User) -> None:
    (here, one), _there = road("T1", division="359902"), road("T2", division="359903")
    with web.live(bo, ROADS) as socket:
        store(one, T + 1, 5.0)
        shows(socket, here.pk, 5.0)
        User.objects.filter(pk=bo.pk).update(division=division("359903"))
        narrow = hear(socket, "snapshot", seconds=5)
        assert here.pk not in [row[0] for row in narrow["values"]]


def test_the_end_of_the_session_ends_the_socket(web: Web, bo: User) -> None:
    browser = logged_in(bo)
    header = f"sessionid={browser.cookies['sessionid'].value}"
    with web.socket("/ws/live/", {"Cookie": header}) as socket:
        browser.logout()
        assert close_code(socket) == 4401


def test_an_api_key_opens_the_feed_and_its_end_closes_it(web: Web, bo: User) -> None:
    road()
    key, text = api_key_create(bo, name="wall", domain="city", scopes=["read"])
    with web.socket("/ws/live/", {"Authorization": f"Bearer {text}"}) as socket:
        say(socket, subscribe=[ROADS])
        hear(socket, "snapshot")
        api_key_revoke(key)
        assert close_code(socket) == 4401


def test_a_program_names_no_page_and_needs_a_key_of_its_own(web: Web, bo: User) -> None:
    road()
    _key, text = api_key_create(bo, name="wall", domain="city", scopes=["read"])
    with web.socket("/ws/live/", {"Authorization": f"Bearer {text}"}, origin="") as socket:
        say(socket, subscribe=[ROADS])
        hear(socket, "snapshot")
    wrong = {"Authorization": "Bearer none", "Cookie": cookies(bo)}
    with web.socket("/ws/live/", wrong, origin="") as socket:
        assert close_code(socket) == 4401
    with pytest.raises(InvalidStatus), web.socket("/ws/live/", {"Cookie": cookies(bo)}, origin=""):
        pass


def test_a_token_in_the_address_is_refused(web: Web, bo: User) -> None:
    _key, text = api_key_create(bo, name="wall", domain="city", scopes=["read"])
    with web.socket(f"/ws/live/?token={text}", {"Cookie": cookies(bo)}) as socket:
        assert close_code(socket) == 4400


def test_a_stranger_is_told_to_log_in(web: Web) -> None:
    with web.socket("/ws/live/", {}) as socket:
        assert close_code(socket) == 4401


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/map/", "/ws/live", "/ws/%00/", "/ws/live/x"])
def test_an_address_without_a_feed_says_so(web: Web, path: str) -> None:
    with web.socket(path, {}) as socket:
        assert close_code(socket) == 4404


def test_a_page_of_another_site_cannot_open_a_socket(web: Web, bo: User) -> None:
    with (
        pytest.raises(InvalidStatus),
        web.socket("/ws/live/", {"Cookie": cookies(bo)}, origin="http://elsewhere.example"),
    ):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"subscribe": "city.roads"}',
        '{"subscribe": [1]}',
        '{"resume": {"city.roads": "x"}}',
        '{"resume": {"city.roads": 1e400}}',
        '{"subscribe": ' + str(["x"] * 51).replace("'", '"') + "}",
        '{"subscribe": ["' + "x" * 5000 + '"]}',
        '{"shout": 1}',
        b"\xff\x00",
    ],
)
def test_a_bad_message_is_answered_and_the_socket_lives(web: Web, bo: User, text: str | bytes) -> None:
    road()
    with web.live(bo) as socket:
        socket.send(text)
        assert hear(socket, "error")["detail"]
        say(socket, subscribe=[ROADS])
        assert hear(socket, "snapshot")["layer"] == ROADS


def test_the_age_of_each_layer_is_told(web: Web, bo: User) -> None:
    segment, stream = road()
    with web.live(bo, ROADS) as socket:
        store(stream, T + 7, 2.0)
        shows(socket, segment.pk, 2.0)
        assert hear(socket, "age")["layers"] == {ROADS: T + 7}


def test_jobs_are_told_to_their_domain_only(web: Web, bo: User) -> None:
    farmer = person("fa", roles=["farm-viewer"])
    old = job_create(JobKind.TRAINING, title="old", domain="city", owner=bo)
    with (
        web.socket("/ws/jobs/", {"Cookie": cookies(bo)}) as city,
        web.socket("/ws/jobs/", {"Cookie": cookies(farmer)}) as farm,
    ):
        assert hear(city, "job")["id"] == str(old.pk)
        job_succeed(old.pk)
        job_create(JobKind.TRAINING, title="hay", domain="farm", owner=farmer)
        assert hear(farm, "job")["title"] == "hay"
        assert hear_until(city, lambda message: message["state"] == "succeeded")["id"] == str(old.pk)


def test_jobs_are_told_to_their_division_only(web: Web, bo: User) -> None:
    def create(word: str) -> None:
        for place in ("359903", EVERYWHERE, "359902"):
            title = f"{word} {place}"
            job_create(JobKind.UPLOAD, title=title, domain="city", owner=None, division=place)

    ana = person("ana", roles=["city-viewer"], division_code="359902")
    create("recent")
    with (
        web.socket("/ws/jobs/", {"Cookie": cookies(ana)}) as limited,
        web.socket("/ws/jobs/", {"Cookie": cookies(bo)}) as city,
    ):
        assert hear(limited, "job")["title"] == "recent 359902"
        assert len({hear(city, "job")["title"] for _each in range(3)}) == 3
        create("new")
        assert hear(limited, "job")["title"] == "new 359902"
        assert len({hear(city, "job")["title"] for _each in range(3)}) == 3


def test_the_web_process_tells_the_same_as_the_feature_list(web: Web, bo: User, client: Client) -> None:
    segment, stream = road()
    with web.live(bo, ROADS) as socket:
        store(stream, T, 31.5)
        shown = shows(socket, segment.pk, 31.5)["values"]
    client.force_login(bo, backend="apps.accounts.backends.SealedBackend")
    (feature,) = client.get(f"/api/v1/maps/features/{ROADS}/").json()["features"]
    live = feature["live"]
    assert [[feature["id"], live["time"], live["value"], live["quality"]]] == shown
