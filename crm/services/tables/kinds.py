"""The kinds of tables, each with its columns: the table of contents of import and export."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from crm.models import (
    Customer,
    FieldDefinition,
    MergedCode,
    OpeningDay,
    Piece,
    PieceStatus,
    Pricing,
    Purchase,
    PurchaseKind,
    Role,
    ShopFact,
    Staff,
    Store,
    Style,
)
from crm.services.customers import NAME_LENGTH, set_phone, write_name
from crm.services.history import NOTES_LENGTH
from crm.services.tables import cells
from crm.services.tables.beside_customers import BESIDE_COLUMNS, Accounts, BesideCustomers
from crm.services.tables.beside_fields import BesideFields, field_columns
from crm.services.tables.beside_purchases import BesidePurchases
from crm.services.tables.cells import DAY, GRAMS, MONEY_IN_YUAN, YES_NO, choice, one_of, text, whole
from crm.services.tables.declarations import Column, Reference, Row, Table
from crm.services.tables.households import services_table
from crm.services.tables.membership import coupons_table, points_table

STORE = Reference(Store.id, Store.code)
ADVISOR = Reference(Staff.id, Staff.userid)
STYLE = Reference(Style.id, Style.style_no)
FORMER_CUSTOMER = (MergedCode.customer_id, MergedCode.code)
CUSTOMER = Reference(Customer.id, Customer.code, FORMER_CUSTOMER)
# Minutes of one try-on appointment; places in one shop: far beyond any shop.
MOST_MINUTES, MOST_PLACES = 480, 100
MOST_LINES, MOST_PIECES = 10_000, 10_000
# Characters of what is kept encrypted, where no column length holds it.
ALLERGIES_LENGTH = 500


def tables(zone: ZoneInfo, accounts: Accounts, own_fields: Sequence[FieldDefinition] = ()) -> dict[str, Table]:
    """Every kind by its name. `zone` is the shop's, for moments without an offset.

    `own_fields`: what the shop added to its customers (`crm/services/households/fields.py`).
    """
    shop = (_stores(), _staff(), _opening_days(), _products(), _pieces())
    people = (_customers(accounts, own_fields), _purchases(zone), services_table(), points_table(zone), coupons_table())
    return {table.kind: table for table in (*shop, *people, _shop_facts())}


def _stores() -> Table:
    columns = (
        Column("code", text(32), "code", required=True),
        Column("name", text(64), "name", required=True),
        Column("city", text(32), "city"),
        Column("address", text(256), "address"),
        Column("latitude", cells.degrees(90), "latitude"),
        Column("longitude", cells.degrees(180), "longitude"),
        Column("phone", text(32), "phone"),
        Column("opens", cells.CLOCK_TIME, "opens"),
        Column("closes", cells.CLOCK_TIME, "closes"),
        Column("slot_minutes", whole(5, MOST_MINUTES), "slot_minutes"),
        Column("try_on_places", whole(0, MOST_PLACES), "try_on_places"),
        Column("closed_weekdays", cells.WEEKDAYS, "closed_weekdays"),
    )
    return Table("stores", ("code",), columns, Store, lambda _: Store())


def _staff() -> Table:
    columns = (
        Column("userid", text(64), "userid", required=True),
        Column("name", text(64), "name", required=True),
        Column("role", choice(Role), "role", required=True),
        Column("store_code", text(32), "store_id", refers=STORE),
        Column("phone", text(32), "phone"),
    )
    return Table("staff", ("userid",), columns, Staff, lambda _: Staff())


def _opening_days() -> Table:
    columns = (
        Column("store_code", text(32), "store_id", required=True, refers=STORE),
        Column("date", DAY, "day", required=True),
        Column("opens", cells.CLOCK_TIME, "opens"),
        Column("closes", cells.CLOCK_TIME, "closes"),
        Column("closed", YES_NO, "closed"),
        Column("note", text(64), "note"),
    )
    make = lambda _: OpeningDay(closed=False, note="")  # noqa: E731
    return Table("opening_days", ("store_code", "date"), columns, OpeningDay, make, _check_hours)


def _products() -> Table:
    columns = (
        Column("style_no", text(64), "style_no", required=True),
        Column("name", text(128), "name", required=True),
        Column("category", text(32), "category"),
        Column("material", text(64), "material"),
        Column("gem", text(64), "gem"),
        Column("setting", text(64), "setting"),
        Column("craft", text(64), "craft"),
        Column("weight_g", GRAMS, "weight_g"),
        Column("labour_fee", MONEY_IN_YUAN, "labour_fee"),
        Column("list_price", MONEY_IN_YUAN, "list_price"),
        Column("pricing", choice(Pricing), "pricing"),
    )
    return Table("products", ("style_no",), columns, Style, lambda _: Style())


def _pieces() -> Table:
    columns = (
        Column("barcode", text(64), "barcode", required=True),
        Column("style_no", text(64), "style_id", required=True, refers=STYLE),
        Column("store_code", text(32), "store_id", refers=STORE),
        Column("weight_g", GRAMS, "weight_g"),
        Column("received_on", DAY, "received_on"),
        Column("status", choice(PieceStatus), "status"),
    )
    return Table("pieces", ("barcode",), columns, Piece, lambda _: Piece())


def _customers(accounts: Accounts, own_fields: Sequence[FieldDefinition] = ()) -> Table:
    columns = (
        Column("code", text(32), "code", required=True),
        Column("name", text(NAME_LENGTH), "name", write=write_name),
        Column("phone", cells.PHONE, "phone", write=set_phone),
        Column("gender", text(8), "gender"),
        Column("birthday", cells.BIRTHDAY, "birthday"),
        Column("birthday_calendar", one_of("solar", "lunar"), "birthday_calendar"),
        Column("birthday_leap_month", YES_NO, "birthday_leap_month", read=_leap_month),
        Column("wedding_anniversary", DAY, "wedding_anniversary"),
        Column("store_code", text(32), "store_id", refers=STORE),
        Column("advisor_userid", text(64), "advisor_id", refers=ADVISOR),
        *BESIDE_COLUMNS[:3],
        Column("ring_size", text(16), "ring_size"),
        Column("allergies", text(ALLERGIES_LENGTH), "allergies"),
        Column("preferences", text(256), "preferences"),
        Column("tags", cells.semicolons(256), "tags"),
        *BESIDE_COLUMNS[3:],
        Column("notes", cells.paragraphs(NOTES_LENGTH), "notes"),
        *field_columns(own_fields),
    )
    make = lambda now: Customer(name="", phone="", created_at=now)  # noqa: E731
    beside = BesideFields(BesideCustomers(accounts), own_fields)
    return Table("customers", ("code",), columns, Customer, make, _check_birthday, beside, FORMER_CUSTOMER)


def _purchases(zone: ZoneInfo) -> Table:
    columns = (
        Column("number", text(64), "number", required=True),
        Column("line", whole(1, MOST_LINES), "line", required=True),
        Column("kind", choice(PurchaseKind), "kind", required=True),
        Column("original_number", text(64), "original_number"),
        Column("original_line", whole(1, MOST_LINES), "original_line"),
        Column("customer_code", text(32), "customer_id", refers=CUSTOMER),
        Column("store_code", text(32), "store_id", refers=STORE),
        Column("advisor_userid", text(64), "advisor_id", refers=ADVISOR),
        Column("purchased_at", cells.instant(zone), "purchased_at", required=True),
        Column("style_no", text(64), "style_no"),
        Column("barcode", text(64), "barcode"),
        Column("name", text(128), "name"),
        Column("category", text(32), "category"),
        Column("material", text(64), "material"),
        Column("gem", text(64), "gem"),
        Column("setting", text(64), "setting"),
        Column("certificate_no", text(64), "certificate_no"),
        Column("quantity", whole(1, MOST_PIECES), "quantity"),
        Column("amount", MONEY_IN_YUAN, "amount", required=True),
        Column("payment", one_of("cash", "card", "wechat", "alipay", "other"), "payment"),
    )
    make = lambda _: Purchase()  # noqa: E731
    return Table("purchases", ("number", "line"), columns, Purchase, make, _check_original, BesidePurchases())


def _shop_facts() -> Table:
    columns = (
        Column("key", text(64), "key", required=True),
        Column("value", cells.paragraphs(1024), "value"),
    )
    return Table("shop_facts", ("key",), columns, ShopFact, lambda _: ShopFact())


def _leap_month(customer: Customer) -> bool | None:
    return customer.birthday_leap_month if customer.birthday_calendar == "lunar" else None


def _check_hours(row: Row) -> None:
    present = row.thing or OpeningDay()
    opens, closes = (row.values.get(name, getattr(present, name)) for name in ("opens", "closes"))
    if opens is not None and closes is not None and opens >= closes:
        row.refuse("closes", f"{closes:%H:%M} is not after {opens:%H:%M}, when the shop opens")


def _check_birthday(row: Row) -> None:
    """A lunar month has up to 30 days, a solar date must be in the calendar."""
    present = row.thing or Customer(birthday="", birthday_calendar="")
    birthday = row.values.get("birthday", present.birthday)
    calendar = row.values.get("birthday_calendar", present.birthday_calendar)
    try:
        if birthday and calendar != "lunar":
            DAY.parse(birthday)
    except ValueError:
        row.refuse("birthday", f"{birthday} is no date of the solar calendar")
    if birthday and calendar == "lunar" and not cells.LUNAR_DAY.fullmatch(birthday):
        row.refuse("birthday", f"{birthday} is no date of the lunar calendar")


def _check_original(row: Row) -> None:
    if ("original_number" in row.values) != ("original_line" in row.values) and row.is_new:
        row.refuse("original_line", "and original_number name a line only together")
