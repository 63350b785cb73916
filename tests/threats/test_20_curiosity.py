"""Attack 20: an insider reads records out of curiosity."""

from tests.threats.stands import performed


def test_the_reading_is_an_entry_before_it_is_a_reading_and_the_person_sees_it() -> None:
    assert performed(
        "tests/charter/test_s8_reading_is_an_act.py",
        "test_an_opening_stands_in_the_log_before_anything_is_read",
        "test_if_the_log_refuses_the_opening_nothing_is_read",
        "test_the_person_sees_who_looked_when_and_for_what",
        "test_without_a_case_or_the_person_nothing_opens",
        "test_no_query_finds_people_by_name_or_address",
    )


def test_a_superuser_with_the_keys_and_a_photographed_screen_are_said_to_remain(trust) -> None:
    assert "a superuser of the database who also holds the keys; a photographed screen" in trust[20]
