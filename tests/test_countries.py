"""Countries and demonyms: word lists put together with the beliefs of a tagger, which are written into the tests."""

from __future__ import annotations

import numpy as np
import pytest

from hindi_entities import country
from hindi_entities.corpora import Span, parse_inline
from hindi_entities.countries import Found, find_countries
from hindi_entities.gazetteer import keys_of, plural_of, territories
from hindi_entities.lexicon import read_table
from hindi_entities.segmentation import tokenize

LABELS = ["PERSON", "LOCATION", "ORGANIZATION", "NATIONALITY"]


def read(inline: str, score: float = 0.9) -> str:
    """What is found where a tagger gives the annotation with a score, as `text/label/country`."""
    example = parse_inline(inline)
    tokens = tokenize(example.text)
    marginals = np.full((len(tokens), len(LABELS)), 0.01, dtype=np.float32)
    found = []
    for span in example.spans:
        inside = [at for at, token in enumerate(tokens) if token.start < span.end and token.end > span.start]
        marginals[inside, LABELS.index(span.label)] = score
        found.append(Found(Span(inside[0], inside[-1] + 1, span.label), score, None, "model"))
    result = find_countries(tokens, found, marginals, LABELS)
    parts = []
    for one in result:
        text = example.text[tokens[one.span.start].start : tokens[one.span.end - 1].end]
        parts.append("/".join(filter(None, (text, one.span.label, one.country))))
    return ", ".join(parts)


CASES = [
    ("[रूस](LOCATION) ने कहा", "रूस/COUNTRY/RU"),
    ("[मॉस्को](LOCATION) ने कहा", "मॉस्को/LOCATION"),
    ("रूस ने कहा", "रूस/COUNTRY/RU"),
    ("इराकियों ने", "इराकियों/NATIONALITY/IQ"),
    ("[यूक्रेनी](NATIONALITY) राष्ट्रपति", "यूक्रेनी/NATIONALITY/UA"),
    ("वह अंग्रेजी के शिक्षक हैं", ""),
    ("दक्षिण अमेरिका में", ""),
    ("[दक्षिण अमेरिका](LOCATION) में", "दक्षिण अमेरिका/LOCATION"),
    ("यूएस ओपन जीता", ""),
    ("[भारत–पाकिस्तान](LOCATION) सीमा", "भारत/COUNTRY/IN, पाकिस्तान/COUNTRY/PK"),
    ("[भारत-चीन](ORGANIZATION) वार्ता", "भारत/COUNTRY/IN, चीन/COUNTRY/CN"),
    ("[रूस](ORGANIZATION) ने कहा", "रूस/COUNTRY/RU"),
    ("[साउदी](PERSON) ने तीन विकेट लिए", "साउदी/PERSON"),
    ("सिर में रूसी हो गई", ""),
    ("[रूसी](LOCATION) सेना", "रूसी/NATIONALITY/RU"),
    ("उसने यूक्रेनी में कहा", ""),
    ("यूक्रेनी भाषा सीखी", ""),
    ("उत्तर [कोरिया](LOCATION) ने", "उत्तर कोरिया/COUNTRY/KP"),
    ("उत्तर कोरियाई नेता", "उत्तर कोरियाई/NATIONALITY/KP"),
    ("[US](LOCATION) के बमवर्षक", "US/COUNTRY/US"),
    ("tell us a story", ""),
    ("[भारत-पाकिस्तान](LOCATION) सीमा", "भारत/COUNTRY/IN, पाकिस्तान/COUNTRY/PK"),
    ("अमेरिका-चीन व्यापार", "अमेरिका/COUNTRY/US, चीन/COUNTRY/CN"),
    ("[दक्षिण भारत](LOCATION) में", "दक्षिण भारत/LOCATION"),
    ("[टीम इंडिया](ORGANIZATION) जीती", "टीम इंडिया/ORGANIZATION"),
    ("[भारतीय सेना](ORGANIZATION) ने", "भारतीय सेना/ORGANIZATION"),
    ("[इंडिया गेट](LOCATION) पर", "इंडिया गेट/LOCATION"),
    ("चाय में चीनी डालो", ""),
    ("[चीनी](NATIONALITY) सेना", "चीनी/NATIONALITY/CN"),
    ("माली ने पौधे लगाए", ""),
    ("[माली](LOCATION) में तख्तापलट", "माली/COUNTRY/ML"),
    ("[स्मृति ईरानी](PERSON) ने", "स्मृति ईरानी/PERSON"),
    ("[जॉर्डन](PERSON) ने छह खिताब जीते", "जॉर्डन/PERSON"),
    ("[अफ़ग़ानिस्तान](LOCATION) और [अफगानिस्तान](LOCATION)", "अफ़ग़ानिस्तान/COUNTRY/AF, अफगानिस्तान/COUNTRY/AF"),
    ("[म्यांमार](LOCATION) से", "म्यांमार/COUNTRY/MM"),
    ("[फ़्रांस](LOCATION)", "फ़्रांस/COUNTRY/FR"),
    ("यूरोपीय देश", "यूरोपीय/NATIONALITY"),
    # words of state beside an ambiguous name
    ("चाड के राष्ट्रपति ने कहा", "चाड/COUNTRY/TD"),
    ("[जॉर्डन](PERSON) की राजधानी में", "जॉर्डन/COUNTRY/JO"),
    ("[जॉर्डन](PERSON) के प्रधानमंत्री बनने पर", "जॉर्डन/PERSON"),
    ("[स्मृति](PERSON) ईरानी राष्ट्रपति से मिलीं", "स्मृति/PERSON"),
    ("ईरानी राष्ट्रपति ने कहा", "ईरानी/NATIONALITY/IR"),
    ("पाक सेना ने कहा", "पाक/COUNTRY/PK"),
    ("नेपाली टीम जीती", "नेपाली/NATIONALITY/NP"),
    ("[जॉर्डन](PERSON) की टीम जीती", "जॉर्डन/PERSON"),
    ("ओमान के साथ द्विपक्षीय वार्ता", "ओमान/COUNTRY/OM"),
    ("[चाड](PERSON) के साथ गाना गाया", "चाड/PERSON"),
    # another country beside it
    ("केन्या, चाड और माली में", "केन्या/COUNTRY/KE, चाड/COUNTRY/TD, माली/COUNTRY/ML"),
    ("भारत-पाक सीमा", ""),  # two ambiguous words: left to the tagger
    ("[भारत-पाक](LOCATION) सीमा", "भारत/COUNTRY/IN, पाक/COUNTRY/PK"),
    ("अफगानिस्तान-पाक सीमा", "अफगानिस्तान/COUNTRY/AF, पाक/COUNTRY/PK"),
    ("ब्राज़ील और चीनी का भाव", "ब्राज़ील/COUNTRY/BR"),
    # another sense beside it
    ("चाय पर [चीनी](NATIONALITY) अतिथि आए", "चीनी/NATIONALITY/CN"),  # the tagger is sure
    ("चाय और चीनी लाए", ""),
    ("[चीनी मिल](ORGANIZATION) बंद हुई", "चीनी मिल/ORGANIZATION"),
    ("[चीनी](NATIONALITY) मिल बंद हुई", ""),
    ("अटलांटा, [जॉर्जिया](LOCATION) में", "जॉर्जिया/LOCATION"),
    ("[पाक](LOCATION) कला सीखी", "पाक/LOCATION"),
    # languages
    ("[नेपाली](NATIONALITY) भाषा", ""),
    ("[रूसी](NATIONALITY) में कहा", ""),
    ("[अमेरिकी](NATIONALITY) में", "अमेरिकी/NATIONALITY/US"),
    ("[तुर्की](LOCATION) में कहा", "तुर्की/COUNTRY/TR"),
    ("[तुर्की](LOCATION) भाषा", ""),
    ("वे जर्मन सीखते हैं", ""),
    # names that hold a country's, and names that are long enough to be sure of
    ("[इंडिया](LOCATION) गेट", "इंडिया/LOCATION"),
    ("[हांगकांग](PERSON) में", "हांगकांग/PERSON"),
    ("[Hong Kong](PERSON) में", "Hong Kong/COUNTRY/HK"),
    ("[गिनी बिसाऊ](PERSON) में", "गिनी बिसाऊ/COUNTRY/GW"),
    ("गिनी – बिसाऊ में", "गिनी – बिसाऊ/COUNTRY/GW"),
    ("यू॰एस॰ वर्जिन द्वीपसमूह में", "यू॰एस॰ वर्जिन द्वीपसमूह/COUNTRY/VI"),
    ("पोलैंडवासियों ने", "पोलैंडवासियों/NATIONALITY/PL"),
    ("एस्टोनियनों ने", "एस्टोनियनों/NATIONALITY/EE"),
]

FORCES = [
    ("[नाइजीरियाई सेना](ORGANIZATION) ने", 0.6, "नाइजीरियाई/NATIONALITY/NG"),
    ("[नाइजीरियाई सेना](ORGANIZATION) ने", 0.97, "नाइजीरियाई सेना/ORGANIZATION"),
    ("[भारतीय सेना](ORGANIZATION) ने", 0.6, "भारतीय सेना/ORGANIZATION"),
    ("[अमेरिकी वायुसेना](ORGANIZATION) ने", 0.6, "अमेरिकी/NATIONALITY/US"),
    ("[अमेरिकी वायुसेना अकादमी](ORGANIZATION) ने", 0.6, "अमेरिकी वायुसेना अकादमी/ORGANIZATION"),
]


@pytest.mark.parametrize(("inline", "expected"), CASES)
def test_countries_in_context(inline: str, expected: str) -> None:
    assert read(inline) == expected


@pytest.mark.parametrize(("inline", "score", "expected"), FORCES)
def test_unnamed_forces_are_no_organization(inline: str, score: float, expected: str) -> None:
    assert read(inline, score) == expected


@pytest.mark.parametrize(
    ("demonym", "plural"),
    [
        ("रूसी", "रूसियों"),
        ("थाई", "थाइयों"),
        ("जर्मन", "जर्मनों"),
        ("चेक", "चेकों"),
        ("दक्षिण अफ़्रीकी", "दक्षिण अफ़्रीकियों"),
        ("रूसियों", None),
        ("बुर्किनाबे", None),
    ],
)
def test_a_demonym_has_an_oblique_plural(demonym: str, plural: str | None) -> None:
    assert plural_of(demonym) == plural


def test_every_country_has_an_everyday_name() -> None:
    named = {code for code, kind, _ in read_table("countries.tsv") if kind == "name"}
    assert named == set(territories())
    assert len(named) == 249 + 1  # ISO 3166-1 and Kosovo


def test_a_country_has_its_cldr_names() -> None:
    russia = country("RU")
    assert (russia.code, russia.name, russia.name_en) == ("RU", "रूस", "Russia")
    with pytest.raises(KeyError, match="no ISO 3166-1"):
        country("XX")


def test_every_row_of_the_word_lists_can_be_used() -> None:
    for code, kind, form in read_table("countries.tsv"):
        assert country(code).code == code
        assert kind in ("name", "demonym")
        assert tokenize(form)


def test_one_form_means_one_country() -> None:
    by_key: dict[tuple[str, ...], set[str]] = {}
    for code, _, form in read_table("countries.tsv"):
        by_key.setdefault(keys_of(form), set()).add(code)
    assert {key: codes for key, codes in by_key.items() if len(codes) > 1} == {}
