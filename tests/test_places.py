"""Places: the country that a city or region lies in, and how documents report it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hindi_entities import Document, Label, Mention, ModelInfo, Sentence
from hindi_entities.aliases import group_mentions
from hindi_entities.corpora import Span
from hindi_entities.countries import Found
from hindi_entities.places import country_of_place, english_name, locate, place_key
from hindi_entities.segmentation import tokenize

KNOWN = {
    "a city": {"प्योंगयांग": "KP", "मॉस्को": "RU", "मुंबई": "IN", "वुहान": "CN", "कीव": "UA", "लाहौर": "PK", "तेहरान": "IR"},
    "a region": {"उत्तर प्रदेश": "IN", "क्रीमिया": "UA", "टेक्सास": "US", "बलूचिस्तान": "PK", "गाजा पट्टी": "PS", "उत्तरी आयरलैंड": "GB"},
    "vowels of foreign names": {"मास्को": "RU", "वूहान": "CN", "लाहोर": "PK", "न्यूयार्क": "US"},
    "one word or two": {"न्यू यॉर्क": "US", "उत्तरप्रदेश": "IN", "जम्मू कश्मीर": "IN", "जम्मू-कश्मीर": "IN"},
    "nasals, nukta, ZWJ": {"मुम्बई": "IN", "मुँबई": "IN", "कजान": "RU", "क़ज़ान": "RU", "राजस्‍थान": "IN"},
    "a part of a place": {"पुणे जिले": "IN", "पूर्वी दिल्ली": "IN", "लंदन शहर": "GB", "दिल्ली एयरपोर्ट": "IN"},
    "a part of a country": {"पूर्वी यूक्रेन": "UA", "उत्तर-पूर्वी सीरिया": "SY", "दक्षिण भारत": "IN"},
    "several places": {"पटना, बिहार": "IN", "मुंबई, महाराष्ट्र": "IN"},
    "the likelier one": {"हैदराबाद": "IN", "मॉस्को": "RU", "पेरिस": "FR", "लंदन": "GB"},
}
UNSURE = {
    "shared by countries": ["जलालाबाद", "भरतपुर", "न्यूकैसल", "कश्मीर"],
    "of different countries": ["पेरिस, टेक्सास"],
    "also a word or a given name": ["मोबाइल", "मिला", "डेविड", "भावना"],
    "no part of one country": ["दक्षिण अमेरिका", "पश्चिमी अफ्रीका", "एशिया", "हिंद महासागर", "दक्षिण चीन सागर", "गंगा"],
    "unknown": ["अबकखग", "।", "उत्तर"],
}


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(("place", "code"), [item for group in KNOWN.values() for item in group.items()])
def test_a_known_place_has_its_country(place: str, code: str) -> None:
    assert country_of_place(words(place)) == code


@pytest.mark.parametrize("place", [place for group in UNSURE.values() for place in group])
def test_an_unsure_place_has_none(place: str) -> None:
    assert country_of_place(words(place)) is None


def test_a_country_in_the_sentence_decides_between_places_of_one_name() -> None:
    assert country_of_place(["जलालाबाद"], {"AF"}) == "AF"
    assert country_of_place(["जलालाबाद"], {"AF", "KG"}) is None
    assert country_of_place(["जलालाबाद"], {"FR"}) is None
    assert country_of_place(["मॉस्को"], {"US"}) == "RU"


def test_only_locations_are_located() -> None:
    tokens = tokenize("अफगानिस्तान के जलालाबाद में पटना के मोदी")
    found = [
        Found(Span(0, 1, "COUNTRY"), 0.9, "AF", "model"),
        Found(Span(2, 3, "LOCATION"), 0.9, None, "model"),
        Found(Span(4, 5, "ORGANIZATION"), 0.9, None, "model"),
    ]
    assert [one.country for one in locate(found, tokens)] == ["AF", "AF", None]
    assert [one._replace(country=None) for one in locate(found[1:], tokens)] == found[1:]


def test_keys_join_words_and_keep_nothing_else() -> None:
    assert place_key(["जम्मू", "-", "कश्मीर"]) == place_key(["जम्मू कश्मीर"])
    assert place_key(["।"]) == ""


def test_a_city_has_its_english_name() -> None:
    assert english_name(["मास्को"]) == "Moscow"
    assert english_name(["अबकखग"]) is None


def document(text: str, *mentions: tuple[str, str, str | None]) -> Document:
    made = []
    at = 0
    for surface, label, code in mentions:
        start = text.index(surface, at)
        at = start + len(surface)
        made.append(Mention(text=surface, label=Label(label), start=start, end=at, sentence=0, score=0.9, country=code))
    return Document(
        text=text,
        sentences=(Sentence(start=0, end=len(text)),),
        mentions=tuple(made),
        entities=group_mentions(made),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )


def test_places_stand_beside_countries() -> None:
    doc = document(
        "भारत ने मॉस्को में कहा, मुंबई, पुणे और मुंबई में भी, न गंगा पर",
        ("भारत", "COUNTRY", "IN"),
        ("मॉस्को", "LOCATION", "RU"),
        ("मुंबई", "LOCATION", "IN"),
        ("पुणे", "LOCATION", "IN"),
        ("मुंबई", "LOCATION", "IN"),
        ("गंगा", "LOCATION", None),
    )
    assert [entity.country for entity in doc.countries] == ["IN"]
    assert [len(entity) for entity in doc.countries] == [1]
    places = {code: [entity.name for entity in entities] for code, entities in doc.places_by_country.items()}
    assert places == {"IN": ["मुंबई", "पुणे"], "RU": ["मॉस्को"]}
    assert list(places) == ["IN", "RU"]
    assert Document.model_validate_json(doc.model_dump_json()) == doc


def test_an_entity_has_the_country_that_its_mentions_agree_on() -> None:
    def code(*codes: str | None) -> str | None:
        doc = document(" ".join(["जलालाबाद"] * len(codes)), *(("जलालाबाद", "LOCATION", each) for each in codes))
        (entity,) = doc.entities
        return entity.country

    assert code(None, "AF") == "AF"
    assert code("KG", "AF") is None
    assert code(None, None) is None


def test_the_lists_load_quickly() -> None:
    timed = """
import time
from hindi_entities.gazetteer import is_listed
from hindi_entities.places import country_of_place
is_listed(["रूस"])
start = time.perf_counter()
assert country_of_place(["मॉस्को"]) == "RU"
print(time.perf_counter() - start)
"""
    runs = (subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True) for _ in range(3))
    assert min(float(run.stdout) for run in runs) < 0.3
