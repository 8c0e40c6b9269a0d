"""Chinese sentences carry Chinese punctuation, also where a page puts two parts together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HALF = re.compile(r"[\u4e00-\u9fff”）][,:;.!?](\s|$)")
FORMATS = ("“名称: 列名”",)  # what somebody types, not how a sentence goes on
ENTRY = re.compile(r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', re.MULTILINE)
BLOCK = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
GLUED = re.compile(r'(%}|}})[:;] |join:", "')
TEMPLATES = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("apps/**/templates/**/*.html")])


@pytest.mark.parametrize("name", ["django.po", "djangojs.po"])
def test_no_chinese_text_has_the_punctuation_of_english(name: str) -> None:
    catalogue = (ROOT / "locale/zh_Hans/LC_MESSAGES" / name).read_text()
    live = "\n".join(line for line in catalogue.splitlines() if not line.startswith("#"))
    texts = ["".join(re.findall(r'"(.*)"', found)) for found in ENTRY.findall(live)]
    assert not [text for text in texts if HALF.search(text) and not any(one in text for one in FORMATS)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_page_puts_parts_together_with_the_punctuation_of_english(template: Path) -> None:
    lines = BLOCK.sub("", template.read_text()).splitlines()
    assert not [line[:200] for line in lines if GLUED.search(line) and "style=" not in line]
