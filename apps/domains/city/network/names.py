"""Names of the streets and districts, Chinese and English."""

from __future__ import annotations

# Streets that run east and west, from south to north.
ACROSS = (
    ("海滨", "Haibin"),
    ("松柏", "Songbai"),
    ("建设", "Jianshe"),
    ("人民", "Renmin"),
    ("文化", "Wenhua"),
    ("中山", "Zhongshan"),
    ("和平", "Heping"),
    ("新华", "Xinhua"),
    ("解放", "Jiefang"),
    ("学府", "Xuefu"),
    ("莲花", "Lianhua"),
    ("科技", "Keji"),
)
# Streets that run north and south, from west to east.
ALONG = (
    ("迎宾", "Yingbin"),
    ("紫荆", "Zijing"),
    ("胜利", "Shengli"),
    ("白鹭", "Bailu"),
    ("东风", "Dongfeng"),
    ("湖滨", "Hubin"),
    ("朝阳", "Chaoyang"),
    ("光明", "Guangming"),
    ("友谊", "Youyi"),
    ("梧桐", "Wutong"),
    ("体育", "Tiyu"),
    ("凤凰", "Fenghuang"),
    ("前进", "Qianjin"),
)
RINGS = (("内环路", "Inner Ring Road"), ("绕城快速路", "City Ring Expressway"))
DIAGONALS = (("海澄大道", "Haicheng Avenue"), ("滨江大道", "Binjiang Avenue"))
# Division codes of a city that does not exist: 3599 is not assigned in GB/T 2260.
CITY = ("359900", "海澄市", "Haicheng")
DISTRICTS = (
    ("359901", "鼓浦区", "Gupu"),
    ("359902", "江东区", "Jiangdong"),
    ("359903", "松涛区", "Songtao"),
    ("359904", "鹭港区", "Lugang"),
    ("359905", "云顶区", "Yunding"),
    ("359906", "新城区", "Xincheng"),
)
SIDES = {"east": ("东", "East"), "west": ("西", "West"), "north": ("北", "North"), "south": ("南", "South")}
