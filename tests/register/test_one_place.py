"""Two offices write one address in two ways, or two addresses nearly alike: which is it?"""

import pytest

ONE = [
    ("1 Mill Lane", "1, MILL LANE"),
    ("112 Garden Lane 30300 Cedra", "Garden Lane 112, 30300 Cedra"),  # the order of house and street
    ("30300 Cedra, Garden Lane 112", "112 Garden Lane, 30300 Cedra"),  # the town first
    ("Hill Street 63, Borgar", "63 Hill Street 20202 Borgar"),  # one tells the postcode
    ("84 Long St. 40403 New Dorn", "Long Street 84 40403 New Dorn"),  # abbreviated with a full stop
    ("5 Mill Ln, Aldham", "Mill Lane 5, Aldham"),  # and without
    ("St. John's Rd. 7 Aldham", "7 Saint Johns Road, Aldham"),
    ("Hauptstr. 12, 10115 Neudorf", "Hauptstraße 12, 10115 Neudorf"),
    ("83/4 King's Road, Borgar", "King’s Road 83 4 Borgar"),
    ("83 flat 4 King's Road Borgar", "83-4 King's Road, Borgar"),  # a word between two numbers
    ("Łąkowa 3, Łódź", "Lakowa 3 Lodz"),
    ("Улица Мира д. 5 кв. 3, Чижово", "Улица Мира 5-3, Чижово"),  # words with a full stop before a number
    ("5a Mill Lane Aldham", "Mill Lane 5A, Aldham"),
    ("1200 Main Street, Springfield", "1200 Main Street, Springfield 62701"),
    ("ul. Polna 12/4, 00-120 Zielin", "POLNA 12 m. 4, 00-120 ZIELIN"),  # the kind of way, abbreviated, in one of them
    ("ul. Polna 12 m. 4 00-120 Zielin", "Zielin, 00-120, Polna 12/4"),
    ("00-120 Zielin, ul. Jana III 12", "Jana III 12, 00-120 Zielin"),
    ("ul. św. Jana 5, Zielin", "Św. Jana 5, Zielin"),
    ("Polna 12, 00-120 Zielin", "Polna 12, Zielin"),  # a postcode of two numbers
    ("110 00 Hradov, Polna 12/4", "Polna 12/4, Hradov 110 00"),
    ("Мира 12-104, Чижово", "Мира 12 кв. 104, Чижово"),  # a house and a flat
    ("ул. Мира 5, Чижово", "Мира 5, Чижово"),
    ("ул. Мира, д. 5, кв. 3, Чижово", "Мира 5-3, Чижово"),  # the house stands behind a comma
    ("101000, г. Чижово, ул. Мира, д. 5а", "Мира 5а 101000 Чижово"),  # a letter before the town, the same postcode
    ("101000 г. Чижово, Мира 5", "101000, Чижово, ул. Мира, 5"),
    ("г. Чижово, ул. Мира 5, 101000", "101000 г. Чижово, Мира 5"),
    (
        "123 N Main St Apt 4B, Springfield 62701",
        "123 North Main Street, Unit 4B, Springfield 62701",
    ),  # two words for it
    ("123 Main St #4", "123 Main Street, Apt 4"),
    ("Flat 3, 12 Mill Lane, Aldham", "12/3 Mill Lane, Aldham"),  # the flat first
    ("123 Main St, Springfield, IL 62701", "123 Main Street, Springfield 62701-1234"),  # no state; more of the postcode
    ("12 Mill Lane, Aldham, AB1 2CD", "12 Mill Lane Aldham"),  # a postcode of letters and digits
    ("12 Mill Lane, Aldham, Northshire, Nordia", "12 Mill Lane, Aldham"),  # no county, no country
    ("New Dorn, Garden Lane 112", "Garden Lane 112"),  # no town
    ("Calle Mayor nº 5, 2º B", "Calle Mayor 5, 2 B"),
    ("г. Чижово, ул. Мира, д. 5, кв. 3", "Чижово, Мира 5-3"),  # town, street, house and flat each with its word
    ("г.Чижово, ул.Мира, д.5, кв.3", "Чижово, улица Мира, дом 5, квартира 3"),
    ("ulica Polna 12, Zielin", "Polna 12, Zielin"),  # in full
    ("Οδός Ερμού 5, Αθήνα", "Ερμού 5, Αθήνα"),
    ("دمشق، شارع النصر 12", "شارع النصر ١٢، دمشق"),  # digits of another script
    ("Neu-Dorf 3", "Neudorf 3"),  # letter by letter the same
]

TWO = [
    ("1 Mill Lane", "2 Mill Lane"),
    ("12/4 Mill Lane Aldham", "12 Mill Lane Aldham"),  # a flat and the whole house
    ("12/4 Mill Lane Aldham", "4/12 Mill Lane Aldham"),
    ("12 Mill Lane 10101 Aldham", "12 Mill Lane 10102 Aldham"),  # two postcodes
    ("12 Mill Lane Aldham", "12 Mill Street Aldham"),
    ("12 Mill Lane Aldham", "12 Lane Aldham"),
    ("12 Mill Lane Aldham", "12 Mill Lane Borgar"),
    ("12 King's Road Borgar", "12 Old King's Road Borgar"),
    ("Aldham Road 5, Borgar", "Borgar Road 5, Aldham"),  # the same words in another order
    ("12 Broadway 10101 Aldham", "12 Mainway 10101 Aldham"),  # one word between two numbers is a street
    ("Main Street, Springfield 62701", "1200 Main Street, Springfield 62701"),  # one tells no house
    ("Mill Lane, Aldham", "12 Mill Lane, Aldham"),
    ("Mill House, Aldham", "Aldham, Mill House, Long Street"),
    ("5a Mill Lane", "5b Mill Lane"),
    ("5 Park Road, Aldham", "5 Parkway Road, Aldham"),
    ("5 Oak Rd, Aldham", "5 Oak Ridge, Aldham"),
    ("5 Oak Rd., Aldham", "5 Oak Ridge, Aldham"),
    ("pl. Polna 12, Zielin", "ul. Polna 12, Zielin"),  # a place and a street of one name
    ("N. Main Street 12, Aldham", "Main Street 12, Aldham"),  # one letter is a quarter of the sky
    ("9000 St. Gallen, Gasse 5", "9000 Gallen, Gasse 5"),  # a town's own name
    ("St. Gallen, 5 Main Street", "Gallen, 5 Main Street"),
    ("St. Gallen, 9000, Gasse 5", "Gallen, 9000, Gasse 5"),
    ("N. Chijovo, Mira 5", "Chijovo, Mira 5"),  # no postcode: it may be another town
    ("101000 N. Chijovo, Mira 5", "101001 Chijovo, Mira 5"),
    ("101000 Chijovo, N. Mira 5", "101000 Chijovo, Mira 5"),  # a street is no town
    ("pl. Polna, d. 12, Zielin", "ul. Polna, d. 12, Zielin"),
    ("Polna 12, 00-120 Zielin", "Polna 12, 00-121 Zielin"),
    ("Polna 12-104, Zielin", "Polna 12, Zielin"),  # a flat is no postcode
    ("ul. Polna, Zielin", "Polna 12, Zielin"),
    ("N. S. 5", "No So 5"),  # no word in full
    ("Apt 4, 12 Mill Lane", "Apt 12, 4 Mill Lane"),
    ("12 Mill Lane, Aldham AB1 2CD", "12 Mill Lane, Aldham AB1 2CE"),
    ("12 Mill Lane, Springfield, IL 62701", "12 Mill Lane, Springfield, OH 44503"),
    ("Springfield IL 62701", "Springfield 62701"),  # a town is no dwelling
    ("12 Mill Lane, Aldham, Nordia", "12 Mill Lane, Borgar, Nordia"),
    ("12 Mill Lane, Block C", "12 Mill Lane, Block D"),
    ("ulica Polna 12, Zielin", "plac Polna 12, Zielin"),
    ("12 N 5th Street, Aldham", "12 5th Street, Aldham"),
    ("Mill House 5, Aldham", "Mill 5, Aldham"),
    ("Polna 12", "Polna 12, Zielin"),  # too little is left to be one
    ("Norwood Street 5", "North Street 5"),  # a long word stands for itself
    ("", ""),
    (",", "-"),
]


def together(left: str, right: str) -> bool:
    from musterroll.register.one_place import one_place, written

    return one_place(written(left), written(right))


@pytest.mark.parametrize(("left", "right"), ONE)
def test_one_place_written_twice(left, right) -> None:
    assert together(left, right)
    assert together(right, left)


@pytest.mark.parametrize(("left", "right"), TWO)
def test_two_places(left, right) -> None:
    assert not together(left, right)
    assert not together(right, left)
