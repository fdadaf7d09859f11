"""Recognizes companies, products, authorities and languages taken for people: "Harvey Norman", "Telus".

A list cannot be whole, and a policy's `allow` is there for the rest. What many people are called as well
("William Hill", "John Lewis", "Dyson", "Hilton") is not on it: there a finding too many is better than a name
that is missed. So is a brand where the text says that a person of that name comes.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_WORDS: Final = frozenset(
    """
    jumia konga takealot flipkart myntra meesho nykaa swiggy zomato blinkit bigbasket zepto lazada shopee
    tokopedia gojek bunnings kmart dunnes supervalu tesco asda lidl sainsburys waitrose ocado argos currys
    boots superdrug primark asos boohoo zalando uniqlo shein temu wayfair etsy ebay aliexpress alibaba
    rakuten costco kroger publix safeway wegmans walgreens petco petsmart chewy walmart lowes ikea decathlon
    carrefour auchan monoprix fnac darty mediamarkt rewe edeka kaufland mercadona eroski bol coolblue
    albertheijn jumbo kruidvat allegro biedronka żabka mercadolibre mercadolivre magalu americanas falabella
    instacart doordash grubhub postmates deliveroo foodpanda glovo wolt getir ubereats
    telus airtel jio vodafone vodacom mtn safaricom telkom ooredoo etisalat telstra optus telefonica
    movistar bouygues proximus telenet swisscom telia telenor tmobile verizon comcast xfinity eir luas
    virginmedia talktalk giffgaff o2 bharti bsnl ncell telekom turkcell tigo pldt
    monzo revolut klarna afterpay venmo paytm phonepe razorpay opay palmpay kuda gtbank capitec absa nedbank
    fnb hdfc icici sbi dbs ocbc uob maybank citibank hsbc barclays natwest halifax santander bbva caixabank
    bankia unicredit intesa commerzbank sparkasse rabobank abnamro nubank itau bradesco bizum blik gcash
    paymaya allianz axa geico allstate aetna cigna bupa generali mapfre ergo metlife transunion experian
    equifax
    ryanair easyjet lufthansa vistara spicejet airasia etihad qantas jetblue jetstar aeromexico latam
    avianca wizzair vueling iberia accor novotel ibis airbnb expedia agoda trivago makemytrip goibibo oyo
    lyft uber cabify blablacar flixbus megabus greyhound mahindra toyota hyundai nissan volvo škoda skoda
    peugeot citroen isuzu datsun europcar
    okta saml grafana jira hubspot zendesk freshdesk workday netsuite quickbooks xero shopify prosupport
    thinkpad macbook airpods chromebook playstation nintendo xbox fitbit garmin roomba vitamix nespresso
    keurig delonghi hemnes kallax ektorp poäng samsung xiaomi oneplus huawei oppo realme motorola nokia asus
    acer lenovo logitech nvidia
    nsfas medicare medicaid aadhaar tagalog
    adyen braintree worldpay gocardless chargebee zuora avalara plaid coupa netsuite freshbooks squarespace
    magento bigcommerce woocommerce prestashop salesforce pipedrive servicenow freshservice gorgias kustomer
    intercom genesys talkdesk ringcentral dialpad aircall vonage twilio sendgrid mailgun mailchimp klaviyo
    marketo pardot qualtrics surveymonkey typeform calendly docusign dropbox zapier airtable asana clickup
    wrike smartsheet trello figma bamboohr datadog splunk dynatrace appdynamics pagerduty opsgenie rollbar
    bugsnag mixpanel optimizely hotjar algolia cloudflare akamai heroku vercel netlify supabase mongodb redis
    rabbitmq elasticsearch kubernetes terraform gitlab bitbucket snowflake redshift bigquery databricks
    keycloak jumpcloud avaya wix clearpay evri dpd sixt matalan londis fivetran kibana logstash
    ozempic wegovy mounjaro ventolin lipitor humira xarelto eliquis panadol nurofen calpol tylenol benadryl
    saxenda trulicity entresto symbicort
    hmrc dvla dwp ucas ofcom ofgem ofwat ulez sassa uif cipc nhif nssf efcc nimc waec frsc gsis hdmf
    philhealth uidai epfo irdai trai fssai cbse centrelink ndis uscis fema fafsa ldap eftpos bpay
    cebuano ilocano hiligaynon urdu telugu kannada malayalam marathi gujarati punjabi bengali sinhala nepali
    pashto farsi tigrinya amharic oromo swahili yoruba igbo hausa isizulu isixhosa sesotho setswana afrikaans
    cantonese hokkien vietnamese burmese khmer bahasa auslan makaton
    """.split()
)
"""Companies, makers and programs of a single word, medicines, authorities, and languages to interpret."""
_NAMES: Final = frozenset(
    tuple(name.split())
    for name in """
    ralph lauren; tommy hilfiger; calvin klein; hugo boss; michael kors; kate spade; louis vuitton; yves
    saint laurent; saint laurent; christian dior; jimmy choo; tory burch; donna karan; eddie bauer; brooks
    brothers; abercrombie fitch; lord taylor; estée lauder; estee lauder; elizabeth arden; max factor;
    charlotte tilbury; helena rubinstein; karen millen; cath kidston; charles tyrwhitt; jim beam; captain
    morgan; betty crocker; oscar mayer; famous amos; duncan hines; ben jerry; ben jerrys; dr pepper; dr
    oetker; doc martens; dr martens; papa john; papa johns; jimmy johns; trader joe; trader joes; tim
    hortons; carls jr; little caesars; chuck e cheese; ruby tuesday; wells fargo; charles schwab; merrill
    lynch; goldman sachs; morgan stanley; jp morgan; jpmorgan chase; j p morgan; fannie mae; freddie mac;
    sallie mae; harvey norman; paddy power; bharti airtel; marks spencer; john deere; harley davidson; rolls
    royce; alfa romeo; aston martin; mercedes benz; russell hobbs; sherwin williams; johnson johnson; ernst
    young; jones lang lasalle; robert half; baker mckenzie; smith wesson; barnes noble; merriam webster;
    rosetta stone; hobby lobby; harris teeter; piggly wiggly; winn dixie; jc penney; j c penney; neiman
    marcus; bergdorf goodman; von maur; stein mart; crate barrel; pottery barn; aer lingus; air malta; tata
    sky; maruti suzuki; royal enfield; hero honda; kotak mahindra; tata motors; tata docomo; jb hifi; jb hi
    fi; dan murphys; virgin atlantic; virgin media; jet airways; air india; kenya airways; ethiopian
    airlines; zenith bank; delta dental; kaiser permanente; leroy merlin; el corte inglés; julius meinl;
    peek cloppenburg; douglas parfümerie; media markt; albert heijn; casas bahia; lojas renner; pao de
    acucar; pão de açúcar; magazine luiza
    """.split(";")
)
"""The same of two or three words, without the "and" or "&" between them."""
_PLACES: Final = frozenset("halifax santander iberia latam allegro jumbo americanas boots".split())
"""Words of these that are places as well, or words of their names."""
_LONGEST: Final = 3  # words
_BETWEEN: Final = frozenset({"and", "s"})
_A_PERSON: Final = re.compile(
    r"(?:name(?:[^\S\n]is|['\u2019]s|:)?|i[^\S\n]am|i['\u2019]?m|this[^\S\n]is|mr\.?|mrs\.?|ms\.?|miss|dr\.?|dear|hi|hello|hey"
    r"|regards,?|thanks,?)[^\S\n]*\Z",
    re.IGNORECASE,
)
_REACH: Final = 16  # code points before a name


def is_brand_of_no_place(word: str) -> bool:
    """Whether a lower-case word is a brand and no place: "Pipedrive" of "imported from Pipedrive"."""
    return word in _WORDS and word not in _PLACES


def is_brand(text: str, start: int, words: Sequence[str]) -> bool:
    """Whether lower-case `words`, all of a span, are a brand. Reads few characters before it."""
    if len(words) == 1:
        known = words[0] in _WORDS
    else:
        telling = tuple(word for word in words if word not in _BETWEEN)
        known = len(telling) <= _LONGEST and telling in _NAMES
    return known and _A_PERSON.search(text, max(0, start - _REACH), start) is None
