"""Finds user names after a label or in a link with credentials, and handles (`@name`) that mention people."""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; typographic characters; tables of words
from __future__ import annotations

import re

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    begun,
)
from shield.analyzer.recognizers.logins import username_patterns

_LABEL = (
    r"user[\s_]?names?|user[\s_]?ids?|screen\s?name|login(?:\s(?:name|id))?|log\s?in\sid|user|nick(?:name)?|handle|gamer\s?tag|"
    r"(?:skype|twitter|instagram|insta|telegram|discord|tiktok|snapchat|github|reddit|facebook|steam|psn|xbox|venmo|paypal|wechat)"
    r"(?:\s(?:name|id|handle|user(?:name)?|account))?|benutzername|nutzername|usuario|nom d['’]utilisateur|identifiant|nome utente|nome de (?:usuário|utilizador)|usuário|utilizador|gebruikersnaam|nazwa użytkownika"
)
_NOT_VALUES = frozenset(
    "is was are not and or the a an my your for to of in on at name id password account with has have cannot can't who "
    "that error page screen button issue problem field invalid incorrect wrong unknown taken admin root guest user test "
    "did getting working missing opening slow loading down crashing running not hacked open closed updated back blocked fine good still email mail phone required support agent experience interface manual guide group role type please me he she they "
    "await null none nil undefined true false new self request req session current process env async function string get_user "
    "us it this as app web mobile profile link feed post message messages dm ads marketing credentials details "
    "system daemon nobody postgres mysql nginx redis www-data systemd sshd jenkins".split()
)
_LINKED = Sort("label and link", 0.75)
_BESIDE = 0.7
_HOME = Sort("home folder", 0.68)
_LOGGED = Sort("user of a log", 0.62)
_OF_MARKETS = Sort("account of a market", 0.61)
_UNLIKE_WORDS = Sort("value that no ordinary word looks like", 0.6)
_HANDLE = Sort("handle", 0.4)
_MENTIONED = 0.6
_OF_CODE = re.compile(
    r"_(?:ids?|name|key|type|at|url|code|number|no|status|token|group|role|list|info|data|settings|page|view|set|count|tier|level)\Z|default|test"
)
"""Ends of names of members and variables: "account user_id"."""
_BEFORE = 24  # code points that are read before a handle
_URN = 128  # code points before an attribute in which its schema begins
_SCIM = "urn:ietf:params:scim:"
_HOMES_OF_NOBODY = frozenset(
    "ubuntu debian centos fedora alpine vagrant ec2-user azureuser runner runneradmin jenkins gitlab-runner circleci travis git github "
    "gitlab node nodejs python ruby java app apps web www www-data deploy deployer docker dev devel developer build builder ci bot "
    "worker service services postgres mysql redis nginx pi steam user users username you yourname your_username me default public "
    "shared all administrator admin root guest test tester oracle hadoop spark airflow jovyan coder codespace vscode sandbox render "
    "index dashboard page pages news home data backup backups tmp local linuxbrew "
    "site vsts vsonline kali opc rocky core bitnami container containeradministrator containeruser vssadministrator ssm-user "
    "sagemaker-user cloudshell-user webapp odoo rails project work nobody settings profile account search cart products "
    "orders about".split()
)
"""Home folders that are not a person's."""
_CODE_HANDLES = frozenset(
    "here channel everyone all team override overrides param params return returns throws media import include deprecated "
    "see author since version charset namespace supports keyframes page layer property dataclass test before after entity "
    "autowired bean component service".split()
)
"""Handles that are not a person's: groups of a chat, annotations and rules of code."""
_SPOKEN_TO = re.compile(
    r"(?:\A|[\s(])(?:rt|cc:?|hi|hey|hello|dear|thanks|thank you|thx|ty|dm|follow|ask|asked|tell|told|ping|shout ?out to|"
    r"@\w{2,30},?(?: and| &)?),?\s\Z",
    re.IGNORECASE,
)
_ENDS_HANDLE = re.compile(r"(?:['’]s)?(?:[\s,;:.!?)]|\Z)(?!\()")
_ADDRESS_BEHIND = re.compile(r"(?:\d{1,3}\.\d{1,3}\.|[0-9a-f]{1,4}:[0-9a-f:]|uid=|pid)", re.IGNORECASE)
_SAID_OF = re.compile(r"(?:user|login|nick|handle)\s{1,2}(?:is|was)\s", re.IGNORECASE)
_ENDS_OF_STATEMENTS = ("able", "ing", "ed", "ent", "ful")
_SPEAKER = re.compile(r"\buser\s{0,2}:", re.IGNORECASE)
_OTHER_SPEAKER = re.compile(
    r"(?:\A|\n)[ \t\[\]\d:.,\-]{0,16}(?:bot|chat ?bot|virtual assistant|assistant|agent|support|system|advis[eo]r|rep|operator|ai|human|csr|ivr)"
    r"(?:[ ][^\n:]{1,16})?:[ \t]",
    re.IGNORECASE,
)
"""A line of somebody else than the user of a transcript."""
_ASKED_WHO = re.compile(
    r"\b(?:user|\w{0,8}names?|nick|id|log ?in|handle|called|who|account)\b", re.IGNORECASE
)
"""Words of a question that a user name or a name answers."""
_TURNS = 240  # code points on either side in which it is looked for
_PROSE = re.compile(r" (?!(?:and|pass|password|pwd|pw|with)\b)[^\W\d_]{2}", re.IGNORECASE)


class UsernameRecognizer(ValuePatternRecognizer):
    """User names and handles, and names of home folders."""

    ENTITY = "USERNAME"
    PATTERNS = (
        ValuePattern(
            "label, link and name",
            rf"{LABEL_START}(?:{_LABEL})(?![^\W\d_])[\"']?\s{{0,2}}(?:[:=]|(?:is|was|ist|es|est)(?![^\W_])|(?<=\s)-|-(?=\s))\s{{0,2}}[\"']?(?P<value>@?[A-Za-z0-9][\w.\-]{{2,39}}(?<![.\-])(?:#\d{{4}}(?!\d))?)(?![\w@])",
            _LINKED,
            _LABEL,
            digits=False,
        ),
        ValuePattern(
            "label and handle",
            rf"{LABEL_START}(?:{_LABEL})(?![^\W\d_])\s(?P<value>@?[A-Za-z][\w.\-]{{2,39}}(?<![.\-]))(?![\w@])",
            _UNLIKE_WORDS,
            _LABEL,
            digits=False,
        ),
        ValuePattern(
            "identifier of a user, in figures",
            rf"{LABEL_START}user\s?id\s(?P<value>\d{{5,12}})(?![\w\-]|[.,]\d)",
            _BESIDE,
            r"user\s?id\s\d",
            12,
        ),
        ValuePattern(
            "who wrote a line of a chat",
            r"\d\][ \t](?P<value>@[A-Za-z_][\w.]{0,29})(?=:[ ])",
            _BESIDE,
            r"\d\][ \t]@",
            4,
        ),
        ValuePattern(
            "handle",
            r"(?<![\w.@/+\-&=?{])(?P<value>@[A-Za-z_][\w.]{2,29}(?<!\.))(?![\w@]|\.\w)",
            _HANDLE,
            r"(?<!\w)@[A-Za-z_]",
            2,
            digits=False,
        ),
        ValuePattern(
            "home of a file system",
            r"(?-i:(?<![\w./\-])/(?:home|Users)/|(?<![\w])[A-Za-z]:\\{1,2}Users\\{1,2})(?P<value>[A-Za-z][\w.\-]{1,31}(?<![.\-]))(?=[/\\][\w.\-]|[ ];)",
            _HOME,
            r"/home/|/users/|:\\{1,2}users\\",
            12,
            digits=False,
        ),
        ValuePattern(
            "user of an ARN",
            r"(?<![\w])arn:aws[a-z\-]{0,12}:(?:iam|sts)::\d{12}:(?:user/(?:[\w.\-]{1,64}/){0,4}|assumed-role/[\w.+=,@\-]{1,64}/(?!i-[0-9a-f]{8}))(?P<value>[A-Za-z][\w.\-]{1,63})(?![\w@/.\-])",
            _HOME,
            r"arn:aws[a-z\-]{0,12}:(?:iam|sts)::\d{12}:(?:user|assumed-role)/",
            64,
        ),
        ValuePattern(
            "mention of Jira",
            r"\[~(?!accountid:)(?P<value>[A-Za-z0-9][\w.\-]{1,39})\]",
            _BESIDE,
            r"\[~",
            2,
            digits=False,
        ),
        ValuePattern(
            "of a game or an app",
            rf"{LABEL_START}(?:ign|in-game name|snap)(?:\s?[:=]\s?|\s)(?P<value>[A-Za-z0-9][\w.\-]{{2,39}}(?<![.\-]))(?![\w@])",
            _UNLIKE_WORDS,
            begun(r"(?:ign|in-game name|snap)[\s:=]"),
            14,
            digits=False,
        ),
        ValuePattern(
            "of a marketplace",
            rf"{LABEL_START}(?:seller|buyer|profile|accs?|acct|account|member|streamer)(?:\s?:\s?|\s(?:is\s)?)"
            r"(?P<value>@[A-Za-z][\w.\-]{2,39}(?<![.\-])|(?-i:[a-z][a-z0-9]{1,20}(?:_[a-z0-9]{1,20}){1,3}|[a-z]{2,20}\.[a-z]{0,8}\d{1,4}))(?![\w@(/\[=]|[.\-]\w)",
            _OF_MARKETS,
            r"\b(?:seller|buyer|profile|accs?|acct|account|member|streamer)(?:\s?:|\s)\s?(?:is\s)?(?:@|[a-z][a-z0-9]{1,20}[_.])",
            40,
            digits=False,
        ),
        ValuePattern(  # the common log format of Apache and nginx
            "log of a server",
            r"(?<![^\s])[0-9A-Fa-f.:]{7,45} - (?P<value>[A-Za-z0-9][\w.@+\-]{1,63}) \[\d{2}/[A-Z][a-z]{2}/\d{4}:",
            _BESIDE,
            r" \[\d{2}/[A-Z][a-z]{2}/\d{4}:",
            120,
            digits=True,
        ),
        ValuePattern(
            "log of sudo",
            r"\bsudo(?:\[\d{1,7}\])?:\s{1,4}(?P<value>[A-Za-z_][\w.\-]{1,31})[ ]:[ ](?:[^;\n]{1,40}[ ];[ ])?TTY=",
            _HOME,
            r"\bsudo(?:\[\d{1,7}\])?:\s",
            20,
            digits=False,
        ),
        ValuePattern(
            "log of logins",
            rf"{LABEL_START}(?:for|of|by|invalid)\suser\s(?P<value>[a-z_][a-z0-9_.\-]{{2,31}})\s(?:from|by|at|on)\s",
            _LOGGED,
            r"\suser\s[^\s]{3,32}\s(?:from|by|at|on)\s",
            56,
            digits=False,
        ),
        ValuePattern(
            "log of logins, in quotes",
            rf"{LABEL_START}(?:for|of|by|invalid|unknown|as)\s(?:user|role|login)\s(?P<quote>['\"`])(?P<value>[a-z_][a-z0-9_.\-]{{2,31}})(?P=quote)",
            _HOME,
            r"\s(?:user|role|login)\s['\"`]",
            24,
            digits=False,
        ),
        *username_patterns(),
        ValuePattern(
            "of Discord, with its number",
            r"(?<![\w#/&.\-])(?!(?:issues?|orders?|tickets?|case|bug|pull|room|invoice|ref|task|item|number|version)#)(?P<value>[A-Za-z][\w.]{2,31}#\d{4})(?![\w#])(?=[^\n.]{0,24}\bdiscord\b)",
            _BESIDE,
            r"#\d{4}",
            48,
        ),
        ValuePattern(
            "profile of a person",
            r"linkedin\.com/in/(?P<value>[\w%\-]{3,100})",
            _LINKED,
            r"linkedin\.com/in/",
            16,
            digits=False,
        ),
        ValuePattern(
            "of Venmo, with its number",
            r"(?<![\w.@/+\-&=?{])(?P<value>@[A-Za-z]\w{1,29}(?:-[A-Za-z]\w{0,29}){1,3}-\d{1,4})(?![\w@/\-]|\.\w)",
            _BESIDE,
            r"(?<!\w)@[A-Za-z]",
            2,
        ),
        ValuePattern(
            "of Cash App",
            rf"{LABEL_START}cash[ \-]?(?:app|tag)(?:[ ](?:is|name|handle|tag|id|me|at|to)){{0,2}}[ ]?[:=,\-]?[ ]?(?P<value>\$[A-Za-z][\w\-]{{0,19}})(?![\w])",
            _LINKED,
            r"cash[ \-]?(?:app|tag)[^\n$]{0,20}\$[a-z]",
            40,
            digits=False,
        ),
        ValuePattern(
            "profile",
            r"(?:twitter|x|instagram|facebook|github|t|tiktok|linkedin|reddit)\.(?:com|me)/(?:in/|u/|user/|@)?(?P<value>[A-Za-z0-9][\w.\-]{2,38})(?![\w/])",
            _UNLIKE_WORDS,
            r"(?:twitter|x|instagram|facebook|github|t|tiktok|linkedin|reddit)\.(?:com|me)/",
            16,
            digits=False,
        ),
    )
    CONTEXT = ("twitter", "instagram", "handle", "follow", "dm", "telegram", "discord", "tiktok", "username")

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        plain = value.lower().lstrip("@")
        if plain in _NOT_VALUES:
            return 0.0
        if _in_urn(match):
            return 0.0
        if sort == _HOME:
            return 0.0 if plain in _HOMES_OF_NOBODY else sort.score
        if sort == _OF_MARKETS:
            return sort.score if value.startswith("@") or _OF_CODE.search(plain) is None else 0.0
        if sort == _LOGGED:  # "for user reasons from May" is prose: in a log an address or a number follows
            return sort.score if _ADDRESS_BEHIND.match(match.string, match.end()) else 0.0
        if sort == _HANDLE:
            return _MENTIONED if _is_mention(match, plain) else sort.score
        # "The user is unable", "the login was locked": a statement about the user, not a name.
        if sort == _LINKED and _SAID_OF.match(match.group()) and plain.endswith(_ENDS_OF_STATEMENTS):
            return 0.0
        if _SPEAKER.search(match.group()) and value.isalpha() and _PROSE.match(match.string, match.end()):
            return 0.0  # "USER: forgot my pin"
        if _SPEAKER.search(match.group()) and value.isalpha() and _is_turn(match):
            return 0.0  # "Bot: did that help?", "User: yes"
        # A word beside the label is a name only if no ordinary word looks like it: j_smith, mgarcia82, @maria.
        if sort == _UNLIKE_WORDS and not value.startswith("@") and not _is_unlike_words(value):
            return 0.0
        return sort.score


def _is_turn(match: Match) -> bool:
    """Whether "user:" begins a line beside a line of another speaker, so that a turn follows it.

    What answers a question for a name is none: a model may not know the name.
    """
    text, start = match.string, match.start()
    line = text.rfind("\n", max(0, start - _TURNS), start) + 1
    if text[line:start].strip(" \t[]()0123456789:.,-"):
        return False
    if (
        _ASKED_WHO.search(text, max(0, text.rfind("\n", 0, max(0, line - 1)), line - _TURNS), line)
        is not None
    ):
        return False
    return _OTHER_SPEAKER.search(text, max(0, start - _TURNS), match.end() + _TURNS) is not None


def _in_urn(match: Match) -> bool:
    """Whether it is an attribute in a SCIM path: `urn:ietf:params:scim:schemas:core:2.0:User:title`."""
    text, start = match.string, match.start("value")
    at = text.find(_SCIM, max(0, start - _URN), start)
    return at >= 0 and text[start - 1] == ":" and not any(map(str.isspace, text[at:start]))


def _is_mention(match: Match, plain: str) -> bool:
    """Whether a handle is a person's in prose: addressed, or of a form that words of code do not have there."""
    text, (start, end) = match.string, match.span("value")
    if plain in _CODE_HANDLES or _ENDS_HANDLE.match(text, end) is None:
        return False
    if _SPOKEN_TO.search(text, max(0, start - _BEFORE), start) is not None:
        return True
    # "@lru_cache" and "@app.route" precede a line's end or a bracket, "@coffee_lover" is among words.
    alone = (start == 0 or text[start - 1] == "\n") and text[end : end + 1] in {"", "\n", "\r"}
    return not alone and _is_unlike_words(plain)


def _is_unlike_words(value: str) -> bool:
    """Whether it has a digit, `_` or a dot, as no ordinary word has."""
    return any(c.isdigit() or c in "_." for c in value)
