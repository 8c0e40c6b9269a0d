"""Demonstration alarm rules of the plant domain."""

from __future__ import annotations

from apps.alerts.data import RuleFacts

RULES = (
    RuleFacts(
        "振动超限",
        "Vibration too strong",
        "停机检查轴承和地脚。",
        "Stop the machine; check bearings and footing.",
        "threshold",
        {"kind": "vibration", "side": "above", "level": 11.2, "hysteresis": 2, "hold": 120, "priority": 1},
    ),
    RuleFacts(
        "设备过热",
        "Machine too hot",
        "检查冷却与负荷。",
        "Check cooling and load.",
        "threshold",
        {"kind": "temperature", "side": "above", "level": 120, "hysteresis": 10, "hold": 300, "priority": 2},
    ),
    RuleFacts(
        "功率无读数",
        "No power readings",
        "检查电表和网关。",
        "Check meter and gateway.",
        "missing",
        {"kind": "power", "span": 900, "priority": 3},
    ),
)
