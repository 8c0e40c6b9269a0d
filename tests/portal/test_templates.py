"""What the content policy and the catalogue ask of our templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

FOLDER = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
WORDS = re.compile(r">[^<>{}]*[A-Za-z]{3,}[^<>{}]*<")
TAGS = r"{%.*?%}|{{.*?}}|{#.*?#}"
SAID = re.compile(
    r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL
)  # whole sentences, tags in them too
CODE = re.compile(r"<code>[^<]*</code>")  # what one types, the same in every language
ICON = re.compile(r"<span class=\"material-symbols[^>]*>[^<]*</span>")
OURS = [path for path in TEMPLATES if path.parent.name == "portal"]
NAMES = {"English", "OpenAPI 3.1 (JSON)", "RMSE / MAE", "CSV", "Parquet", "UTF-8"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_template_knows_its_tags_and_filters(template: Path) -> None:
    assert get_template(str(template.relative_to(FOLDER)))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_an_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(COMMENT.sub("", template.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("template", OURS, ids=lambda path: path.name)
def test_every_word_of_a_portal_page_is_translatable(template: Path) -> None:
    text = CODE.sub("", SAID.sub("{}", template.read_text(encoding="utf-8")))
    text = ICON.sub("", re.sub(TAGS, "{}", text, flags=re.DOTALL))
    plain = [found.strip("<> \n") for found in WORDS.findall(text)]
    assert [words for words in plain if words not in NAMES] == []
