"""Nothing may be found in prose about numbers, rows of figures, or internet addresses."""

from __future__ import annotations

import pytest

from shield.analyzer.engine import Analyzer
from tests.unit.analyzer.conftest import policy, segment

NEGATIVES = """\
I would like two three day passes for the park
we need one or two three bedroom flats at four five or six hundred a month
the bus leaves at ten thirty, eleven fifteen, twelve oh five and one forty five
press one for sales, two for support, three for billing, four for returns, five for anything else
count with me: one two three four five six seven eight nine ten eleven twelve
nineteen eighty four was published in nineteen forty nine
it costs one hundred twenty five thousand six hundred and fifty dollars
my order number is four one five five five five zero one three two
order number one two three four five six seven eight nine zero one two three
four score and seven years ago
one two three four five six seven eight nine
scores: 1 2 3 4 5 6 7 8 9 10 11 12
1 2 3 4 5 6 7 8 9 0
10 20 30 40 50 60 70 80
1, 1, 2, 3, 5, 8, 13, 21, 34, 55
Items 1 . 2 . 3 . 4 are missing
version 10.15.2023.12 released
2024_11_23 2024/11/24 23.11.2024 - 24.11.2024
2024-11-23 10:30:00 2024-11-23 11:30:00
from 10 to 20 and 30 to 40 in 2023 / 2024 / 2025
row: 1024 2048 4096 8192
1024|2048|4096|8192
1024/2048/4096/8192
12 34 56 78 90 12 34
visit us at example dot com
i ordered it at amazon dot com
look at example dot com for details
I bought shoes at amazon.com yesterday
the docs are at docs.example.com
meet me at the dot on the map at noon
follow us @ example.com
we sold 3 items @ 5.00 each
12 pcs @ 3 . 50
dinner @ noon. Call the team
the point is that at this point dot com companies were big
hotel golf india tango
romeo and juliet by oscar in november
alpha bravo charlie delta
I am a b c student
q w e r t y u i o p
a b c d e f g h i j k
the quick brown fox jumps over internationalization
d41d8cd98f00b204e9800998ecf8427e
9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
65a08ac9-2b5c-4f0a-8a3c-1d2e3f405162
Zm9vYmFyYmF6cXV4
eyJhbGciOiJIUzI1NiJ9
SGVsbG8gd29ybGQsIHRoaXMgaXMgYSB0ZXN0
https://shop.example.com/search?q=20inch&color=40
100% of 20% and 30%
A&B; R&D; Q&A
caf\u00e9 na\u00efve \u2014 \u201cquoted\u201d\u2026 10\u201312 o\u2019clock
\u0437\u0430\u043a\u0430\u0437 10029384756 \u0433\u043e\u0442\u043e\u0432
\u2764\ufe0f \U0001f44d\U0001f3fd thanks 5 \u2b50
score 10-20-30-40-50-60
tracking 1Z999AA10123456784 part 12 of 20
phase 1 | 200 | 300 | 400 | 5000
ISBN 978 0 306 40615 7
error 0x80070057 at 0x00007ff6
24/7 365 support 1-2-3
serial SN12 3456 7890 ABCD EFGH
table 4 seats 12; 5 tables 10 20 30 40
my budget is one two five zero zero zero zero or so
five four three two one zero liftoff
six two one, four six, three one in the third set
room one oh one and room two oh four on floor three
quantity: 5 5 5 0 1 3 2
dos o tres d\u00edas, uno a las diez y otro a las once y media
zwei oder drei Tage um zehn Uhr drei\u00dfig, elf Uhr zwanzig
deux ou trois jours, dix heures trente, onze heures vingt
un due tre quattro cinque sei sette otto nove dieci
een twee drie vier vijf zes zeven acht negen tien
O0O0O0 lll111 IlIl1010
100 bills 500 bits 10ll
SO10 B15 S500 ZS1000
the code is four digits: one two three four
we are open nine to five seven days a week, three sixty five
twenty twenty one was better than twenty nineteen and twenty twenty two
he scored one hundred and eleven, ninety nine, forty two and six
a dozen of a hundred and one dalmatians, two by two
buy two get one free, three for the price of two, ten for five
level one two and three are done, four five six are open
my sizes are six, eight, ten, twelve, fourteen, sixteen, eighteen and twenty
flight one two three at gate four five at six seven
lottery numbers 4 8 15 16 23 42
bpm 120 121 119 118 122 120 119 121
12 14 16 18 20 22 24 26
0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0
1|2|3|4|5|6|7|8|9|10|11|12
pages 100-110, 120-130, 140-150, 160-170
IP ranges /24 /25 /26 /27 /28
size 10 x 20 x 30 x 40 mm
10/10/10/10 would recommend
24.12.2023/31.12.2023
2023/12/24 - 2023/12/31
1,234,567.89 and 9,876,543.21
$1,000,000 - $2,000,000
SKU 4111-22-33-44-55
part no. 12.345.678.901
case 2023/0001/2345
lat 51.5007, long 0.1246
sizes: 4_5_6_7_8
file_2024_11_23_101530.txt
build 20241123.101530.4711
ref 1000/2000/3000/4000
join us @ 5 . 30 pm
lunch @ mario . then home
works at google dot com and amazon dot co dot uk
sign up at shop dot example dot com today
paid $212.40 at nike.com yesterday
the website is at www dot example dot org
available online at example dot net
support is at help.example.com/contact
echo delta one two
whiskey sour and tango at hotel california in november
is it to us or to me
1st 2nd 3rd 4th 5th 6th 7th
B12 vitamins, 100 pills, 50 oils
Q1 Q2 Q3 Q4 2024 G20 G7
VGhlIHF1aWNrIGJyb3duIGZveA==
/usr/local/lib/python3/site-packages/module_name
subscription_id=abcdefghijklmnopqrstuvwxyz
0123456789abcdef0123456789abcdef
color=40 size=41 =3D=3D
&lt;div class=&quot;box&quot;&gt;5 &amp; 6&lt;/div&gt;
<b>Total:</b> <i>1,234</i> of <span>5,678</span>
"""


@pytest.mark.parametrize("text", NEGATIVES.splitlines())
def test_no_view_finds_anything(patterns_only: Analyzer, text: str) -> None:
    found = patterns_only.analyze([segment(text)], policy())[0]
    assert [f for f in found if f.view != "raw" and f.score >= 0.5] == []


def test_there_are_enough_of_them() -> None:
    assert len(NEGATIVES.splitlines()) >= 60
