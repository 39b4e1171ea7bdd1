"""Shops: by code, by nearness."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Staff, Store

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Nearby:
    """A shop and its distance as the crow flies."""

    store: Store
    km: float


def nearest(session: Session, latitude: float, longitude: float) -> Nearby | None:
    """The nearest shop that has coordinates; None when none has."""
    reached = nearest_stores(session, latitude, longitude, 1)
    return Nearby(*reached[0]) if reached else None


def nearest_stores(session: Session, latitude: float, longitude: float, count: int = 3) -> list[tuple[Store, float]]:
    """The nearest shops that have coordinates, each with its kilometres."""
    placed = session.scalars(select(Store).where(Store.latitude.is_not(None), Store.longitude.is_not(None))).all()
    reached = [(store, _km(latitude, longitude, store.latitude or 0, store.longitude or 0)) for store in placed]
    return sorted(reached, key=lambda found: found[1])[:count]


def by_code(session: Session, code: str) -> Store | None:
    return session.scalar(select(Store).where(Store.code == code))


def named(session: Session, words: str) -> Store | None:
    """By code, by name or by what stands behind the "·" of its name, with or without "店" at its end.

    None when no shop is called so, or several are.
    """
    wanted = words.strip().removesuffix("店")
    every = session.scalars(select(Store)).all() if wanted else []
    called = [store for store in every if store.code == wanted.upper() or wanted in _names(store)]
    return called[0] if len(called) == 1 else None


def _names(store: Store) -> set[str]:
    whole = store.name.removesuffix("店")
    return {whole, whole.rpartition("·")[2].strip()}


def advisor(session: Session, userid: str) -> Staff | None:
    """A member of staff who still works here."""
    return session.scalar(select(Staff).where(Staff.userid == userid, Staff.left_at.is_(None)))


def _km(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    half_north = radians(to_latitude - latitude) / 2
    half_east = radians(to_longitude - longitude) / 2
    chord = sin(half_north) ** 2 + cos(radians(latitude)) * cos(radians(to_latitude)) * sin(half_east) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))
