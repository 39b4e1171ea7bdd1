"""What a row of the customers' table says beside the customer: ids on the platforms, and consent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from crm.models import Consent, Customer, Identity, IdentityKind
from crm.services import consents
from crm.services.customers import STRANGERS_CODE, index_names
from crm.services.erasure import ERASED
from crm.services.identities import link
from crm.services.linking.twins import ask_about_twins
from crm.services.privacy import corrections, tombstones
from crm.services.tables.cells import YES_NO, text
from crm.services.tables.declarations import Column, Row

# The channel of consents that came with a file.
IMPORT = "import"
# Unionids hold across accounts: they stand under a name of their own.
UNIONID_ACCOUNT = "unionid"
CONSENT = "marketing_consent"
BESIDE_COLUMNS = (
    Column("openid", text(128), ""),
    Column("unionid", text(128), ""),
    Column("external_userid", text(128), ""),
    Column(CONSENT, YES_NO, ""),
)

Name = tuple[str, IdentityKind, str]


@dataclass(frozen=True, slots=True)
class Accounts:
    """In which accounts the ids of a file hold."""

    official_account: str
    wecom: str

    def of(self, kind: IdentityKind) -> str:
        by_kind = {IdentityKind.OPENID: self.official_account, IdentityKind.EXTERNAL_USERID: self.wecom}
        return by_kind.get(kind, UNIONID_ACCOUNT)


KINDS = (IdentityKind.OPENID, IdentityKind.UNIONID, IdentityKind.EXTERNAL_USERID)


class BesideCustomers:
    """Name indexes, identities and the consent ledger, for a batch of customers at once."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def check(self, session: Session, rows: list[Row]) -> None:
        """An erased customer does not come back by a table; an id that somebody else has refuses the row."""
        known = [row for row in rows if row.thing is not None and row.thing.id is not None]
        words = consents.latest(session, [row.thing.id for row in known])
        for row in known:
            word = words.get(row.thing.id)
            if word is not None and word.channel == ERASED:
                row.refuse("code", f"{row.thing.code} was erased on {word.at:%Y-%m-%d} and stays erased")
        self._keep_what_she_mended(session, known)
        owners = self._owners(session, rows)
        self._refuse_the_erased(session, rows, owners)
        claimed: dict[Name, int] = {}
        for row in rows:
            for name in self._names(row):
                self._check_name(row, name, owners.get(name), claimed)

    def _keep_what_she_mended(self, session: Session, rows: list[Row]) -> None:
        """The same old value does not come back; a new one is news."""
        before = corrections.mended(session, [row.thing.id for row in rows])
        for row in rows:
            for name in corrections.FIELDS:
                if name in row.values and corrections.is_mended(before, row.thing.id, name, row.values[name]):
                    del row.values[name]

    def _refuse_the_erased(self, session: Session, rows: list[Row], owners: dict[Name, Customer]) -> None:
        """A new row with her code or phone, any row with an id of hers, unless she herself wrote again since."""
        free = [row for row in rows if row.refusal is None]
        signs = [(row, column, sign, owner) for row in free for column, sign, owner in self._signs(row, owners)]
        erased = tombstones.erased_at(session, [sign for _, _, sign, _ in signs])
        for row, column, sign, owner in signs:
            at = erased.get(sign)
            if at is not None and (owner is None or owner.created_at <= at) and row.refusal is None:
                row.refuse(column, f"somebody with this {column} was erased on {at:%Y-%m-%d} and stays erased")

    def _signs(self, row: Row, owners: dict[Name, Customer]) -> Iterator[tuple[str, bytes, Customer | None]]:
        if row.is_new:
            yield "code", tombstones.sign_of_code(row.values["code"]), None
        if row.is_new and row.values.get("phone"):
            yield "phone", tombstones.sign_of_phone(row.values["phone"]), None
        for name in self._names(row):
            account, kind, value = name
            if (owner := owners.get(name)) is not None and owner is row.thing:
                continue
            yield kind.value, tombstones.sign_of_id(account, kind.value, value), owner

    def write(self, session: Session, rows: list[Row], now: datetime) -> None:
        index_names(session, {row.thing.id: row.thing.name for row in rows if "name" in row.changed})
        present = self._present(session, rows)
        for row in rows:
            for name in self._names(row):
                self._write_identity(session, row, name, present.get(name), now)
        self._write_consents(session, rows, now)
        session.flush()
        ask_about_twins(session, [row.thing.id for row in rows if "phone" in row.changed], now)

    def read(self, session: Session, things: list[Any]) -> dict[int, dict[str, Any]]:
        values: dict[int, dict[str, Any]] = {thing.id: {} for thing in things}
        of_these = Identity.customer_id.in_(values)
        for identity in session.scalars(select(Identity).where(of_these).order_by(Identity.id)):
            if identity.account == self._accounts.of(identity.kind):
                values[identity.customer_id].setdefault(identity.kind.value, identity.value)
        for customer_id, consent in consents.latest(session, list(values)).items():
            values[customer_id][CONSENT] = consent.granted
        return values

    def _names(self, row: Row) -> Iterator[Name]:
        for kind in KINDS:
            if kind.value in row.values:
                yield self._accounts.of(kind), kind, row.values[kind.value]

    def _present(self, session: Session, rows: list[Row]) -> dict[Name, Identity]:
        names = [name for row in rows for name in self._names(row)]
        columns = tuple_(Identity.account, Identity.kind, Identity.value)
        found = session.scalars(select(Identity).where(columns.in_(names))) if names else ()
        return {(identity.account, identity.kind, identity.value): identity for identity in found}

    def _owners(self, session: Session, rows: list[Row]) -> dict[Name, Customer]:
        present = self._present(session, rows)
        ids = {identity.customer_id for identity in present.values()}
        customers = {
            customer.id: customer for customer in session.scalars(select(Customer).where(Customer.id.in_(ids)))
        }
        return {name: customers[identity.customer_id] for name, identity in present.items()}

    def _check_name(self, row: Row, name: Name, owner: Customer | None, claimed: dict[Name, int]) -> None:
        _, kind, value = name
        first = claimed.setdefault(name, row.line)
        if first != row.line:
            row.refuse(kind.value, f"{value} stands already in line {first}")
        # A stranger with this id wrote to the bot before the file came: she is this customer.
        if owner and owner is not row.thing and not STRANGERS_CODE.fullmatch(owner.code):
            row.refuse(kind.value, f"{value} belongs to {owner.code}")

    def _write_identity(self, session: Session, row: Row, name: Name, present: Identity | None, now: datetime) -> None:
        account, kind, value = name
        if present is None:
            row.changed.add(kind.value)
            customer_id = row.thing.id
            session.add(Identity(account=account, kind=kind, value=value, customer_id=customer_id, since=now))
        elif present.customer_id != row.thing.id:
            row.changed.add(kind.value)
            link(session, present, row.thing, now)

    def _write_consents(self, session: Session, rows: list[Row], now: datetime) -> None:
        """A file speaks only where nothing was said, or an earlier file spoke.

        What the customer said herself, to the bot or to an advisor, is never undone by a table.
        """
        speaking = [row for row in rows if CONSENT in row.values]
        latest = consents.latest(session, [row.thing.id for row in speaking])
        for row in speaking:
            if _may_speak(latest.get(row.thing.id), row.values[CONSENT]):
                row.changed.add(CONSENT)
                word = consents.grant if row.values[CONSENT] else consents.withdraw
                proof = f"line {row.line} of a table"
                word(session, row.thing.id, channel=IMPORT, at=now, text_version=IMPORT, proof=proof)


def _may_speak(held: Consent | None, granted: bool) -> bool:
    return held is None or (held.channel == IMPORT and held.granted != granted)
