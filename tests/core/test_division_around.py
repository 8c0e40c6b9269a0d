"""What speaks of several places lies in the division around them."""

from __future__ import annotations

import pytest

from apps.core.divisions import EVERYWHERE, division_around


@pytest.mark.parametrize(
    ("codes", "around"),
    [
        ([], ""),
        (["", ""], ""),
        (["359901", ""], "359901"),
        (["359901", "359902"], "359900"),
        (["359900", "359901"], "359900"),
        (["310110", "310112"], "310100"),
        (["310110", "310230"], "310000"),
        (["359901001", "359901002"], "359901"),
        (["359901001001", "359901001002"], "359901001"),
        (["310110", "350100"], EVERYWHERE),
    ],
)
def test_the_division_around_some_codes_goes_by_levels(codes: list[str], around: str) -> None:
    assert division_around(codes) == around
