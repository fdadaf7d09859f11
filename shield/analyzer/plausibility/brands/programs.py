"""Programs, services of the network and games, in lower case.

None is a usual first or last name, an English word or a place, as far as is known.
"""

# ruff: noqa: SIM905  tables of words read best as prose
from __future__ import annotations

from typing import Final

PROGRAMS: Final = frozenset(
    """
    abcmouse abitur accubook accurx acorntv activemq activision acumatica admob adobesign adoptme adroll
    adsense adwords adyen aftereffects agario ageofsigmar agicap agilecrm ahrefs airbase airbyte aircall
    airflow airmeet airtable airtelmoney akamai alchemer alevel alfresco algolia alipay allego allscripts
    alltrails alpinelinux altbalaji alteryx ambulanz amiibo amongus amwell android anfix angrybirds angularjs
    animaljam anki ankiapp ansible anthropic anyconnect anydesk apexlegends appcode appdynamics appian appium
    applepay appletv appsflyer arangodb arcgis archicad archlinux argocd arknights armorgames aroflo aruba
    asana ashbyhq askmygp aspel aspnet atera athenahealth atresplayer audiobooks auditbeat authorizenet authy
    autocad autoentry autotask avalara avast avatax avaya avigilon avira avito aweber axapta azimo babbel
    babeljs babycenter babycentre bachillerato backabuddy backblaze backbonejs badoo baemin baidu bakugan
    balatro baldursgate balsamiq bamboohr bancolombia bancontact bandai barclaycard battlenet bayonetta
    bazaarvoice bbcbitesize bbciplayer bece befunky bejeweled benefitpay bethesda betteruptime bexio beyblade
    beyondtrust bgmi bharatpe bigcartel bigcommerce bigmarker bigpay bigquery bilibili billdesk billplz
    bingoblitz bioshock bioware bitbucket bitdefender bitrise bitrix bitwarden bkash blackbaud blinkist
    blocket bloodborne blooket bloomz bloxburg bloxfruits bluebeam bluehost blueprism bluesky bluesnap blutv
    bmat bombora bonusly bookbeat bookmyshow bootstrapcss borrowbox botpress brainly braintree brandwatch
    brawlhalla brawlstars breathehr breezyhr brevo brex brightcove brightpay brightspace brightwheel britbox
    bromcom browserstack btec bugsnag bugzilla buildertrend buildkite bulbasaur bullhorn bungie bunnycdn
    burpsuite busuu buymeacoffee buzzsprout byju byjus cakephp calendly callofduty callrail cambly camtasia
    canalplus candycrush canva canvaslms capcom capcut carbonblack carecloud caredocs careerbuilder carenotes
    carepatron careplanner carousell carrd cascadehr cashapp cashfree cassandradb castlevania ccavenue
    ccleaner cdkeys celonis cengage centos ceridian cetelem cfengine chargebee chargepoint charizard
    charliehr charmander chatfuel chatgpt checkmarx checkmk chegg chromecast chromeos ciceksepeti circleci
    citrix citymapper clashroyale classcharts classdojo classlist clearbit clearbooks clearpay cleartax
    clevertap clickatell clickfunnels clickhouse clickup cliniko clockify clojure cloudflare cloudfront
    cloudtalk cloudtrail cloudwatch clubpenguin cluedo cmore cobol cockroachdb cocoapods codashop codeberg
    codecademy codefresh codeigniter codeorg codeship codespaces codility coffeescript cofidis cognitoforms
    cognos coinmaster comarch commonlit computop concourseci conekta connectwise contaazul containerd
    contasol contentful contpaqi contractbook convertkit coolmathgames coreldraw cosmosdb couchbase couchdb
    counterstrike coupa coupang coursebank coursehero coursera cpanel craigslist crossplane crossyroad crous
    crowdstrike crunchyroll cryengine csgo ctrip cuemath cuet cultureamp cuphead currencyfair customerio
    cvent cyberark cyberghost cyberpanel cyberpunk cybersource cylance cypressio dagster dahua dailymotion
    darksouls darktrace darwinbox dashlane databricks datadog datagrip datatrans datev datix datto daviplata
    dayforce debian deezer deltarune demandbase demio dependabot depop deskpro desktime desmos dext
    dialogflow dialpad dianping digimon digitalocean digitama digiturk directadmin directv dishnetwork
    disneyplus dlink dobble dockerhub docman docplanner doctolib doctoralia docusign docuware donkeykong
    doometernal dota dotnet dotpay douban doubleclick doubtnut douyin douyu dpd dplyr dragonpay draytek
    drchrono dreambox dreamhost dreamweaver drobo dropbox drtv drupal dstv dualsense dualshock dubizzle
    duitnow duolingo dynamodb dynatrace eafc easypaisa easypark ebau ecocash econsult ecwid edmodo edpuzzle
    educake efootball egnyte eharmony elasticsearch elavon eldenring eleme elementor elitesingles ellucian
    emacs emberjs emis emisweb endomondo eneba enem envato epicor epix epos equinix erosnow esbuild esendex
    esewa esxi eufy evau eventbrite eventim everhour evernote evgo evri examity examsoft exotel expensify
    expressjs expressvpn exxen eylog facebook facetime facetune factorio fakturownia fallguys famly farcry
    fargate farmville fastapi fasthosts fastlane fastly fastmail fastned fedoraos feedly feefo figjam figma
    filebeat filmin finalsite firebase fireeye firestick firestore firetv fiverr fivetran flaticon flipboard
    flipgrid flowbird fluentbit fluentd flutterflow flutterwave fluxcd flyio formstack forticlient fortigate
    fortinet fortnite fortnox fortran forza forzahorizon foscam foxtel freeagent freebsd freecharge
    freecodecamp freefire freepbx freepik freesat freeview freshbooks freshcaller freshchat freshdesk
    freshmarketer freshsales freshservice freshworks fritzbox friv fruitninja fsecure fubotv funimation
    fusionauth futurelearn galaga gambio gameboy gamecube gamemaker gamepass gamestop gamivo gandi ganondorf
    gardenscapes garena gcse gcsepod gcses genesys genetec gengar genshin geogebra geometrydash geoserver
    getepic getresponse gettyimages ghostwire gimkit giropay gitea gitguardian github gitlab gittigidiyor
    givengain glassdoor glassfish gliffy globalprotect globoplay gloomhaven glympse gmail gmarket gmat
    gocardless gocd godaddy godofwar gofundme gogs golang goodreads goodrx googlemeet googlepay gopay gopayz
    gorgias gotomeeting gotomypc gotowebinar gotv grabpay grafana grafanalabs grailed grammarly granturismo
    graphql gravityforms graylog greatlearning greenplum greninja greythr gridserve grindr groovehq groupcall
    growtopia grpc gumroad gumtree gunicorn gupshup habbo hackerrank hadoop halaxy hangouts hanwha happn
    happyfox haproxy haptik harvestapp hashicorp hasura hatena hayday hbase hbomax hdfs headspace
    healthengine healthgrades healthone hearthstone heartinternet hegartymaths heidelpay helldivers hellosign
    hellotalk helmfile helpscout helpshift hepsiburada heroku hetzner hibob hightail hikvision himama hirevue
    hiver hoichoi hollowknight homebase homescapes honkai honorlock hootsuite hostgator hostinger hostpoint
    hotdoc hotjar hotmail hotstar housecallpro httpd hubdoc hubspot hubstaff hudsonci huggingface hulu
    humaans hungerstation hungryhippos hyperpay hyperv hyrule ibps icarecare icims icinga ielts ifirma iflix
    ifttt iheartradio ikhokha imdb imessage imperva imps incapsula incontact indesign indiegogo infakt
    infinitytv influxdb infobip infomaniak infor informix infusionsoft ingenico inkscape inoreader inshot
    insightly insighttimer instagram instamojo instana instapage instapaper instapay intellij intercom
    interswitch invoca ionity ionos ipados iphoneos iplayer iptv ipython iqiyi iready irokotv ispconfig
    istation istio istock italki itslearning itvhub itvx iview iyzico izettle jabra jaegertracing jameda
    janusgraph javascript jazzcash jazzhr jboss jdate jeevansathi jellyfin jetbrains jibble jigglypuff jimdo
    jingdong jiocinema jiotv jira jitsi jobberman jobsdb jobstreet jobvite joomla jotform joycon joycons
    jquery jumpcloud junit justcall justgiving justpark justuno justworks kahoot kajabi kakao kakaopay
    kakaotalk kaltura kanopy kantata karix kaseya kashflow katalon kayako kcpe kcse keepass kentico keras
    kerbal kerplunk ketto keycdn keycloak keypay khanacademy khatabook kibana kickstarter kijiji killzone
    kinderlime kindyhub kinect kinemaster kinguin kinsta kissflow klarpay klaviyo kleinanzeigen klinik knet
    knime knowlarity kochava kodable kommunicate komoot konami kongregate kotlin kronos kuaishou kubeadm
    kubectl kubeflow kubernetes kumon kumonclass kustomer lambdatest langchain laravel laserfiche lastpass
    laybuy leadfeeder leadpages leafletjs leanplum leapsome leboncoin letgo lethalcompany letterboxd lexia
    lexoffice lexware librenms libreoffice libsyn lightroom lightsail lightspeedhq lighttpd limesurvey
    linepay lingoda linkaja linkedin linkerd linksys linode liquidlogic litespeed liveagent livechat
    livechatinc livejournal liveperson liveramp livestorm lodash loggly logmein logmycare logrocket logstash
    logz lojaintegrada londis lookerstudio loyaltylion lsat lucidchart lucidspark ludoking lybrate macos
    magentatv magento magicarena mailchimp mailerlite mailgun mailjet mailru makecode malwarebytes mandiant
    mantisbt manychat mapbox maplestory mapmyrun mariadb marketo marktplaats masseffect mastodon matalan
    mathematica mathletics mathnasium mathsframe mathswatch mathway matillion matlab matplotlib mavenlink
    maxdome mbway mcat mcgrawhill mdlive medavante mediaset meditech megaman megaupload meilisearch meituan
    meltwater memcached memrise mendix mentimeter mercadopago mercari mercaripp merpay messagebird metabase
    metaquest metasploit metricbeat metroid mewatch mewtwo mfiles mfine microbit microstrategy midjourney
    midtrans mikrotik milaap milvus mimecast minecraft miniclip miniconda minikube minitab mitel mitele
    mixmax mixpanel mlbb mlflow mobikwik mobilelegends mobilepay mockito moengage molpay mondly moneygram
    moneysoft mongodb monopolygo moodle moosend moovit moshimonsters movistarplus moyasar mparticle mpesa
    mssql multibanco multichoice multisafepay mumsnet muzmatch mxplayer mychart myfitnesspal mylab mymaths
    myob mysql mytutor nagad nagios namco namecheap naplan natalcycles naukri naverpay navision nayapay
    nearpod neco needforspeed neft neontv neopets neovim nequi nessus nestjs netbanx netchex netdata neteller
    netflix netgear netlify netmums netskope netsuite netvisor newgrounds newrelic newsela nexi nexmo
    nextcloud nextdoor nextjs nginx nibo nicereply niconico ninjaforms ninjarmm nintex njoi nlziet nmap
    nodejs noom nordpass nordvpn noredink nossport novalnet nowtv npmjs npostart numbots numpy nutanix
    nuvemshop nuxt nuxtjs nvidiashield octopusdeploy odnoklassniki odoo offerup officevibe ogone okcredit
    okcupid okta olark olioapp omie omnisend onbase onedrive onelogin onenote onesignal onlyoffice opayo
    openai openapi openbsd opencart openid openoffice openpay openphone opensearch openshift openstack
    openstreetmap opensuse opentelemetry opentext openvpn opsgenie optimizely oracledb orangemoney osticket
    otomoto otrs outbrain outsystems overwatch ovhcloud owncloud oxxo oysterhr ozonetel ozow pacman padlet
    pagbank pagerduty pagopa pagseguro palworld pandadoc pandasecurity panopto papara papaya paramountplus
    parcoursup pardot parenthub parentmail parentpay parentsquare parkmobile parkopedia parship pathofexile
    patientaccess patreon payback paybyphone paychex paycom payconiq paycor paydirekt payfast payfit payhawk
    payhip paylah paylocity paynow payoneer paypal payroo paysafe paysafecard paystack paytabs payu payumoney
    payzone peacocktv peakon peardeck pearsonvue pennylane pentaho peoplehr peopleperhour peoplesoft
    peoplestrong perkbox personcentred personio pesapal pesonet pexels phabricator pharmacytwou phasmophobia
    photomath photopea photoshop phpbb phpmyadmin phpstorm phpunit physicswallah picmonkey picpay pictionary
    pikachu pikmin piktochart pillpack pimsleur pinduoduo pingdom pingidentity pinterest pipedrive pipeliner
    pixabay pixiv pixlr plaid planday planetscale planetside plangrid plantronics playfab plentymarkets
    plentyoffish pleo plesk plivo plotly plugshare pluralsight plusnet pocketcasts pocketmon podbean podio
    podman podpoint pohoda pokemon pokemongo pokémon pokémongo polsat polycom popmoney poptropica portea
    poshmark postepay postgis postgres postgresql powerapps powerbi powerpoint powerquery powerschool
    premierepro preply prestashop prezi primevideo procore procountor proctorio proctoru prometheus
    proofpoint proposify prosupport protobuf protonmail protonvpn prouni proxmox prtg psle psvita psvr pubg
    puhutv pulsesecure pulseway pulumi puppetlabs pushbullet pushdoctor pycharm pyspark pytorch qdrant qemu
    qgis qiwi qlik qliksense qlikview qnap qobuz qonto quadpay quadratus qualtrics qualys quickbooks
    quickfile quikr quillbot quinyx quipper quizizz quizlet qunar quora qwilr rabbitmq rackspace raiplay
    rakutenpay rakutenviki rancheros rapidminer rappipay raspberrypi razergold reactjs readingeggs readworks
    realreal reamaze receiptbank recruitee redash reddit redhat redis redmine redshift remitly renovatebot
    reolink rescuetime respondus rhel richpanel rimworld ringcentral ringgo ringover roamresearch roblox
    roboform robux rocketleague roku rollbar rollupjs rotaready routerboard rstudio rtbf rtgs rtlplus rtve
    ruangguru rubymine rubyonrails rummikub rummycircle rundeck runescape runkeeper rustdesk rustlang ruutu
    sackboy sadapay saferpay sagehr sagemaker sageone sagepay sahibinden sailpoint salesforce salesloft
    saltstack saml samsungpay satchelone satispay satmetrix saucelabs saviynt sbsondemand scalapay scaleway
    scholarpack schoolcomms schoolgateway schoolmoney schoology scikit scipy scoro scratchjr screamingfrog
    screencast screencastify screenconnect scribd scylladb seatgeek selectividad sellfy semaphoreci semrush
    sendgrid sendinblue sennheiser sentinelone servicenow servicetitan sesamehr sevdesk sezzle sharefile
    sharepoint shazam shellrecharge shiftboard shopeepay shopify shoplazza shopline shopware shoretel showbie
    showmax shutterstock sidekiq signavio signnow signrequest siigo simcity simplilearn simpro simulink sinch
    sisense sisow sitecore siteground sixt sketchup skillshare skio sklearn skrill skygo skype skyrim
    slackware sleepcycle slideshare slido slimmingworld slitherio slotomania smartsheet smartsteuer
    smartsuite smartsurvey smythstoys snagit snapchat snapchatplus snapscan snapseed snom snorlax snowflake
    snyk socrative sofort sogosurvey solarwinds solidjs solidworks solr sonarqube sonatype sonicwall sonyliv
    sophos soundcloud soundhound sourceforge sparkpost sparxmaths spei spendesk sphinxsearch splashthat
    splashtop splatoon splintercell splitit splunk sporttv spotify springboot sprinklr spss spyfu sqlite
    squadcast squareenix squarespace squirtle stackpath starcraft stardew startimes starzplay stata
    statuscake statuspage stcpay steamdeck steampowered stepstone stitchdata stockx storybird storyblok
    storypark storytel stpm strava streamyard streamz stremio strikingly stubhub subnautica substack
    subwaysurfers sucuri sugarcrm suitecrm sumologic sumup sunnxt supabase supercell superprof superset
    surfshark surveymonkey surveysparrow svelte sveltekit svtplay swiftui switchlite sybase symbolab symfony
    synchroteam syncro synology syspro systemone systmone taboola tadpoles tailscale tailwindcss talabat
    talend talentlms taleo talkdesk talkingpoints tallyprime tamagotchi taobao tassimo tassomai tawk tawkto
    taxact taxbuddy taxfix taxjar taxslayer teachable teamcity teamsystem teamtailor teamviewer teladoc
    telecine telegraf telnyx telr templerun tenpay tenplay tensorflow teradata terraform terraria testflight
    testrail tetris textlocal themeforest therapynotes thesims thinglink thinkific thredup threenow
    thunderbird thycotic ticketek ticketmaster ticketweb ticktick tidyverse tiendanube tigopesa tiktok
    timedoctor timescaledb timestables timvision tinkercad tipalti titanfall tivibu tivimate tixcraft tmall
    toasttab todoist toefl toggl tomtom toogoodtogo toppr toptal totaljobs totvs touchbistro touchngo toutiao
    tpay tplink trademe tradify traefik trakt transferwise travisci trellix trello trendmicro trendyol trinet
    trino tripadvisor tripletex truecaller trustly trustpilot ttrockstars tudou tumblr tunein turbotax
    turnitin tutorful tvnz tvos tweedehands tweetdeck twilio twilioflex twinkl twint twitter tynker typeform
    typescript typesense ubersuggest ubiquiti ubisoft ubuntu ucat udacity udemy uipath ukash ultipro umbraco
    unacademy unbounce unifi unionpay unipin untappd upcloud upgrad uplay upsc upsr uptimerobot upwork
    userlike uvicorn uwsgi valheim valkey valorant varsitytutors vbulletin vcenter vectorworks vedantu
    venngage veracode veracross verbling vercel verifone verint verkada viagogo viaplay viber victorops
    videoland vidio vidyard vimeo vinted vipps virtualbox virtualmin visma visme vitejs vivastreet vivino
    vkontakte vmware volusion vonage voyo vsco vscode vscodium vsphere vtex vtiger vuejs vultr vyapar waipu
    waluigi wandb wanikani warcraft warframe warhammer wario warzone wassce watchdogs watchguard watchos
    wattpad waze wearos weaviate webassign webdriver webengage webex webflow webkinz weblogic webmin webmoney
    webpack webroot websocket websphere webstorm webtoon wechat wechatpay weebly weibo weixin wetransfer wetv
    wfirma whatsapp wheniwork whereby whitehatjr wiiu wildberries wildrift willhaben windcave wirecard
    wireguard wireshark wistia withsecure wix wolframalpha wooclap woocommerce wordfence wordle wordpress
    wordscapes workato workday workflowy workfront workhuman worldpay worldremit wpengine wrike wufoo
    wunderlist wyzant xamarin xboxlive xcode xenapp xendesktop xendit xenforo xero xiaohongshu xing xmatters
    xoom yahoo yahooauctions yandex yape yealink yemeksepeti yesware yoco yogiyo yoomoney yotpo youku
    youtrack youtube youview yubico yubikey yugabyte yugioh zabbix zalo zammad zapier zapmap zapper zapperhq
    zattoo zbrush zearn zedmed zelle zend zendesk zenefits zenius zenless zeromq zerotier zettle zhihu ziggo
    zinghr ziprecruiter znanylekarz zocdoc zoho zohobooks zoominfo zoosk zopim zozotown zscaler zucchetti
    zuora zwift zynga zyxel çiçeksepeti
    """.split()
)
