"""Words that stand before and after names, and words that look like names and are none."""

from __future__ import annotations

import re
from pathlib import Path

# After these a name is expected whatever the words say.
STRONG = (
    "联系人|姓名|名字|我叫|名叫|他叫|她叫|叫做|收件人|收货人|寄件人|申请人|投诉人|举报人|反映人|来电人|当事人|经办人|户主|监护人|"
    "报案人|被害人|受害人|嫌疑人|签收人|法定代表人|委托人|代理人|承租人|紧急联系人|家属|死者|伤者|产妇|患儿|原告|被告|证人|卡主|机主|货主|事主|持有人|持证人|联络人|开户名|户名|寻人"
)
# After these a name may stand, and often something else.
WEAK = (
    "患者|病人|病患|学生|家长|负责人|业主|车主|租客|房东|市民|居民|村民|群众|我是|本人|爱人|儿子|女儿|父亲|母亲|老公|妻子|丈夫|妈妈|爸爸|"
    "爷爷|奶奶|外婆|外公|同事|邻居|老人|考生|职工|员工|护士|医生|老师|班主任|同学|司机|乘客|客户|医师|网格员|志愿者|经理|会计|队长|"
    "主任|书记|孩子|店主|房主|住户|租户|哥哥|弟弟|姐姐|妹妹|朋友|科员|民警|保安|师傅|组长|党员|工人|对象|孙子|孙女|女婿|儿媳|同胞|旅客|游客|教练|记者|学员|队员|店员|校长|院长|园长|所长|局长|处长|村长|站长|船长|新郎|新娘|老党员|律师|感谢|表扬|联系|起诉|交给|转给|通知|主持人|亲属|养父|养母|舅舅|姑姑|叔叔|表哥|堂弟"
)
LINK = r"(?:[:： ]|是|为|叫|（|\(|，叫|系)?"
BEFORE = re.compile(rf"(?:(?P<strong>{STRONG})|(?P<weak>{WEAK}))(?P<link>{LINK}[:： ]?)$")
REACH = 12
TITLES = (
    "先生|女士|小姐|老师|医生|大夫|护士|同学|阿姨|大爷|大妈|师傅|主任|院长|校长|教授|同志|警官|律师|经理|书记|局长|科长|队长|老人|"
    "医师|叔叔|奶奶|爷爷|组长|会计|法官|班长|小朋友|夫妇|家属|本人|等人|一家"
)
TITLE = re.compile(rf"(?:{TITLES})")
# What follows a family name in names of places, firms, works and prizes.
PLACE = re.compile(
    r"(?:[东南西北中新老]?(?:路|街|大道|巷|弄|村|镇|乡|区|县|市|省|桥|山|湖|河|江|溪|塘|岭|庄|寨|屯|港|湾|岛|水库|站|沟|坡|洲|湿地)|"
    r"公司|集团|医院|学校|小学|中学|大学|学院|幼儿园|超市|花园|小区|苑|局|厂|店|社区|银行(?!卡)|药房|药店|牌|广场|大厦|公园|故居|纪念馆|祠|庙|寺|塔|"
    r"馆|奖|定理|杯|基金|股份|科技|实业|酒|茶|面馆|火锅|粉|机场|码头|新城|开发|工业|隧道|立交|高速|线|号线|牧场|农场|酱|鸭|豆腐|鸡|包子|氏|姓|家(?![中里人属长庭住门]))"
)
# The same for a name that a word announces: 居民王家村, but not 父亲段长河.
FIRM = re.compile(r"(?:路|街|村|镇|乡|区|县|市|省|桥|站|店|厂|局|公司|集团|医院|学校|小学|中学)$")
# What a person does in a complaint or a report, and what follows a name in a list of facts.
SPEAKS = re.compile(
    r"(?:反映|投诉|咨询|来电|来信|举报|求助|表示|声称|介绍|主持|申请|要求|询问|建议|报修|报案|致电|签收|认为|预约|登记|入住|"
    r"说|称|自称|家住|现住|，(?:联系|电话|手机|籍贯|1[3-9]\d))"
)
# What only a person has.
FACTS = re.compile(
    r"[，,（( ]{1,2}(?:男|女|性别|身份证|证件号|现年|\d{1,3}周?岁|\d{4}年\d{0,2}月?\d{0,2}日?出?生)"
)
# Several names in a row, and how many they are: 付强、方圆圆两人.
ROW = re.compile(
    r"(?:(?<=[，。；：！？\s])|^|(?<=通知)|(?<=请))(?P<row>[\u4e00-\u9fff]{2,4}(?:[、和][\u4e00-\u9fff]{2,4})*?"
    r"[、和][\u4e00-\u9fff]{2,4}?)(?=等?[两二三四五六七八九十\d]{1,2}[人名位])"
)
PREPOSITION = re.compile(
    r"(?:由|据|请|经|与|找|通知|转|今天|昨天|昨晚|昨日|今日|今早|上午|下午|晚上|凌晨|目前|现在)$"
)
NO_END = frozenset("天晚后前里中外边人号日月年时分点次路区市县镇村家店厂局站线门口者员方面部门")
# A third character that begins the next word rather than ends a name.
NEXT = frozenset(
    "说在是的了和与及去到被把从向给对又也已将要想请因住于有没不问称反报前今昨曾现原电手身你我他她它这那就都还很太等个们男女每年月日吗吧呢"
    "跟并但却才刚总打拨发送写找看领办交签提投诉需希做当约每刚突能使用用车共带来收"
)
GIVEN = re.compile(r"^[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U000323af]{1,2}$")
# Words that begin with a family name, carry jieba's tag for persons or follow one of the words above, and are
# no names: things, places, dates, people of history.
NO_NAMES = frozenset(Path(__file__).with_name("no_names.txt").read_text(encoding="utf-8").split())
