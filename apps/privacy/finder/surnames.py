"""Family names: the single ones that cover nearly everybody (census of 2020), and the compound ones."""

from __future__ import annotations

SINGLE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文洪季盛米甘卓柯"
    "詹齐申俞梅庄辛管祝左涂谷祁时舒耿牟卜路关苗凌费纪靳童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植古桂芦柳温植谌"
    "倪葛尚岳柴解冉阎华候焦骆巫宁邢樊蓝喻车商鲁牛尤殷伍章安兰连包丛阮闵窦岑阙涂简聂蒲房佟缪边艾单和苟滕宫褚娄楚应"
    "区饶井仇栾桑荆丘戚粟鄢惠匡郁麦司褟揭操代闻柏仲麻池荣敖竺宗晏封冷卞冀景隆晁宣肇郎师栗储仝党雍濮"
)
COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "端木",
    "夏侯",
    "轩辕",
    "宇文",
    "长孙",
    "司空",
    "独孤",
    "南宫",
    "呼延",
    "西门",
    "百里",
    "澹台",
    "公冶",
    "申屠",
    "赫连",
    "钟离",
    "闻人",
    "濮阳",
    "完颜",
    "纳兰",
    "第五",
)


def surname_of(name: str) -> str:
    """The family name that ``name`` begins with; "" when it begins with none."""
    if name[:2] in COMPOUND:
        return name[:2]
    return name[:1] if name[:1] in SINGLE else ""
