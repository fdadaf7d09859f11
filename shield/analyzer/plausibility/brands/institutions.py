"""Banks, telephone companies, carriers, authorities and others that serve the public, in lower case.

None is a usual first or last name, an English word or a place, as far as is known.
"""

# ruff: noqa: SIM905  tables of words read best as prose
from __future__ import annotations

from typing import Final

INSTITUTIONS: Final = frozenset(
    """
    aadhaar aami aave abanca abchina abcnews abelandcole abelcole abhibus abnamro absa absaghana abscbn acas
    accc accenture accessbank accor achmea acko acma actfibernet actiris activobank adcb addc addisonlee
    adeslas adse aeat aedc aegon aeonbank aerlingus aeroflot aerolineas aerologic aeromexico aetna afca afip
    afirme aflac afore afpa africanbank afrihost aftenposten afterpay aftonbladet agcom agibank agip agirc
    agoda agribank ahamo ahpra aigües aiims airarabia airasia airbaltic airbank airblue airbnb airbusan
    aircanada aireuropa airfrance airindia airmauritius airmee airnz airpeace airselangor airseychelles
    airswift airtanzania airtasker airtel airtelkenya airteltigo airtours airtransat airtricity akbank
    alarabiya alditalk algorand alinma alintaenergy alior aliorbank alitalia aljazeera allianz allstate
    almosafer alorica alpiq alptis altcointrader altinn amaysim amazonfresh amazonprime ambank ambetter
    ameritrade amex amtrak anadolujet anah anatel andaz andelenergi aneel anganwadi angelbroking angieslist
    anglianwater animalfriends anpost anteraja anvisa anwb apahotel apcoa apec apobank appcoa applecare
    aqualia aramark aramex araskargo arbeitsamt argenprop argenta arikair arrco arriva asdamobile asky
    asnbank asurion atac atar atco atombank atos atupri aurigny ausgrid auspost austrac avanzabus avax avelo
    avianca aviva avlo avvillas axa axabank axabanque axahealth axiata axisbank axpo axxess ayedas ayushman
    azulbr badgercare bafin bafoeg bafög bahncard bamf banamex bancobpm bancodebogota bancodobrasil
    bancoestado bancomer bancoppel bangkokbank banglalink bankalfalah bankbazaar bankia bankid bankinter
    bankislam bankmandiri bankmuscat bankofamerica bankofbaroda bankrakyat bankwest bankzero banorte banrisul
    banyantree barclays barmenia batelco batikair bawag bbox bbva bbvabancomer bbvacolombia bcge bchydro
    bedaş beis belairdirect belavia belfius belgacom bellmts bendigobank benenden berkeleyu berlingske bescom
    bestwestern bezrealitky bharti bicimad bidv biglobe binance bisp bitbuy bitcoin bitfinex bitflyer bitget
    bithumb bitpanda bitpay bitso bitspilani bitstamp bitvavo biznet bizum blablabus blablacar blik
    blockchain blockfi blueair blueapron bluecross bluedart blueex blueislands blusmart bnetza bnpparibas
    bofrost bogazici boligportal bonza boostmobile bordgais bordgáis boursobank boursorama bouygues boğaziçi
    bpay bpce bper bpjs braathens bradesco bradescosaude brasilprev bringmeister britam britishgas bses bsnl
    btcmarkets btgpactual btopenworld budbee buddybank budgetdirect budgetenergie bunq bupa bupaarabia
    bupacare busd buseireann butlins buzzfeed bybit bykea bürgeramt cabify cablevision cafcass cainiao caixa
    caixabank caixageral calbank calfresh caltech cams canadapost canalisabel canarabank canpar canpost
    canterburyu capgemini capitalone capitec careinsurance carsat cathay cathaypacific cbre cbsa cbse cbus
    ccma ccna cdsl cebgo cebupacific celcom celcomdigi cellc celpip cembra centene centerparcs centerpoint
    centrelink centurylink cercanías cfpb cghs chainlink charliecard cheapoair checkatrade ched chemdry
    chinabank chinaeastern chinamobile chinasouthern chinatelecom chinaunicom chronopost cibc cibil cica
    cigna cimb cimbniaga cipc cipd citibanamex citibank citibike citic citilink citizenm citizensbank
    cityandguilds cjib cjlogistics clearscore cleartrip clubmed cmscheme cnav cnesst cnic cnil cnmv cnpj
    codensa cogeco cognizant coinbase coincheck coindcx coingecko coinjar coinmarketcap coinone coinspot
    coinswitch colissimo collectplus colpatria colpensiones comcast comdirect comelec comfortinn comgas
    commbank commerzbank commonfloor communauto comptia comreg comviq concentrix conduent condusef coned
    conedison confirmtkt congstar conneqt connexxion consorsbank convergeict convergys coopbank coopvoce
    copaair correos cosmosdirekt couchsurfing courierguy cowrywise coxcable cpam cput creditmutuel
    creditreform creditsuisse crelan crowneplaza cryptocom csob csst cssz ctps cuil cuit cvut cyfrowypolsat
    czgroep dagbladet dailymaverick danaair danskebank davivienda dawnwing daysinn dbs dbschenker debeka
    defra degiro dekra delhivery delijn deliveroo deloitte denizbank deped desnz deutschebahn deutschebank
    deutschepost devk dgccrf dgfip dgft dhsc digid digilocker digitalpost dinnerly directenergy directline
    dkvseguros dlsu docomo dogecoin doordash doubletree dpdlocal drillisch drivenow drivezy drivy dswd dtac
    dtdc dteenergy dublinbus dvani dvla dvsa dwp dynorod earnin easemytrip easybank easyjet easypost echs
    ecitizen ecobank ecoes ecomexpress econolodge ecotricity edenor edesur edevlet edexcel edfenergy edreams
    eduqas eeoc efcc eftpos egyptair eir eircom ejari ekart ekedc ekwateur eletropaulo ellevio elmundo elpais
    elstam eltiempo embassysuites emcali emiratesnbd enbridge enbw endesa eneco enedis eneo energa enexis
    enmax enpara entergy eokul epal epcor epec epfl epfo epita eprimo epuap eqbank equifax equitybank ergo
    ergodirekt esade escp eskom essalud essec estadao estv estyn esurance esure ethereum etherscan ethias
    ethiopianair etihad etisalat etoro etrade eurail eurocamp eurojust europarcs europarks europol eurostar
    eurostat eurowings euskaltel eusse evaair everyplate evobank ewetel excitel exetel exlservice expedia
    experian experis expressen extendedstay extendicare ezlink fabhotels fafsa faiba fairmoney falabellabank
    familienkasse familybank fastway fastweb faysalbank fbto fcmb fcul fdic federalbank fedex fema ferpa
    fertagus fesco fetchr fgts fhnw fibertel fidelitybank fifththird filecoin finansbank finanzamt
    finanzonline finanças fincaraiz fineco finecobank finetwork finnair finra fintonic fiobank firstbank
    firstbus firstchoice firstdirect firstenergy firstmedia firstsource fjordkraft flashexpress flatex
    flexcar flixbus flixtrain flogas fluvius flyadeal flybe flybondi flydubai flynas flysafair fnb folksam
    fonacot foodora foodpanda fortisbc fortum fortuneo fotocasa foundever franceconnect francetravail
    frecciarossa freebox freenow freetrade freshdirect frsc fscs fssai fuliza fullrate garantibbva garda
    gardai gardaí gateio gautrain gcash gddkia gdex geeksquad geico generali genpact geodis germanwings
    getaround getir getyourguide giffgaff gigl giki gjensidige glovo glovoapp goahead goair gocompare godigit
    goethez gofirst goibibo goindigo gokada goldcar googlefi gopuff gosi gotransit gotyme gousto govbr
    govoyages grameenphone graphiconline grdf greateastern greatnorthern greenchoice greyhound groupama groww
    grubhub gsis gstin gtbank gulfair gulfnews habitaclia hacettepe hafslund hailo hainanair halbtax halebop
    halifax halkbank hanabank handelsbanken handelsblatt hanjin hapvida hawaiianair hcltech hcone hcpc hdfc
    hdfcbank hdfclife hdmf hecs heetch helb helloasso hellobank hellofresh helpling helsana hemnet hexaware
    heyah hipaa hipages hipercard hiqa hiyacar hkexpress hmcts hmda hmlr hmpps hmrc holaluz holidayinn
    homeadvisor homeaway homechef homegate homeserve homobile hongleong hoseasons hostelbookers hostelworld
    hostplus hsbc hsbcmx hscni huffpost hughesnet hukcoburg hungryhouse huobi hydroone hydroottawa
    hydroquebec hyperoptic hyundai iarnród ibercaja iberdrola iberia iberostar ibge ibis ibomair icaew icai
    icasa icbc icelandair icetex icici icicibank idealista idfc idfcfirst idmobile idnes iebc iefp iesco
    ifood igdas ignou iinet iitb ikedc illimity iltalehti iltasanomat imaginbank immoscout immoweb immowelt
    imserso imss inail inbursa indahwater indiapost indihome indodax indosat indrive indusind inec infonacot
    infonavit infosys ingaustralia ingbank ingdiba ingdirect innogy inoui inpost inps insee inseec inss
    instabox instacart intercape internode interpolis interrail intesa investec ipnx iproperty iqama iras
    ircc irctc irdai irishrail irishwater isbank iscte isilines iskur islandsbanki issste istanbulkart
    italotreno itau itaucorpbanca itesm itil itsme iupui ivstelle ixigo iğdaş işbank işkur jambojet japanpost
    jazztel jemena jetblue jetconnect jetsmart jetstar jinair jio jiofiber jkuat jlpt jntexpress jobcenter
    joburgwater jsbank jurys justdial justeat justeats justtrade jyskebank kaist kakaobank kamernet kancare
    kapten karvy kasikorn kaust kbank kbkookmin kcom kddi kelectric kellyservices kemdikbud kemenkes
    kenyapower keolis kepco kerryexpress kesb keybank kfupm khaleej kingprice kiwibank kiwisaver kkday
    klarmobil klarna klarnabank klesia klook knec knightfrank knust komercni konfio koodo kookmin koreanair
    kplc kpmg krungthai kruszgoc ktcorp kucoin kuda kueski kuleuven kutxabank kuwaitairways kwsp ladwp
    lalamove lamudi lanacion landbank laposte laquinta lasership lasg latam lautech lavanguardia ldap
    lefigaro lemonde lemontree leoexpress lguplus lhdn liander lidlconnect lieferando lineadirecta linemo
    lionair lirs litecoin livebox ljmu lner localbitcoins loganair logicimmo lotpolish loveholidays ltahaw
    ltfrb ltimindtree luas lufthansa luiss lums lvinsurance lycamobile lyft lånekassen maaf macif macquarie
    magicbricks mahindra maif makemytrip malakoff malaysiakini malindo mandp manilawater manulife manypets
    mapfre marleyspoon mashreq masmovil masscare masshealth mastercard maswings matkahuolto matmut maybank
    maynilad mbank mbta mdph mediacom mediacorp medibank medicaid medicare medigap mediolanum medisave
    medishield megabus megacable megatrain menulog menzis mepco meralco meridiana merseyrail metamask metlife
    metrobank metrobüs metrocard metrocuadrado metrogas metrolinx metropcs metu mgallery mgen mhra
    michaelpage microtel migri mijnoverheid milkandmore millenniumbcp mindfulchef mindtree mintmobile mitid
    mivb miway mnet mnrega mobifone mobilevikings mobiliar mobily mobitel moey momondo mondialrelay monero
    monetabank moneylion moniepoint monotributo monzo monzoplus moonpay morethan movistar mphasis mrdfood
    msedcl mshwari mtbank mtn mtngh mtnl mtnng mudad mufg muqeem musement mutualité mweb mybuilder myciti
    mygov mygovid myhammer myhermes myki mynumber mysejahtera mytaxi nacex nafdac naqel nasa nasuwt
    nationalrail natixis naturgy natwales natwest navigo navyfederal nayatel nbnco nbpower ncba ncell ncfe
    ndia ndis ndsu ndtv nedbank nemid nenkin neofinancial nepalairlines nepaltelecom netcologne newday
    newshub nexo nextbike nextel nhhotels nhif nhis nhsbsa nhsx nhtsa nicehash nicop nimc nimhans ninjavan
    nipsco nissan nist niti nivabupa nlrb nmbs noaa nobroker noddle nokair nonghyup noonfood nordea norisbank
    norlys norwegian notredame novobanco novotel npower nppes npwp nrega nrma nsai nsdl nsfas nspcc nssf ntnu
    ntsa ntsb nttdocomo ntucincome nubank nuig numericable nvenergy nykredit nysc nzcouriers nzpost nzta
    nürnberger o2 ocbc octopusenergy octranspo oddbox odido odsp odtu oebb oegk ofcom ofgem ofqual ofrs
    ofsted ofwat ohip ohra oireachtas okex olacabs oldmutual olympicair omanair oncor onpe onss onthebeach
    onthemarket ontrac onurair ooredoo opay openbank openreach openrent opensea openserve opodo optum optumrx
    optus oranga orangebank orbitz originenergy osha ossz osuuspankki otodom ouigo outsurance ovchipkaart
    ovoenergy owwa oxbridge oxfam oyo packeta packstation paczkomat paczkomaty pagibig paisabazaar palmpay
    pancakeswap pancard paradores pararius parcelforce parcelmonkey parkinn parkplaza partena pasmo paspor
    paxful paymaya paytm pcso pdam peachcare peapod pedidosya pegipegi pekao pencom penfed peoplesgas
    pepephone perkeso permatabank pertamina pertemps pesel petplan pgnig phcn philhealth phonepe piggyvest
    pkobp playair playpl pldt pncbank poea poleemploi policybazaar polimi politico politiken polkadot
    polregio popia portoseguro posb poslaju posmalaysia postbank postech postemobile postfinance postmates
    postnet postnl postnord precisionair premierinn prepaypower pressreader priceline primerica prixtel
    procon profeco propertyguru propertypal propertypro proximus pseg psni ptcl ptptn publicbank publicmobile
    purolator purplebricks putco pyszne pyur qantas qatarairways qbuzz qmul qpark qsuper qualityinn questrade
    quickline quidax quintoandar rabobank racq racv radisson raiffeisen railyatri rakbank rakutenbank
    rakutenmobile ramdoss ramq randstad rapidkl rappi ratedpeople ratesetter ratp razorpay rblbank rcbc rcgp
    rcmp recordgo redbus redbysfr redenergy redfin redroof regiojet rejsekort relaiscolis renfe reniec
    rentokil repsol resona resp reuters revolut rightmove ritzcarlton rivm riyadbank rmit rnli robinhood
    rodalies royalmail rrsp rspb rspca rupay rwandair rwth ryanair saaq sabesp safair safaricom safcom safeco
    salamair samsungcare sanepar sanlam santander santanderbank saps saskpower sasktel sassa satm saxobank
    sbanken sbi sbishinsei sbiyono schufa sciencespo scotiabank scotrail scottishpower sdge seabank secp
    secretescapes securitybank seloger sendbox sendcloud sendle sepa septa serafe servicecanada servicemaster
    servicesnsw seur severntrent sewa sfexpress shadowfax shakepay shangrila sharekhan sharenow sharesies
    shawcable shellenergy sheraton shib shibainu shinhan shinhancard shippo shipstation shipt siae sibelga
    siblu sicepat sicoob sicredi signaliduna silkair siminn simpel simplii simplyhealth simyo singpass
    singpost singtel siret sirofibre sisben sitel skandiabanken skatteetaten skatteverket skillsfuture
    skipthedishes skoda sktelecom skyairline skycable skymobile skynews skyscanner skånetrafiken smartfren
    smartrider smartrip smartwings smbc smsa snappfood sncb sncf sngpl snsbank soas socalgas socgen socso
    sodexo sofitel softbank sogecap soonercare sorgenia soylent spardabank spareroom sparkasse spectranet
    speedpost spgroup spicejet squaretrade sreality srilankan ssdi ssgc ssnit sspn sssc stadtwerke stanbic
    stanbicibtc standesamt starflyer starhealth starhub starlink starlux startek startrack statefarm
    staybridge stedin stib stiko stormfiber straighttalk straitstimes streeteasy stromio studylink stuffnz
    suddenlink sulamerica sulekha sunat suncorp suncountry sunexpress sunlife sunsuper suntrust sunwing suny
    superonline surfline sushiswap sutd swica swiftair swisscard swisscom swisslife swisspass swyftx sydbank
    syma sympany synchrony tafe tagalog tajhotels talkmobile talkmore talktalk tanf tangerine taoiseach
    tapair targobank tasheel taskrabbit taskus tatapower tauron tawakkalna tawuniya tcdd tdameritrade tdbank
    techcombank techmahindra tecmilenio teksavvy telcel telecentro telefonica telegraaf telekom telenet
    telenetbe telenor teletalk telia telkom telkommobile telkomsel telmore telstra telus tenncare tepco
    terminix tescomobile tesda testdaf tezos tfgm tfsa tfwm tgss thaiairways thailandpost thalys thameslink
    thameswater thetrainpal thisday threeuk thuisbezorgd tiaa tibber tigerair tigo tmobile tmobilecz tmoney
    tneb toeic togaf tokocrypto toogood topik toronthydro torrentpower tossbank totaldirect totalenergies
    totalplay toyokoinn toyota tpas tracfone traderepublic traficom trai trainline transavia transcom
    transilien translink translux transunion travelocity travelodge traveloka travelzoo treebo trenitalia
    trenord trezor tricare triodos trivago truemove truist trulia trustatrader trustpower trustwallet
    tsaprecheck tsinghua ttec ttnet tudelft tudublin tueindhoven tuenti tuifly tuiuk tuks tunetalk turkcell
    turktelekom tuwien tway txuenergy tymebank tánaiste uade ualberta ubank uber uberdirect ubereats ucalgary
    ucas ucberkeley ucla uclan uconn ucsb ucsd ucsf udbetaling uets ufmg ufone ufrj ugent uhasselt uidai uif
    uitm uiuc ukhsa ukmail ukpn ukri ukvi ukzn ulaval ulez ulsterbank umass umich umobile unam undip uned
    unesco unesp unhcr unicaja unicamp unicef unicredit unige unil unilag unimed unimelb unionbankph unipol
    unipolsai uniqa unisuper uniswap unitymedia unlp unlv unsw uob uoft uokik uonbi uottawa upbit uplus
    upstox uqam urbanclap urbancompany urssaf usaa usaains usaid usbangla usbank uscellular uscis usda usdaw
    usdc usdt usps uswitch usyd utair utexas utilita uvic vakifbank valr vanguardngr vanquis
    vattenfall vaudoise vdab vechain veco velib venmo veolia verizon verti viarail viasat vicroads videotron
    vietcombank viettel viettelpost vinaphone virginmedia virginmobile virginmoney viseca vistara vitens
    vivaaerobus vivaair vivareal vodacom vodafone vodafonecz vodafonegh vodafoneidea vodafonekabel vodafonetr
    vodafonezip voegol volaris volksbank volkskrant volvo vonovia voterid voxi vpbank vrbo vueling vumatel
    vélib waec wapda waternet wazirx wealthfront wealthsimple webafrica webhelp webull wellcare wellsfargo
    wemabank westbahn westjet westpac wework wggesucht wideroe widerøe wienenergie wikihow wikimedia
    wikipedia wiktionary windtre winsim wipro wizzair wjec wmata wolt wooribank worldlink wowair wsib
    wyborcza xcel xcelenergy xfinity xlaxiata xpressbees yanwen yapikredi yesbank yesss yetiair ymobile yoigo
    yorku youfone youi yousee yucho yunexpress yurtici yurtiçi zapimoveis zasilkovna zatca zcash zebpay
    zeenews zeleris zenithbank zerodha zhaw ziekenfonds zillow zilverenkruis zinio zipcar ziraatbank zonaprop
    zoomcar zoopla zopa zostel zásilkovna čsob čssz škoda
    """.split()
)
