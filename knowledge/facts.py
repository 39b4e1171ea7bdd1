"""What a shop can tell about itself: the keys that an entry may name as {shop.KEY}."""

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
        "repair_status",
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
