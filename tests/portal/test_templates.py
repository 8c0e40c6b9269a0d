"""What the content policy and the catalogue ask of our templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "templates").rglob("*.html"))
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
WORDS = re.compile(r">[^<>{}]*[A-Za-z]{3,}[^<>{}]*<")
NAMES = {"English", "RMSE / MAE"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_an_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(COMMENT.sub("", template.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_portal_page_is_translatable(template: Path) -> None:
    if template.parent.name != "portal":
        pytest.skip("a library's page with our changes; the library marks its words")
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "{}", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    plain = [found.strip("<> \n") for found in WORDS.findall(text)]
    assert [words for words in plain if words not in NAMES and "material" not in words] == []
