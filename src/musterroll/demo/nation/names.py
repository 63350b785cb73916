"""The names of people and places of a nation that does not exist.

Given names are common ones of several European languages, written down by hand; surnames, towns and streets are made of
stems and endings here. No list of anybody's was used, so there is no licence but this project's own.

Both kinds are drawn with a skew, as names are: some are very common, most are rare, and so people share a name and a
day of birth as often as in a real register.
"""

_MALE = """Jan Marko Peter Anton Luka Martin Tomas Andrei Karl Mihkel David Filip Jakob Erik Daniel Stefan Oskar Aleks
Viktor Henrik Kristjan Pavel Matej Johannes Simon Adrian Leon Sander Rasmus Jonas Emil Hugo Felix Robert Roman Tobias
Anders Bogdan Ciro Damian Edvard Fabian Georg Hannes Ivan Joosep Kasper Laurits Mattias Nikolai Ott Patrik Rein Sergei
Taavi Uku Valter Willem Xaver Yannis Zoltan Arvid Benedikt Cornel Dragan Eduard Florian Gregor Holger Ilmar Jens Kaarel
Ludvik Miroslav Nikola Otto Paulus Raimond Silvester Teodor Urmas Vincent Wolmar Zdenek Ägidius Jüri Tõnu Märt Žiga
Jürgen Björn Åke Søren Émile René André José Álvaro Jean-Paul Karl-Erik Hans-Peter Šimon"""
_FEMALE = """Anna Maria Eva Katarina Liisa Sofia Elena Julia Helena Marta Ida Nora Klara Emma Laura Johanna Irina Monika
Tereza Ingrid Petra Sara Kristina Olga Alina Birgit Carla Diana Ester Frida Greta Hanna Ilona Jana Karin Lea Mirjam Nina
Oliva Paula Rebeka Silvia Tatjana Ulla Vera Wanda Xenia Yvonne Zora Agnes Beata Cecilia Doris Elisabet Felicia Gerda
Hilda Inge Jelena Kaja Ludmila Margit Natalia Odeta Pia Regina Saskia Triin Ursula Veronika Wilma Zuzana Adele Brigita
Celina Dagmar Emilia Fiona Galina Hedvig Isabel Jolana Kadri Leena Marleen Nadja Piret Rosa Sirje Tuuli Ülle Õie Märta
Åsa Žofia Renée Zoë Anna-Liisa Eva-Maria Mari-Ann Božena Céline Noëlle Līga"""
_STEMS = """Ald Ank Barv Bel Berg Brem Brun Carn Dahl Dorn Drak Edel Elm Falk Fenn Ferr Garl Grim Grün Hald Harg Hol
Horv Ild Ivar Jans Jør Kald Karp Kest Kol Kraj Kuul Lamm Lind Lod Lum Mälk Mar Mett Mör Nagl Nev Nord Nõmm Oks Orl Öst
Pals Perl Pihl Raud Resk Rist Rosk Saar Sild Skal Solt Sten Sund Tamm Tarv Tiits Torv Ulm Urb Vaan Varg Vesk Vill Vorm
Waal Wern Ylm Zar Žem Šul Kova Pern Lauk Hjel Brát Døss"""
_ENDINGS = """a berg by ck dal den e ek el en ent er ers es eva gaard ik in ing ins is ius kov la land le ling lund mann
mets mäe nen ner ni ov ova res ski son stad stein ström sson ted ut va vere ža ić ė"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MALE, FEMALE = _words(_MALE), _words(_FEMALE)
SURNAMES = tuple(stem + ending for ending in _words(_ENDINGS) for stem in _words(_STEMS))
TOWNS = tuple(stem + ending for ending in _words("burg dorp feld haven heim holm") for stem in _words(_STEMS)[:70])
STREETS = tuple(
    f"{stem}{ending} {way}"
    for way in _words("Street Road Lane Square Avenue Way Hill Row")
    for ending in ("er", "ing", "o")
    for stem in _words(_STEMS)[:40]
)

SHORT = {
    "Martin": "Mart", "Tomas": "Tom", "Andrei": "Andi", "Daniel": "Dan", "Stefan": "Stef", "Viktor": "Vik",
    "Kristjan": "Kris", "Johannes": "Hannes", "Simon": "Sim", "Robert": "Rob", "Nikolai": "Kolja", "Eduard": "Edi",
    "Katarina": "Kati", "Elena": "Lena", "Helena": "Lena", "Johanna": "Hanna", "Kristina": "Kris", "Tatjana": "Tanja",
    "Elisabet": "Liis", "Natalia": "Nata", "Veronika": "Vera", "Emilia": "Emmi", "Isabel": "Bella", "Ludmila": "Mila",
}  # fmt: skip
"""What some people are called, and some clerks write."""
