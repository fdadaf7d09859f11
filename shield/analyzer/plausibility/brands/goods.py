"""Makers of goods, shops and their lines, in lower case.

None is a usual first or last name, an English word or a place, as far as is known.
"""

# ruff: noqa: SIM905  tables of words read best as prose
from __future__ import annotations

from typing import Final

GOODS: Final = frozenset(
    """
    abbvie aboutyou abrysvo accuchek acehardware acer ackermans aclass actimel acura acuvue adacel adaptil
    adidas advanceauto aeon aeonbig aerochamber aeropostale aeropress ahlens ahorramas airpods airsense
    airtag airtags airwick airwrap ajio albertheijn albertsons alcampo alcatel aldawaa aldi alexas alfamart
    alfatah alibaba alienware aliexpress alkaram alkosto allegro allensolly allsaints almay almdudler alpecin
    alphablocks alpro alpura altima altoids amaretto amarok amazfit ambilight ambipur americanas amgen
    amstrad amul amway andrex angelcare anycubic aperol apollinaris apoteket applaws applebees applegreen
    aprilia aptamil aqara aquafresh aquaguard aqualisa aquaphor araldite arbonne arbys arcelik arcor arcteryx
    arexvy argos arkana arteon arçelik asda ashokleyland asics askitalian asos asrock asterix astrazeneca
    asus atacadao auchan audiotechnica aurobindo autogrill autotrader autozone aveeno avensis aventador avène
    aygo babiesrus babybel babybjorn babybjörn babyborn babyhaler babyjörn babyliss babyzen backwerk badoit
    bakugans baleno bambulab bandq banggood barbapapa barkbox baumatic baygon beanies bebelac beechnut
    beefeater bellaitalia benecol bengawan benihana benq beolit beoplay bepanthen berghoff bernafon bershka
    bestbuy bestway bexsero beyerdynamic beyfortus bhinneka biccamera bickiepegs biedronka bigbasket
    bigbazaar biggreenegg biglots bigw bijenkorf bikanervala bikbok bilirubin bilstein biltema biocoop
    bioderma
    biofinity biogen biontech bioplanet biore biotherm biotique bipap bisto blackberry blackdiamond blaupunkt
    blibli blinkit blippi blistex bloomingdales bluestar bluetti bluey blutack bmstores bobbibrown
    bodegaaurrera bodyform bodyshop bol bonpreu bonprix boohoo boostrix boots boscovs boseqc bostitch
    boticario bourjois bournvita boursin bovril bowflex boxster braava brabantia bravecto bravia bravissimo
    breadtalk brembo breville brewersfayre bricodepot bricomarche bricorama bridgestone brillo briochedoree
    britax broadcom
    broadlink brylcreem btwin bucees buckfast budgens budni budvar budweiser bugaboo bukalapak bulgari
    bunnings burberry burgerking burgerrings bushmills butterfinger butternutbox buybuybaby bvlgari cadburys
    cafecoffeeday caffenero calgon calphalon calzedonia camaro camelbak cameo camry canadagoose canadiantire
    candyhoover cannondale caprabo caprisun captur carelink cargurus carlsberg carmax carmex carplay
    carrefour carrefoursa carsome carwow casamigos casasbahia casio castorama castrol catit caudalie cazoo
    cbeebies
    ccfashion cclass cdiscount cdon ceed celeron celotex cerave cerelac cervarix cervelo cervélo cetaphil
    chaayos chaffoteaux changhong chanteclair chapstick charmin chatime chedraui cheerios cheetos cheezels
    cheezit chemex cherryripe chevrolet chevy chewy chicagotown chiccoplus chickenlicken chickfila chipolo
    chivita chobani chowking chromebook chromecasts chrysler chupachups ciaz cillit cillitbang cipla cipro
    circlek citigo citroen citygross clairol clasohlson clearblue clearcorrect clipsal clorox cluse cmax
    cocacola cocomelon cocopops codefree cointreau colanta coldstorage colgate colmans cologuard coloplast
    colposcopy colruyt comirnaty compaq conad condis conforama contigo contournext convatec cookidoo coolblue
    coolermaster coolpix corelle corningware corolla coronavac coros corsodyl corvette cosatto cosrx costco
    costcutter cotodigital cottees couchetard courtepaille covaxin covergirl covishield cowandgate cowgate
    cpap craghoppers crayola creality creatinine crestron crewclothing cricut crockpot crocs croozer
    cruzcampo cuisinart cupnoodles cuprinol curlywurly currys cushelle cyberport cybertruck cybex dabur dacia
    daewoo dafiti daihatsu daikin dairylea dairyqueen daiso dakine danfoss danonino dansac daraz darty datart
    datsun ddimer debenhams debonairs decathlon deciem decleor deebot delhaize delonghi delsey denkmit dennys
    dentyne desigual desitin deskjet despar dettol dettox dewalt dexcom dhgate diadora diasend digitec
    dillards dischem dixan djeco dmart dmdrogerie doblo dolcegabbana dolcegusto dollarama dollargeneral
    dollartree dolmio domestos dominospizza domperignon domyos donjulio donquijote doraemon doritos drambuie
    drano drapolene drbrowns dreametech dreamies dreamstation dreft dremel dressmann drogaraia drogasil
    drontal druni drunkelephant duanereade ducati duggee dukoral dulux dunelm dunkindonuts dunnes duplo
    duracell duravit durex dymo dysonairwrap dysons dzire eastpak ebay ebuyer echodot eclass ecobee ecoflow
    ecoiffier ecosport ecotank ecovacs ecover edding edeka egfr einhell eizo ekoplaza ektorp elantra
    elcorteingles elddis electrolux elegoo elemis elfbar elfbars elgiganten elitebook elkjop elkjøp
    ellaskitchen ellegarden ellesse elmex elsaanna emachines emart empik eneloop enfagrow enfamil engerix
    enphase envirofone enyaq eobuwie epiphone epson erbauer ergobaby ernestjones ernstings eroski ertiga
    escalade espressohouse esselunga essilor esteelauder ethanallen etios etsy etudehouse eucerin eufycam
    eukanuba
    eurekaforbes euromaster euronics europcar eurospin everhot evian evoscooter exynos faasos fabercastell
    fabindia fabletics fairandlovely fairphone fairprice falabella familydollar familymart famousgrouse
    farleys farmacity farmfoods fatface febi febreze felco feliway feltrinelli fentybeauty ferplast ferritin
    ferroli festool feuvert fibroscan filofax finolex firstcry firstresponse fisherpaykel fisherprice fiskars
    fitbit fitbits fitflop fitflops fivealive fivebelow fiveguys fixodent fjallraven fjällräven flipkart
    flowflex fluad fluarix flublok flucelvax fluenz flumist flunch fluzone flymo fnac focusrite foodbasics
    foodlandd foodlion footjoy fortinos fortnums fortuner fotex fpace frankredhot franprix fredmeyer
    freelander freshco freshippo fressnapf friboi frigidaire fritos frooti frubes fujifilm fujitsu funko
    furbies furminator futterhaus føtex galaxus galaxybuds galaxytab galleri gammvert garageband gardasil
    garmin garmont gatorade gauloises gearbest geberit geely geforce genentech genexpert geomag geox
    gerolsteiner gerryweber giantfood gigabyte gilead ginatricot ginsters gionee giraffas givenergy gladwrap
    glaxo glenfiddich glenlivet glowandlovely glucomen glucorx gocycle goiko gojek gongcha googlehome gopro
    gorillaglue govee gozney gradle greggs grifols grofers grohe grolsch growatt gruffalo gshock gstar gtech
    guaraná guardant gulahmed gunpla gustavsberg gymshark haakaa habibs hadalabo hagebau haglofs haglöfs
    haibike haidilao haldirams haleon hammerite hansgrohe hanuta hanwag harborfreight haribo harpic harrods
    harveynichols harveynorman hasbro hassio hatchimals havaianas havrix healthifyme heatmiser heelys
    heineken hellmanns hemköp hemnes herbalife heromotocorp heronfoods hesburger heyduggee heytea hikoki
    hilux hindware hipercor hisense hobbylobby hoegaarden hoka hokaone hologic homeassistant homebargains
    homecenter homedepot homehardware homekit homeplus homepod homepride honestbee hotpoint hotwheels
    housebrand houseoffraser hozelock hsamuel huawei huaweisolar huaweiwatch hubbabubba hublot huffy huion
    hulahoops hungryjacks hungrylion huracan husqvarna hydroflask hydrow hypermart hypervolt hyperx hyvee
    icloud ideacentre ideapad ihop iiyama ikea ikeababy imac imageprograf imerco immergas imovie impreza
    indesit indiamart indomaret indomie infanrix infinix innisfree innout inspiron instantink instantpot
    instax insteon interdiscount intergas intermarche intermarché interspar intimissimi invacare invisalign
    ioniq ipace ipad iphone ipod iqoo iqos irnbru irobot irwintools isotonik isuzu itel itunes iveco ivoclar
    ixiaro
    jackandjones jackdaniels jackery jackwills jackwolfskin jaecoo jaffacakes jagermeister jansport jaquar
    jardiland jatz jbhifi jcovden jcpenney jcrew jdid jdwilliams jeancoutu jellycat jellycats jetboil jetta
    jiffylube jimbeam jimmyjohns jimny jiomart johnlewis johnniewalker johnsonsbaby johnwest jollibee
    jollibeegroup joom juiceplus juicyfruit jumbo jumex jumia jysk jägermeister kabum kadjar kahlua kalenji
    kallax kamado kamiq kangol kangoo kappahl karbonn karchers karoq karstadt karwei katjes kaufhof kaufland
    kelloggs kellogs kenco kendamil kendoll kerastase kerrygold kettlebell keurig khaadi kiabi kickr
    kiddicare kiehls kikkoman kilimall kingspan kitchenaid kitekat kitkat kiwoko kleenex kmarket kmart knex
    knoppers kobalt kodak kodiaq koenigsegg koleos konga konica konka kopitiam korg kotex krispykreme krka
    kroger kronenbourg kruidvat kwid kwikfit kyocera kérastase laalaa labello lacentrale lacoste lactogen
    ladaniva
    lafoirfouille lafourche lagavulin lakmé lambertbutler lambretta lambrini lancia lancome lancôme
    landcruiser
    landrover laneige lansinoh laphroaig laredoute larocheposay laserjet lasportiva lavazza lays lazada
    lazyspa lcwaikiki ldlc lecoqsportif lecreuset leeperrin leffe lego legos leica leifheit lelong lemfoerder
    lemförder lenovo
    lenskart leroymerlin leuchtturm lexar lexmark lexus librelink libresse libreview lidl lifebuoy
    lifefitness lifepak lifx lightinthebox lillets lilyskitchen limca lindex lindor linky liptons listerine
    littlewoods livpure lizearle loblaws loccitane lockandlock loctite lodgy logitech lolsurprise loreal
    loréal lostmary lottemart lotteon lotteria lotuss louisphilippe lowes loxone loydgrossman luckin lucozade
    luluhyper lululemon lumix lurpak lutron luxottica lysol macbook maccas macmini macpac macys magalu
    magformers
    magimix magnatiles magnite magura mahou makersmark makro malteser maltesers maltina mamaearth
    mamasandpapas
    mammaprint mamypoko manginasal maoam maped maplin maredo marimekko marlboro marmite marrybrown marykay
    massimodutti materiel mattessons mattressfirm maxburger maxicosi maxizoo maxtor maxxis maybelline maytag
    mazda mazuma mcdo mcdonalds mcmax mcvities meccano mediaexpert mediamarkt mediatek medplus medtronic
    meesho megatron meindl meizu melcom melectronics menactra menards mentos menveo mercadolibre mercadolivre
    mercadona mercurydrug meridol metabo metanium miband microcenter micromax microtek miffy milbemax
    milkyway milupa milwaukeetool minimed minipreco miniso mipad missguided missha missselfridge misterspex
    mitrofanoff mitsubishi miui mixue mmrvaxpro modely modibodi modivo moleskine molfix moncler mondadori
    mondeo monki monoprix monsterhigh montblanc moomin moomins mooncup mophie moreretail moroccanoil mortein
    mosburger moskvich motability mothercare motherdairy motorola moulinex mountfield movano mrbiggs mrphome
    muddyfox muji munchbunch muppets musicmagpie musimundo musinsa mydin myenergi myntra myvi mömax māori
    nakd nandos nanit nanoleaf napaonline napisan napolina nastygal naturalia neatorobotics nebulizer nefit
    nendoroid neocate nescafe nescafé nespresso nesquik nestea nesthub nestle nestlé nestum netatmo netmeds
    netonnet netshoes neutrogena newbalance newegg newlook newworld nexans nexgard nijntje nikon nilfisk
    nimenrix ninebot ninjafoodi nintendo nivea nizoral noelleeming nofrills nokia nokian nongshim norauto
    nordictrack nordsee northface notino novartis novavax novonordisk ntprobnp numatic numberblocks nuskin
    nutella nutramigen nutribullet nutrisa nuvaxovid nuxe nvidia nykaa nzxt oatly obelix oboticario ocado
    octonauts odonil officedepot officejet officemax officeworks okocim olaplex oldnavy oldsmobile
    oldwildwest olivegarden oliveyoung ollies olpers olxautos omnipod omoda omron oncotype onepiece oneplus
    onetouch oneui onkyo onlystores ooni oonipizza oppo optifree optimusprime optiplex optoma oralb orbea
    oreo oreos oriflame ortovox oticon otterbox outwell ouzo ovaltine overclockers ovomaltine ovsuomo
    oxiclean oximeter oysho packardbell pajero paknsave pallmall pampers panamera panasonic pandaexpress
    pantaloons pantene pantys paodeacucar paperblanks paperwhite papparich papsmear parkerpen parleg
    parryware partycity passat pataks patanjali paulaschoice pccomponentes pcworld peakmilk pedego pediarix
    pediasure pegperego penneys pentacel pentium pepboys pepco peperami pepperfry pepperlunch pepsi pepsico
    perdigao permobil perodua perrier persil perwoll petbarn petco peterengland petitfilous petsmart petzl
    peugeot pfizer pgmall pgtips pharmaprix pharmeasy philco philipsavent philipshue phonak piaggio picanto
    picknpay pimms pinggolf pingodoce pixma pizzaexpress pizzahut pjmasks playdoh playmobil playstation
    pneumovax pocketbook pocoyo pokeball pokoyo polestar polident polycab polycell polyfilla pontiac
    pontofrio popeyes popsocket postit postobon potnoodle potterybarn poundland powerade poweredge
    powerrangers powerwall poäng practo pret prevenar prevnar pril primark pringles priorix prius probook
    proquad prosecco provigo prusa publix pullandbear pureelectric puregold pureit purina purplle pyrex
    qashqai qualcast qualcomm quantiferon qubo quickmart quiksilver quiktrip quiznos racetrac radeon
    radiopopular radpower rakuten rangemaster rangerover rarebeauty rawlplug rayban rayovac readybrek realme
    realtek rebelsport recaro reckitt redbull redken redlobster redmart redmi redribbon regeneron rekorderlig
    reliancefresh remeha remymartin renaulttrucks repevax resmed respironics revaxis rewe rexona rheem ribena
    richersounds ridgeline ridgid rimowa rinascente rinnai rinso ripcurl ripndip riteaid rivella riverisland
    rivian roborock roccat rockrider rockwool rohto rolex rollator rollerblade rolos rommelsbacher
    ronahardware ronseal roohafza roomba roomstogo rossopomodoro rossstores rotarix rotateq rotring
    royalcanin rtveuroagd rubbermaid rueducommerce ryzen sabritas sadolin safeway safilo sailormoon sainsburys
    sallybeauty sambuca samsclub samsung sanborns sandero sandisk sanofi sanpellegrino santafe sanyo sarenza
    saucony savemart scalextric schtroumpf schweppes sclass scotchbrite screwfix scénic seagate seasalt
    segway seiko selfridges sellotape seltos senseo sensodyne sentra sephora seresto shakeshack sharafdg
    sharkninja sharpie sharwoods shein shengsiong shimano shinchan shingrix shopclues shopee shopkins
    shoprite shopwise showroomprive shreddies siemensx sikaflex silit silkcut silverado silvercross
    silverline similac simparica simplehuman simplisafe sinovac siriusxm skaupat skechers sketchers skii
    skiphop skullcandy skyn skyworth slazenger sloggi smartcar smarties smartthings smashbox smax smeg
    smirnoffice smoby smurf smurfs smyk snapdeal snapon snuzpod sobeys sodastream sodimac sofology solaredge
    sonicaid sonoff sonos soriana soundblaster spanx spartoo specsavers speedicath spigen spikevax spinneys
    spirometry spizzico spongebob spontex sportage sputnik squishmallow squishmallows sram sriracha ssangyong
    stabilo starbucks staropramen stayfree steelseries steradent stonic stopandshop strongbow strongtie
    sudocrem sukiya sulwhasoo sungrow sunpharma supercheap supercor superdrug superdry supernoodles
    superquinn superu supervalu surfexcel suunto swagger swatch sweatybetty swiffer swiggy switchbot
    sylvanian sylvanians synagis systembolaget systemeu tacobell tacx taigo tailscom takealot takko tampax
    tamron tandemtslim tanqueray tantalizers tapo tatacliq tatamotors taycan tchibo tcross tealive technogym
    tecno tedbaker tefal tegut teknosa telefunken telemart telepizza teletubbies temu terrabusi terratec
    terrywhite tesco tescolotuss testarossa textar tezenis tgifridays thebay thebodyshop thegoodguys
    thenorthface
    theordinary theragun thermador thermomix thewarehouse thinkbook thinkcentre thinkpad thinx thomassabo
    threadripper thumsup tictac tiendanimal tiguan timhortons timtam timtams tinkywinky tintin tinylove
    titanpower titleist tizen tjmaxx tkmaxx tmnt toastbox toblerone toffifee tokmanni tokopedia tommee
    tommeetippee tomtailor toniebox tonies tonyandguy toofaced toolstation toom topeak topman topshop toshiba
    touareg touran toysrus tractorsupply traderjoes tradfri trangia travisperkins trebor trekpleister
    tresemme tresemmé triber tribord tripptrapp triscuit troc trollbeads trolli trony troponin truevalue
    truworths trådfri tsingtao tullamore tupperware tuskys tuya tvsmotor tvsn twiglets twingo twinings
    twinpeaks twinrix tybeanie typhim typhoo tyrrells tyskie uchumi ugreen ultimaker underarmour unieuro
    unimog uniprix uniqlo unitron upandgo upim uppababy urbandecay urbanladder uriage vango vanmoof vapiano
    varilux
    varivax varta vaude vauxhall vaxelis vaxzevria veepee veet vegemite velar velfac velux ventesprivees
    verkkokauppa veromoda vertbaudet verygroup vestel veuveclicquot vguard viakal viatris victorinox victron
    viewsonic vijaysales vikingrange vileda vimto vinmonopolet violetcrumble visionexpress vitamix vivaro
    vivint vivoactive vivobook vivofit vivotif vizio volcom volkswagen voltas volumatic volvic volvotrucks
    vomar vosene vostro vtech vuse wacoal wacom wagamama wagonr waitrose walgreens wallbox walmart walmartmx
    warbyparker warrenjames waterstones wayfair webbox webhallen webuyanycar wedze weetabix weetbix wegmans
    wehkamp wella weltbild wemo werthers westelm westfalia wetherspoon wetherspoons whataburger whiskas
    whiteclaw whitestuff wholefoods whoop whsmith widex wigo wiha winalot windex windolene winndixie wispa
    withings wojas wolfgarten wolfheizung wonderbra woolite woolworths worten worx wotsits wowmomo wrigleys
    xbox xeon xerox xgimi xiaomi xkom xpander xpeng xperia xsara xtrail xxxlutz yakult yakun yamadadenki
    yamaha yaris yodobashi yoga yoplait yorkshiretea yoshinoya younique zalando zalora zbook zeekr zenbook
    zenni zentiva zepto zerowatt zewa zflip zfold zigbee ziploc zoflora zoggs zoladkowa zomato zooplus
    zostavax zubrowka zwave zxspectrum zydus åhléns żabka żubrówka żywiec
    """.split()
)
