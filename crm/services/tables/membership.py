"""The tables of membership: points as the till counts them, and coupons."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from crm.models import Coupon, CouponStatus, Customer, MergedCode, PointsEntry, PointsKind
from crm.services.membership.points import MOST_POINTS
from crm.services.tables import cells
from crm.services.tables.cells import DAY, MONEY_IN_YUAN, choice, text, whole
from crm.services.tables.declarations import Column, Reference, Row, Table

CUSTOMER = Reference(Customer.id, Customer.code, (MergedCode.customer_id, MergedCode.code))


def points_table(zone: ZoneInfo) -> Table:
    """One line of the ledger a row; what stands there is never changed."""
    columns = (
        Column("customer_code", text(32), "customer_id", required=True, refers=CUSTOMER),
        Column("entry_no", text(64), "entry_no", required=True),
        Column("points", whole(-MOST_POINTS, MOST_POINTS), "points", required=True, write=_write_points),
        Column("reason", text(128), "reason"),
        Column("at", cells.instant(zone), "at", required=True),
        Column("expires_on", DAY, "expires_on"),
    )
    return Table("points", ("customer_code", "entry_no"), columns, PointsEntry, lambda _: PointsEntry(), _check_line)


def coupons_table() -> Table:
    columns = (
        Column("customer_code", text(32), "customer_id", required=True, refers=CUSTOMER),
        Column("coupon_no", text(64), "coupon_no", required=True),
        Column("title", text(64), "title", required=True),
        Column("value", MONEY_IN_YUAN, "value"),
        Column("condition", text(128), "condition"),
        Column("valid_from", DAY, "valid_from"),
        Column("valid_to", DAY, "valid_to"),
        Column("status", choice(CouponStatus), "status"),
    )
    return Table("coupons", ("coupon_no",), columns, Coupon, _new_coupon, _check_coupon)


def _write_points(line: PointsEntry, points: int) -> None:
    line.points = points
    line.kind = PointsKind.EARN if points >= 0 else PointsKind.REDEEM


def _check_line(row: Row) -> None:
    if row.thing is None:
        return
    for name in ("points", "at", "expires_on"):
        if name in row.values and row.values[name] != getattr(row.thing, name):
            row.refuse(name, "differs from the ledger, where a line is never changed: add a line that corrects it")


def _new_coupon(_now: datetime) -> Coupon:
    return Coupon(status=CouponStatus.ISSUED, value=0)


def _check_coupon(row: Row) -> None:
    """A coupon belongs to one customer, and what was used here stays used whatever an older table says."""
    present: Coupon | None = row.thing
    if present is None:
        return
    if row.values.get("customer_code", present.customer_id) != present.customer_id:
        row.refuse("customer_code", f"{present.coupon_no} belongs to another customer")
    if present.status is CouponStatus.USED and row.values.get("status", present.status) is not CouponStatus.USED:
        row.refuse("status", f"{present.coupon_no} was used and can't be given out again")
