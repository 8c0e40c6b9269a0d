"""400 sentences of callers, made by rule: half speak of people, half only look as if they did.

Nobody in them exists. Personal data stand in ``[kind:value]``; the sentences of one seed are always the same.
The forms of numbers, of address and of speech were written down before the mask was measured on them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SEED = 20261128
HALF = 200
MARK = re.compile(r"\[(?P<kind>[a-z]+):(?P<value>[^\]]+)\]")
FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁"
    "潘蔡蒋余杜叶程苏魏吕丁沈任姚卢姜崔钟谭陆汪范"
)
GIVEN = (
    "建国",
    "秀英",
    "晓燕",
    "志强",
    "丽华",
    "伟",
    "芳",
    "子涵",
    "美玲",
    "俊杰",
    "国庆",
    "桂兰",
    "文博",
    "雨桐",
    "海波",
    "静怡",
)
TITLES = ("先生", "女士", "小姐", "阿姨", "大爷", "师傅", "老师", "大妈", "医生", "经理")
STREETS = (
    "湖滨南路",
    "禾祥西路",
    "演武路",
    "仙岳路",
    "望海东街",
    "文曾路",
    "民族路",
    "思明南路",
    "海岸街",
    "石鼓巷",
)
ESTATES = ("阳光小区", "金桥花园", "东浦新村", "海韵家园", "瑞景公寓", "禾丰苑", "莲坂新村", "锦绣花园")
SPOKEN = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, where its personal data stand, and what the row beside it knows."""

    text: str
    spans: tuple[tuple[str, int, int], ...]
    name: str = ""
    phone: str = ""
    address: str = ""


class Draw:
    """Invented values, drawn by one generator."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.family, self.given = self.pick(FAMILY), self.pick(GIVEN)
        self.digits = f"1{self.pick('3456789')}{self.luck.randrange(10**9):09d}"
        self.street, self.estate = self.pick(STREETS), self.pick(ESTATES)
        self.door = self.luck.randint(2, 399)

    def pick(self, values: str | tuple[str, ...]) -> str:
        """One of them."""
        return self.luck.choice(values)

    @property
    def name(self) -> str:
        """Family name and given name."""
        return self.family + self.given

    @property
    def title(self) -> str:
        """A form of address."""
        return self.pick(TITLES)

    @property
    def mobile(self) -> str:
        """Eleven digits, grouped in one of the ways in which people write them."""
        n = self.digits
        return self.pick(
            (
                *(n, f"{n[:3]} {n[3:7]} {n[7:]}", f"{n[:3]}-{n[3:7]}-{n[7:]}", f"{n[:3]}.{n[3:7]}.{n[7:]}"),
                *(" ".join(n), f"{n[:4]} {n[4:7]} {n[7:]}", f"+86 {n[:3]} {n[3:7]} {n[7:]}", f"86-{n}"),
                *(f"{n[:3]}，{n[3:7]}，{n[7:]}", f"{n[:5]} {n[5:]}", f"({n[:3]}){n[3:]}", self.said),
                *(self.said.replace("一", "幺"), "".join(chr(ord(d) + 0xFEE0) for d in n)),
                *(f"{n[:3]}{self.said[3:7]}{n[7:]}", f"{self.said[:3]} {self.said[3:7]} {self.said[7:]}"),
            )
        )

    @property
    def said(self) -> str:
        """The number in words."""
        return "".join(SPOKEN[int(digit)] for digit in self.digits)

    @property
    def landline(self) -> str:
        """A fixed number."""
        n = f"{self.luck.randint(2, 8)}{self.luck.randrange(10**6):06d}"
        return self.pick((f"0592-{n}", f"0592 {n[:3]} {n[3:]}", f"（0592）{n}", f"0592{n}"))

    @property
    def identity(self) -> str:
        """An identity number, whole or grouped, with any check digit."""
        born, tail = (
            f"{self.luck.randint(1945, 2012)}{self.luck.randint(1, 12):02d}{self.luck.randint(1, 28):02d}",
            self.luck.randrange(1000),
        )
        last = self.pick("0123456789Xx")
        return self.pick(
            (
                f"359901{born}{tail:03d}{last}",
                f"359901 {born} {tail:03d}{last}",
                f"359901-{born}-{tail:03d}{last}",
            )
        )

    @property
    def birth(self) -> str:
        """A day of birth."""
        y, m, d = self.luck.randint(1945, 2012), self.luck.randint(1, 12), self.luck.randint(1, 28)
        year = "".join(SPOKEN[int(digit)] for digit in str(y)).replace("零", "〇")
        return self.pick(
            (
                *(
                    f"{y}年{m}月{d}日",
                    f"{y}-{m:02d}-{d:02d}",
                    f"{y}.{m}.{d}",
                    f"{y}/{m}/{d}",
                    f"{y % 100:02d}年{m}月{d}号",
                ),
                *(f"{y}{m:02d}{d:02d}", f"{year}年{small(m)}月{small(d)}日"),
            )
        )

    @property
    def flat(self) -> str:
        """A flat of an estate, or the estate alone."""
        a, b, c = self.luck.randint(1, 30), self.luck.randint(1, 4), self.luck.randint(101, 2806)
        return self.estate + self.pick(
            (
                "",
                f"{a}号楼{b}单元{c}室",
                f"{a}栋{c}",
                f"{small(a)}号楼{small(b)}单元",
                f"{a}-{b}-{c}",
                f"{a}幢{c}室",
            )
        )


def small(number: int) -> str:
    """1 to 39 in words."""
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{SPOKEN[tens]}十") + (SPOKEN[ones] if ones else "")


# What speaks of a person: the value in square brackets is what must not stay.
PEOPLE: tuple[Callable[[Draw], str], ...] = (
    lambda d: f"市民[name:{d.family}]{d.title}反映小区电梯经常停运，希望尽快处理。",
    lambda d: f"[name:{d.family}]{d.title}来电称楼上漏水，联系电话[mobile:{d.mobile}]。",
    lambda d: f"我姓[name:{d.family}]，家住[address:{d.flat}]，夜里施工太吵。",
    lambda d: f"我叫[name:{d.name}]，电话是[mobile:{d.mobile}]，请回电。",
    lambda d: f"诉求人：[name:{d.name}]，手机：[mobile:{d.mobile}]，反映路灯不亮。",
    lambda d: f"老人[name:{d.name}]，[birth:{d.birth}]出生，咨询高龄津贴。",
    lambda d: f"孩子生日是[birth:{d.birth}]，能不能报名上小学？",
    lambda d: f"本人出生日期[birth:{d.birth}]，社保断缴怎么补？",
    lambda d: f"住在[address:{d.flat}]的住户把杂物堆在楼道。",
    lambda d: f"我家在[address:{d.street}{d.estate}]，楼下烧烤摊油烟很大。",
    lambda d: f"投诉人住址：[address:{d.street}{d.door}号]，反映垃圾无人清运。",
    lambda d: f"租住在[address:{d.street}{small(d.door % 39 + 1)}号]，房东不退押金。",
    lambda d: f"身份证号[identity:{d.identity}]，办理居住证被退回。",
    lambda d: f"证件号码：[identity:{d.identity}]，请协助查询公积金。",
    lambda d: f"请打我座机[landline:{d.landline}]，白天都有人。",
    lambda d: f"老[name:{d.family}]家的狗没拴绳，吓到孩子了。",
    lambda d: f"楼下[name:{d.name}]天天半夜打麻将，投诉多次无效。",
    lambda d: f"[name:{d.family}]某在群里散布谣言，请处理。",
    lambda d: f"是一位姓[name:{d.family}]的{d.pick(('女士', '先生'))}接的电话，态度很差。",
    lambda d: f"[name:{d.family}]某某（手机尾号[mobile:{d.digits[-4:]}]）要求回访。",
    lambda d: f"身份证后四位[identity:{d.digits[-4:]}]，查不到预约记录。",
    lambda d: f"我的微信号是[account:wx_{d.digits[-6:]}]，可以加我发照片。",
    lambda d: f"QQ[account:{d.digits[-9:]}]一直在骚扰我女儿。",
    lambda d: f"邮箱[email:user{d.digits[-4:]}@example.org]没有收到回执。",
    lambda d: f"车牌[plate:闽D{d.digits[-5:]}]的车主长期占用消防通道。",
    lambda d: f"[plate:闽 D·{d.digits[-5:]}]违停在人行道上。",
    lambda d: f"银行卡[bank:6222 {d.digits[:4]} {d.digits[4:8]} {d.digits[-4:]} 123]里的补贴没有到账。",
    lambda d: f"学生[name:{d.name}]，学号[code:{d.digits[-8:]}]，家长要求转学。",
    lambda d: f"患者[name:{d.name}]，住院号[code:{d.digits[-6:]}]，费用有疑问。",
    lambda d: f"[name:{d.name}]的电动车在[address:{d.flat}]楼下被偷。",
    lambda d: f"电话[mobile:{d.mobile}]，联系人[name:{d.family}]{d.title}，投诉物业乱收费。",
    lambda d: f"先打[mobile:{d.mobile}]，没人接就打[landline:{d.landline}]。",
    lambda d: f"快递员把包裹放在[address:{d.estate}{d.door % 30 + 1}号楼]门口，被人拿走。",
    lambda d: f"户籍地[address:{d.street}{d.door}号]，想迁到新区。",
    lambda d: f"给[name:{d.family}]{d.title}点赞，处理问题很及时。",
)
# What the row beside the text knows: the caller's own name, number and street.
OWN: tuple[Callable[[Draw], str], ...] = (
    lambda d: f"[address:{d.street}]路面坑洼，[name:{d.family}]先生的车胎爆了。",
    lambda d: f"[address:{d.street}]的公交站没有雨棚，希望加装。",
    lambda d: f"[name:{d.family}]女士反映[address:{d.street}]路灯不亮，[mobile:{d.mobile}]。",
    lambda d: f"小[name:{d.family}]说[address:{d.street}{d.door}号]旁边的工地太吵。",
    lambda d: f"来电人[name:{d.name}]称[address:{d.street}]积水，尾号[mobile:{d.digits[-4:]}]。",
)
# What only looks like a person, a number of one, or a home.
NOBODY: tuple[Callable[[Draw], str], ...] = (
    lambda d: f"{d.street}早高峰拥堵，建议调整红绿灯配时。",
    lambda d: f"{d.street}与{d.pick(STREETS)}交叉口积水严重。",
    lambda d: f"公交{d.door}路末班车{d.luck.randint(20, 23)}:{d.luck.randint(10, 59)}就没有了。",
    lambda d: f"订单号{d.digits}{d.door}一直显示待发货。",
    lambda d: f"工单编号HC-2026{d.digits[-6:]}已经超过办理时限。",
    lambda d: f"物业费每月{d.luck.randint(100, 900)}.5元，全年{d.luck.randint(1000, 9999)}元。",
    lambda d: f"工程总价{d.luck.randint(10000, 99999)}元，合同编号HT{d.digits[-7:]}。",
    lambda d: f"施工从{d.luck.randint(6, 9)}:00-{d.luck.randint(20, 23)}:30，影响休息。",
    lambda d: f"2026年{d.luck.randint(1, 12)}月{d.luck.randint(1, 28)}日停水通知没有提前发。",
    lambda d: f"会议定在2026-{d.luck.randint(10, 12)}-{d.luck.randint(10, 28)}下午三点。",
    lambda d: f"地铁{d.luck.randint(1, 6)}号线{d.luck.randint(1, 9)}号口扶梯坏了。",
    lambda d: f"拨打{d.pick(('12345', '12315', '95598', '110', '12306'))}一直占线。",
    lambda d: f"客服电话400-{d.digits[-7:-4]}-{d.digits[-4:]}打不通。",
    lambda d: f"噪声达到{d.luck.randint(60, 99)}.{d.luck.randint(1, 9)}分贝，超过GB 3096-2008的限值。",
    lambda d: f"小区共有{d.luck.randint(300, 3000)}户，车位只有{d.luck.randint(100, 300)}个。",
    lambda d: f"社区主任、居委会书记和物业经理都没有答复{d.pick(('', '我们', '居民'))}。",
    lambda d: f"请提高老师待遇，相关工作人员态度要{d.pick(('改进', '改善', '端正'))}。",
    lambda d: f"对医生和护士表示感谢，{d.pick(('医院', '急诊', '门诊'))}流程很顺。",
    lambda d: f"{d.pick(('三', '五', '八'))}楼电梯坏了一个星期没人修。",
    lambda d: f"新生儿出生证明办理需要几天，{d.luck.randint(3, 15)}个工作日太久。",
    lambda d: f"住宅小区门口的共享单车乱停放{d.pick(('', '，影响通行', '，挡住盲道'))}。",
    lambda d: f"公司地址变更怎么办理{d.pick(('', '，要带什么材料', '，网上可以吗'))}？",
    lambda d: f"车牌尾号限行是{d.luck.randint(0, 4)}和{d.luck.randint(5, 9)}吗？",
    lambda d: f"G{d.luck.randint(1000, 9999)}次列车晚点，{d.luck.randint(1, 9)}号站台广播听不清。",
    lambda d: f"PM2.5浓度{d.luck.randint(50, 200)}微克，PM10也超标。",
    lambda d: f"路灯杆编号L{d.digits[-5:]}的灯不亮。",
    lambda d: f"水压只有0.{d.luck.randint(10, 30)}兆帕，{d.luck.randint(5, 9)}楼以上没水。",
    lambda d: f"高峰期常常等{d.luck.randint(10, 40)}分钟，全程{d.luck.randint(5, 30)}公里。",
    lambda d: f"老小区改造、老街区保护、大时代广场{d.pick(('噪声', '停车', '油烟'))}问题。",
    lambda d: f"建议第{d.luck.randint(10, 50)}条修改为一次性补贴{d.luck.randint(1, 9)}万元。",
    lambda d: f"发票号{d.digits[-8:]}，金额{d.luck.randint(1, 9)},{d.luck.randint(100, 999)}.00元。",
    lambda d: f"快递单号SF{d.digits}{d.door}，三天没有更新。",
    lambda d: f"百姓办事难，{d.pick(('窗口', '大厅', '中心'))}排队{d.luck.randint(1, 4)}小时。",
    lambda d: f"一年三百六十五天，{d.street}天天修路。",
    lambda d: f"幼儿园{d.pick(('小', '中', '大'))}班学费{d.luck.randint(800, 3000)}元一个月是否合规？",
)


def sentences(seed: int = SEED, half: int = HALF) -> Iterator[Sentence]:
    """``half`` sentences about people, a fifth with a row that knows the caller; then as many others."""
    for number in range(half):
        draw = Draw(seed * 1000 + number)
        if number % 5:
            yield _sentence(PEOPLE[number % len(PEOPLE)](draw))
        else:
            marked = OWN[number // 5 % len(OWN)](draw)
            known = draw.name, draw.digits, f"海澄市{draw.street}{draw.door}号"
            yield _sentence(marked, *known)
    for number in range(half):
        yield _sentence(NOBODY[number % len(NOBODY)](Draw(seed * 1000 + half + number)))


def _sentence(marked: str, name: str = "", phone: str = "", address: str = "") -> Sentence:
    text, spans, place = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[place : match.start()]
        spans.append((match["kind"], len(text), len(text) + len(match["value"])))
        text, place = text + match["value"], match.end()
    return Sentence(text + marked[place:], tuple(spans), name, phone, address)
