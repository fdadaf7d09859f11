"""How names are given in Chinese: behind a label, after "我叫", before "先生", or alone.

A name is one of the family names that nearly all people have (the list of the Ministry of Public Security,
2020, with the common ones of Taiwan and Hong Kong) and one or two characters. Nothing marks its end, so that it
ends before a character that no given name has.
"""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; letters of other scripts; tables of words
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import Sort, ValuePattern
from shield.analyzer.writing_systems import HAN

FAMILIES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹"
    "申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇呂盧鍾譚陸賈韋鄒閻龍賀顧龔萬錢嚴湯樂齊喬龐顏莊聶魯嶽關蘭歐寧紀畢單駱藍溫饒簡連卓游洪邱"
)
_COMPOUND: Final = (
    "欧阳|上官|司马|司徒|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|东方|独孤|南宫|歐陽|司馬|諸葛|張簡"
)
_ENDS: Final = "的是在我你您他她们們这這那想请請问問了吗嗎呢吧有和与與及到从從就也都要不没沒把被给給说說叫为為对對会會能可以之上下里裡中个個来來去做用很还還但因所先（(，,。.、；;：:！!？?"
_GIVEN: Final = f"(?![{_ENDS}]|女士|先生|小姐|太太|夫人|经理|經理|老师|老師|医生|醫生)[\u4e00-\u9fff]"
NAME: Final = f"(?:(?:{_COMPOUND})|[{FAMILIES}]){_GIVEN}(?:{_GIVEN})?"
_WESTERN: Final = "[\u4e00-\u9fff]{1,6}[·・•‧][\u4e00-\u9fff]{1,8}"
_LABELS: Final = (
    "姓名|名字|全名|真名|收件人|收货人|收貨人|寄件人|发件人|發件人|联系人|聯絡人|聯繫人|客户(?:姓名|名称)?|客戶(?:姓名)?|申请人|申請人|持卡人|开户名|戶名|户名|账户名|"
    "经办人|投诉人|投訴人|患者|乘客|旅客|入住人|预订人|預訂人|被保险人|被保險人|投保人|业主|房东|租客|称呼|稱呼|署名|负责人|負責人|签收人|監護人|监护人"
)
_SPEAKS: Final = "我叫做?|我的名字(?:是|叫)|我名叫|本人(?:姓名)?(?:叫|是)?|敝姓|我姓|他叫|她叫|名叫"
_SIR: Final = "先生|女士|小姐|太太|夫人|同学|同學"
_NO_FAMILY: Final = "(?<![任方各全多首单單本高])"
_TITLE: Final = "(?:总|總|经理|經理|老师|老師|医生|醫生|大夫|主任|律师|律師|教授|师傅|師傅|阿姨|叔叔|哥|姐)"

_DID: Final = "打电话|打電話|打来|打來|来电|來電|投诉|投訴|反映|反馈|反饋|表示|要求|询问|詢問|咨询|諮詢|致电|致電|回复|签收|簽收|预订|預訂|购买|購買|下单|下單"

_LABELLED: Final = Sort("label", 0.86)
_SAID: Final = Sort("phrase", 0.85)
_ADDRESSED: Final = Sort("before a title", 0.8)
_ALONE: Final = Sort("alone", 0.6)
NO_NAMES: Final = frozenset(
    "高级 高级别 高優先 高优先 金额 方式 方法 方便 时间 時間 安装 安全 安排 白色 黄色 黃色 金色 蓝色 藍色 马上 周末 周一 周二 周三 周四 周五 周六 周日 周年 石油 "
    "于是 任何 任务 任務 任意 单位 單位 单号 單號 单独 管理 管理员 管理員 连接 連接 关闭 關閉 关于 關於 万一 向上 时候 成功 成为 成员 成本 时区 房间 房間 房屋 路由 路径 "
    "解决 解決 解除 包裹 包括 包含 包邮 易用 游戏 遊戲 申请 申請 申请人 曲线 左右 左侧 江苏 江西 云南 安徽 金融 单据 符合 包装 盛大 游客 范围 範圍 关键 关系 简体 簡體 简单 簡單 简介 "
    "连续 華為 华为 华语 金钱 方案 方面 方向 龙头 康复 马来 马桶 白天 白名单 黄金 钱包 陆续 欧元 歐元 欧洲 严重 嚴重 温度 温馨 尚未 祝好 祝您 祝福 舒适 毕业 季度 左边 成交 时长 时段 "
    "何时 何時 何处 向导 万元 高兴 高速 高清 高温 安静 安心 牛奶 石头 雷达 白酒 方块 田地 黄油 江湖 余额 餘額 付款 付费 毛衣 毛巾 汤圆 路线 路線 符号 符號 章节 程序 程度 苏州 杭州 梅花 兰花 "
    "段落 易碎 关注 司机 司機 解释 解約 解约 管道 房租 单价 游泳 阳台 阳光 时尚 农业 农产品 安卓 安徽省 江苏省 江西省 任务栏 高质量 高风险 时间表 付款单 成功率 解决方 游戏机 程序员 连接中 关闭中 包装盒 安装包 管理费 关键词".split()
)
"""Words that begin with a family name, and are none."""

PATTERNS: Final = (
    ValuePattern(
        "label and name in Chinese",
        rf"(?-i:(?:{_LABELS})(?:[是为為叫]|[ \t]?[:：=])?[ \t\u3000]{{0,3}}(?P<value>{NAME}|{_WESTERN}|(?<=[:：= \t])[\u4e00-\u9fff]{{2,4}}(?=[ \t]{{0,4}}(?:[\n，,。；;|]|\Z))))",
        _LABELLED,
        letters=HAN,
    ),
    ValuePattern(
        "phrase and name in Chinese",
        rf"(?-i:(?:{_SPEAKS})[ :：]?(?P<value>{NAME}|{_WESTERN}|(?<=姓)[{FAMILIES}]))",
        _SAID,
        letters=HAN,
    ),
    ValuePattern(
        "who one is, in Chinese",
        rf"(?-i:(?:我是|这是|這是|您好[，,]?我是)(?P<value>{NAME})(?=[ \t]{{0,4}}(?:[，,。.！!；;\n]|\Z)))",
        _SAID,
        letters=HAN,
    ),
    ValuePattern(
        "name and form of address in Chinese",
        rf"(?-i:(?P<value>(?:{NAME}|{_COMPOUND}|{_NO_FAMILY}[{FAMILIES}]))(?={_SIR}))",
        _ADDRESSED,
        letters=HAN,
    ),
    ValuePattern(
        "family name and title in Chinese",
        rf"(?-i:(?:(?<=[，,。！!；;：: \n\t找请請由给給与和跟联系])|\A)(?P<value>{_NO_FAMILY}[{FAMILIES}])(?={_TITLE}))",
        _ADDRESSED,
        letters=HAN,
    ),
    ValuePattern(
        "name and what somebody did, in Chinese",
        rf"(?-i:(?:(?<=昨天|今天|刚才|剛才|上午|下午|客户|客戶|用户|用戶|会员|會員|同事)|(?<=[，,。；;\n])|\A)(?P<value>{NAME})(?={_DID}))",
        _ADDRESSED,
        letters=HAN,
    ),
    ValuePattern(
        "name alone in Chinese",
        rf"(?-i:(?:\A|(?<=[\n|,，、;；\t]))[ \t]{{0,2}}(?P<value>(?:{_COMPOUND}|[{FAMILIES}])[\u4e00-\u9fff]{{2}})[ \t]{{0,2}}(?=\Z|[\n|,，;；\t]))",
        _ALONE,
        letters=HAN,
    ),
)  # fmt: skip
