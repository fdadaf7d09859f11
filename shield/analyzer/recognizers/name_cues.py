"""Words mostly followed by a person's name, in eight languages: "my neighbour Truus", "ask for Dov".

They are weaker than a label, as other words follow them too ("ask for Support", "meine Mutter Hilfe braucht"). So a
capitalized word after one is not yet a name: the model reads it by itself (`passages`), and tells names from words
of desks when no sentence distracts it. In chat the word has no capital: there it is a name only where
it ends a clause or is followed by a statement about a person, and is no verb ("my son drew").
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; typographic characters
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import LABEL_START, Sort, ValuePattern, begun
from shield.analyzer.recognizers.letter_case import CAPITAL, SMALL

CUED: Final = Sort("cue", 0.2)
"""A word after a cue, with a score below what any policy takes for a name."""
_RELATED: Final = (
    r"husband|wife|mother|mum|mom|dad|father|son|daughter|brother|sister|partner|boyfriend|girlfriend|fianc[ée]e?|friend|neighbou?r|roommate|flatmate|housemate|"
    r"colleague|co-?worker|boss|(?:line[ ])?manager|supervisor|landlord|landlady|cousin|nephew|niece|aunt(?:ie)?|uncle|nana?|gran(?:dma|dpa|dad|ny)?|grandmother|grandfather|"
    r"carer|tenant|guarantor|executor|assistant|PA|plumber|builder|electrician|engineer|technician|driver|courier|nurse|midwife|teacher|tutor|solicitor|lawyer|accountant|"
    r"clerk|agent|advis[eo]r|rep|officer|constable|sergeant|inspector|councillor|spokes(?:wo)?man|spokesperson|secretary|receptionist|caretaker|concierge|porter|janitor|coach|"
    r"witness|addressee|claimant|applicant|keyholder|lessor|lessee|housekeeper|trainee|intern|deputy|"
    r"volunteer|donor|assessor|adjuster|surveyor|petitioner|respondent|appointee|occupier|leaseholder|policyholder|caseworker|infant"
)
_SAID: Final = (
    r"ask(?:ed|ing)?[ ]for|sp[eo]a?ke?(?:ing)?[ ](?:to|with)|talk(?:ed|ing)?[ ](?:to|with)|meant[ ]for|addressed[ ]to|on[ ]behalf[ ]of|care[ ]of|c/o|f\.?a\.?o\.?|attn\.?:?|"
    r"(?:signed|received|accepted)[ ]by|left[ ]with|handed[ ]to|belongs[ ]to|married[ ]to|nee|formerly[ ]known[ ]as|w/|irl|aka"
)
PARTIES: Final = (
    r"intestatari[oa]|intestat[oa][ ]a|contraente|assistit[oa]|assicurat[oa]|ospite|titulaire|assurée?|locataire|bailleur|titular|asegurad[oa]|inquilin[oa]|arrendatari[oa]|"
    r"hu[ée]sped|segurad[oa]|hóspede|verzekerde|huurder|verhuurder|odbiorca|właściciel(?:ka)?|najemca|abonent(?:ka)?|gość"
)
"""Who has a contract or a room, in languages that write nouns without a capital."""
_ELSEWHERE: Final = (
    r"(?:unser(?:e[rmn]?)?|de[rmn]|die|vom|beim)[ ](?:kolleg(?:en?|in)|nachbar[n]?|mitarbeiter(?:in)?|hausmeister|techniker(?:in)?|fahrer(?:in)?)|"
    r"mein(?:e[rmn]?)?[ ](?:mann|frau|mutter|vater|sohn|tochter|bruder|schwester|freund(?:in)?|kolleg(?:en?|in)|chef(?:in)?|nachbar(?:in)?|vermieter(?:in)?|oma|opa|tante|onkel|partner(?:in)?)|"
    r"(?:mon|ma)[ ](?:mari|femme|épou(?:se|x)|mère|père|fils|fille|frère|sœur|amie?|collègue|conjointe?|compagn(?:e|on)|voisine?|oncle|tante|cousine?)|"
    r"mi[ ](?:marido|espos[oa]|mujer|madre|padre|hij[oa]|herman[oa]|amig[oa]|novi[oa]|pareja|jef[ea]|abuel[oa]|suegr[oa]|t[ií][oa]|prim[oa]|vecin[oa]|compañer[oa])|"
    r"mi[oa][ ](?:marito|moglie|madre|padre|figli[oa]|fratello|sorella|amic[oa]|collega|nonn[oa]|zi[oa]|compagn[oa]|suocer[oa])|"
    r"mijn[ ](?:man|vrouw|moeder|vader|zoon|dochter|broer|zus|vriend(?:in)?|collega|buur(?:man|vrouw)|partner|oma|opa|tante|oom|baas)|"
    r"(?:meu|minha)[ ](?:marido|espos[oa]|mulher|mãe|pai|filh[oa]|irmã(?:o)?|amig[oa]|namorad[oa]|chefe|av[óô]|ti[oa]|vizinh[oa]|colega|sogr[oa])|(?:daqui[ ])?fala[ ](?:[oa][ ])?|aqui[ ]é[ ][oa]|"
    r"soy|je[ ]suis|sono|ik[ ]ben|sou[ ][oa]|jestem|mówi|z[ ]tej[ ]strony|u[ ]spreekt[ ]met|le[ ]habla|hier[ ](?:ist|spricht)|qui[ ]parla|"
    r"(?:mąż|męża|żon[aęy]|syn(?:a|em)?|cór(?:ka|ki|kę)|matk[aię]|ojc(?:iec|a)|brat(?:a|em)?|siostr[aęy]|babci[aęi]|dziad(?:ek|ka)|koleg[aęi]|koleżank[aęi]|sąsiad(?:a|ka|kę|ki)?)|"
    rf"(?:{PARTIES}|versicherungsnehmer(?:in)?|vertragspartner(?:in)?|mieter(?:in)?|vermieter(?:in)?):?"
)
_WHEN: Final = r"(?:[ ](?:ayer|anoche|hoy|hier|ce[ ]matin|ieri|oggi|stamattina|gestern|heute|gisteren|vandaag|ontem|hoje|wczoraj|dzisiaj|dziś|już|já|già|ya))?"
_SAID_ELSEWHERE: Final = (
    rf"(?:hablé|hablado|hablo|hablar|quedé|quedado){_WHEN}[ ]con|pregunt(?:ar|e|en|a)[ ]por|"
    rf"(?:gesprochen|telefoniert|gechattet)[ ]mit|mit[ ](?:eure[mr]|ihre[mr]|deine[mr])[ ](?:kolleg(?:en|in)|mitarbeiter(?:in)?)|(?:fragen|frag)[ ](?:sie[ ])?nach|z\.?[ ]?hd\.?|"
    rf"(?:parlé|discuté|vu){_WHEN}[ ](?:avec|à)|demand(?:er|ez)|de[ ]la[ ]part[ ]de|à[ ]l['’]attention[ ]de|(?:parlato|parlo|sentito){_WHEN}[ ]con|chied(?:ere|ete|i)[ ]di|all['’]attenzione[ ]di|"
    rf"(?:gesproken|gechat|gebeld){_WHEN}[ ]met|vra(?:gen|ag)[ ]naar|t\.?a\.?v\.?|(?:falei|falado|falar|tratei){_WHEN}[ ]com(?:[ ][oa])?|perguntar[ ]p(?:or|el[oa])|aos[ ]cuidados[ ]d[eao]|"
    rf"rozmawia(?:łam|łem|ł|ła){_WHEN}[ ]z|pyta(?:ć|j|jcie)[ ]o|do[ ]rąk"
)
_BEFORE_INTRODUCED: Final = r"(?:eu[ ])?sou[ ][oa]|jestem|ich[ ]bin(?:[ ]d(?:ie|er))?|ik[ ]ben|je[ ]suis|moi[ ]c['’ ]?est|slt[ ]c|aqui[ ]é[ ][oa]|tu[ ]mówi"
_TITLE_IN_CHAT: Final = r"dona|doña|don|señora?|frau|herrn?|mevrouw|meneer|signora|signor|madame"
_LEARNED: Final = r"(?-i:Eng|Ing|ing|Dott|Dott\.ssa|Avv|Geom|Rag|Lic|Ir|ir|Drs|drs|mgr|inż|dr[ ]inż)\.?"
"""Titles, which are also written before what somebody has learned ("Ing. Civil")."""
_FAREWELL: Final = (
    r"lg|vg|mfg|mvg|gr|grtz|groetjes|groet|gruß|gruss|grüße|gruesse|saludos?|un[ ]saludo|bises|bisous|cordialement|cdlt|saluti|abraços?|abs|bjs|beijos|"
    r"pozdrawiam|pozdro|atte|att|ass|x{1,3}"
)
_NAME: Final = rf"{CAPITAL}[^\W\d_]{{1,20}}(?:(?!['’]s(?![^\W_]))['’\-]{CAPITAL}?[^\W\d_]{{1,20}})?(?:[ ]{CAPITAL}[^\W\d_]{{1,20}}(?:-{CAPITAL}[^\W\d_]{{1,20}})?)?"
_OWNED: Final = (
    r"account|machine|laptop|computer|phone|mobile|car|van|vehicle|bike|boat|house|home|flat|apartment|order|booking|reservation|parcel|package|ticket|claim|complaint|"
    r"request|application|profile|contract|subscription|membership|invoice|refund|passport|licen[cs]e|signature|password|mailbox|inbox|appointment|estate|funeral|wedding|birthday"
)
_WHOLE_NAME: Final = rf"{CAPITAL}[^\W\d_]{{1,20}}[ ]{CAPITAL}[^\W\d_]{{1,20}}(?:-{CAPITAL}[^\W\d_]{{1,20}})?"
_IN_CHAT: Final = (
    r"(?!will|may|can|drew|might|must|bill|support|customer)"
    rf"{SMALL}[^\W\d_]{{2,15}}(?=[ ]?(?:[.,!?;\n)]|\Z)|[ ](?:and|or|is|was|has|she|he|shes|hes|told|said|says|at|from|in|please|pls|plz|about|again|today|yesterday|who|here)(?![^\W_]))"
)
_IN_CHAT_ELSEWHERE: Final = (
    rf"{SMALL}[^\W\d_]{{2,15}}(?=[ ]?(?:[.,!?;:\n)]|\Z)|"
    r"[ ](?:y|e|und|et|en|i|que|ha|hat|hatte|heeft|a|è|é|is|ist|est|es|del|des|de|di|da|du|van|von|aus|vom|z|ze|u|hab|habe|desde|me|mi|al|no|y|se|der|die|dat|który|która|zmieni[^\W\d_]{1,4})(?![^\W_]))"
)
_NOTED: Final = (
    r"insured|policy[ ]?holder|claimant|customer|cust|cx|patient|pt|rider|driver|courier|guest|resident|tenant|member|caller|student|pupil|employee|"
    r"witness|beneficiary|passenger|cardholder|account[ ]holder|complainant|agent|rep|technician|engineer|"
    r"volunteer|donor|supporter|fundraiser|landlord|keeper|occupier|leaseholder|recipient|applicant|candidate|starter|leaver|contractor|parent|traveller|traveler|streamer"
)
"""Parts that notes name without an article, with the name right behind: "claimant thandi called"."""
_THEN: Final = (
    r"is|was|has|had|did|does|says?|said|told|asks?|asked|wants?|wanted|needs?|needed|calls|called|rang|rings|phoned|emailed|wrote|reports?|reported|requests?|requested|"
    r"states?|stated|claims|claimed|confirms?|confirmed|advised|complains|complained|refused|agreed|paid|pays|lost|hit|ate|left|took|got|came|went|sent|moved|broke|fell|"
    r"never|cannot|cant|can['’]t|didnt|didn['’]t|wont|won['’]t|will|would|re|regarding"
)
"""What such a note goes on with."""
_NO_SUBJECTS: Final = (
    r"(?:who|that|which|not|also|just|still|already|always|only|now|then|here|there|and|but|or|it|they|she|he|services?|support|care|success|experience|"
    r"account|app|portal|name|number|id|ref|line|order|card|has|is|was|did|does|had|never|cannot|will|would|we|you|said|says|called|wants|asked)(?![^\W_])"
)
_DONE_TO: Final = r"gave|give|met|thanked|added|invited|replaced|promoted"
"""Verbs of chat whose object is mostly a person: "i gave faith my card"."""
_SPEECH: Final = (
    rf"(?!the|her|his|not|very|still|also|going|name|first|last){SMALL}[^\W\d_]{{2,15}}(?![^\W_])"
)
_NOT_OF: Final = "".join(
    f"(?<!{word}[ ])"
    for word in (
        *("maiden", "mothers", "company", "business", "firm", "shop", "store"),
        *("brand", "product", "project", "team", "file", "host", "app"),
    )
)
"""Before "name": not a name of a person, or one that answers a security question."""
_SAID_HERE: Final = rf"{SMALL}[^\W\d_]{{2,15}}"
_CHATTED: Final = rf"(?:my|his|her|our|your|their|the)[ ](?:{_RELATED})|told|{_SAID}"


def cue_patterns() -> tuple[ValuePattern, ...]:
    """The patterns; all are of the sort `CUED`."""
    behind_cues = tuple(
        ValuePattern(
            name,
            rf"{LABEL_START}(?:{cues})(?:,?[ ]|[ ][(])(?P<value>{_NAME})(?![\w@]|[.]\w)",
            CUED,
            begun(rf"(?:{cues})(?:,?[ ]|[ ][(])[^\W\d_]"),
            36,
            digits=False,
        )
        for name, cues in (
            ("somebody's part and name", _RELATED),
            ("whom it is for and name", _SAID),
            ("relative and name, in other languages", _ELSEWHERE),
            ("whom it is for and name, in other languages", _SAID_ELSEWHERE),
            ("title and name, in other languages", _LEARNED),
        )
    )
    return (
        *behind_cues,
        ValuePattern(
            "part of somebody in brackets and name",
            rf"\((?:my[ ]|his[ ]|her[ ])?(?:{_RELATED})\)[ ](?P<value>{_NAME})(?![\w@]|[.]\w)",
            CUED,
            rf"\((?:my[ ]|his[ ]|her[ ])?(?:{_RELATED})\)[ ]",
            36,
            digits=False,
        ),
        ValuePattern(
            "dash and name at the end",
            rf"(?:[.!?)][ ]|\n)[—–\-]{{1,2}}[ ]?(?P<value>{_NAME})[ ]?\n?\Z",
            CUED,
            r"(?:[.!?)][ ]|\n)[—–\-]{1,2}[ ]?[^\W\d_]{2,20}(?:[ \-'’][^\W\d_]{1,20}){0,2}[ ]?\n?\Z",
            80,
            digits=False,
        ),
        ValuePattern(
            "what somebody is called, and a word of speech",
            rf"{LABEL_START}(?:(?:my|his|her|our|your|the)[ ](?:{_RELATED}|super)[ ]is|(?:s?he|they)[ ]goes[ ]by|goes[ ]by|they[ ]call[ ](?:me|him|her)|"
            rf"(?<!['’]s[ ]){_NOT_OF}name(?:[ ]is|['’]s)|vorname|nachname|prénom|apellido|cognome|voornaam|achternaam|nazwisko|imię|mówi|sono|soy|aqu[íi]|hier[ ](?:ist|spricht))[ ](?P<value>{_SPEECH})",
            CUED,
            rf"(?:(?:{_RELATED}|super)[ ]is|goes[ ]by|they[ ]call[ ](?:me|him|her)|name(?:[ ]is|['’]s)|vorname|nachname|prénom|apellido|cognome|"
            r"voornaam|achternaam|nazwisko|imię|mówi|sono|soy|aqu[íi]|hier[ ](?:ist|spricht))[ ]",
            40,
            digits=False,
        ),
        ValuePattern(
            "relative and a word of chat, in other languages",
            rf"{LABEL_START}(?:{_ELSEWHERE}|{_SAID_ELSEWHERE}|{_BEFORE_INTRODUCED}|{_TITLE_IN_CHAT})[ ](?P<value>{_IN_CHAT_ELSEWHERE})",
            CUED,
            begun(
                rf"(?:{_ELSEWHERE}|{_SAID_ELSEWHERE}|{_BEFORE_INTRODUCED}|{_TITLE_IN_CHAT})[ ][^\W\d_]{{3}}"
            ),
            48,
            digits=False,
        ),
        ValuePattern(
            "farewell and a word of chat at the end of a line",
            rf"(?:\A|[ ,.!?\n])(?:{_FAREWELL})[.,!]?[ ](?P<value>{SMALL}[^\W\d_]{{2,15}}(?:[ ]{SMALL}[^\W\d_]{{2,15}})?)(?=[ ]?[.!)]?[ ]?(?:\n|\Z))",
            CUED,
            begun(
                rf"(?:{_FAREWELL})[.,!]?[ ][^\W\d_]{{3,16}}(?:[ ][^\W\d_]{{3,16}})?[ ]?[.!)]?[ ]?(?:\n|\Z)"
            ),
            60,
            digits=False,
        ),
        ValuePattern(
            "whether somebody of that name is there",
            rf"{LABEL_START}is[ ](?P<value>{_SAID_HERE})[ ](?:working|around|available|there|in)[ ](?:today|now|tomorrow|still|yet|this|\?|again)",
            CUED,
            begun(r"is[ ][^\W\d_]{3,16}[ ](?:working|around|available|there|in)[ ]"),
            48,
            digits=False,
        ),
        ValuePattern(
            "whose thing it is, with first and last name",
            rf"{LABEL_START}(?:{_OWNED})[ ]of[ ](?P<value>{_WHOLE_NAME})(?![\w@]|[.]\w)",
            CUED,
            begun(rf"(?:{_OWNED})[ ]of[ ][^\W\d_]"),
            36,
            digits=False,
        ),
        ValuePattern(
            "somebody's part or whom it is for, and a word of chat",
            rf"{LABEL_START}(?:{_CHATTED})[ ](?P<value>{_IN_CHAT})",
            CUED,
            begun(rf"(?:{_CHATTED})[ ][^\W\d_]{{3}}"),
            40,
            digits=False,
        ),
        ValuePattern(
            "somebody's part in a note, a word and what was done",
            rf"{LABEL_START}(?:{_NOTED})[ ](?P<value>(?!{_NO_SUBJECTS}){_SAID_HERE}(?:[ ](?!{_NO_SUBJECTS}){_SAID_HERE})?)(?=[ ](?:{_THEN})(?![^\W_]))",
            CUED,
            begun(rf"(?:{_NOTED})[ ][^\W\d_]{{3}}"),
            24,
            digits=False,
        ),
        ValuePattern(
            "to whom somebody did what, and a word of chat",
            rf"{LABEL_START}(?:i|we|he|she|they)[ ](?:just[ ]|already[ ]|then[ ])?(?:{_DONE_TO})[ ](?P<value>{_SAID_HERE})(?=[ ]?(?:[.,!?;\n]|\Z)|[ ](?:at|in|on|the|my|and|a|an|about|yesterday|today|twice|again|who|from|back|cash|his|her)(?![^\W_]))",
            CUED,
            begun(rf"(?:i|we|he|she|they)[ ](?:just[ ]|already[ ]|then[ ])?(?:{_DONE_TO})[ ]"),
            32,
            digits=False,
        ),
        ValuePattern(
            "a word of chat, and that somebody of that name is here",
            rf"(?:\A|\n)(?:(?:hi|hey|hello|hiya|morning)[ ,]{{1,2}})?(?P<value>{_SAID_HERE})[ ](?:here|speaking)(?=[ ]?[,.!?\n]|\Z|[ ](?:from|again|can|i|just|with)(?![^\W_]))",
            CUED,
            r"[ ](?:here|speaking)\b",
            44,
            digits=False,
        ),
    )
