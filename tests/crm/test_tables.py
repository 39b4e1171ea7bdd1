"""Tables in and out: what is taken, what is refused and why, and that a round trip changes nothing."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, event, func, select

from crm.db import Base, Sessions
from crm.errors import Invalid
from crm.models import Consent, Customer, Identity, IdentityKind, Interaction, Piece, Purchase, ShopFact, Store
from crm.services import consents
from crm.services.customers import by_code, find
from crm.services.erasure import erase
from crm.services.identities import customer_of, meet
from crm.services.purchases import owned_pieces
from crm.services.tables import Accounts, Report, export_table, import_table, tables
from crm.services.tables.importing import BATCH
from tests.crm.builders import NOW, OPERATOR, a_customer, a_shop

SAMPLE = Path(__file__).parents[2] / "sample"
KINDS = tables(ZoneInfo("Asia/Shanghai"), Accounts("wx1", "ww1"))
ORDER = (
    *("stores", "staff", "opening_days", "products", "pieces"),
    *("customers", "purchases", "services", "points", "coupons", "shop_facts"),
)


def take(sessions: Sessions, folder: Path, kind: str, text: str, *, dry_run: bool = False) -> Report:
    path = folder / f"{kind}.csv"
    path.write_bytes(text.encode())
    return import_table(sessions, KINDS[kind], path, NOW, dry_run=dry_run)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refused)


def reasons(report: Report) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.column, refusal.reason) for refusal in report.refused]


def rows(sessions: Sessions, model: type[Base]) -> int:
    with sessions() as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return sorted(csv.reader(stream))


def test_the_sample_shop_goes_in_once_and_comes_back_as_it_was(
    sessions: Sessions, engine: Engine, tmp_path: Path
) -> None:
    for kind in ORDER:
        first = import_table(sessions, KINDS[kind], SAMPLE / f"{kind}.csv", NOW)
        assert (reasons(first), first.changed, first.unchanged) == ([], 0, 0)
        again = import_table(sessions, KINDS[kind], SAMPLE / f"{kind}.csv", NOW)
        assert counts(again) == (0, 0, first.new, 0)
        exported = tmp_path / f"{kind}.csv"
        assert export_table(engine, KINDS[kind], exported) == first.new
        assert cells(exported) == cells(SAMPLE / f"{kind}.csv")


def test_an_exported_workbook_changes_nothing_when_it_comes_back(
    sessions: Sessions, engine: Engine, tmp_path: Path
) -> None:
    for kind in ORDER:
        import_table(sessions, KINDS[kind], SAMPLE / f"{kind}.csv", NOW)
        path = tmp_path / f"{kind}.xlsx"
        count = export_table(engine, KINDS[kind], path)
        assert counts(import_table(sessions, KINDS[kind], path, NOW)) == (0, 0, count, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(sessions: Sessions, tmp_path: Path) -> None:
    text = "code,name,phone,openid,marketing_consent\nC1,周芸,13800138001,o1,yes\nC2,徐铭,abc,,\n"
    dry = take(sessions, tmp_path, "customers", text, dry_run=True)
    assert [rows(sessions, model) for model in (Customer, Identity, Consent)] == [0, 0, 0]
    assert counts(dry) == counts(take(sessions, tmp_path, "customers", text)) == (1, 0, 0, 1)


def test_a_refused_row_stops_no_other(sessions: Sessions, tmp_path: Path) -> None:
    text = (
        "code,name,opens,slot_minutes,latitude\nA,甲,10:00,30,31.2\nB,乙,25:00,,\nC,,,,\nD,丁,,3,\nE,戊,,,91\nF,己,,,\n"
    )
    report = take(sessions, tmp_path, "stores", text)
    assert reasons(report) == [
        (3, "opens", "must be a time such as 10:00"),
        (4, "name", "is missing, and this row is new"),
        (5, "slot_minutes", "must be a whole number from 5 to 480"),
        (6, "latitude", "must be degrees from -90 to 90, such as 31.2304"),
    ]
    assert (counts(report), rows(sessions, Store)) == ((2, 0, 0, 4), 2)


REFUSED = {
    "staff": [
        ("u1,林悦,boss,,", "role", "must be one of advisor, manager, headquarters"),
        ("u1,林悦,advisor,XX99,", "store_code", "XX99 does not exist"),
        (",林悦,advisor,,", "userid", "is missing"),
        ("u1,林悦,advisor,,,,extra", "-", "has 7 cells, the first line only 5"),
        (f"u1,{'名' * 65},advisor,,", "name", "has 65 characters, at most 64 are possible"),
        ("u1,林\0悦,advisor,,", "name", "holds control characters"),
    ],
    "products": [
        ("S1,戒指,,,,,,1.2345,,,", "weight_g", "must be a weight in grams such as 5.10, with at most three decimals"),
        ("S1,戒指,,,,,,-1,,,", "weight_g", "must be a weight in grams such as 5.10, with at most three decimals"),
        ("S1,戒指,,,,,,,1.234,,", "labour_fee", "must be an amount in yuan such as 1280.50"),
        ('S1,戒指,,,,,,,,"1,280.00",', "list_price", "must be an amount in yuan such as 1280.50"),
        ("S1,戒指,,,,,,,,999999999.99,", "list_price", "is more than any piece costs"),
        ("S1,戒指,,,,,,,,,gram", "pricing", "must be one of piece, weight"),
    ],
    "pieces": [
        ("P1,S404,,,,", "style_no", "S404 does not exist"),
        ("P1,,,,,", "style_no", "is missing, and this row is new"),
    ],
}
HEADERS = {
    kind: ",".join(column.name for column in KINDS[kind].columns) for kind in (*REFUSED, "customers", "purchases")
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "line", "column", "reason"), [(k, *case) for k, cases in REFUSED.items() for case in cases]
)
def test_each_cell_that_cannot_be_is_named_with_its_reason(
    sessions: Sessions, tmp_path: Path, kind: str, line: str, column: str, reason: str
) -> None:
    report = take(sessions, tmp_path, kind, f"{HEADERS[kind]}\n{line}\n")
    assert reasons(report) == [(2, column, reason)]


CUSTOMER_CELLS = [
    ({"phone": "12"}, "phone", "must be a telephone number of 5 to 20 digits"),
    ({"birthday": "1990-02-30"}, "birthday", "1990-02-30 is no date of the solar calendar"),
    ({"birthday": "1990-02-30", "birthday_calendar": "lunar"}, None, ""),
    (
        {"birthday": "1990-01-31", "birthday_calendar": "lunar"},
        "birthday",
        "1990-01-31 is no date of the lunar calendar",
    ),
    ({"birthday": "90-1-1"}, "birthday", "must be a date such as 2026-11-21"),
    ({"birthday_calendar": "moon"}, "birthday_calendar", "must be one of solar, lunar"),
    ({"wedding_anniversary": "2020-13-01"}, "wedding_anniversary", "must be a date such as 2026-11-21"),
    ({"marketing_consent": "maybe"}, "marketing_consent", "must be yes or no"),
    ({"advisor_userid": "nobody"}, "advisor_userid", "nobody does not exist"),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("values", "column", "reason"), CUSTOMER_CELLS)
def test_what_a_customers_row_may_not_say(
    sessions: Sessions, tmp_path: Path, values: dict[str, str], column: str | None, reason: str
) -> None:
    text = f"code,{','.join(values)}\nC1,{','.join(values.values())}\n"
    assert reasons(take(sessions, tmp_path, "customers", text)) == ([(2, column, reason)] if column else [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must name the columns, and code is not there"),
        ("name,city\nA,B\n", "code is not there"),
        ("code,name,colour\nA,B,C\n", "the column “colour” is unknown; stores has code, name, city"),
        ("code,name,name\nA,B,C\n", "stands twice"),
        ("A,甲\n", "code is not there"),
    ],
)
def test_a_file_whose_header_cannot_be_used_is_one_sentence(
    sessions: Sessions, tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        take(sessions, tmp_path, "stores", text)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gbk.csv", "code,name\nA,上海\n".encode("gbk"), "not in UTF-8"),
        ("late.csv", b"code,name\n" + b"A,x\n" * 500_000 + b"\xff\n", "not in UTF-8"),
        ("broken.xlsx", b"this is no workbook", "no .xlsx file"),
        ("wide.csv", b"code,name\nA," + b"x" * 200_000, "no CSV from line 2 on"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_is_taken(
    sessions: Sessions, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid, match=sentence):
        import_table(sessions, KINDS["stores"], path, NOW)
    assert rows(sessions, Store) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_missing_file_or_folder_is_one_sentence(sessions: Sessions, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no file"):
        import_table(sessions, KINDS["stores"], tmp_path / "absent.csv", NOW)
    with pytest.raises(Invalid, match="There is no folder"):
        export_table(engine, KINDS["stores"], tmp_path / "absent" / "stores.csv")


def test_an_empty_cell_leaves_what_is_there(sessions: Sessions, tmp_path: Path) -> None:
    take(sessions, tmp_path, "stores", "code,name,city,opens\nA,甲,杭州,10:00\n")
    report = take(sessions, tmp_path, "stores", "code,name,city,opens\nA,乙,,\n")
    assert counts(report) == (0, 1, 0, 0)
    with sessions() as session:
        store = session.scalars(select(Store)).one()
    assert (store.name, store.city, str(store.opens)) == ("乙", "杭州", "10:00:00")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_mark_blank_lines_and_line_breaks_in_cells_are_no_obstacle(
    sessions: Sessions, tmp_path: Path, mark: str
) -> None:
    text = f'{mark}key,value\r\n\r\nhours,"十点\r\n到十点"\r\n,缺\r\n'
    assert reasons(take(sessions, tmp_path, "shop_facts", text)) == [(5, "key", "is missing")]
    with sessions() as session:
        assert session.get_one(ShopFact, "hours").value == "十点\n到十点"


def test_a_key_that_stands_twice_in_a_file_is_taken_once(sessions: Sessions, tmp_path: Path) -> None:
    report = take(sessions, tmp_path, "stores", "code,name\nA,甲\nA,乙\n")
    assert (report.new, reasons(report)) == (1, [(3, "code", "A stands already in line 2")])


def test_more_rows_than_a_batch_take_few_statements(sessions: Sessions, engine: Engine, tmp_path: Path) -> None:
    lines = "".join(f"C{n},客人{n},138{n:08},o{n},yes\n" for n in range(1200))
    batches = 1 + 1200 // BATCH
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2][:6]))
    header = "code,name,phone,openid,marketing_consent\n"
    assert take(sessions, tmp_path, "customers", header + lines).new == 1200
    assert statements.count("SELECT") + statements.count("DELETE") <= 12 * batches
    statements.clear()
    assert take(sessions, tmp_path, "customers", header + lines).unchanged == 1200
    assert len(statements) <= 12 * batches
    assert [rows(sessions, model) for model in (Customer, Identity, Consent)] == [1200, 1200, 1200]


def test_customers_who_came_by_a_file_are_found_and_known(sessions: Sessions, tmp_path: Path) -> None:
    header = "code,name,phone,openid,unionid,external_userid,tags\n"
    take(sessions, tmp_path, "customers", header + "C1,周芸,+86 138-0013-8001,o1,u1,wm1,老客; 珍珠；老客\n")
    with sessions() as session:
        for words in ("周芸", "zy", "8001", "13800138001"):
            assert [customer.code for customer in find(session, OPERATOR, words)] == ["C1"]
        for account, kind, value in (
            ("wx1", "openid", "o1"),
            ("unionid", "unionid", "u1"),
            ("ww1", "external_userid", "wm1"),
        ):
            owner = customer_of(session, account, IdentityKind(kind), value)
            assert owner is not None
            assert (owner.code, owner.tags) == ("C1", "老客;珍珠")


def test_a_stranger_who_wrote_before_the_file_came_is_its_customer(sessions: Sessions, tmp_path: Path) -> None:
    with sessions.begin() as session:
        stranger = meet(session, "wx1", IdentityKind.OPENID, "o1", NOW)
        said = {"channel": "official_account", "kind": "text", "direction": "in", "text": "你好", "key": "1"}
        session.add(Interaction(customer_id=stranger.customer_id, at=NOW, **said))
    assert counts(take(sessions, tmp_path, "customers", "code,name,openid\nC1,周芸,o1\n")) == (1, 0, 0, 0)
    with sessions() as session:
        customer = session.scalars(select(Customer)).one()
        assert (customer.code, session.scalars(select(Interaction.customer_id)).one()) == ("C1", customer.id)


def test_an_id_of_another_customer_refuses_the_row(sessions: Sessions, tmp_path: Path) -> None:
    take(sessions, tmp_path, "customers", "code,openid\nC1,o1\n")
    report = take(sessions, tmp_path, "customers", "code,openid\nC2,o1\nC3,o3\nC4,o3\n")
    assert reasons(report) == [(2, "openid", "o1 belongs to C1"), (4, "openid", "o3 stands already in line 3")]
    assert rows(sessions, Customer) == 2


def test_consent_becomes_a_row_only_when_it_changes(sessions: Sessions, tmp_path: Path) -> None:
    for word, expected in (("yes", 1), ("yes", 1), ("", 1), ("no", 2), ("no", 2), ("yes", 3)):
        take(sessions, tmp_path, "customers", f"code,marketing_consent\nC1,{word}\n")
        assert rows(sessions, Consent) == expected


@pytest.mark.parametrize("word", ["yes", "no"])
def test_a_file_never_undoes_what_the_customer_said_herself(sessions: Sessions, tmp_path: Path, word: str) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C1")
        speak = consents.withdraw if word == "yes" else consents.grant
        speak(session, customer.id, channel="official_account", at=NOW, text_version="1")
    assert counts(take(sessions, tmp_path, "customers", f"code,marketing_consent\nC1,{word}\n")) == (0, 0, 1, 0)
    assert rows(sessions, Consent) == 1


def test_orders_may_come_twice_and_late(sessions: Sessions, tmp_path: Path) -> None:
    with sessions.begin() as session:
        a_shop(session)
        customer = a_customer(session, "C1")
    header = "number,line,kind,original_number,original_line,customer_code,purchased_at,name,amount\n"
    returned = "R1,1,return,A1,2,C1,2026-11-02T10:00,项链,300\n"
    sold = "A1,1,sale,,,C1,2026-11-01T10:00,戒指,5000.50\nA1,2,sale,,,C1,2026-11-01T10:00,项链,300.00\n"
    assert counts(take(sessions, tmp_path, "purchases", header + returned)) == (1, 0, 0, 0)
    assert counts(take(sessions, tmp_path, "purchases", header + sold + returned)) == (2, 0, 1, 0)
    with sessions() as session:
        (ring,) = owned_pieces(session, customer.id)
    assert (ring.name, ring.amount) == ("戒指", 5000_50)
    assert ring.purchased_at == datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("A1,x,sale,,,2026-11-01,1", "line"),
        ("A1,0,sale,,,2026-11-01,1", "line"),
        ("A1,1,gift,,,2026-11-01,1", "kind"),
        ("A1,1,return,S1,,2026-11-01,1", "original_line"),
        ("A1,1,sale,,,yesterday,1", "purchased_at"),
        ("A1,1,sale,,,,1", "purchased_at"),
        ("A1,1,sale,,,2026-11-01,", "amount"),
    ],
)
def test_what_a_line_of_the_till_may_not_say(sessions: Sessions, tmp_path: Path, line: str, column: str) -> None:
    header = "number,line,kind,original_number,original_line,purchased_at,amount\n"
    (refusal,) = take(sessions, tmp_path, "purchases", header + line).refused
    assert (refusal.line, refusal.column) == (2, column)


def test_numbers_dates_and_formulas_of_a_workbook_are_read_as_they_look(sessions: Sessions, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["code", "name", "phone", "wedding_anniversary", "ring_size", "birthday_leap_month"])
    book.active.append(["C1", "周芸", 13800138001, date(2020, 5, 20), 12.0, True])
    book.active.append(["C2", "=1+1", None, None, None, None])
    book.save(tmp_path / "customers.xlsx")
    report = import_table(sessions, KINDS["customers"], tmp_path / "customers.xlsx", NOW)
    assert reasons(report) == [(3, "name", "is a formula: put its value there")]
    with sessions() as session:
        customer = session.scalars(select(Customer)).one()
    assert (customer.phone, str(customer.wedding_anniversary)) == ("13800138001", "2020-05-20")
    assert (customer.ring_size, customer.birthday_leap_month) == ("12", True)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_spreadsheet_takes_an_exported_name_for_a_formula(
    sessions: Sessions, engine: Engine, tmp_path: Path, suffix: str
) -> None:
    name = '=HYPERLINK("http://evil")'
    with sessions.begin() as session:
        a_customer(session, "C1", name, notes="@SUM(A1)", phone="+85291234567", allergies="-镍")
    path = tmp_path / f"customers{suffix}"
    export_table(engine, KINDS["customers"], path)
    if suffix == ".csv":
        written = dict(zip(*csv.reader(path.open(encoding="utf-8")), strict=True))
        assert [written[c][:2] for c in ("name", "notes", "phone", "allergies")] == ["'=", "'@", "'+", "'-"]
    assert counts(import_table(sessions, KINDS["customers"], path, NOW)) == (0, 0, 1, 0)


def test_an_export_is_for_its_owners_eyes(sessions: Sessions, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    export_table(engine, KINDS["customers"], path)
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in tmp_path.iterdir() if "unfinished" in entry.name] == []


def test_an_export_longer_than_a_batch_is_whole(sessions: Sessions, engine: Engine, tmp_path: Path) -> None:
    lines = "".join(f"S{n},款式{n}\n" for n in range(1001))
    take(sessions, tmp_path, "products", "style_no,name\n" + lines)
    take(sessions, tmp_path, "pieces", "barcode,style_no\n" + "".join(f"P{n},S{n}\n" for n in range(1001)))
    assert rows(sessions, Piece) == 1001
    assert export_table(engine, KINDS["pieces"], tmp_path / "out.csv") == 1001
    assert ["P1000", "S1000", "", "", "", "in_stock"] in cells(tmp_path / "out.csv")


def test_a_purchase_of_the_sample_keeps_its_moment(sessions: Sessions, tmp_path: Path) -> None:
    for kind in ("stores", "staff", "customers", "purchases"):
        import_table(sessions, KINDS[kind], SAMPLE / f"{kind}.csv", NOW)
    with sessions() as session:
        line = session.scalars(select(Purchase).where(Purchase.number == "SH01-20231126-01")).one()
    assert line.purchased_at == datetime(2023, 11, 26, 4, 33, 36, tzinfo=UTC)


def test_an_erased_customer_does_not_come_back_by_a_table(sessions: Sessions, tmp_path: Path) -> None:
    text = "code,name,phone\nC9999,周芸,13800001208\n"
    assert take(sessions, tmp_path, "customers", text).new == 1
    with sessions.begin() as session:
        erase(session, OPERATOR, by_code(session, OPERATOR, "C9999"), NOW)
    report = take(sessions, tmp_path, "customers", text)
    assert "was erased" in reasons(report)[0][2]
    with sessions() as session:
        assert by_code(session, OPERATOR, "C9999").phone == ""
