"""Family and given names with their pinyin, by generation."""

import random

# Commonest first: the earlier a name stands, the more often it is drawn.
_FAMILY = """
王 wang 陈 chen 张 zhang 李 li 沈 shen 周 zhou 吴 wu 徐 xu 朱 zhu 俞 yu 杨 yang 赵 zhao 黄 huang 胡 hu 林 lin 何 he
刘 liu 章 zhang 方 fang 孙 sun 金 jin 叶 ye 陆 lu 顾 gu 钱 qian 姚 yao 蒋 jiang 郑 zheng 潘 pan 高 gao 蔡 cai 丁 ding
余 yu 郭 guo 罗 luo 宋 song 许 xu 谢 xie 韩 han 唐 tang 董 dong 程 cheng 曹 cao 袁 yuan 傅 fu 苏 su 卢 lu 魏 wei 夏 xia
戴 dai 汪 wang 任 ren 范 fan 石 shi 邵 shao 施 shi 汤 tang 楼 lou 单 shan 欧阳 ouyang 裘 qiu
"""

_GIVEN = {
    ("female", "elder"): """
        秀英 xiuying 桂兰 guilan 玉珍 yuzhen 淑芬 shufen 美玲 meiling 丽华 lihua 慧芳 huifang 月娥 yuee 惠珍 huizhen
        雅琴 yaqin 爱华 aihua 凤仙 fengxian 文娟 wenjuan 素芳 sufang 玲娣 lingdi""",
    ("female", "middle"): """
        丽萍 liping 红梅 hongmei 海燕 haiyan 敏 min 莉 li 文君 wenjun 晓岚 xiaolan 琳 lin 蓉 rong 亚萍 yaping
        春燕 chunyan 慧 hui 静 jing 雪琴 xueqin 芳 fang 建英 jianying 燕飞 yanfei 宁 ning 卫红 weihong 晓敏 xiaomin""",
    ("female", "young"): """
        思琪 siqi 雨桐 yutong 梦瑶 mengyao 佳怡 jiayi 欣然 xinran 诗涵 shihan 若溪 ruoxi 嘉宁 jianing 晨曦 chenxi
        雯 wen 倩 qian 璐 lu 晴 qing 怡 yi 蕾 lei 可欣 kexin 语嫣 yuyan 安琪 anqi 亦舒 yishu 知夏 zhixia 婧 jing 珂 ke
        瑾 jin 婷 ting 静怡 jingyi 乐瑶 leyao 诗雨 shiyu 晓雯 xiaowen 梓涵 zihan 佩珊 peishan""",
    ("male", "elder"): "建国 jianguo 志明 zhiming 国强 guoqiang 永康 yongkang 卫东 weidong 德兴 dexing 伯年 bonian",
    ("male", "middle"): """
        伟 wei 军 jun 斌 bin 海峰 haifeng 志强 zhiqiang 晓东 xiaodong 文涛 wentao 立新 lixin 建平 jianping 俊 jun
        利明 liming 卫国 weiguo 国栋 guodong""",
    ("male", "young"): """
        浩然 haoran 宇航 yuhang 嘉俊 jiajun 泽宇 zeyu 晨 chen 博文 bowen 逸飞 yifei 思远 siyuan 睿 rui 凯 kai
        一鸣 yiming 昊 hao 子墨 zimo 俊杰 junjie 天佑 tianyou 承志 chengzhi""",
}


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


def _generation(born: int) -> str:
    if born < 1967:
        return "elder"
    return "middle" if born < 1985 else "young"


def draw_name(rng: random.Random, gender: str, born: int) -> tuple[str, str]:
    """A name that suits the year of birth, and its pinyin in one word."""
    family = _pairs(_FAMILY)
    surname, surname_pinyin = rng.choices(family, weights=range(len(family) + 20, 20, -1))[0]
    given, given_pinyin = rng.choice(_pairs(_GIVEN[gender, _generation(born)]))
    return surname + given, surname_pinyin + given_pinyin
