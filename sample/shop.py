"""The three stores, the eight people who work there, and what the shop tells everybody about itself."""

# Landlines whose local part begins with 0 are never assigned: nobody's telephone rings.
STORES: list[dict[str, str]] = [
    {
        "code": "HZ01", "name": "拾光里珠宝·湖滨店", "city": "杭州",
        "address": "杭州市上城区平海路128号湖滨里1层106铺", "latitude": "30.254300", "longitude": "120.163800",
        "phone": "0571-05550101", "opens": "10:00", "closes": "22:00", "slot_minutes": "30", "try_on_places": "3",
        "closed_weekdays": "",
    },
    {
        "code": "HZ02", "name": "拾光里珠宝·武林店", "city": "杭州",
        "address": "杭州市拱墅区延安路519号武林天地1层A12铺", "latitude": "30.272600", "longitude": "120.163200",
        "phone": "0571-05550202", "opens": "10:00", "closes": "21:30", "slot_minutes": "30", "try_on_places": "2",
        "closed_weekdays": "",
    },
    {
        "code": "SH01", "name": "拾光里珠宝·静安店", "city": "上海",
        "address": "上海市静安区南京西路1388号静安里2层215铺", "latitude": "31.228900", "longitude": "121.451700",
        "phone": "021-05550303", "opens": "10:00", "closes": "22:00", "slot_minutes": "30", "try_on_places": "3",
        "closed_weekdays": "",
    },
]  # fmt: skip

_STAFF = """
lin.yue    林悦  advisor       HZ01  13700000101
wu.an      吴安  advisor       HZ01  13700000102
chen.jing  陈静  manager       HZ01  13700000103
zhao.min   赵敏  advisor       HZ02  13700000201
he.wei     何薇  manager       HZ02  13700000202
sun.li     孙黎  advisor       SH01  13700000301
gu.ning    顾宁  manager       SH01  13700000302
ye.lan     叶岚  headquarters  -     13700000001
"""


def _staff_row(line: str) -> dict[str, str]:
    userid, name, role, store_code, phone = line.split()
    return {"userid": userid, "name": name, "role": role, "store_code": store_code.strip("-"), "phone": phone}


STAFF = [_staff_row(line) for line in _STAFF.strip().splitlines()]

# The eve of the Year of the Goat: 5 February 2027, as the shop's fact `hours` says it.
OPENING_DAYS: list[dict[str, str]] = [
    {
        "store_code": store["code"], "date": "2027-02-05", "opens": "10:00", "closes": "18:00", "closed": "no",
        "note": "除夕",
    }
    for store in STORES
]  # fmt: skip

_SERVICES = """
FW26-0412  C0001  HZ01  lin.yue  SG100245  restringing   2026-10-18  2026-10-21  已取走  120.00
FW26-0431  C0003  SH01  sun.li   SG100112  cleaning      2026-11-14  2026-11-16  待取    0.00
FW26-0440  C0002  HZ01  wu.an    -         resizing      2026-11-17  2026-11-27  制作中  200.00
FW26-0444  C0004  HZ02  zhao.min -         custom_order  2026-11-08  2026-12-20  制作中  3800.00
"""
SERVICE_COLUMNS = [
    "number", "customer_code", "store_code", "advisor_userid", "piece_barcode", "kind", "received_on", "promised_on",
    "stage", "fee",
]  # fmt: skip
SERVICES = [
    {name: cell.strip("-") for name, cell in zip(SERVICE_COLUMNS, line.split(), strict=True)}
    for line in _SERVICES.strip().splitlines()
]

# What the answers of the shop fill in as {shop.KEY}: parts of a sentence, so none ends with a full stop.
# Today's gold price and the running promotion change daily; left empty, a person answers.
FACTS: dict[str, str] = {
    "address": "湖滨店在杭州市上城区平海路128号湖滨里1层106铺（地铁1号线龙翔桥站步行约5分钟）；"
    "武林店在杭州市拱墅区延安路519号武林天地1层A12铺（地铁1号线、3号线武林广场站步行约3分钟）；"
    "静安店在上海市静安区南京西路1388号静安里2层215铺（地铁2号线、7号线静安寺站步行约6分钟）",
    "appointment": "直接告诉我哪天来、想看什么就能约，比如“周六下午想试戴手镯”，每场30分钟，"
    "专属顾问会提前把您想看的款式备好；临时有变，说一声就可以改期或取消",
    "buyback_gem": "镶嵌首饰的金托按克重折算，钻石、彩宝、翡翠和珍珠暂不回收；"
    "本店售出的30分及以上单钻可补差价换购更大的钻石",
    "buyback_policy": "本店回收足金、18K金和铂金，按当面验出的纯金属克重乘当日门店回收价计算，"
    "不收检测费，款项当日转入本人账户，需带本人身份证",
    "complaint": "请拨打客户关怀热线021-05550300（每天10:00–21:00），或直接告诉我，店长会在24小时内联系您",
    "custom_cancel": "起版前可以取消，定金全额退还；起版后会产生起版和材料费用，按定制单上的约定结算；"
    "确认设计稿之前可免费修改两次",
    "custom_leadtime": "对戒和改款镶嵌约30天，全新设计约45至60天，春节和七夕前后会再多一周",
    "engrave_fee": "本店购买的戒指、手镯和吊坠首次激光刻字免费，10个字以内约30分钟可取；"
    "非本店购买或再次刻字每件60元，手工刻字另行报价",
    "free_clean": "本店购买的首饰终身免费清洗、检查爪口和扣头，不限次数，约20分钟；"
    "不是本店购买的也欢迎带来，每件收30元",
    "gift_wrap": "每件首饰都配礼盒、手提袋和保养卡，可代写贺卡；需要生日或婚庆主题的丝带包装，"
    "提前半天告诉我们，不另收费",
    "gold_price_today": "",
    "hours": "湖滨店和静安店每天10:00–22:00，武林店每天10:00–21:30，全年营业，除夕提早到18:00打烊",
    "human_agent": "顾问在线时间是每天10:00–21:00，我会马上请您的专属顾问来接待；其他时间留言，第二天一早回复您",
    "inspect_help": "门店可以免费做光谱检测，测含金量，约10分钟出结果；要检测报告的，还有翡翠、宝石和钻石，"
    "可以代送国检，费用按机构标准，约7个工作日",
    "invoice": "可开电子发票，付款后30天内把抬头和税号发给顾问，1个工作日内发到您的邮箱",
    "labor_fee": "按克计价的足金首饰，普通工艺每克20至38元，古法工艺每克48至68元，具体写在每件的标签上；"
    "一口价首饰的工费已含在价格里",
    "member_day": "每月8日是会员日，积分双倍、镶嵌首饰免费翻新；生日当月到店有生日礼一份，消费积分双倍",
    "own_material": "可以自带足金来料加工，当面称重、验纯、封样，损耗不超过3%，工费每克60元起，"
    "制作约20天；K金和铂金来料暂不接",
    "parking": "湖滨店停湖滨里地下车库，武林店停武林天地B2层，静安店停静安里B1层；当日消费满1000元可免2小时停车费",
    "payment": "支持微信支付、支付宝、银行卡和现金，单笔满2000元可用合作银行信用卡分3期或6期免手续费",
    "points": "一口价首饰每消费1元积1分，按克计价的足金首饰每10元积1分；100分抵1元，积分有效期两年，退货时相应扣回",
    "price_protect": "一口价首饰购买后7天内同款降价，凭小票可补差价；按克计价的首饰随当日金价，售出后涨跌不补差",
    "promo_now": "",
    "promo_rules": "一口价首饰的活动折扣不与会员券叠加，两者取优惠大的一种；足金的活动以减工费为主，金价不打折",
    "receipt_lost": "小票和保修卡丢了没关系，报购买时的手机号就能查到记录，保修和以旧换新都不受影响",
    "repair_fee": "改圈每次80元起，焊接每处60元起，换扣手工费50元加扣头的料钱，补碎钻每颗80元起，"
    "抛光60元，K金重镀120元，珍珠换线每条80元；在保修范围内的项目不另收",
    "repair_status": "回复“人工”，把服务单号告诉顾问，就能帮您查到进度；"
    "一般清洗当天可取，改圈和焊接约7天，换扣和补石约15天",
    "repair_time": "清洗当天可取，抛光和重镀约3天，改圈和焊接约7天，换扣和补石约15天，珍珠换线约3天",
    "returns": "一口价首饰7天内未佩戴、标签和证书齐全可以退货，30天内可以换款一次；"
    "按克计价的足金、刻字和定制首饰售出后，没有质量问题不退，可以按以旧换新换款",
    "shipping": "支持顺丰保价寄送，购买满500元我们付运费和保价费；寄回保养的请先联系顾问登记，寄出前拍照留存",
    "stock": "回复“人工”，告诉顾问款式或款号，三家门店的现货都能帮您查；杭州两店之间当天可以调货，杭州和上海之间约2天",
    "tradein_fee": "旧金每克收15元折旧费，换购的新款按标签正常收工费",
    "tradein_fixed_price": "一口价足金和3D硬金可以换新，旧金只按克重抵当日金价，买时价格里的工艺部分不抵扣",
    "tradein_other_brand": "别家的足金也能换，先当面验金，含金量足990‰的按净重抵，折旧费同样每克15元；"
    "K金和铂金只换本店售出的",
    "tradein_rule": "本店足金换足金按克重抵当日门店金价，换购的新款不少于旧金克重的一半，大于旧金的部分补差价即可",
    "warranty": "本店首饰保修两年：清洗、检查、紧固爪口、抛光和K金重镀一次都免费，"
    "副石脱落两年内免费补配；人为损坏只收材料成本",
}
