"""What can go wrong at the start, told with the way out."""

from __future__ import annotations


class LocalError(Exception):
    """The start cannot go on; ``way_out`` says what a person can do about it."""

    def __init__(self, problem: str, way_out: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.problem}\n  What to do: {self.way_out}"
