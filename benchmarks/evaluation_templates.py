"""Sentences, records and conversations of the evaluation set. `{TYPE}` is a slot for a value.

Each line is one piece; the generator joins pieces into tickets and transcripts, so that no two texts share
their whole frame. `{N3}` is a number of three digits and `{W}` a product word: not PII, never marked.
"""

# ruff: noqa: E501  # patterns and tables, one a line
from __future__ import annotations

OPENINGS = """
Hi team,
Hello,
hey there
Good morning,
To whom it may concern,
hi
Dear support,
hello can someone help
This is the third time I am writing.
Hi, following up on ticket #{N5}.
""".strip().splitlines()

CLOSINGS = """
Thanks, {PERSON}
Best regards,\\n{PERSON}
Kind regards\\n{PERSON}\\n{PHONE_NUMBER}
thx
Please advise.
Thank you!
Cheers, {PERSON}
- {PERSON} ({EMAIL_ADDRESS})
waiting for your reply
""".strip().splitlines()

SENTENCES = """
My name is {PERSON} and I can be reached at {PHONE_NUMBER}.
Please write to {EMAIL_ADDRESS} instead of my old address.
I tried to pay with {CREDIT_CARD} but the {W} was not shipped.
The card is {CREDIT_CARD}, exp {CARD_EXPIRY}, cvv {CARD_CVV}.
My card expires {CARD_EXPIRY} and the security code is {CARD_CVV}.
Expiry date: {CARD_EXPIRY}. CVC: {CARD_CVV}.
Refund me to {IBAN_CODE} please.
The IBAN on the invoice, {IBAN_CODE}, is the right one.
My account number is {ACCOUNT_NUMBER} and I see a charge of ${N3}.00.
You debited account no {ACCOUNT_NUMBER} twice.
Customer number {CUSTOMER_ID}, in case you need it.
My member ID is {CUSTOMER_ID}.
My MRN is {MEDICAL_RECORD_NUMBER} and I need the lab report.
The hospital gave me patient id {MEDICAL_RECORD_NUMBER}.
For verification, my SSN is {US_SSN}.
Social security number: {US_SSN}
The last four of my social is {LAST_FOUR}.
My ITIN is {US_ITIN}.
My passport number is {US_PASSPORT}, issued in {LOCATION}.
Driver license {US_DRIVER_LICENSE} was scanned upside down.
The bank account {US_BANK_NUMBER} was closed.
NHS number {UK_NHS} is on my card.
The prescriber's DEA number is {MEDICAL_LICENSE}.
I log in from {IP_ADDRESS} and get error {N3}.
The router's MAC address is {MAC_ADDRESS}.
See {URL} for the page that fails.
The request id was {UUID}.
I sent the coins to {CRYPTO}.
My date of birth is {DATE_OF_BIRTH}.
I was born on {DATE_OF_BIRTH}, so I am old enough.
DOB: {DATE_OF_BIRTH}
It broke on {DATE_TIME}.
My mother is {AGE} years old and cannot use the app.
Patient age: {AGE}
I live at {STREET_ADDRESS}.
Please ship the {W} to {STREET_ADDRESS}.
We moved from {STREET_ADDRESS} to {STREET_ADDRESS} last month.
Address: {STREET_ADDRESS}
The parcel went to {STREET_ABROAD} by mistake.
My new address is {STREET_ABROAD}
My zip code is {POSTCODE}.
Postcode: {POSTCODE}
I am staying in {LOCATION} until {DATE_TIME}.
The driver waited at {COORDINATES}.
my password is {PASSWORD} and it still says wrong
Password: {PASSWORD}
My PIN is {PIN}.
I typed pin {PIN} three times.
Your verification code is {ONE_TIME_CODE}, it said.
The one-time code {ONE_TIME_CODE} expired, otp is {ONE_TIME_CODE} now.
My mother's maiden name is {SECURITY_ANSWER}.
My first pet's name was {SECURITY_ANSWER}.
Security answer: {SECURITY_ANSWER}
Our key is {SECRET_KEY}, please rotate it.
curl -H 'Authorization: Bearer {SECRET_KEY}'
My username is {USERNAME}.
user name: {USERNAME}
The phone's IMEI is {DEVICE_ID}.
The VIN is {VEHICLE_ID}.
License plate {LICENSE_PLATE} was towed.
Numéro de sécurité sociale {NATIONAL_ID}
Mijn BSN is {BSN}.
As a {NRP} customer I expect better.
I work for {ORGANIZATION}.
Ich heiße {PERSON} und wohne {STREET_ABROAD}.
Mi número de cuenta es {ACCOUNT_NUMBER}.
Meine Telefonnummer ist {PHONE_NUMBER}.
Je m'appelle {PERSON}, mon e-mail : {EMAIL_ADDRESS}.
Geburtsdatum: {DATE_OF_BIRTH}
fecha de nacimiento: {DATE_OF_BIRTH}
My passport number is {TRAVEL_DOCUMENT}, it expires soon.
passport no {TRAVEL_DOCUMENT}
Scan of my passport:\\n{MRZ}
My driver license number is {DRIVER_LICENSE}.
driving licence {DRIVER_LICENSE}
My health insurance member id is {INSURANCE_NUMBER}.
policy number: {INSURANCE_NUMBER}
Our VAT number is {VAT_NUMBER}.
I have {HEALTH_CONDITION} and need a quiet room.
I take {MEDICATION} every morning.
my password is {PHRASE}
The answer to my security question is {PHRASE_ANSWER}.
I said my pin is {SPOKEN_PIN}
the last four of my social are {SPOKEN_LAST_FOUR}
Write to {EMAIL_ADDRESS}{US_SSN} if needed.
phone:{PHONE_BARE}email:{EMAIL_ADDRESS}
Serial number {SERIAL}
Order {N6} of {N2} {W} has not arrived, tracking 1Z999AA1{N5}.
The {W} stopped working after version {N1}.{N2}.{N1}.
It costs {N2}.99 and the invoice INV-{N5} says {N3}.
""".strip().splitlines()

CHAT = """
my name is {PERSON}
{STREET_IN_CHAT}
address {STREET_IN_CHAT}
yes its {STREET_IN_CHAT}
ssn {LAST_FOUR}
my ssn is {LAST_FOUR}
account no {ACCOUNT_NUMBER}
ac no is {ACCOUNT_NUMBER} and ssn no is {LAST_FOUR}
password is {PASSWORD}
my pin is {PIN}
its {EMAIL_ADDRESS}
call me on {PHONE_NUMBER}
zip code is {POSTCODE}
dob {DATE_OF_BIRTH}
otp is {ONE_TIME_CODE}
cvv {CARD_CVV} exp {CARD_EXPIRY}
card number {CREDIT_CARD}
my username is {USERNAME} and password is {PASSWORD}
customer id {CUSTOMER_ID}
sure my date of birth is {DATE_OF_BIRTH}
security answer is {SECURITY_ANSWER}
i live in {LOCATION}
""".strip().splitlines()

QUESTIONS = """
Can I have your name please?
What is the address on the account?
May I have the last four digits of your social?
Which card did you use?
Could you confirm your date of birth?
What is the best number to reach you?
Can you read me the code we sent you?
And the postcode?
Thank you. Is there anything else?
Please hold for {N1} minutes.
I see order {N6} from {N1} days ago.
""".strip().splitlines()

RECORDS = """
Name: {PERSON}\\nPhone: {PHONE_NUMBER}\\nEmail: {EMAIL_ADDRESS}\\nCustomer number: {CUSTOMER_ID}
Contact: {PERSON} <{EMAIL_ADDRESS}>\\nAddress: {STREET_ADDRESS}\\nDOB: {DATE_OF_BIRTH}\\nPlan: Silver {N2}
Patient: {PERSON}\\nMRN: {MEDICAL_RECORD_NUMBER}\\nDate of birth: {DATE_OF_BIRTH}\\nPhysician DEA: {MEDICAL_LICENSE}\\nNHS number: {UK_NHS}
Owner {PERSON}; VIN {VEHICLE_ID}; license plate {LICENSE_PLATE}; last position {COORDINATES}
Account number: {ACCOUNT_NUMBER}\\nIBAN: {IBAN_CODE}\\nBalance: {N4}.{N2}
Device: {W} {N2}\\nIMEI: {DEVICE_ID}\\nMAC: {MAC_ADDRESS}\\nIP: {IP_ADDRESS}\\nFirmware {N1}.{N1}.{N2}
login={USERNAME}\\npassword={PASSWORD}\\nhost={IP_ADDRESS}
Card: {CREDIT_CARD}\\nExpiry: {CARD_EXPIRY}\\nCVV: {CARD_CVV}\\nName on card: {PERSON}
Kunde: {PERSON}\\nAnschrift: {STREET_ABROAD}\\nTelefon: {PHONE_NUMBER}\\nGeburtsdatum: {DATE_OF_BIRTH}
Titular: {PERSON}\\nDomicilio: {STREET_ABROAD}\\nFecha de nacimiento: {DATE_OF_BIRTH}\\nIBAN: {IBAN_CODE}
Caller {PERSON} ({AGE} years old) asked for a ramp at {STREET_ADDRESS}. SKU {N5}-{N2} shipped {DATE_TIME}.
Employee of {ORGANIZATION}, passport number {US_PASSPORT}, social security number {US_SSN}
""".strip().splitlines()

NEGATIVES = """
Order {N6} was shipped on Tuesday.
order number {N8} has not arrived
Tracking number 1Z999AA1{N8} shows no movement.
ticket #{N5} is a duplicate of #{N5}
SKU {N5}-{N2} is out of stock
Part no. {L2}-{N4}{L1} does not fit the {W}.
Version {N1}.{N2}.{N1} crashes on start.
I upgraded from v{N1}.{N1} to v{N1}.{N2}.{N3}.
Error code 0x{N4}{L2} appears.
HTTP {N3} from the server after {N2} seconds
The price went from ${N2}.99 to ${N3}.50.
I paid {N3} euros for {N1} {W}.
You charged me {N4} dollars instead of {N3}.
The meeting is at {N1}:30 on Monday.
Open from 9:00 to 17:{N2}.
It takes {N2} minutes to drive there.
My account is {N1} years old and was never used.
My account since 2019 has a limit of {N4} dollars.
I cannot change my password.
password reset link expired
My password is not working.
the password must have 8 characters
Please reset my pin, I forgot it.
The pin on the {W} is bent.
connect pin 12 to pin 14
how do i change my PIN at an ATM
What is a CVV and where do I find it?
My card expired last month.
when does my card expire
the security code never arrived
I never got the verification code.
Your code snippet has {N3} lines.
the zip file has {N5} entries
unzip {N5} files
Area code is missing.
I need a copy of my date of birth certificate rules.
happy birthday to your team
The baby is 3 years old.
Users aged 18 to 25 prefer the {W}.
The machine is {N1} years old.
Turn left at the second street and drive 2 miles.
we have 3 kids and a drive way
I went the extra mile, 2 way street.
The road to recovery takes 12 steps.
There are 10 people in line at court.
400 people run the park loop.
1 large iced latte and 2 muffins
Can I get a grande mocha with {N1} shots?
Add two pumps of caramel to the {W}.
I'd like 3 cups for drive thru.
Room {N3} is too cold.
Flight {L2}{N3} was delayed by {N1} hours.
gate B{N2} changed to gate C{N2}
booking reference {L3}{N2}{L1}
Invoice INV-{N5} is wrong.
PO number {N6} is missing on the invoice
Case {N8} is closed.
model {L2}{N4}, firmware {N1}.{N2}
The {W} {N4} Pro is heavy.
serial cable, 2 m, black
resolution 1920 x 1080 at {N2} Hz
the photo is {N4} x {N4} pixels
{N1} of {N2} items are missing
battery at {N2} % after {N1} hours
I waited {N2} minutes in the queue.
Ratio 3.1415 to 2.7182 is fine.
chapter {N1}.{N1}.{N1}, page {N3}
CPU at {N2}.{N4} and memory at {N2}.{N4} percent
Is there an API key page? I lost my token.
where do I find the secret key setting
The token bucket refills each second.
const token = getToken();
The username field is too short.
user is not able to log in
my handle broke off the cup
my skype is not working
The license plate frame does not fit.
What plate sizes do you sell?
The wallet is made of leather.
crypto is down {N2} % today
My device has no serial number on it.
Please send it by Monday.
We released on 12 March 2024.
The outage of 2023-11-04 lasted {N1} hours.
from 2021-03-01 to 2021-03-31
see section {N1} of the guide
Best regards, the support team
Customer service was great.
the customer is always right
member since 2018
patient zero is a good movie
Your patient answer helped.
ID is required.
id {N6} is not a valid order
UUID 123e4567-e89b-12d3-a456-42661417{N4}
sha256 of the file: {H64}
commit {H40} breaks the build
color #{H6} looks off
The mother of all sales starts now.
My first car was a great deal.
what was the name of my first order
the answer to the security question is required
call 911 in an emergency
chat with us 24/7
2-for-1 offer ends in {N1} days
Order {N6}, {N2} units, {N1} boxes, {N3} kg
size {N2}, colour blue, quantity {N1}
temperature 98.6 and 101.2
Apollo 13 and Boeing 747 are on my list
Catch 22 is sold out
Windows 11 and Office 365
iPhone 12 Pro, 128 GB, blue
Route is being calculated.
Take highway or local roads?
Is the {W} dishwasher safe?
Via email or via chat?
Der Weg ist das Ziel.
Bestellung {N8} ist noch nicht da.
Die Rechnung {N6} ist falsch.
El pedido {N6} no ha llegado.
la factura {N5} está mal
Ma commande {N8} n'est pas arrivée.
L'ordine {N6} non è arrivato.
Bestelling {N6} is niet aangekomen.
my password is expired and I cannot log in
the password is too short
The password is case sensitive.
my password is giving me trouble
Our password is changed every ninety days.
my password is the same as before
The answer to my secret question is rejected.
passport renewal takes {N2} days
My passport expires next month.
The driving licence office is closed on {N1}/12.
policy number of days is {N2}
The insurance covers {N4} dollars.
the tax id field is empty
the pin code field does not accept letters
{N3} people have a passport
""".strip().splitlines()
