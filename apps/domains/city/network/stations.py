"""Where the air stations of the demonstration city stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Station:
    """One air station; east and north in metres from the centre."""

    code: str
    name: str
    name_en: str
    east: float
    north: float


STATIONS = tuple(
    Station(f"A{number:03d}", name, english, east, north)
    for number, (name, english, east, north) in enumerate(
        (
            ("市政府", "City hall", 150, -350),
            ("老码头", "Old quay", -1250, 420),
            ("鹭港码头", "Egret harbour", -3550, -1500),
            ("海滨公园", "Seaside park", -900, -3700),
            ("云顶山", "Mount Yunding", 350, -2300),
            ("科学城", "Science town", 900, 3550),
            ("大学城", "University town", 2750, 2650),
            ("松涛工业区", "Songtao works", 4350, 1250),
            ("新城体育中心", "Xincheng sports centre", 3900, -1250),
            ("迎宾北路", "Yingbin North Road", -4350, 1950),
            ("绕城东", "East of the ring", 4900, -2900),
            ("凤凰公园", "Phoenix park", -2450, -2650),
        ),
        1,
    )
)
