"""The sample shop is what its generator writes, hangs together, and holds what the demonstrations need."""

import csv
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from lunar_python import LunarMonth

from sample.generate import COLUMNS, write_shop
from sample.seasons import gold_price

SAMPLE = Path(__file__).parents[2] / "sample"
Row = dict[str, str]

IMPORT_COLUMNS = {
    "stores": "code name city address latitude longitude phone opens closes slot_minutes try_on_places closed_weekdays",
    "staff": "userid name role store_code phone",
    "opening_days": "store_code date opens closes closed note",
    "products": "style_no name category material gem setting craft weight_g labour_fee list_price pricing",
    "pieces": "barcode style_no store_code weight_g received_on status",
    "customers": "code name phone gender birthday birthday_calendar birthday_leap_month wedding_anniversary store_code "
    "advisor_userid openid unionid external_userid ring_size allergies preferences tags marketing_consent notes",
    "purchases": "number line kind original_number original_line customer_code store_code advisor_userid purchased_at "
    "style_no barcode name category material gem setting certificate_no quantity amount payment",
    "services": "number customer_code store_code advisor_userid piece_barcode kind received_on promised_on stage fee",
    "points": "customer_code entry_no points reason at expires_on",
    "coupons": "customer_code coupon_no title value condition valid_from valid_to status",
    "shop_facts": "key value",
}
FACTS = """
    address appointment buyback_gem buyback_policy complaint custom_cancel custom_leadtime engrave_fee free_clean
    gift_wrap gold_price_today hours human_agent inspect_help invoice labor_fee member_day own_material parking
    payment points price_protect promo_now promo_rules receipt_lost repair_fee repair_status repair_time returns
    shipping stock
    tradein_fee tradein_fixed_price tradein_other_brand tradein_rule warranty
"""


def rows(kind: str) -> list[Row]:
    with (SAMPLE / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by(kind: str, column: str) -> dict[str, Row]:
    found = {row[column]: row for row in rows(kind)}
    assert len(found) == len(rows(kind)), f"{column} of {kind} is not unique"
    return found


def lines() -> dict[tuple[str, str], Row]:
    return {(row["number"], row["line"]): row for row in rows("purchases")}


def original(row: Row) -> tuple[str, str]:
    return row["original_number"], row["original_line"]


def day(row: Row) -> date:
    return datetime.fromisoformat(row["purchased_at"]).date()


def still_owned(code: str) -> list[Row]:
    back = {original(row) for row in rows("purchases")}
    kept = [row for key, row in lines().items() if row["kind"] in ("sale", "exchange") and key not in back]
    return [row for row in kept if row["customer_code"] == code]


def test_the_generator_writes_exactly_the_files_of_the_repository(tmp_path: Path) -> None:
    write_shop(tmp_path)
    for kind in COLUMNS:
        name = f"{kind}.csv"
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), f"run python -m sample.generate: {name}"


def test_the_command_writes_into_the_folder_it_is_given_and_refuses_one_that_is_not_there(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sample.generate"]
    subprocess.run([*command, str(tmp_path)], cwd=SAMPLE.parent, check=True)
    assert {path.stem for path in tmp_path.iterdir()} == set(COLUMNS)
    refused = subprocess.run([*command, "/nowhere"], cwd=SAMPLE.parent, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr.strip() == "/nowhere is not a folder"


@pytest.mark.parametrize("kind", IMPORT_COLUMNS)
def test_every_file_has_the_import_columns(kind: str) -> None:
    header = (SAMPLE / f"{kind}.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.split(",") == IMPORT_COLUMNS[kind].split()


@pytest.mark.parametrize("kind", IMPORT_COLUMNS)
def test_no_cell_opens_a_formula_in_a_spreadsheet(kind: str) -> None:
    assert not [cell for row in rows(kind) for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]


@pytest.mark.parametrize(
    ("kind", "count"), [("stores", 3), ("staff", 8), ("products", 60), ("pieces", 150), ("customers", 200)]
)
def test_the_shop_has_its_size(kind: str, count: int) -> None:
    assert len(rows(kind)) == count


def test_there_are_some_four_hundred_and_twenty_purchases_of_all_kinds() -> None:
    kinds = Counter(row["kind"] for row in rows("purchases"))
    assert 400 <= kinds.total() <= 460
    assert kinds["return"] >= 10
    assert kinds["exchange"] >= 10
    assert kinds["trade_in"] >= 10


def test_references_between_the_files_hold() -> None:
    stores, staff, styles = by("stores", "code"), by("staff", "userid"), by("products", "style_no")
    customers, pieces = by("customers", "code"), by("pieces", "barcode")
    assert {row["store_code"] for row in rows("staff")} - {""} == set(stores)
    assert {row["style_no"] for row in rows("pieces")} <= set(styles)
    for row in rows("purchases"):
        assert row["customer_code"] in customers
        assert staff[row["advisor_userid"]]["store_code"] == row["store_code"]
        assert row["barcode"] == "" or pieces[row["barcode"]]["style_no"] == row["style_no"]
        assert row["style_no"] == "" or styles[row["style_no"]]["name"] == row["name"]


def test_each_customer_has_an_advisor_of_the_own_store_or_none_yet() -> None:
    staff = by("staff", "userid")
    for row in rows("customers"):
        advisor = row["advisor_userid"]
        assert staff[advisor]["store_code"] == row["store_code"] if advisor else "种子" in row["tags"]


@pytest.mark.parametrize(("column", "count"), [("openid", 140), ("unionid", 80), ("external_userid", 90)])
def test_identities_are_unique_and_as_many_as_planned(column: str, count: int) -> None:
    identities = [row[column] for row in rows("customers") if row[column]]
    assert len(set(identities)) == len(identities) == count
    assert all(re.fullmatch(r"(oShop|uShop|wmShop)_[a-z]+\d?", identity) for identity in identities)


def test_only_contacts_of_an_advisor_have_an_external_userid() -> None:
    assert all(row["advisor_userid"] for row in rows("customers") if row["external_userid"])


def test_telephone_numbers_come_from_example_blocks_and_are_unique() -> None:
    phones = [row["phone"] for row in rows("customers") + rows("staff") if row["phone"]]
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"13[789]0000\d{4}", phone) for phone in phones)
    assert all(re.fullmatch(r"0\d{2,3}-0\d{7}", row["phone"]) for row in rows("stores"))


def test_birthdays_exist_in_their_calendar() -> None:
    for row in rows("customers"):
        if row["birthday_calendar"] != "lunar":
            assert row["birthday_leap_month"] == ""
            continue
        born = date.fromisoformat(row["birthday"])
        leap = row["birthday_leap_month"] == "yes"
        month = LunarMonth.fromYm(born.year, -born.month if leap else born.month)
        assert month is not None, row
        assert born.day <= month.getDayCount(), row


def test_some_are_born_in_a_leap_month_and_some_on_the_last_evening_of_the_year() -> None:
    lunar = [row for row in rows("customers") if row["birthday_calendar"] == "lunar"]
    assert sum(row["birthday_leap_month"] == "yes" for row in lunar) >= 3
    assert any(row["birthday"].endswith("-12-30") for row in lunar)


def test_consent_is_given_refused_or_unknown() -> None:
    consents = Counter(row["marketing_consent"] for row in rows("customers"))
    assert set(consents) == {"yes", "no", ""}
    assert min(consents.values()) >= 20


def test_some_have_bought_nothing_yet_and_some_not_for_long() -> None:
    last: dict[str, date] = {}
    for row in rows("purchases"):
        last[row["customer_code"]] = max(day(row), last.get(row["customer_code"], date.min))
    for row in rows("customers"):
        assert ("种子" in row["tags"].split(";")) == (row["code"] not in last)
        if "沉睡" in row["tags"].split(";"):
            assert last[row["code"]] < date(2025, 8, 1)
    assert sum("沉睡" in row["tags"] for row in rows("customers")) >= 20
    assert len(rows("customers")) - len(last) >= 10


def test_purchases_fall_into_three_years_of_opening_hours() -> None:
    stores = by("stores", "code")
    for row in rows("purchases"):
        at = datetime.fromisoformat(row["purchased_at"])
        assert date(2023, 11, 21) <= at.date() <= date(2026, 11, 20)
        assert at.utcoffset() == timedelta(hours=8)
        assert stores[row["store_code"]]["opens"] <= f"{at:%H:%M}" < stores[row["store_code"]]["closes"]


def test_what_comes_back_was_bought_before_by_the_same_customer_and_comes_back_once() -> None:
    keys, back = lines(), Counter(original(row) for row in rows("purchases") if row["original_number"])
    assert max(back.values()) == 1
    for row in rows("purchases"):
        if not row["original_number"]:
            assert row["kind"] == "sale" or row["name"] == "旧金饰（他牌）"
            continue
        first = keys[original(row)]
        assert first["kind"] in ("sale", "exchange")
        assert first["customer_code"] == row["customer_code"]
        assert first["purchased_at"] < row["purchased_at"]
        assert row["kind"] == "exchange" or first["style_no"] == row["style_no"]


def test_returns_and_exchanges_keep_the_days_the_shop_promises() -> None:
    keys = lines()
    for row in (row for row in rows("purchases") if row["kind"] in ("return", "exchange")):
        first = keys[original(row)]
        assert (day(row) - day(first)).days < (7 if row["kind"] == "return" else 30)
        assert by("products", "style_no")[first["style_no"]]["pricing"] == "piece"


def amount_range(row: Row, style: Row, piece: Row | None) -> tuple[Decimal, Decimal]:
    """What a sale may have cost: the list price or 5 % less; weight times gold price and labour."""
    if style["pricing"] == "piece":
        price = Decimal(style["list_price"]) * int(row["quantity"])
        return price * Decimal("0.95") - Decimal("0.50"), price  # rounded to whole yuan
    weight = Decimal(piece["weight_g"] if piece else style["weight_g"])
    cost = weight * (gold_price(day(row)) + Decimal(style["labour_fee"])) * int(row["quantity"])
    slack = Decimal("0.01") if piece else cost * Decimal("0.035")  # a piece weighs 3 % more or less, rounded
    return cost - slack, cost + slack


def test_amounts_agree_with_style_weight_and_the_gold_price_of_the_day() -> None:
    styles, pieces = by("products", "style_no"), by("pieces", "barcode")
    for row in (row for row in rows("purchases") if row["kind"] in ("sale", "exchange")):
        low, high = amount_range(row, styles[row["style_no"]], pieces.get(row["barcode"]))
        assert low <= Decimal(row["amount"]) <= high, row


def test_a_return_pays_back_what_was_paid_and_old_gold_counts_less_than_new() -> None:
    keys = lines()
    for row in rows("purchases"):
        assert re.fullmatch(r"\d+\.\d\d", row["amount"])
        if row["kind"] == "return":
            assert row["amount"] == keys[original(row)]["amount"]
        if row["kind"] == "trade_in" and row["style_no"]:
            weight = Decimal(by("products", "style_no")[row["style_no"]]["weight_g"]) * int(row["quantity"])
            assert Decimal(row["amount"]) < weight * Decimal("1.03") * gold_price(day(row))


def test_gems_come_with_a_certificate_of_their_own() -> None:
    sold = [row for row in rows("purchases") if row["kind"] in ("sale", "exchange")]
    assert all(bool(row["certificate_no"]) == bool(row["gem"]) for row in sold)
    certificates = [row["certificate_no"] for row in sold if row["certificate_no"]]
    assert len(set(certificates)) == len(certificates)


def test_a_piece_is_sold_exactly_when_a_customer_still_has_it() -> None:
    owned = [row["barcode"] for code in by("customers", "code") for row in still_owned(code) if row["barcode"]]
    assert len(set(owned)) == len(owned)
    assert set(owned) == {row["barcode"] for row in rows("pieces") if row["status"] in ("sold", "in_service")}
    statuses = Counter(row["status"] for row in rows("pieces"))
    assert set(statuses) == {"in_stock", "reserved", "sold", "in_service"}
    assert statuses["in_stock"] > 80


def test_festivals_are_busier_than_ordinary_weeks() -> None:
    days = [day(row) for row in rows("purchases") if row["kind"] == "sale"]
    week_before_520 = sum(date(2026, 5, 8) <= d <= date(2026, 5, 20) for d in days)
    two_weeks_of_june = sum(date(2026, 6, 8) <= d <= date(2026, 6, 20) for d in days)
    assert week_before_520 > 1.5 * two_weeks_of_june


@pytest.mark.parametrize(
    ("code", "name", "openid", "advisor", "consent", "owned"),
    [
        ("C0001", "周芸", "oShop_zhouyun", "lin.yue", "yes", {"Akoya珍珠项链 12-08", "传承古法金手镯 12-08"}),
        ("C0002", "徐铭", "oShop_xuming", "wu.an", "", {"相守铂金对戒·女款 11-28", "相守铂金对戒·男款 11-28"}),
        ("C0003", "沈洁", "oShop_shenjie", "sun.li", "no", {"静谧祖母绿戒指 12-15"}),
    ],
)
def test_the_people_of_the_demonstrations_own_what_falls_due_soon(
    code: str, name: str, openid: str, advisor: str, consent: str, owned: set[str]
) -> None:
    row = by("customers", "code")[code]
    assert (row["name"], row["openid"], row["advisor_userid"]) == (name, openid, advisor)
    assert row["marketing_consent"] == consent
    assert {f"{line['name']} {day(line):%m-%d}" for line in still_owned(code)} == owned
    assert {day(line).year for line in still_owned(code)} == {2025}


def test_the_first_customer_brought_one_piece_back_that_would_have_fallen_due_on_the_same_day() -> None:
    hers = [row for row in rows("purchases") if row["customer_code"] == "C0001"]
    back = [row for row in hers if row["kind"] == "return"]
    assert len(back) == 1
    assert day(lines()[original(back[0])]) == date(2025, 12, 8)
    assert by("pieces", "barcode")[back[0]["barcode"]]["status"] == "in_stock"


def test_one_cash_purchase_is_large_enough_to_be_kept_for_the_law() -> None:
    assert any(row["payment"] == "cash" and Decimal(row["amount"]) >= 100_000 for row in rows("purchases"))


def test_the_shop_facts_are_complete_and_leave_the_daily_ones_to_a_person() -> None:
    facts = {row["key"]: row["value"] for row in rows("shop_facts")}
    assert set(facts) == set(FACTS.split())
    assert [key for key, value in facts.items() if not value] == ["gold_price_today", "promo_now"]


def test_the_shop_facts_agree_with_the_stores() -> None:
    facts = {row["key"]: row["value"] for row in rows("shop_facts")}
    for store in rows("stores"):
        assert store["address"] in facts["address"]
        assert f"{store['opens']}–{store['closes']}" in facts["hours"]


def test_no_two_customers_carry_the_same_note() -> None:
    notes = [row["notes"] for row in rows("customers") if row["notes"]]
    assert len(set(notes)) == len(notes) >= 70
