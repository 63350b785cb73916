"""Chapter: two columns of one file never share a name, whatever their headings are."""

from tests.spec.extract.test_what_agencies_send import source


def test_headings_that_differ_in_capitals_only_are_told_apart_even_beside_a_column_of_that_name():
    read = source(["name: xY, role: given", "name: column xy, role: town", "name: xy, role: family"])
    assert dict(read.headings) == {"nr": "nr", "xY": "xY", "column xy": "column xy", "xy": "column xy'"}
    assert read.columns["column xy'"].role == "family"
