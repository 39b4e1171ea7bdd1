"""The sixty styles the shop sells, and what a piece of one costs on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sample.seasons import gold_price

# The last column says who likes it: 婚 couples, 自 for oneself, 礼 presents, 长 parents, 宝 babies,
# 珠 pearls, 玉 jade, 彩 coloured stones. A price of 48/g is labour by the gram on top of the gold price.
_STYLES = """
GF-0001|传承古法金手镯|手镯|足金|||古法锤揲 哑光|32.60|48/g|婚长自
GF-0002|缠枝莲古法金手镯|手镯|足金|||古法錾刻 哑光|41.20|58/g|婚长
GF-0003|平安喜乐古法金吊坠|吊坠|足金|||古法錾刻|6.80|58/g|长自礼
GF-0004|流云古法金戒指|戒指|足金|||古法 哑光|5.30|52/g|自长
GF-0005|小葫芦古法金吊坠|吊坠|足金|||古法搂胎|4.60|56/g|自礼
GF-0006|蝶恋花古法金耳环|耳饰|足金|||花丝|5.90|68/g|婚自
GF-0007|福寿双全古法金牌|吊坠|足金|||古法錾刻|9.40|58/g|长礼
GF-0008|竹报平安古法金手链|手链|足金|||古法|18.50|52/g|长
ZJ-0001|足金龙凤镯（单只）|手镯|足金|||錾刻|22.80|28/g|婚
ZJ-0002|足金水波纹项链|项链|足金|||机织链|12.60|22/g|婚自
ZJ-0003|足金囍字戒指|戒指|足金|||光面|5.10|26/g|婚
ZJ-0004|足金喜上眉梢耳饰|耳饰|足金|||车花|6.30|28/g|婚
ZJ-0005|足金百年好合吊坠|吊坠|足金|||光砂|7.70|26/g|婚
ZJ-0006|足金长命锁|吊坠|足金|||錾刻|8.80|32/g|宝
ZJ-0007|足金宝宝手镯（单只）|手镯|足金|||光面|6.60|30/g|宝
ZJ-0008|足金转运珠手绳|手链|足金|||车花|1.20|38/g|自礼宝
ZJ-0009|足金素圈开口手镯|手镯|足金|||光面|20.30|20/g|自长
ZJ-0010|足金珐琅锦鲤吊坠|吊坠|足金|||珐琅|3.90|38/g|自礼
YJ-0001|3D硬金小马吊坠|吊坠|足金|||3D硬金|2.10|3680|自礼宝
YJ-0002|3D硬金福袋手链|手链|足金|||3D硬金|1.60|2880|自礼
YJ-0003|3D硬金海豚吊坠|吊坠|足金|||3D硬金|1.35|2480|自
YJ-0004|3D硬金四叶草耳钉|耳饰|足金|||3D硬金|1.10|2180|自
YJ-0005|5G足金满天星细链|项链|足金|||5G硬金|3.20|5280|自礼
ZS-0001|初见六爪钻戒|戒指|18K金|钻石|爪镶|白色镀铑|3.10|16800|婚
ZS-0002|星河密镶钻戒|戒指|18K金|钻石|微镶|白色镀铑|2.80|9800|婚自
ZS-0003|予你四爪钻戒|戒指|18K金|钻石|爪镶|白色镀铑|3.40|32800|婚
ZS-0004|长相守排钻戒|戒指|18K金|钻石|轨道镶|白色镀铑|3.00|12600|婚
ZS-0005|一颗心单钻吊坠|吊坠|18K金|钻石|包镶|玫瑰金|2.60|5680|自礼
ZS-0006|星光单钻耳钉|耳饰|18K金|钻石|爪镶|白色镀铑|1.80|7980|自礼
ZS-0007|拾光玫瑰金锁骨链|项链|18K金|||玫瑰金|1.90|2980|自
PT-0001|铂金六爪钻戒|戒指|铂金Pt950|钻石|爪镶|光面|4.20|24800|婚
PT-0002|相守铂金对戒·女款|戒指|铂金Pt950|||拉丝|3.20|3680|婚
PT-0003|相守铂金对戒·男款|戒指|铂金Pt950|||拉丝|5.10|5480|婚
PT-0004|铂金光面手链|手链|铂金Pt950|||光面|6.40|6280|自礼
ZZ-0001|Akoya珍珠项链|项链|18K金|Akoya珍珠||串珠|38.50|15800|珠礼
ZZ-0002|Akoya珍珠耳钉|耳饰|18K金|Akoya珍珠|粘镶|黄色|2.40|3680|珠自
ZZ-0003|淡水珍珠项链|项链|S925银|淡水珍珠||串珠|42.00|2380|珠礼
ZZ-0004|南洋金珠吊坠|吊坠|18K金|南洋珍珠|粘镶|黄色|6.20|12800|珠
ZZ-0005|大溪地黑珍珠戒指|戒指|18K金|大溪地珍珠|粘镶|白色镀铑|5.50|9800|珠
FC-0001|翡翠平安扣|吊坠|18K金|翡翠|包镶|黄色|5.80|8800|玉长礼
FC-0002|翡翠圆条手镯|手镯|翡翠|翡翠||圆条|52.00|36800|玉
FC-0003|翡翠如意吊坠|吊坠|18K金|翡翠|爪镶|黄色|4.90|15600|玉长
FC-0004|翡翠蛋面戒指|戒指|18K金|翡翠|爪镶|白色镀铑|5.20|22800|玉
HT-0001|和田玉平安扣|吊坠|和田玉|和田玉||素面|16.00|4980|玉长
HT-0002|和田玉手镯|手镯|和田玉|和田玉||圆条|58.00|18600|玉
HT-0003|金镶玉福牌|吊坠|足金|和田玉|包镶|金镶玉|7.50|6880|玉礼
CB-0001|静谧祖母绿戒指|戒指|18K金|祖母绿|爪镶|黄色|4.60|38600|彩
CB-0002|朝霞红宝石戒指|戒指|18K金|红宝石|爪镶|黄色|4.30|42800|彩
CB-0003|深海蓝宝石吊坠|吊坠|18K金|蓝宝石|爪镶|白色镀铑|3.70|26800|彩
CB-0004|蓝宝石小花耳钉|耳饰|18K金|蓝宝石|爪镶|白色镀铑|2.10|6980|彩自
CB-0005|海蓝宝方糖戒指|戒指|18K金|海蓝宝|爪镶|白色镀铑|3.20|5680|彩自
CB-0006|糖果碧玺手串|手链|碧玺|碧玺||串珠|19.00|3680|彩礼
YS-0001|S925银小星星耳钉|耳饰|S925银|||镀铑|1.60|299|自
YS-0002|足银宝宝长命锁|吊坠|足银|||光面|18.00|680|宝
YS-0003|做旧银莲花手镯|手镯|足银|||做旧|36.00|980|长自
YS-0004|S925银锁骨链|项链|S925银|||镀铑|2.80|399|自
MH-0001|蜜蜡圆珠手串|手链|蜜蜡|蜜蜡||串珠|21.00|3280|玉长
MH-0002|蜜蜡随形吊坠|吊坠|蜜蜡|蜜蜡||随形|9.00|2680|玉礼
LS-0001|绿松石手串|手链|绿松石|绿松石||串珠|24.00|2980|玉
SH-0001|白贝母四叶项链|项链|18K金|贝母|包镶|玫瑰金|4.80|4680|自礼
"""

_FEN = Decimal("0.01")


@dataclass(frozen=True)
class Style:
    """One style; weights in grams, money in yuan; either labour (by the gram) or price (of the piece) is known."""

    style_no: str
    name: str
    category: str
    material: str
    gem: str
    setting: str
    craft: str
    weight: Decimal
    labour: Decimal | None
    price: Decimal | None
    liked_by: frozenset[str]

    def cost(self, weight: Decimal, day: date, discount: Decimal = Decimal(1)) -> Decimal:
        """Yuan for one piece of that weight on that day; the discount (0.95) holds for fixed prices only."""
        if self.price is not None:
            return (self.price * discount).quantize(Decimal(1)).quantize(_FEN)
        return (weight * (gold_price(day) + (self.labour or 0))).quantize(_FEN)

    def row(self) -> dict[str, str]:
        """The line of products.csv."""
        return {
            "style_no": self.style_no,
            "name": self.name,
            "category": self.category,
            "material": self.material,
            "gem": self.gem,
            "setting": self.setting,
            "craft": self.craft,
            "weight_g": f"{self.weight:.2f}",
            "labour_fee": "" if self.labour is None else f"{self.labour:.2f}",
            "list_price": "" if self.price is None else f"{self.price:.2f}",
            "pricing": "weight" if self.price is None else "piece",
        }


def _style(line: str) -> Style:
    style_no, name, category, material, gem, setting, craft, weight, money, liked_by = line.split("|")
    by_gram = money.endswith("/g")
    amount = Decimal(money.removesuffix("/g"))
    labour, price = (amount, None) if by_gram else (None, amount)
    described = (style_no, name, category, material, gem, setting, craft)
    return Style(*described, Decimal(weight), labour, price, frozenset(liked_by))


STYLES = [_style(line) for line in _STYLES.strip().splitlines()]
STYLE = {style.style_no: style for style in STYLES}
