"""Links in messages: only what was signed here opens a page, and keys may be changed."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from assembly import links_of
from bot.links import BadLink, Links, map_link
from crm.vault import new_key
from settings import Settings

OLD, NEW = b"o" * 32, b"n" * 32
links = Links("https://shop.example.com/", [NEW])


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_link_leads_back_to_its_appointment() -> None:
    url = links.appointment("A7K2M9")
    assert url.startswith("https://shop.example.com/a/A7K2M9.")
    assert links.number_of(token_of(url)) == "A7K2M9"


def test_a_link_is_short_enough_for_a_message_and_the_same_each_time() -> None:
    assert len(token_of(links.appointment("A7K2M9"))) == 50
    assert links.appointment("A7K2M9") == links.appointment("A7K2M9")


def test_links_know_under_which_name_the_outside_knows_us() -> None:
    assert links.host == "shop.example.com"
    assert Links("http://127.0.0.1:8000", [NEW]).host == "127.0.0.1:8000"


def test_a_link_survives_a_new_key_until_the_old_one_is_taken_out() -> None:
    token = token_of(Links("https://x", [OLD]).appointment("A7K2M9"))
    assert Links("https://x", [NEW, OLD]).number_of(token) == "A7K2M9"
    with pytest.raises(BadLink):
        Links("https://x", [NEW]).number_of(token)


def test_the_newest_key_signs() -> None:
    token = token_of(Links("https://x", [NEW, OLD]).appointment("A7K2M9"))
    assert Links("https://x", [NEW]).number_of(token) == "A7K2M9"


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token.replace("A7K2M9", "A7K2M8"),
        lambda token: token.replace("A7K2M9", "a7k2m9"),
        lambda token: token + "=",
        lambda token: token + "A",
        lambda token: token.replace(".", ".."),
        lambda token: token.partition(".")[0],
        lambda token: token.partition(".")[0] + ".",
        lambda token: "." + token.partition(".")[2],
        lambda token: token + "é",
        lambda token: "A" * 100_000 + token,
        lambda token: "",
        lambda token: ".",
        lambda token: "\x00",
    ],
)
def test_a_changed_token_opens_nothing(change) -> None:
    with pytest.raises(BadLink):
        links.number_of(change(token_of(links.appointment("A7K2M9"))))


def test_what_a_page_showed_comes_back_unchanged_with_its_form() -> None:
    sealed = links.seal("A7K2M9:3:booked")
    assert links.unseal(sealed) == "A7K2M9:3:booked"
    for forged in (sealed[:-1], sealed.replace(":3:", ":4:"), "", "é", "x" * 10_000, token_of(links.appointment("A"))):
        with pytest.raises(BadLink):
            links.unseal(forged)


def test_a_form_opens_no_page() -> None:
    with pytest.raises(BadLink):
        links.number_of(links.seal("A7K2M9"))


def test_a_map_link_names_place_and_address() -> None:
    link = map_link("湖滨店", "杭州市上城区湖滨路1号", 30.25, 120.16)
    asked = parse_qs(urlsplit(link).query)
    assert link.startswith("https://apis.map.qq.com/uri/v1/marker?marker=coord:30.250000,120.160000;title:%E6")
    assert asked["marker"] == ["coord:30.250000,120.160000;title:湖滨店;addr:杭州市上城区湖滨路1号"]


def test_a_name_cannot_add_parts_to_a_map_link() -> None:
    link = map_link("店;coord:1,1|x", "路&referer=evil#a", 30.25, 120.16)
    asked = parse_qs(urlsplit(link).query)
    assert asked["marker"] == ["coord:30.250000,120.160000;title:店 coord 1,1 x;addr:路&referer=evil#a"]
    assert asked["referer"] == ["shop-assistant"]


def test_a_shop_without_coordinates_has_no_map_link() -> None:
    assert map_link("湖滨店", "湖滨路1号", None, 120.16) == ""
    assert map_link("湖滨店", "湖滨路1号", 30.25, None) == ""


def test_links_are_signed_with_keys_derived_from_the_data_keys() -> None:
    old, new = new_key(), new_key()
    token = token_of(links_of(Settings(_env_file=None, data_keys=old)).appointment("A7K2M9"))
    rotated = links_of(Settings(_env_file=None, data_keys=f"{new},{old}"))
    assert rotated.number_of(token) == "A7K2M9"
    assert token_of(rotated.appointment("A7K2M9")) != token
    with pytest.raises(BadLink):
        Links("https://x", [base64.urlsafe_b64decode(old)]).number_of(token)
