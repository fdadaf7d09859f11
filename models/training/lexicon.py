"""Word lists for synthetic text, written for this purpose; names of people come from the gazetteers too."""

# ruff: noqa: E501, SIM905 (lists of words and sentences)

from __future__ import annotations

from typing import Final

INDIAN_FIRST: Final = """Aarav Aditi Aditya Akash Amit Amitabh Ananya Anil Anita Anjali Ankit Arjun Arun Asha Ashok Bhavna
Chandra Deepa Deepak Devika Dinesh Divya Farhan Gaurav Geeta Gopal Harish Indira Ishaan Jaya Jyoti Kamala Karthik Kavita
Kiran Krishna Lakshmi Lalitha Madhuri Mahesh Manish Meena Meera Mohan Mukesh Murali Nandini Naveen Neha Nikhil Nisha
Padma Pankaj Pooja Prabhu Pradeep Prakash Pranav Prasad Priya Rahul Raj Rajesh Rajiv Rakesh Ramesh Ravi Rekha Ritu
Rohan Rohit Sachin Sandeep Sanjay Sarita Savita Shalini Shankar Shivani Shreya Siddharth Sneha Sonia Srinivas Subhash
Sudha Sunil Sunita Suresh Swati Tanvi Uma Usha Vandana Varun Venkatesh Vidya Vijay Vikram Vinay Vineet Vivek Yash
Zoya Siva Kavi Rajan Selvam Muthu Senthil Saravanan Bala Ganesh Hari Mani Vani""".split()
INDIAN_LAST: Final = """Agarwal Ahuja Anand Bajaj Banerjee Bhat Bhatia Bhattacharya Bose Chakraborty Chandra Chatterjee
Chaudhary Chopra Das Desai Deshmukh Deshpande Dutta Gandhi Ganguly Ghosh Goel Gowda Goyal Gupta Hegde Iyengar Iyer Jain
Jha Joshi Kapoor Kaul Kaur Khan Khanna Krishnan Kulkarni Kumar Mahajan Malhotra Mehta Menon Mishra Mukherjee Murthy Nair
Nambiar Narayan Narayanan Nayak Pandey Parekh Patel Patil Pillai Prasad Rajan Raman Rao Rastogi Reddy Roy Sahni Saxena
Sen Sethi Shah Sharma Shetty Shukla Singh Sinha Srinivasan Srivastava Subramanian Thakur Tiwari Trivedi Varma Verma
Venkataraman Viswanathan Yadav""".split()
ARABIC_FIRST: Final = """Abdullah Abdulrahman Ahmed Aisha Ali Amal Amina Amir Bilal Dalia Fahad Faisal Farah Fatima Hadi
Hala Hamza Hana Hassan Hussein Ibrahim Iman Jamal Karim Khadija Khaled Khalid Laila Layla Lina Mahmoud Malik Mariam
Mohamed Mohammad Mona Muhammad Mustafa Nadia Nasser Noor Nour Omar Osama Rami Rania Rashid Sami Samira Sara Tariq Yasmin
Yousef Zainab Ziad""".split()
ARABIC_LAST: Final = """Abbas Abdallah Aziz Bakr Darwish Elsayed Farouk Habib Haddad Hamdan Hariri Hassan Hijazi Hussein
Ibrahim Jaber Kassem Khalil Khoury Mahmoud Mansour Masri Mustafa Najjar Nasser Rahman Saad Said Saleh Salem Shaheen
Suleiman Taha Youssef Zaki""".split()
AFRICAN_FIRST: Final = """Abena Abimbola Adaeze Ade Adebayo Akosua Amara Ayodele Babajide Chiamaka Chidi Chinedu Chinwe
Chukwuemeka Damilola Ebele Emeka Femi Folake Ifeoma Ikechukwu Jomo Kofi Kwabena Kwame Lerato Lwazi Makena Mandla Ngozi
Nkechi Nomvula Nyambura Obinna Olumide Oluwaseun Sipho Tendai Thabo Themba Tunde Uchenna Wanjiru Yaw Zanele Zola""".split()
AFRICAN_LAST: Final = """Abiodun Abubakar Achebe Adebayo Adeyemi Afolabi Agyeman Akinola Amadi Asante Banda Bello Boateng
Chukwu Danjuma Dlamini Eze Gebre Haile Kamau Kariuki Khumalo Kimani Mahlangu Mbeki Mensah Moyo Mutasa Mwangi Ndlovu
Nkosi Nwosu Obi Odhiambo Ogunleye Okafor Okeke Okonkwo Okoye Onyango Osei Otieno Owusu Sibanda Tadesse Uzoma
Wambui Zulu""".split()
CHINESE_LAST: Final = """Bai Cai Cao Chen Cheng Cui Deng Ding Du Duan Fan Fang Feng Fu Gao Guo Han He Hong Hou Hu Huang Jia
Jiang Jin Kong Lai Lei Li Liang Liao Lin Liu Long Lu Luo Ma Mao Meng Pan Peng Qian Qin Qiu Ren Shao Shen Shi Song Su Sun
Tan Tang Tao Tian Wan Wang Wei Wen Wu Xia Xiang Xiao Xie Xiong Xu Xue Yan Yang Yao Ye Yin Yu Yuan Zeng Zhang Zhao Zheng
Zhong Zhou Zhu Zou Chan Cheung Chow Kwok Lam Lau Leung Ng Wong Yeung Tsai Hsu""".split()
CHINESE_FIRST: Final = """Bin Bo Chao Chun Dan Fang Fei Gang Guang Hai Hao Hong Hua Hui Jian Jie Jing Jun Kai Kang Lan Lei
Li Liang Lin Ling Long Mei Min Ming Na Ning Peng Ping Qi Qiang Qing Rong Rui Shan Shu Tao Ting Wei Wen Xia Xin Xiu Yan
Yang Yi Ying Yong Yu Yue Yun Zhi Xiaoming Xiaoyan Zhiwei Jiahui Haoran Yuxuan Meiling Weijie""".split()

STREETS: Final = {
    # A number, a street, and what follows: {n} a number, {s} a street's own name, {p} a person's last name.
    "US": (
        "{n} {s} {t}",
        "{n} {d} {s} {t}",
        "{n} {s} {t}, Apt {u}",
        "{n} {s} {t} #{u}",
        "{n} {s} {t}, Suite {u}",
        "{n} {o} {t}",
        "{n} {d}. {o} {t}",
        "{n} {s} {t} Unit {u}",
        "PO Box {n}",
        "P.O. Box {n}",
        "{n} {s} {t} {q}",
        "{n} {p} {t}",
        "{n} County Road {u}",
        "{n} Highway {u}",
        "{n} {s} {t} Apt. {u}{l}",
    ),
    "GB": (
        "{n} {s} {t}",
        "Flat {u}, {n} {s} {t}",
        "{n}{l} {s} {t}",
        "{s} House, {n} {p} {t}",
        "{n} {p} {t}",
        "Unit {u}, {s} Business Park",
        "The Old Rectory, {s} {t}",
        "{n} {s} {t}",
        "{s} Cottage, {p} {t}",
    ),
    "AU": (
        "{n} {s} {t}",
        "Unit {u}/{n} {s} {t}",
        "{u}/{n} {p} {t}",
        "Level {u}, {n} {s} {t}",
        "Lot {n} {s} {t}",
    ),
    "CA": ("{n} {s} {t}", "{u}-{n} {p} {t}", "{n} {s} {t} {q}", "{n} rue {s}", "Apt {u}, {n} {o} {t} {q}"),
    "IN": (
        "No. {n}, {u}th Cross, {s} Nagar",
        "{n}, {p} Road, {s}",
        "Flat No {u}, {p} Apartments, {s} Road",
        "H.No. {n}-{u}, {s} Colony",
        "Plot No. {n}, Sector {u}",
        "{n}/{u} {s} Street",
        "{n} MG Road",
        "House No. {n}, {p} Marg",
        "Door No. {n}, {s} Main Road",
        "C-{n}, {s} Vihar",
        "B-{n}/{u}, {s} Enclave",
        "no {n} {s} street",
        "{n} {u}rd Main, {s} Layout",
    ),
    "DE": (
        "{s}straße {n}",
        "{s}str. {n}",
        "{s}strasse {n}{l}",
        "{p}weg {n}",
        "Am {s} {n}",
        "{s}allee {n}",
        "{p}-{s}-Straße {n}",
        "{s}platz {n}",
        "An der {s} {n}",
        "{s}gasse {n}{l}",
        "{p}straße {n}, {u}. OG",
        "Alte {s}straße {n}-{u}",
    ),
    "FR": (
        "{n} rue {s}",
        "{n}, rue de {s}",
        "{n} avenue {s}",
        "{n} bis boulevard {s}",
        "{n} rue du {s}",
        "{n}, allée des {s}",
        "{n} place {s}",
        "{n} chemin de {s}",
        "{n} rue {f} {p}",
        "{n} impasse des {s}",
        "{n} ter rue {p}, Bât. {l}",
    ),
    "ES": (
        "Calle {s}, {n}",
        "Calle de {s} {n}, {u}º {l}",
        "C/ {s}, {n}",
        "Avda. {s}, {n}",
        "Avenida de {s} {n}",
        "Plaza de {s}, {n}",
        "Paseo de {s} {n}, {u}{l}",
        "Calle {f} {p}, {n}, {u}º {l}",
        "Carrer de {s}, {n}",
        "Ronda de {s} {n}",
        "Travesía {s} {n}, bajo",
        "Camino de {s}, s/n",
        "C. {p} {n}",
    ),
    "IT": (
        "Via {s} {n}",
        "Via {f} {p}, {n}",
        "Piazza {s} {n}",
        "Viale {s}, {n}",
        "Corso {s} {n}",
        "Via dei {s} {n}/{l}",
        "Via {p} {n}, int. {u}",
        "Vicolo {s} {n}",
        "Largo {s}, {n}",
        "Strada {s} {n}",
    ),
    "NL": (
        "{s}straat {n}",
        "{s}laan {n}{l}",
        "{p}weg {n}",
        "{s}gracht {n}-{u}",
        "{s}plein {n}",
        "{s}dijk {n}",
        "{s}kade {n} {l}",
        "Van {p}straat {n}",
        "{s}singel {n}",
        "Oude {s}weg {n} bis",
    ),
    "PL": (
        "ul. {s} {n}",
        "ul. {s} {n}/{u}",
        "ul. {p}ego {n} m. {u}",
        "al. {s} {n}",
        "os. {s} {n}/{u}",
        "pl. {s} {n}",
        "ulica {s} {n}",
        "aleja {s} {n} m {u}",
    ),
}
STREET_NAMES: Final = {
    "US": """Oak Maple Cedar Elm Pine Walnut Washington Lincoln Jefferson Madison Park Lake Hill Sunset Highland Church Main
    River Spring Mill Ridge Meadow Forest Franklin Jackson Chestnut Spruce Birch Cherry Dogwood Magnolia Willow Sycamore
    Hickory Locust Poplar Broadway Center Market Union Liberty Valley View Prospect Pleasant Summit Grove Orchard Fairview
    Lakeview Woodland Brookside Canyon Mesa Vista Hillcrest Riverside Bayview Harbor Ocean Beach Cypress Palm Juniper
    Wilshire Sunnyside Timber Creek Stone Eagle Deer Fox Hunters Heritage Colonial Victory Penstock Cactus Lone Star
    El Camino Rosewood Meadowbrook Shady Glen Arrowhead Cambridge Oxford Windsor Devonshire""".split(),
    "GB": """High Station Church Victoria Albert Queens Kings London Green Manor Park Mill School York Windsor Grange Main
    North West Springfield George Grove Richmond Chester Clarence Cambridge Oxford Stanley Alexandra Woodlands Highfield
    Rosemary Hawthorn Ashfield Beech Elm Chapel Priory Abbey Castle Bridge Market Westgate Fleet Baker Regent Harley
    Cromwell Wellington Nelson Trafalgar Marlborough Dorset Norfolk Argyle Rowan Heather Lavender""".split(),
    "AU": """George Pitt Collins Flinders Bourke Elizabeth Swanston Lonsdale Kent Sussex Victoria Albert Railway Beach
    Ocean Eucalyptus Wattle Banksia Waratah Kookaburra Boundary Anzac Parramatta Hume Murray Darling Coogee Bondi
    Macquarie Phillip Hunter Oxford Crown Acacia Jacaranda""".split(),
    "CA": """King Queen Yonge Bloor Dundas Bay Main Granville Robson Burrard Hastings Portage Jasper Whyte Wellington
    Rideau Bank Elgin Barrington Spadina Bathurst Dufferin Lakeshore Sherbrooke Saint-Denis Laurier Maple Cedar
    Birchmount Eglinton Victoria""".split(),
    "IN": """Gandhi Nehru Anna Ashok Laxmi Shivaji Rajaji Ambedkar Indira Jaya Vasant Karol Lajpat Malviya Saket Rohini
    Adyar Mylapore Kodambakkam Velachery Porur Guindy Koramangala Indiranagar Whitefield Jayanagar Malleshwaram Bandra
    Andheri Dadar Powai Kandivali Thane Gachibowli Madhapur Kukatpally Banjara Jubilee Salt Lake Park Ballygunge Howrah
    Civil Lines Shanti Krishna Ganesh Sai Sri Lake View Temple Station Railway Bazaar""".split(),
    "DE": """Haupt Bahnhof Garten Berg Schul Dorf Wald Linden Kirch Ring Goethe Schiller Mozart Beethoven Bismarck Kaiser
    König Mühlen Wiesen Rosen Tannen Birken Eichen Buchen Ahorn Feld Bach Brunnen Markt Post Industrie Friedrich Wilhelm
    Luisen Karl Park See Rhein Elb Isar Neckar Hamburger Berliner Münchner Leipziger Frankfurter""".split(),
    "FR": """Victor-Hugo République Liberté Gambetta Pasteur Jean-Jaurès Gare Église Moulin Voltaire Verdun Foch Leclerc
    Lilas Roses Tilleuls Marronniers Acacias Mairie Château Fontaine Rivoli Montmartre Haussmann Saint-Michel
    Saint-Germain Lafayette Molière Racine Mozart Paix Soleil Prés Vignes Écoles Commerce""".split(),
    "ES": """Mayor Alcalá Serrano Goya Velázquez Cervantes Colón Constitución Real Sol Luna Gran Vía Aragón Valencia
    Mallorca Provença Balmes Castellana Recoletos Prado Toledo Sevilla Granada Zaragoza Nueva Iglesia Fuente Olivo Rosales
    Pizarro Cortés Machado Lorca Goles Lavapiés Andalucía Extremadura Galicia""".split(),
    "IT": """Roma Garibaldi Mazzini Dante Verdi Cavour Marconi Matteotti Milano Torino Venezia Napoli Firenze Manzoni
    Leopardi Petrarca Galilei Volta Colombo Vespucci Diaz Gramsci Nazionale Libertà Indipendenza Vittoria Fiori Mille
    Cappuccini Tigli Europa Kennedy""".split(),
    "NL": """Kerk School Dorps Molen Stations Juliana Wilhelmina Beatrix Oranje Nassau Prins Prinsen Keizers Heren Linden
    Eiken Beuken Kastanje Rozen Tulpen Markt Haven Water Berg Duin Zee Vondel Rembrandt Rubens Vermeer""".split(),
    "PL": """Polna Leśna Słoneczna Krótka Szkolna Ogrodowa Lipowa Brzozowa Łąkowa Kwiatowa Kościelna Sosnowa Zielona Parkowa
    Akacjowa Kolejowa Długa Nowa Mickiewicza Słowackiego Sienkiewicza Kościuszki Piłsudskiego Marszałkowska
    Jerozolimskie Wolności Grunwaldzka Krakowska Warszawska Poznańska""".split(),
}
STREET_TYPES: Final = {
    "US": "Street St Avenue Ave Road Rd Drive Dr Lane Ln Boulevard Blvd Court Ct Place Pl Way Circle Cir Terrace Trail "
    "Parkway Pkwy Highway Loop St. Ave. Rd. Dr. Blvd. Square Plaza".split(),
    "GB": "Street Road Lane Avenue Close Drive Way Gardens Terrace Crescent Place Grove Mews Hill Court Square Rd St "
    "Row Rise Walk".split(),
    "AU": "Street Road Avenue Drive Lane Parade Crescent Terrace Place St Rd Ave Highway Esplanade Court Cct".split(),
    "CA": "Street Avenue Road Drive Boulevard Crescent Lane St Ave Rd Way Court Blvd Trail".split(),
}
CITIES: Final = {
    "US": """New York;Los Angeles;Chicago;Houston;Phoenix;Philadelphia;San Antonio;San Diego;Dallas;San Jose;Austin;
    Jacksonville;Columbus;Charlotte;Indianapolis;Seattle;Denver;Boston;Nashville;Detroit;Portland;Memphis;Louisville;
    Baltimore;Milwaukee;Albuquerque;Tucson;Fresno;Sacramento;Mesa;Atlanta;Omaha;Raleigh;Miami;Oakland;Minneapolis;Tulsa;
    Tampa;Arlington;New Orleans;Wichita;Cleveland;Bakersfield;Aurora;Anaheim;Honolulu;Santa Ana;Riverside;Corpus Christi;
    Lexington;Stockton;Saint Paul;St. Louis;Cincinnati;Pittsburgh;Greensboro;Anchorage;Plano;Lincoln;Orlando;Irvine;
    Newark;Toledo;Durham;Chula Vista;Fort Wayne;Jersey City;Laredo;Madison;Lubbock;Scottsdale;Reno;Buffalo;Gilbert;Boise;
    Richmond;Baton Rouge;Des Moines;Spokane;Little Rock;Salt Lake City;Sioux Falls;Grand Rapids;Fargo;Charleston;
    Savannah;Mankato;Sylvania;Ann Arbor;Boulder;Santa Fe;Burlington;Concord;Dover;Albany;Topeka;Duluth;Peoria""",
    "GB": """London;Birmingham;Manchester;Leeds;Glasgow;Sheffield;Bradford;Liverpool;Edinburgh;Bristol;Cardiff;Belfast;
    Leicester;Coventry;Nottingham;Newcastle upon Tyne;Sunderland;Brighton;Hull;Plymouth;Wolverhampton;Stoke-on-Trent;
    Derby;Swansea;Southampton;Aberdeen;Portsmouth;York;Oxford;Cambridge;Dundee;Exeter;Norwich;Bath;Chester;Gloucester;
    Milton Keynes;Reading;Luton;Bolton;Bournemouth;Swindon;Ipswich;Preston;Inverness;Slough;Watford;Guildford""",
    "AU": """Sydney;Melbourne;Brisbane;Perth;Adelaide;Hobart;Darwin;Canberra;Gold Coast;Newcastle;Wollongong;Geelong;
    Townsville;Cairns;Toowoomba;Ballarat;Bendigo;Launceston;Parramatta;Fremantle;Penrith""",
    "CA": """Toronto;Montreal;Vancouver;Calgary;Edmonton;Ottawa;Winnipeg;Quebec City;Hamilton;Kitchener;Halifax;Victoria;
    Windsor;Saskatoon;Regina;Mississauga;Brampton;Surrey;Laval;Burnaby;Kelowna;Kingston;Gatineau;St. John's""",
    "IN": """Mumbai;Delhi;New Delhi;Bangalore;Bengaluru;Hyderabad;Chennai;Kolkata;Pune;Ahmedabad;Jaipur;Lucknow;Kanpur;
    Nagpur;Indore;Bhopal;Visakhapatnam;Patna;Vadodara;Ludhiana;Agra;Nashik;Rajkot;Varanasi;Srinagar;Amritsar;Allahabad;
    Ranchi;Coimbatore;Madurai;Kochi;Mysore;Goa;Guwahati;Chandigarh;Thiruvananthapuram;Salem;Trichy;Noida;Gurgaon;Vellore""",
    "DE": """Berlin;Hamburg;München;Köln;Frankfurt am Main;Stuttgart;Düsseldorf;Leipzig;Dortmund;Essen;Bremen;Dresden;
    Hannover;Nürnberg;Duisburg;Bochum;Wuppertal;Bielefeld;Bonn;Münster;Karlsruhe;Mannheim;Augsburg;Wiesbaden;
    Mönchengladbach;Aachen;Kiel;Freiburg;Lübeck;Erfurt;Rostock;Mainz;Kassel;Saarbrücken;Potsdam;Regensburg;Würzburg;Ulm;
    Heidelberg;Göttingen;Jena;Munich;Cologne;Nuremberg""",
    "FR": """Paris;Marseille;Lyon;Toulouse;Nice;Nantes;Montpellier;Strasbourg;Bordeaux;Lille;Rennes;Reims;Toulon;
    Saint-Étienne;Le Havre;Grenoble;Dijon;Angers;Nîmes;Clermont-Ferrand;Brest;Tours;Amiens;Limoges;Annecy;Perpignan;Metz;
    Besançon;Orléans;Rouen;Mulhouse;Caen;Nancy;Avignon;Poitiers;Versailles;La Rochelle;Pau""",
    "ES": """Madrid;Barcelona;Valencia;Sevilla;Zaragoza;Málaga;Murcia;Palma;Bilbao;Alicante;Córdoba;Valladolid;Vigo;Gijón;
    Granada;A Coruña;Vitoria;Elche;Oviedo;Cartagena;Jerez de la Frontera;Pamplona;Almería;San Sebastián;Burgos;Santander;
    Salamanca;Albacete;Logroño;Badajoz;Huelva;Lleida;Tarragona;León;Cádiz;Jaén;Toledo;Seville""",
    "IT": """Roma;Milano;Napoli;Torino;Palermo;Genova;Bologna;Firenze;Bari;Catania;Venezia;Verona;Messina;Padova;Trieste;
    Brescia;Parma;Modena;Reggio Calabria;Perugia;Livorno;Ravenna;Cagliari;Foggia;Rimini;Salerno;Ferrara;Siracusa;
    Bergamo;Trento;Pisa;Lecce;Rome;Milan;Naples;Turin;Florence;Venice""",
    "NL": """Amsterdam;Rotterdam;Den Haag;Utrecht;Eindhoven;Tilburg;Groningen;Almere;Breda;Nijmegen;Enschede;Haarlem;
    Arnhem;Zaanstad;Amersfoort;Apeldoorn;'s-Hertogenbosch;Hoofddorp;Maastricht;Leiden;Dordrecht;Zoetermeer;Zwolle;Delft;
    Leeuwarden;Alkmaar;Hilversum;Gouda;The Hague""",
    "PL": """Warszawa;Kraków;Łódź;Wrocław;Poznań;Gdańsk;Szczecin;Bydgoszcz;Lublin;Katowice;Białystok;Gdynia;Częstochowa;
    Radom;Sosnowiec;Toruń;Kielce;Rzeszów;Gliwice;Zabrze;Olsztyn;Bielsko-Biała;Zielona Góra;Opole;Gorzów Wielkopolski;
    Warsaw;Krakow""",
    "WORLD": """Tokyo;Osaka;Kyoto;Beijing;Shanghai;Hong Kong;Singapore;Seoul;Bangkok;Jakarta;Manila;Hanoi;Kuala Lumpur;
    Dubai;Abu Dhabi;Riyadh;Jeddah;Doha;Cairo;Alexandria;Istanbul;Ankara;Tehran;Baghdad;Beirut;Amman;Tel Aviv;Jerusalem;
    Lagos;Abuja;Nairobi;Accra;Johannesburg;Cape Town;Durban;Casablanca;Tunis;Algiers;Addis Ababa;Kampala;Moscow;
    St. Petersburg;Kyiv;Minsk;Prague;Vienna;Budapest;Bucharest;Sofia;Athens;Belgrade;Zagreb;Ljubljana;Lisbon;Porto;
    Dublin;Cork;Brussels;Antwerp;Zurich;Geneva;Bern;Oslo;Bergen;Stockholm;Gothenburg;Copenhagen;Helsinki;Reykjavik;
    Tallinn;Riga;Vilnius;Mexico City;Guadalajara;Monterrey;Bogotá;Medellín;Lima;Santiago;Buenos Aires;Montevideo;
    São Paulo;Rio de Janeiro;Brasília;Caracas;Quito;Havana;Karachi;Lahore;Islamabad;Dhaka;Colombo;Kathmandu;Auckland;
    Wellington;Christchurch;Suva""",
}
COUNTRIES: Final = """United States;USA;U.S.;United Kingdom;UK;England;Scotland;Wales;Ireland;Germany;France;Spain;Italy;
Netherlands;Poland;India;Australia;Canada;New Zealand;Mexico;Brazil;Argentina;Chile;Colombia;Peru;China;Japan;South Korea;
Vietnam;Thailand;Indonesia;Malaysia;Philippines;Pakistan;Bangladesh;Nepal;Sri Lanka;Turkey;Egypt;Morocco;Nigeria;Kenya;
Ghana;South Africa;Ethiopia;Israel;Saudi Arabia;Iran;Iraq;Russia;Ukraine;Sweden;Norway;Denmark;Finland;Iceland;Portugal;
Greece;Austria;Switzerland;Belgium;Czech Republic;Hungary;Romania;Bulgaria;Croatia;Serbia;Deutschland;España;Italia;
Polska;Nederland;Österreich;Suisse;Taiwan;Palestine;Congo;Uganda;Qatar;Kuwait;Jordan;Lebanon;Syria;Afghanistan"""
US_STATES: Final = """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND
OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY""".split()
US_STATE_NAMES: Final = """Alabama;Alaska;Arizona;Arkansas;California;Colorado;Connecticut;Delaware;Florida;Georgia;Hawaii;
Idaho;Illinois;Indiana;Iowa;Kansas;Kentucky;Louisiana;Maine;Maryland;Massachusetts;Michigan;Minnesota;Mississippi;
Missouri;Montana;Nebraska;Nevada;New Hampshire;New Jersey;New Mexico;New York;North Carolina;North Dakota;Ohio;Oklahoma;
Oregon;Pennsylvania;Rhode Island;South Carolina;South Dakota;Tennessee;Texas;Utah;Vermont;Virginia;Washington;
West Virginia;Wisconsin;Wyoming"""
NATIONALITIES: Final = """American British English Scottish Irish German French Spanish Italian Dutch Polish Indian
Australian Canadian Mexican Brazilian Chinese Japanese Korean Turkish Russian Ukrainian Swedish Norwegian Danish Greek
Portuguese Egyptian Nigerian Kenyan Israeli Iranian Muslim Christian Jewish Catholic Hindu Buddhist Republican
Democrat""".split()
COMPANY_WORDS: Final = """Northwind Contoso Fabrikam Globex Initech Umbra Vertex Apex Summit Pioneer Horizon Bluewater
Redwood Silverline Granite Beacon Harbor Keystone Lighthouse Evergreen Cascade Atlas Orion Nova Quantum Stellar Meridian
Crescent Falcon Pinnacle Sterling Cobalt Zenith Acme Wayne Stark Hooli Aperture Tyrell Cyberdyne Oceanic Sunrise Nimbus
Brightside Fairfield Kingsway Eastgate Metro National Continental Pacific Atlantic Midwest""".split()
COMPANY_KINDS: Final = """Inc;Inc.;LLC;Ltd;Ltd.;GmbH;AG;S.A.;S.L.;Corp;Corp.;Corporation;Group;Holdings;Partners;
Solutions;Systems;Technologies;Logistics;Bank;Insurance;Airlines;Energy;Foods;Media;Software;Consulting;Pharma;Motors;
& Sons;& Co.;Industries;Telecom;Medical Center;University;Hospital;Foundation;Credit Union;Clinic;High School"""
KNOWN_COMPANIES: Final = """Google;Microsoft;Apple;Amazon;Facebook;Twitter;Samsung;Sony;IBM;Intel;Oracle;Cisco;Dell;HP;
Netflix;Spotify;Uber;PayPal;Visa;Mastercard;Starbucks;McDonald's;Walmart;Target;Costco;Tesla;Ford;Toyota;Honda;BMW;Nike;
Adidas;Coca-Cola;Pepsi;UPS;FedEx;DHL;Verizon;AT&T;T-Mobile;Vodafone;Comcast;Chase;Wells Fargo;Bank of America;Citibank;
HSBC;Barclays;Lloyds;Delta;United Airlines;Lufthansa;Ryanair;Siemens;SAP;Bosch;Infosys;Tata;Reliance;NHS;NASA;FBI;IRS;
BBC;CNN;Salesforce;Zendesk;Slack;Zoom;Shopify;Stripe;Adobe;Airbnb;Expedia;Marriott;Hilton"""
COMMON_THINGS: Final = """Mocha;Latte;Gmail;Outlook;Windows 11;iPhone 14;Galaxy S22;Kindle;Surface Pro;Chrome;Firefox;Safari;
Photoshop;Excel;PowerPoint;Android 13;iOS 17;PlayStation 5;Xbox;Bluetooth;Wi-Fi;Premium plan;Gold membership;Pro plan;
Starter bundle;Checkout;Dashboard;Home screen;Settings;Invoice;Refund;Order;Shipment;Warranty;Router;Modem;Firmware;
Help Center;Customer Success;Support Engineer;Account Manager;Team Lead;
Sales Rep;Tier 2;Level 3;Caramel Macchiato;Frappuccino;Margherita;Caesar salad;Smart Hub;Echo Dot;MacBook Pro;AirPods;
Galaxy Buds;Model X;Civic;Corolla;Mustang;Swift;Rose Gold;Space Grey;Large;Medium;Grande;Venti;Americano;Cappuccino;
OAuth;JSON;REST API;SSL;VPN;HDMI;USB-C;Java;Python;Ruby;Docker;Jenkins;Kafka;Redis;Postgres;Oracle DB;Jira;Ticket;
Priority;Escalation;Subject;Regards;Hello;Dear Customer;Team;Sir;Madam;Hi there;Thank you"""
PASSWORD_WORDS: Final = """sunshine dragon tiger summer winter coffee shadow monkey rainbow falcon biscuit pepper silver
thunder orange banana london secret welcome football purple cookie""".split()
MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)
MONTHS_SHORT: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec".split()
WEEKDAYS: Final = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun".split()
)
MONTHS_OTHER: Final = {
    "DE": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "ES": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "FR": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "IT": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "NL": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "PL": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split(),
}


def listed(text: str) -> list[str]:
    """The items of a list that is separated by semicolons."""
    return [item.strip() for item in text.replace("\n", " ").split(";") if item.strip()]
