"""Demonstration alarm rules of the school domain."""

from __future__ import annotations

from apps.alerts.data import RuleFacts

RULES = (
    RuleFacts(
        "教室二氧化碳过高",
        "Carbon dioxide too high in a room",
        "开窗通风。",
        "Open the windows.",
        "threshold",
        {"kind": "co2", "side": "above", "level": 1500, "hysteresis": 300, "hold": 600, "priority": 2},
    ),
    RuleFacts(
        "教室过热",
        "Room too hot",
        "调整空调，必要时换教室。",
        "See to the cooling; change the room if need be.",
        "threshold",
        {"kind": "temperature", "side": "above", "level": 33, "hysteresis": 2, "hold": 1200, "priority": 3},
    ),
    RuleFacts(
        "教室传感器无读数",
        "Room sensors silent",
        "检查传感器供电。",
        "Check the sensors' power.",
        "missing",
        {"kind": "co2", "span": 3600, "priority": 3},
    ),
)
