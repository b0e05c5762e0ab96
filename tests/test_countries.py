"""Countries and demonyms: word lists put together with the beliefs of a tagger, which are written into the tests."""

from __future__ import annotations

import numpy as np
import pytest

from hindi_entities import country
from hindi_entities.corpora import Span, parse_inline
from hindi_entities.countries import Found, find_countries
from hindi_entities.lexicon import read_table
from hindi_entities.segmentation import tokenize

LABELS = ["PERSON", "LOCATION", "ORGANIZATION", "NATIONALITY"]


def read(inline: str) -> str:
    """What is found where a tagger is sure of the annotation given, as `text/label/country`."""
    example = parse_inline(inline)
    tokens = tokenize(example.text)
    marginals = np.full((len(tokens), len(LABELS)), 0.01, dtype=np.float32)
    found = []
    for span in example.spans:
        inside = [at for at, token in enumerate(tokens) if token.start < span.end and token.end > span.start]
        marginals[inside, LABELS.index(span.label)] = 0.9
        found.append(Found(Span(inside[0], inside[-1] + 1, span.label), 0.9, None, "model"))
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
]


@pytest.mark.parametrize(("inline", "expected"), CASES)
def test_countries_in_context(inline: str, expected: str) -> None:
    assert read(inline) == expected


def test_a_country_has_its_cldr_names() -> None:
    russia = country("RU")
    assert (russia.code, russia.name, russia.name_en) == ("RU", "रूस", "Russia")
    with pytest.raises(KeyError, match="no ISO 3166-1"):
        country("XX")


def test_every_row_of_the_word_lists_can_be_used() -> None:
    rows = read_table("countries.tsv")
    assert len({(code, kind, form) for code, kind, form in rows}) == len(rows)
    for code, kind, form in rows:
        assert country(code).code == code
        assert kind in ("name", "demonym")
        assert form == form.strip()
        assert tokenize(form)
    assert all(form == form.strip() for form, _ in read_table("ambiguous.tsv"))


def test_one_form_means_one_country() -> None:
    by_form: dict[str, set[str]] = {}
    for code, _, form in read_table("countries.tsv"):
        by_form.setdefault(form, set()).add(code)
    assert {form: codes for form, codes in by_form.items() if len(codes) > 1} == {}
