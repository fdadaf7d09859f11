"""Words from which `bearers` builds names, separated by semicolons."""

from __future__ import annotations

from typing import Final

DEMONYMS: Final = """American;British;English;Scottish;Irish;Welsh;German;French;Spanish;Italian;Dutch;
Polish;Indian;Australian;Canadian;Mexican;Brazilian;Chinese;Japanese;Korean;Turkish;Russian;Ukrainian;
Swedish;Norwegian;Danish;Greek;Portuguese;Egyptian;Nigerian;Kenyan;Israeli;Iranian;Iraqi;Syrian;Afghan;Thai;
Vietnamese;Cuban;Chilean;Peruvian;Argentine;Colombian;Belgian;Swiss;Austrian;Hungarian;Czech;Slovak;
Romanian;Bulgarian;Serbian;Croatian;Albanian;Finnish;Icelandic;Estonian;Latvian;Lithuanian;Georgian;
Armenian;Kurdish;Palestinian;Lebanese;Saudi;Yemeni;Moroccan;Algerian;Tunisian;Libyan;Ethiopian;Somali;
Sudanese;Ghanaian;South African;New Zealander;Filipino;Indonesian;Malaysian;Pakistani;Bangladeshi;Nepali;
Bavarian;Catalan;Basque;Flemish;Sicilian;Tuscan;Saxon;Norman;Ottoman;Byzantine;Roman;Celtic;Viking;Persian;
Babylonian;Aztec;Inca;Mayan;Apache;Navajo;Cherokee;Zulu;Maori;Tamil;Bengali;Sikh;Hindu;Muslim;Christian;
Jewish;Catholic;Buddhist;Protestant;Lutheran;Mormon;Orthodox;Sunni;Shia;Republican;Democrat;Londoner;
Parisian;Venetian;Texan;Californian;European;African;Asian;Scandinavian;Balkan;Soviet;Prussian;Habsburg;
Macedonian;Phoenician;Etruscan;Gothic;Frankish"""

CAPITALISED: Final = """Renaissance;Baroque;Bronze Age;Middle Ages;Cold War;Great Depression;Enlightenment;
Reformation;Industrial Revolution;Jurassic;Pleistocene;Cretaceous;Islam;Buddhism;Christianity;Hinduism;
Judaism;Bible;Koran;Torah;Ramadan;Easter;Lent;Hanukkah;Diwali;Advent;Latin;Sanskrit;Mandarin;Esperanto;
Creole;Internet;Web;Gothic;Romanticism;Marxism;Darwinism;Keynesian;Christmas;Halloween;Thanksgiving;
Carnival;Oktoberfest;Brexit;Prohibition;Impressionism;Olympics;Paralympics;Eurovision;Grammy;Oscar;Emmy;
Bundesliga;Premier League;Champions League;La Liga;Serie A;Formula One;Euro;Rand;Peso;Krone;Franc;Zloty;
Mars;Venus;Saturn;Pluto;Orion;Milky Way;Capricorn;Sagittarius;Rottweiler;Dalmatian;Labrador;Holstein;Merino;
Angus;Merlot;Chianti;Rioja;Bordeaux;Camembert;Gouda;Dijon;Kimchi;Goulash;Tapas;Samba;Tango"""

NOUNS: Final = """Garden;River;Winter;Kingdom;Mirror;Sleepers;Orchard;Harvest;Letters;Bridge;Silence;
Shadows;Tide;Storm;Daughter;Widow;Stranger;Pilgrim;Machine;Island;Summer;Crown;Fire;Road;Clockmaker;Lantern;
Raven;Wolves;Promise;Journey"""
ADJECTIVES: Final = """Last;Silent;Broken;Golden;Long;Hidden;Forgotten;Crooked;Burning;Blue;Seventh;Wild;
Secret;Second;Distant;Frozen;Invisible;Northern;Paper;Scarlet"""
IDEAS: Final = """Labour;Conservative;Liberal;Green;Socialist;Democratic;National;People's;Workers';Justice;
Freedom;Progressive;Reform;Unity;Centre;Communist;Farmers';Pirate;Homeland"""
ANIMALS: Final = """Tigers;Lions;Bears;Hawks;Eagles;Wolves;Sharks;Giants;Rangers;Rovers;Kings;Raiders;
Knights;Bulls;Saints;Falcons;Pirates;Royals;Comets;Rockets;Wanderers;Athletic;United;City;Town;County;
Albion;Dynamo;Sporting;Racing"""
FIELDS: Final = """Medicine;Technology;Economics;Art;Music;Law;Design;Business;Engineering;Agriculture;
Science"""
MINISTRIES: Final = """Health;Finance;Defence;Justice;Education;Foreign Affairs;the Interior;Transport;
Energy;Labour;Trade"""
TRADES: Final = """Plumbing;Motors;Dental;Bakery;Roofing;Travel;Books;Interiors;Electric;Pharmacy;Law;Legal;
Realty;Homes;Capital;Advisors;Associates;Insurance;Chemical;Foods;Brewing;Shipping;Steel;Optical;
Photography;Catering;Tools;Farms"""
FORMS: Final = """Inc;Inc.;LLC;Ltd;Ltd.;PLC;Group;Corp;Corp.;Limited;LLP;GmbH;AG;Holdings;and Sons;& Sons;
Bros;Brothers;& Co.;Co"""
TAILS: Final = """ville;ton;town;burgh;bury;ford;field;land;port;mouth;chester;side;shire;stad;berg;haven;
fort;view;borough;furt"""
SUFFIXES: Final = """Alley;Branch;Bridge;Brook;Bypass;Causeway;Cliffs;Common;Corner;Cove;Creek;Crest;
Crossing;Dale;Estates;Expressway;Extension;Falls;Ferry;Field;Flats;Ford;Forge;Fork;Freeway;Gardens;Gateway;
Glen;Green;Grove;Harbor;Heights;Hills;Hollow;Inlet;Island;Isle;Junction;Key;Knoll;Lake;Landing;Light;Lock;
Lodge;Loop;Mall;Manor;Meadow;Mews;Mill;Mission;Motorway;Mount;Neck;Orchard;Oval;Overpass;Park;Pass;Path;
Pike;Pines;Plain;Plaza;Point;Port;Prairie;Ramp;Ranch;Rapid;Rest;Ridge;River;Route;Row;Run;Shoal;Shore;
Skyway;Spring;Spur;Square;Station;Stream;Summit;Trace;Track;Trafficway;Trail;Tunnel;Turnpike;Underpass;
Union;Valley;Via;View;Village;Ville;Vista;Walk;Wall;Well"""
"""The street suffixes of the US postal service (Publication 28) that `lexicon.STREET_TYPES` lacks."""

BODIES: Final = """NATO;UNESCO;UNICEF;OPEC;WHO;IMF;UEFA;FIFA;NBA;NFL;EU;UN;CIA;MI5;KGB;OECD;BBC;ESA"""
STATES: Final = (
    """AL;AK;AZ;CA;CO;CT;FL;GA;HI;ID;IL;KS;LA;MD;MA;MI;MN;MO;NV;NJ;NM;NY;OH;OK;PA;TX;UT;VA;WA;WV"""
)
WATERS: Final = "River;Bay;Island;Islands;Valley;Falls;Hills"
QUARTERS: Final = "Heights;Beach;Springs;Creek;Park;Square;Bridge"
PRIZES: Final = "Prize;Medal;Award;Cup;Trophy;Fellowship"
LAWS: Final = "law;disease;theorem;syndrome;paradox"
EFFECTS: Final = "effect;scale;algorithm;test;reaction"
STORMS: Final = "Hurricane;Storm;Typhoon;Operation"
LECTURES: Final = "Prize;Award;Memorial Lecture"
