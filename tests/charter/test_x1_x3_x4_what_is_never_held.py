"""X1, X3, X4: nothing that is held, asked or installed identifies by body or device, is a file on a life, or deems.

Listed and searched: every column of the database and the roll, every attribute and parameter of every pack, every
column that a source may send, every command and option, every address of the portal, every installed package.
"""

import re
from pathlib import Path

import click
import pytest

from musterroll.cli.main import COMMANDS, muster
from musterroll.engine.roll.table import TABLES
from musterroll.entry import kind as entry_kind
from musterroll.extract.declaration import load_source
from musterroll.fact.attribute import Kind
from musterroll.law import pack as law_pack

ROOT = Path(__file__).resolve().parents[2]
PACKS = sorted(path.parent for path in ROOT.glob("packs/*/pack.md"))

FORBIDDEN = {
    "X1": r"face|facial|biometr|fingerprint|iris|number_?plate|camera|cctv|gps|geo_?loc|latitude|longitude|imei|imsi|"
    r"device|phone|cell_?tower|movement|travel|border|crossing|passenger|passport|contact_?list|friend|follower",
    "X3": r"propert(y|ies)_|vehicle|income|wage|salar|tax_paid|bank|credit|debt|convict|criminal|offen[cs]e|politic|"
    r"party|religio|faith|church|ethnic|race|diagnos|disease|medicat|disab|psych|loyal|reliab|suspicio|score|rating|"
    r"social_?media|browsing",
    "X4": r"deemed|publish_?names|public_?list|named_?list|wall_of|shame",
}
PACKAGES = re.compile(
    r"opencv|face|dlib|insight|deepface|plate|alpr|geopy|geopandas|gps|phonenumbers|imei|bluetooth|bleak|scapy|pyshark|"
    r"tweepy|telethon|instagra|scrapy|selenium-wire|pgeocode|ip2|geoip|maxmind",
)


def named(words, why):
    pattern = re.compile(FORBIDDEN[why], re.IGNORECASE)
    return sorted({word for word in words if pattern.search(word)})


def columns_of_the_database():
    from django.apps import apps

    from musterroll.register import settings

    settings.prepare()
    models = apps.get_app_config("register").get_models()
    return [f"{model.__name__}.{field.name}" for model in models for field in model._meta.fields]


def columns_of_the_roll():
    return [f"{table}.{column}" for table, each in TABLES.items() for column in each.schema]


def what_packs_ask():
    packs = [law_pack.load(path) for path in PACKS]
    return [name for pack in packs for name in (*pack.attributes, *pack.parameters, *pack.questions)]


def what_sources_send():
    sources = [load_source(path) for path in ROOT.glob("packs/*/sources/*.yaml")]
    return [f"{source.name}.{column}" for source in sources for column in source.columns]


def commands_and_options():
    found = []

    def walk(command, name):
        found.append(name)
        found.extend(f"{name} {option}" for parameter in command.params for option in parameter.opts)
        if isinstance(command, click.Group):
            context = click.Context(command)
            for each in command.list_commands(context):
                walk(command.get_command(context, each), f"{name} {each}")

    walk(muster, "muster")
    assert len(found) > len(COMMANDS)
    return found


def addresses_of_the_portal():
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "src/musterroll/portal").rglob("*.py"))
    found = re.findall(r"""path\(\s*["']([^"']*)["']""", text)
    assert len(found) > 5
    return found


def kinds():
    return [
        *(each.value for each in Kind),
        *(each.value for each in entry_kind.Act),
        *(e.value for e in entry_kind.Kind),
    ]


LISTS = {
    "the database": columns_of_the_database,
    "the roll": columns_of_the_roll,
    "the packs": what_packs_ask,
    "the sources": what_sources_send,
    "the commands": commands_and_options,
    "the portal": addresses_of_the_portal,
    "the kinds": kinds,
}


@pytest.mark.parametrize("why", FORBIDDEN)
@pytest.mark.parametrize("place", LISTS)
def test_nothing_of_that_sort_has_a_name(place, why):
    words = LISTS[place]()
    assert words, f"nothing was found in {place}: the test looks in the wrong place"
    assert named(words, why) == []


def test_no_installed_package_is_of_that_sort():
    names = re.findall(r'^name = "([^"]+)"', (ROOT / "uv.lock").read_text("utf-8"), re.MULTILINE)
    assert len(names) > 50
    assert [name for name in names if PACKAGES.search(name)] == []


def test_the_search_itself_finds_what_it_looks_for():
    assert named(["Person.phone_number", "gps_track", "born"], "X1") == ["Person.phone_number", "gps_track"]
    assert named(["monthly_income", "reliability_score", "sex"], "X3") == ["monthly_income", "reliability_score"]
    assert named(["deemed_served", "served"], "X4") == ["deemed_served"]
