"""Languages, scripts and peoples, in lower case.

None is a usual first or last name, an English word or a place, as far as is known.
"""

# ruff: noqa: SIM905  tables of words read best as prose
from __future__ import annotations

from typing import Final

LANGUAGES: Final = frozenset(
    """
    abkhaz acehnese afrikaans albanian amharic arabic aragonese aramaic armenian aromanian arrernte assamese
    asturian ateso auslan aymara azerbaijani azeri bahasa balinese balochi bambara bamileke bashkir bavarian
    belarusian bengali bhojpuri bikol bislama bokmål bosnian bulgarian burmese cantonese cebuano chaldean
    chavacano chechen chhattisgarhi chichewa chittagonian chokwe chuvash circassian comorian croatian cymraeg
    cyrillic czech dagbani dagomba devanagari dioula dyula dzongkha esperanto estonian euskara ewondo faroese
    farsi filipino finnish flemish frisian friulian fulfulde gaeilge gaelic garifuna gikuyu gilaki
    greenlandic guaraní gujarati gurmukhi hainanese hangul hassaniya hausa hausas hazaragi hebrew hiligaynon
    hindi hindko hinglish hiragana hokchew hokkien hungarian ibibio icelandic igbo igbos ijaw ilocano
    indonesian interlingua inuktitut irishsign isixhosa isizulu itsekiri javanese kabiye kabyle kadazan
    kalenjin kanji kannada kanuri kapampangan kashubian katakana kazakh khmer khoisan kikongo kikuyu kimbundu
    kinyarwanda kirundi kodava konkani kosovar kpelle kreyol kreyòl krio kurdish kurmanji kyrgyz ladin
    latvian libras limburgish lingala lithuanian livonian luganda luhya lusoga luxembourgish macedonian
    madurese magahi maghrebi maguindanao maithili makaton malagasy malayalam malinke mandaean mandarin
    mandinka manglish maori mapudungun maranao marathi mazandarani meitei michif mijikenda mikmaq minangkabau
    mirpuri mixtec mongolian morisien mossi nahuatl naija ndebele nepali niuean noongar nynorsk nzsl occitan
    ojibwe oriya oromo oshiwambo ossetian pangasinan papiamento papiamentu pashto patois persian pidgin
    pilipino pinyin plattdeutsch potwari pulaar punjabi putonghua rohingya romanian romansh rukwangali
    runyankole rusyn rutooro saraiki sepedi serbian sesotho setswana seychellois shanghainese singlish
    sinhala siswati slovene slovenian somali soninke sorani sorbian sotho sranan sundanese swahili swazi
    swedish sylheti syriac tachelhit taglish taglog tahitian taiwanese tajik tamazight tausug telugu teochew
    tibetan tigrigna tigrinya tokelauan tokpisin tshiluba tshivenda tsonga tswana tumbuka tuvaluan uighur
    ukrainian ulsterscots umbundu urdu urhobo uyghur vietnamese waray warlpiri wolaytta xhosa xitsonga
    yiddish yolngu yoruba yorubas zazaki
    """.split()
)
