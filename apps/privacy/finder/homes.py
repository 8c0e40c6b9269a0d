"""Days of birth, and homes that are told without the number of a house."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.addresses import WORD
from apps.privacy.finder.data import Finding, Kind
from apps.privacy.finder.spoken import DIGIT

LIKELY = 0.75
HAN = "\u4e00-\u9fff"
YEAR = rf"(?:(?:19|20)\d{{2}}|{DIGIT}{{4}}|{DIGIT}{{2}})"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正冬腊])"
DAY = (
    r"(?:[12]\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|初?[一二三四五六七八九十]|"
    r"廿[一二三四五六七八九]?)"
)
DATE = (
    rf"(?:{YEAR}[年.\-/ ]?{MONTH}[月.\-/ ]?{DAY}[日号]?|{YEAR}年(?:{MONTH}月)?|{MONTH}月{DAY}[日号]?|"
    r"(?:19|20)\d{6})"
)
CALENDAR = "(?:农历|阳历|阴历|公历)?"
WHOSE = "(?:是|为)?(?:[我他她][的爸妈]?|孩子|儿子|女儿|老人|本人)?的?"
BIRTH = re.compile(
    r"(?:出生(?:日期|年月日?|于|时间|在)*|生日|诞辰|生于|生辰)(?:是|为|在|：|:|，| )*"
    rf"{CALENDAR}(?P<after>{DATE})"
    rf"|{CALENDAR}(?P<before>{DATE})(?:{WHOSE}(?:出生|生日|生人)|[才就年]?[满过]\d{{1,3}}周?岁|"
    r"生的?(?![活产效态成意病前]))"
    rf"|(?<=[男女])[，,、 ](?P<sex>{DATE})"
)
LIVES = (
    "家住|住在|住址|现住|居住[在于地]?|租住在?|租房在|借住在|暂住[在地]?|家庭住?址|家庭地址|户籍(?:所在地|地址|地)?|"
    r"户口(?:所在地|在|本上)|[我他她]家在|家在|家里在|老家在?|搬[到进]了?|[我他她人]住|[就还也都自直在前]住|住处在?|"
    r"(?:^|(?<=[，。；、\s]))住(?![房宅院户建宿址持])|(?:通讯|通信|联系|送货|收货|收件)?地址|娘家在|婆家在"
)
ENDS = (
    "省|市|区|县|旗|镇|乡|街道|村|社区|路|街|巷|弄|胡同|大道|里弄|小区|花园|新村|家园|公寓|苑|城|府|庭|湾|园|庄|广场|大厦|"
    "宿舍|坊|屯|寨|岛|墅|埕|里(?![面边的头])|楼|栋|幢|座|单元|室|期|号院|号(?:之[\\d一二三四五六七八九])?|层|门|户|组|队"
)
HOME = re.compile(
    rf"(?:{LIVES})(?:是|为|在|于|：|:| )*"
    rf"(?P<place>(?![哪何不没怎])(?:[{HAN}A-Za-z0-9#\-·]{{1,9}}?(?:{ENDS}))+)"
)
NUMBER = r"(?:[A-Z]?\d{1,4}|[一二三四五六七八九十百零〇]{1,4})"
ESTATE = (
    rf"(?:{WORD}{{1,7}}?(?:小区|花园|新村|家园|公寓|苑|城|府|庭|湾|园|庄|广场|大厦|宿舍|里|村|墅)"
    "(?:[东南西北]区|[一二三四]期)?)?"
)
ROOM = rf"(?:{NUMBER}[层楼])?{NUMBER}(?:室|号房|房|户|号)?"
DOOR = re.compile(
    rf"{ESTATE}(?:{NUMBER}(?:号楼|栋|幢|座|号院|#楼?)[,， ]?(?:{NUMBER}(?:单元|门|梯)[,， ]?)?"
    rf"{ROOM}(?![\d年月元])"
    rf"|{NUMBER}单元[,， ]?{ROOM}"
    r"|(?<![教办会])(?:[A-Z]座?)?\d{3,4}(?:室(?![内外温])|号房)|\d{1,3}-\d{1,2}-\d{3,4})"
)


REST = re.compile(
    r"号之[一二三四五六七八九\d](?:\d{2,4}室?)?|(?<=对门)\d{3,4}(?![\d元年路])|(?<=[楼隔][上下壁])\d{3,4}(?![\d元年路])"
)


def births(text: str) -> Iterator[Finding]:
    """Days and years of birth, by the words around them; other dates stay."""
    for match in BIRTH.finditer(text):
        name = next(name for name in ("after", "before", "sex") if match[name])
        yield Finding(Kind.BIRTH, match.start(name), match.end(name), LIKELY)


def homes(text: str) -> Iterator[Finding]:
    """Places behind a word for living somewhere, and doors that stand alone."""
    for match in HOME.finditer(text):
        yield Finding(Kind.ADDRESS, match.start("place"), match.end("place"), LIKELY)
    for pattern in (DOOR, REST):
        for match in pattern.finditer(text):
            yield Finding(Kind.ADDRESS, match.start(), match.end(), LIKELY)
