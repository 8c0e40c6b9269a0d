"""Solomon's routing instances: our cost beside the best known one, and what our bound leaves open.

Distances with one decimal, truncated, as the DIMACS challenge counted. DATA names the folder with
``best_known.json`` and ``solomon/*.txt``. Every answer passes the independent check, or the run ends.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from statistics import fmean

from apps.scheduling.solvers.problem import VrptwSolution
from apps.scheduling.solvers.schedule import verify
from apps.scheduling.solvers.vrptw import solve
from benchmarks.figures import Figure
from benchmarks.sizes import size
from tests.scheduling.builders import TENTHS, solomon_problem

NAMES = size("C101 C201 R101 R105 R201 RC101 RC105 RC201", "C101")
SECONDS = size(10.0, 0.5)
WORST_GOAL, MEAN_GOAL = 1.02, 1.01  # of the best known cost


def main() -> None:
    """Solve each instance for the same time and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=SECONDS)
    asked.add_argument("--instances", default=NAMES)
    options, folder = asked.parse_args(), Path(os.environ.get("DATA", ""))
    if not (folder / "best_known.json").is_file():
        raise SystemExit("Set DATA to the folder that holds best_known.json and solomon/*.txt.")
    known = json.loads((folder / "best_known.json").read_text(encoding="utf-8"))["instances"]
    ratios = []
    for name in options.instances.split():
        found, best = solved(name, folder / "solomon", options.seconds), known[name.lower()]["ub"]
        ratios.append(found.cost / TENTHS / best)
        Figure("routing", f"{name} distance", found.cost / TENTHS, "", best, WORST_GOAL, at_most=True).show()
        Figure("routing", f"{name} lower bound", found.bound / TENTHS, "", best).show()
    title = f"mean of {len(ratios)} distances to best known"
    Figure("routing", title, fmean(ratios), "ratio", goal=MEAN_GOAL, at_most=True).show()


def solved(name: str, folder: Path, seconds: float) -> VrptwSolution:
    """A checked answer."""
    problem = solomon_problem(name, folder=folder)
    solution = solve(problem, seconds=seconds)
    if solution is None or solution.unserved or verify(problem, solution):
        raise SystemExit(f"{name}: the answer breaks a rule.")
    return solution


if __name__ == "__main__":
    main()
