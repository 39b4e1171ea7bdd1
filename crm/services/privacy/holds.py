"""What a law wants kept of somebody who is erased: large purchases in cash, with who made them.

贵金属和宝石从业机构反洗钱和反恐怖融资管理办法 (银发〔2025〕124号, in force since 2025-08-01): a dealer who takes or
pays 100,000 yuan or more in cash, at once or in one day together, has to know the customer and keep the record.
反洗钱法 (as revised, in force since 2025-01-01), article 34: for ten years after the transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Customer, HoldEntry, Purchase, PurchaseKind
from crm.services.privacy import corrections

RULE = "银发〔2025〕124号 / 反洗钱法第三十四条"
CASH = "cash"
# In fen.
FROM_FEN = 100_000_00
YEARS = relativedelta(years=10)
# The day that the rule adds up is the calendar's in China, wherever the shop's clock stands.
CHINA = ZoneInfo("Asia/Shanghai")
IN_FORCE = datetime(2025, 8, 1, tzinfo=CHINA).astimezone(UTC)
# What a customer hands over and what she is handed are added up each for itself.
PAID_IN = (PurchaseKind.SALE, PurchaseKind.EXCHANGE)


def keep(session: Session, customer: Customer, now: datetime) -> int:
    """Before she is erased: her name and phone beside each line whose term has not ended; how many lines.

    What is kept already stays as it is: erased twice, she has no name any more.
    """
    held = select(HoldEntry.purchase_id).where(HoldEntry.customer_id == customer.id)
    kept = set(session.scalars(held))
    new = [line for line in lines_of(session, customer.id, now) if line.id not in kept]
    session.add_all(
        HoldEntry(
            customer_id=customer.id,
            purchase_id=line.id,
            name=corrections.name_at(session, customer, line.purchased_at),
            phone=customer.phone,
            rule=RULE,
            since=now,
            until=line.purchased_at + YEARS,
        )
        for line in new
    )
    return len(kept) + len(new)


def lines_of(session: Session, customer_id: int, now: datetime) -> list[Purchase]:
    """Her lines that the rule wants kept now."""
    term = now - YEARS
    paid = select(Purchase).where(
        Purchase.customer_id == customer_id,
        Purchase.payment == CASH,
        Purchase.purchased_at >= max(IN_FORCE, term),
    )
    days: dict[tuple[date, bool], list[Purchase]] = defaultdict(list)
    for line in session.scalars(paid.order_by(Purchase.id)):
        days[line.purchased_at.astimezone(CHINA).date(), line.kind in PAID_IN].append(line)
    return [line for lines in days.values() if sum(abs(line.amount) for line in lines) >= FROM_FEN for line in lines]


def entries(session: Session, customer_id: int) -> Sequence[HoldEntry]:
    """What is kept of her, the first to end first."""
    return session.scalars(
        select(HoldEntry).where(HoldEntry.customer_id == customer_id).order_by(HoldEntry.until, HoldEntry.id)
    ).all()
