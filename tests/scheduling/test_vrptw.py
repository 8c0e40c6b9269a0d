"""The routing solver against brute force, its bound, and its independent check."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest

from apps.scheduling.solvers.bounds import bound_assignment, bound_exact
from apps.scheduling.solvers.columns import bound_columns
from apps.scheduling.solvers.problem import Site, Status, Unserved, Vehicle, VrptwProblem
from apps.scheduling.solvers.schedule import route_timed, solution_cost, verify
from apps.scheduling.solvers.vrptw import Progress, solve
from tests.scheduling.builders import random_problem, solomon_problem
from tests.shared import shared_data


def brute_force(problem: VrptwProblem) -> int:
    """Every order of every split of the sites among the vehicles."""
    best = solution_cost(problem, [])
    count = len(problem.vehicles)
    for split in product(range(-1, count), repeat=len(problem.sites)):
        groups = [[i for i, owner in enumerate(split) if owner == v] for v in range(count)]
        for orders in product(*(permutations(group) for group in groups)):
            routes = [route_timed(problem, v, order) for v, order in enumerate(orders) if order]
            fits = all(
                stop.arrival + stop.wait <= problem.sites[stop.site].latest
                for route in routes
                for stop in route.stops
            ) and all(
                len(r.stops) <= problem.vehicles[r.vehicle].capacity and r.returns <= 400 for r in routes
            )
            best = min(best, solution_cost(problem, routes)) if fits else best
    return best


@pytest.mark.parametrize("seed", range(4))
def test_small_problems_are_solved_to_the_true_optimum(seed: int) -> None:
    problem = random_problem(seed, sites=4)
    solution = solve(problem, seconds=2)
    assert solution is not None
    assert (solution.cost, solution.status) == (brute_force(problem), Status.OPTIMAL)
    assert bound_exact(problem) == solution.cost


@pytest.mark.parametrize("seed", range(8))
def test_the_assignment_bound_never_exceeds_the_optimum(seed: int) -> None:
    problem = random_problem(seed, sites=6)
    assert bound_assignment(problem) <= bound_exact(problem)


@pytest.mark.parametrize("seed", range(12))
def test_the_column_bound_never_exceeds_the_optimum(seed: int) -> None:
    problem = random_problem(seed, sites=7, vehicles=3, optional=seed % 2 == 0)
    assert 0 <= bound_columns(problem, go_on=lambda _bound: True) <= bound_exact(problem)


def test_the_column_bound_holds_with_different_shifts() -> None:
    problem = random_problem(3, sites=7, vehicles=3)
    early, late, whole = problem.vehicles
    crews = (replace(early, ends=200), replace(late, starts=150), whole)
    mixed = replace(problem, vehicles=crews)
    assert 0 < bound_columns(mixed, go_on=lambda _bound: True) <= bound_exact(mixed)


def test_wide_windows_get_a_close_bound() -> None:
    problem = random_problem(2, sites=15, vehicles=3)
    wide = replace(problem, sites=tuple(replace(site, earliest=0, latest=390) for site in problem.sites))
    assert bound_columns(wide, go_on=lambda _bound: True) > 1.1 * bound_assignment(wide)


def test_more_compulsory_sites_than_the_shift_holds_are_named_and_the_rest_is_optimal() -> None:
    problem = random_problem(1, sites=6, vehicles=1, optional=False)
    solution = solve(problem, seconds=2)
    assert solution is not None
    assert solution.unserved
    assert (solution.status, solution.bound) == (Status.OPTIMAL, solution.cost)
    assert verify(problem, solution) == []


@pytest.mark.parametrize("seed", range(3))
def test_larger_answers_pass_the_independent_check(seed: int) -> None:
    problem = random_problem(seed, sites=30, vehicles=6)
    solution = solve(problem, seconds=1)
    assert solution is not None
    assert verify(problem, solution) == []


def test_the_check_finds_a_planted_fault() -> None:
    problem = random_problem(1, sites=6)
    solution = solve(problem, seconds=1)
    assert solution is not None
    late = replace(solution.routes[0].stops[0], departure=solution.routes[0].stops[0].departure - 5)
    route = replace(solution.routes[0], stops=(late, *solution.routes[0].stops[1:]))
    broken = replace(solution, routes=(route, *solution.routes[1:]), cost=solution.cost - 1)
    assert {found.rule for found in verify(problem, broken)} == {"times", "cost"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"sites": {"latest": 0, "earliest": 0}}, "window"),
        ({"sites": {"demand": 99}}, "capacity"),
        ({"vehicles": {"ends": 20}}, "shift"),
    ],
)
def test_the_check_finds_a_broken_rule(change: dict[str, dict[str, int]], rule: str) -> None:
    problem = random_problem(1, sites=6)
    solution = solve(problem, seconds=1)
    assert solution is not None
    fields = {
        name: tuple(replace(item, **values) for item in getattr(problem, name))
        for name, values in change.items()
    }
    assert rule in {found.rule for found in verify(replace(problem, **fields), solution)}


def test_the_check_finds_a_site_visited_twice_and_one_forgotten() -> None:
    problem = random_problem(1, sites=6)
    solution = solve(problem, seconds=1)
    assert solution is not None
    twice = replace(solution, routes=(*solution.routes, solution.routes[0]))
    forgotten = replace(solution, routes=solution.routes[1:])
    assert {"visited once", "one route a vehicle"} <= {found.rule for found in verify(problem, twice)}
    assert "visited or named as left out" in {found.rule for found in verify(problem, forgotten)}


def test_a_site_that_cannot_be_served_is_named_with_its_reason() -> None:
    problem = random_problem(1, sites=3)
    closed = replace(problem.sites[0], earliest=0, latest=0)
    heavy = replace(problem.sites[1], demand=99)
    solution = solve(replace(problem, sites=(closed, heavy, problem.sites[2])), seconds=1)
    assert solution is not None
    assert dict(solution.unserved)[0] is Unserved.WINDOW
    assert dict(solution.unserved)[1] is Unserved.CAPACITY


def test_the_watcher_can_take_the_answer_of_now_or_cancel() -> None:
    problem = random_problem(5, sites=40, vehicles=10)
    taken = solve(problem, seconds=30, watcher=lambda seen: "take" if seen.cost else "")
    assert taken is not None
    assert taken.status is Status.TAKEN
    assert solve(problem, seconds=30, watcher=lambda _seen: "cancel") is None


def test_progress_tells_cost_bound_and_time_left() -> None:
    told: list[Progress] = []
    solve(random_problem(5, sites=40, vehicles=10), seconds=1.2, watcher=lambda seen: told.append(seen) or "")
    assert told[-1].cost is not None
    assert told[-1].bound <= told[-1].cost
    assert 0 <= told[-1].left <= 1.2


def test_no_sites_make_an_empty_plan() -> None:
    problem = VrptwProblem(
        (), (Vehicle("v", 1, 0, 10),), random_problem(1).durations[:1, :1], random_problem(1).costs[:1, :1]
    )
    solution = solve(problem, seconds=1)
    assert solution is not None
    assert (solution.cost, solution.routes) == (0, ())


def test_a_compulsory_site_without_room_leaves_a_named_hole() -> None:
    site = Site("far", 10, 0, 5, 1, None)
    problem = random_problem(1, sites=1)
    solution = solve(replace(problem, sites=(site,)), seconds=1)
    assert solution is not None
    assert solution.unserved == ((0, Unserved.WINDOW),)


def test_solomon_r101_comes_within_two_percent_of_the_best_known() -> None:
    problem = solomon_problem("R101", folder=shared_data("scheduling/vrptw/solomon"))
    solution = solve(problem, seconds=8)
    assert solution is not None
    assert verify(problem, solution) == []
    assert solution.cost <= 16377 * 1.02
