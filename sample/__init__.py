"""The sample shop 拾光里珠宝: invented stores, staff, pieces, customers and purchases, as import files."""
