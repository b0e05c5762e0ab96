"""A table of a document's entities for the terminal.

Terminals and Rich disagree on how many cells Devanagari takes (पुतिन: 3 or 4), so that nothing stands to the right of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import regex
from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from hindi_entities.results import Document, Entity

_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}]")


def make_table(document: Document, title: str | None = None) -> Table:
    """One row an entity, in sections: people, countries, organizations, places, other."""
    table = Table(
        title=None if title is None else _text(title), title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False
    )
    table.add_column("", no_wrap=True)
    table.add_column("mentions", justify="right", no_wrap=True)
    table.add_column("country", no_wrap=True)
    table.add_column("entity", overflow="fold")
    for heading, entities in _sections(document):
        for row, entity in enumerate(entities):
            table.add_row("" if row else heading, str(len(entity)), entity.country or "", _text(_name(entity)))
        if entities:
            table.add_section()
    if not document.entities:
        table.caption = "no entities"
    return table


def _sections(document: Document) -> list[tuple[str, Sequence[Entity]]]:
    named = [
        ("people", document.people),
        ("countries", document.countries),
        ("organizations", document.organizations),
        ("places", document.locations),
    ]
    shown = {entity.id for _, entities in named for entity in entities}
    return [*named, ("other", [entity for entity in document.entities if entity.id not in shown])]


def _name(entity: Entity) -> str:
    """The name, and the forms with their counts where there are others."""
    forms = Counter(mention.text for mention in entity.mentions)
    if list(forms) == [entity.name]:
        return entity.name
    return f"{entity.name}: {', '.join(f'{form} {count}' for form, count in forms.most_common())}"


def _text(text: str) -> Text:
    """The text as it is, not as markup, on one line, and without what would steer the terminal or cannot be encoded."""
    return Text(_CONTROL.sub("\ufffd", " ".join(text.split())))
