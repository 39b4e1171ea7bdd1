"""The shop's own rules of membership, read from `crm/members.yaml` or the file that a setting names."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from crm.errors import Invalid
from crm.models.membership import Reading

DEFAULT = Path(__file__).resolve().parents[2] / "members.yaml"
FEN = 100

Months = Annotated[int, Field(ge=1, le=600)]
Yuan = Annotated[int, Field(ge=0, le=100_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=32)]


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SegmentLine(_Rules):
    """Holds when all that it names holds; with nothing named, for everybody who ever bought."""

    name: Name
    spent_from: Yuan | None = None
    bought_within_months: Months | None = None


class Segments(_Rules):
    spent_within_months: Months
    lines: tuple[SegmentLine, ...]
    never_bought: Name

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.lines or self.lines[-1].spent_from is not None or self.lines[-1].bought_within_months is not None:
            raise ValueError("the last line must hold for everybody who ever bought")
        names = [line.name for line in self.lines]
        if len({*names, self.never_bought}) <= len(names):
            raise ValueError("two segments have one name")
        return self


class Readings(_Rules):
    lately_months: Months
    often_orders: Annotated[int, Field(ge=1, le=1000)]
    often_within_months: Months
    much_spent: Yuan
    strategies: dict[Reading, str]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if missing := set(Reading) - self.strategies.keys():
            raise ValueError(f"strategies lack {', '.join(sorted(missing))}")
        return self


class Tier(_Rules):
    name: Name
    spent_from: Yuan = 0
    benefits: tuple[str, ...] = ()


class Tiers(_Rules):
    holds_months: Months
    notice_days: Annotated[int, Field(ge=1, le=180)]
    lines: tuple[Tier, ...]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        steps = [tier.spent_from for tier in self.lines]
        if not steps or steps[0] != 0 or steps != sorted(set(steps)):
            raise ValueError("the first tier begins at 0 and each next one above the one before")
        return self


class Points(_Rules):
    earned_from: Literal["till", "purchases"]
    yuan_per_point: Annotated[int, Field(ge=1, le=100_000)]
    live_months: Months


class Policy(_Rules):
    """All of it. `mark` changes when a rule does."""

    segments: Segments
    readings: Readings
    tiers: Tiers
    points: Points

    @property
    def mark(self) -> str:
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()


def load_policy(path: Path | None = None) -> Policy:
    """Read and check the rules; raises Invalid with one sentence that names the place."""
    found = path or DEFAULT
    try:
        return Policy.model_validate(yaml.safe_load(found.read_text(encoding="utf-8")))
    except OSError as error:
        raise Invalid(f"{found} can't be read: {error.strerror}.") from None
    except yaml.YAMLError:
        raise Invalid(f"{found} is no YAML.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(f"{found}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
