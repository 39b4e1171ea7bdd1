"""What a shop can tell about itself: the keys that an entry may name as {shop.KEY}, and filling them in."""

import re
from collections.abc import Mapping

# {shop.repair_fee} is all of it, {shop.repair_fee:焊接} what its list says of soldering, {…:抛光|重镀} of either.
FACT = re.compile(r"\{shop\.([a-z0-9_]+)(?::([^{}]+))?\}")
_LIST_ENDS, _ITEMS = "；", re.compile(r"[，,]")

# The import kind `shop_facts` fills these in; an entry that names another key could never be answered.
KNOWN_FACTS = frozenset(
    {
        "address",
        "appointment",
        "buyback_gem",
        "buyback_policy",
        "complaint",
        "custom_cancel",
        "custom_leadtime",
        "engrave_fee",
        "free_clean",
        "gift_wrap",
        "gold_price_today",
        # Reckoned from it where a question names a weight (reckoning.py).
        "gold_sum",
        "gold_sum_back",
        "hours",
        "human_agent",
        "inspect_help",
        "invoice",
        "labor_fee",
        "member_day",
        "own_material",
        "parking",
        "payment",
        "points",
        "price_protect",
        "promo_now",
        "promo_rules",
        "receipt_lost",
        "repair_fee",
        "repair_status",
        "repair_time",
        "returns",
        "shipping",
        "stock",
        "tradein_fee",
        "tradein_fixed_price",
        "tradein_other_brand",
        "tradein_rule",
        "warranty",
    }
)
# For whoever looks at an entry whether or not the shop has filled in what it needs.
EVERY_FACT = {key: key for key in KNOWN_FACTS}


def fill_in(text: str, facts: Mapping[str, str]) -> str:
    """The text with the shop's facts in it; empty when one that it needs is missing or empty."""
    if any(not facts.get(key, "").strip() for key, _ in FACT.findall(text)):
        return ""
    return FACT.sub(lambda match: _item(facts[match[1]].strip(), match[2]), text)


def _item(fact: str, about: str | None) -> str:
    """What a list says about one thing, with what stands behind the list and holds for all of it; else all of it."""
    wanted = about.split("|") if about else []
    items, end, general = fact.partition(_LIST_ENDS)
    found = [item for item in _ITEMS.split(items) if any(word in item for word in wanted)]
    if found:
        return "，".join(found) + end + general
    behind = [part for part in general.split(_LIST_ENDS) if any(word in part for word in wanted)]
    return _LIST_ENDS.join(behind) or fact
