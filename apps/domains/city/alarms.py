"""Demonstration alarm rules of the city domain."""

from __future__ import annotations

from apps.alerts.data import RuleFacts

RULES = (
    RuleFacts(
        "PM2.5 严重污染",
        "PM2.5 heavily polluted",
        "核对仪器，按预案通知学校和建筑工地。",
        "Check the instrument; tell schools and building sites by the plan.",
        "threshold",
        {"kind": "pm25", "side": "above", "level": 150, "hysteresis": 20, "hold": 600, "priority": 1},
    ),
    RuleFacts(
        "路段几乎不动",
        "Road at a standstill",
        "查看路况，必要时派巡逻车。",
        "Look at the road; send a patrol if need be.",
        "threshold",
        {"kind": "speed", "side": "below", "level": 5, "hysteresis": 3, "hold": 900, "priority": 2},
    ),
    RuleFacts(
        "车速无读数",
        "No speed readings",
        "检查设备供电和通信。",
        "Check power and line of the device.",
        "missing",
        {"kind": "speed", "span": 1800, "priority": 3},
    ),
    RuleFacts(
        "噪声异于往常",
        "Noise unlike other days",
        "核实附近是否有施工或活动。",
        "See whether there is building work or an event nearby.",
        "anomaly",
        {"kind": "noise", "level": 10, "hysteresis": 3, "priority": 3},
    ),
    RuleFacts(
        "PM2.5 读数质量差",
        "PM2.5 readings of bad quality",
        "请设备单位校准仪器。",
        "Ask the owner to calibrate the instrument.",
        "quality",
        {"kind": "pm25", "level": 0.2, "hysteresis": 0.05, "span": 3600, "priority": 3},
    ),
)
