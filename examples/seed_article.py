"""Who and what is an article about? Prints it with counts, and writes an HTML view of the text."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import hindi_entities

ROOT = Path(__file__).parent.parent


def main(path: Path, view: Path) -> None:
    doc = hindi_entities.extract(path.read_bytes().decode("utf-8"))
    sections = {"People": doc.people, "Countries": doc.countries, "Organizations": doc.organizations, "Places": doc.locations}
    for heading, entities in sections.items():
        print(f"\n{heading}")
        for entity in entities:
            code = f" ({entity.country}, {hindi_entities.country(entity.country).name_en})" if entity.country else ""
            forms = Counter(mention.text for mention in entity.mentions)
            listed = ", ".join(f"{form} {count}" for form, count in forms.most_common())
            print(f"  {len(entity):3}  {entity.name}{code}: {listed}")
    view.parent.mkdir(exist_ok=True)
    view.write_text(doc.to_html(page=True), encoding="utf-8")
    print(f"\nThe text with its entities: {view}")


if __name__ == "__main__":
    article = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "seeds" / "000_05db9d16e02c2170.txt"
    main(article, ROOT / "build" / "seed_article.html")
