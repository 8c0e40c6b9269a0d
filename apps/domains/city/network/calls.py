"""What callers of the demonstration hotline say. Nobody in it exists.

Telephone numbers begin with 100, which no mobile network uses; identity numbers have the division code
of a city that does not exist and a check digit that is wrong (GB 11643-1999).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from shapely import Point

from apps.domains.city.network.build import SEED, Segment, division_at, points_near, segments

CALLS = 220
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = (
    "建国",
    "秀英",
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
# Category, department that deals with it, hours until it is due, words.
TOPICS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    (
        "roads",
        "transport",
        72,
        (
            "{street}路面有一个大坑，{name}的电动车昨晚差点摔倒，请尽快修补。",
            "{street}早高峰红绿灯配时太短，左转车辆每次只能过三四辆，请优化。",
            "{street}人行道被共享单车占满，老人推轮椅过不去。",
            "{street}公交站台没有雨棚，下雨天无处躲避，希望加装。",
        ),
    ),
    (
        "noise",
        "environment",
        48,
        (
            "{street}的工地凌晨两点还在打桩，{name}家里孩子睡不着，已经连续三天。",
            "{street}广场舞音响声音太大，晚上九点半以后还不停。",
            "{street}一家饭店的排风机噪声很大，住在三楼的住户不敢开窗。",
        ),
    ),
    (
        "waste",
        "city-management",
        24,
        (
            "{street}垃圾桶满溢两天无人清运，气味很大。",
            "{street}路口有人倾倒建筑垃圾，堵住了半条车道。",
            "{street}菜市场门口污水横流，请安排冲洗。",
        ),
    ),
    (
        "water",
        "city-management",
        24,
        (
            "{street}雨水井盖缺失，晚上看不清，非常危险。",
            "{street}下雨后积水到膝盖，车辆无法通行。",
            "{street}消防栓漏水一整天了，请派人维修。",
        ),
    ),
    (
        "lighting",
        "city-management",
        48,
        ("{street}连续五盏路灯不亮，下夜班的人走路害怕。", "{street}路灯白天也亮着，浪费电。"),
    ),
    (
        "trees",
        "city-management",
        72,
        ("{street}行道树枝条压到电线，台风来之前请修剪。", "{street}绿化带里的树倒了，挡住人行道。"),
    ),
    (
        "air",
        "environment",
        48,
        (
            "{street}附近一家厂夜里排放刺鼻气味，{name}请求环保部门到现场检测。",
            "{street}工地没有围挡，扬尘很大。",
        ),
    ),
    (
        "other",
        "hotline",
        120,
        ("{name}想咨询办理居住证需要哪些材料。", "来电人反映{street}社区服务站电话一直无人接听。"),
    ),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call, ready to become a row; ``hours_ago`` is when it came in."""

    number: str
    text: str
    category: str
    department: str
    due_hours: int
    hours_ago: float
    address: str
    place: Point
    division: str
    name: str
    phone: str
    identity: str
    luck: float  # 0 to 1: how far the city is with it


def calls() -> list[Call]:
    """Two weeks of calls, the newest last."""
    luck = np.random.default_rng([SEED, 31])
    rows = segments()
    drawn = [rows[int(luck.integers(len(rows)))] for _ in range(CALLS)]
    places = points_near([(row.code, float(luck.uniform(0.1, 0.9))) for row in drawn], aside=30.0)
    ages = sorted(luck.uniform(0.3, 14 * 24, CALLS), reverse=True)
    return list(_calls(drawn, places, [float(age) for age in ages], luck))


def _calls(
    drawn: list[Segment], places: list[Point], ages: list[float], luck: np.random.Generator
) -> Iterator[Call]:
    for number, (row, place, age) in enumerate(zip(drawn, places, ages, strict=True), 1):
        category, department, due, words = TOPICS[int(luck.integers(len(TOPICS)))]
        name = SURNAMES[int(luck.integers(len(SURNAMES)))] + GIVEN[int(luck.integers(len(GIVEN)))]
        street = row.name.rstrip("段").rstrip("0123456789")
        polite = name[0] + ("先生", "女士")[int(luck.integers(2))]
        yield Call(
            number=f"HC-{number:05d}",
            text=words[int(luck.integers(len(words)))].format(street=street, name=polite),
            category=category,
            department=department,
            due_hours=due,
            hours_ago=age,
            address=f"海澄市{street}{int(luck.integers(1, 400))}号",
            place=place,
            division=division_at(place),
            name=name,
            phone=f"100{int(luck.integers(10**8)):08d}",
            identity=identity_number(luck),
            luck=float(luck.random()),
        )


def identity_number(luck: np.random.Generator) -> str:
    """Eighteen digits in the right form with a check digit that is always wrong."""
    born = f"{int(luck.integers(1950, 2004))}{int(luck.integers(1, 13)):02d}{int(luck.integers(1, 29)):02d}"
    body = f"359900{born}{int(luck.integers(1000)):03d}"
    right = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + CHECK_DIGITS[(right + 1 + int(luck.integers(10))) % 11]
