"""Look-alikes that none of our recognizers may find, by the type that they resemble."""

from __future__ import annotations

import pytest

from tests.unit.analyzer.recognizers.conftest import Find

CASES: dict[str, str] = {
    "CREDIT_CARD": """
        order A1234567890123456 shipped
        T4111111111111112
        ab4111111111111111
        a total of $4,111,111,111,111,111
        sum 4,111,111,111,111,111.00 EUR
        9,111,111,111,111,111 rows
        visa took the last 4 days
        the card shop had 4 of the last 4 sizes
        visa queue. The last 4 1881
        last 4 1881
        4,111,111,111 rows
    """,
    "DRIVER_LICENSE": """
        software license number 4471-88210-22 expired
    """,
    "STREET_ADDRESS": """
        I bought one Park Avenue coat and left
        auf der Hauptstraße drei Autos beschädigt
        amende n° 118 827 441, place Victor
        sent via email due to delays
        sent via the app once more
        in via Roma sei arrivato
        pt c/o chest pain x 3 days
        Boarding gate 12 is closed
        um 17 Uhr. Frau Dr. Ngo weiß
        an der neuen Kasse 3 in Eile
        Abgabe CL 12-24-36
        mieszkam tam od 2019
        Windows 11, 2022 Server edition
        on May 5, 2024 Meeting
        Order 12, 4000 Items left
        it is on one main road
        two people on the street
        Katie 25 from Leeds
        It takes 12 minutes to drive to the place.
        400 people run the park loop
        we have 3 kids and a big drive way
        2 way street ahead
        I asked for 30 pounds at your ATM and only got 10
        Turn left at the second street.
        1 large iced latte and 2 cookies to go
        Version 12 street edition
        booking number c 4 rt 90
        Order 12 items by the road
        3 lane closed
        Open 24 hours a day, no parking place
        10 in court today
        during 2023 the ring was lost
        via Chrome 120
        via email 2 days ago
        5 star place
        12 steps. Take highway or local roads
        0 to 100 run
        the 2 of us walk
        call 911 in the park
        SKU 4471 Oak Table
        plaza de 3 euros
        la calle es larga
        rue 1
        Der Weg ist 5 km lang
        ul. jest zamknięta
        email address 12 characters long
        ip address 203.0.113.7 is blocked
        gate 12 drive thru 3
        Model TK-9, s/n 4471A009B
        cited as 88 S. Ct. 1204
        Brigade 12 and renegade 5
        unit 12 box 40 of the pallet
        Auf dem Bild 3
        FPO and APO are codes
        post office box colours
    """,
    "POSTCODE": """
        order 90210 was shipped
        ticket 12345
        error 10115
        I paid 28037 points
        12345 users
        A1B2C3 is the SKU
        in 2024 USD
        it costs 1017 EUR
        model 4711 is out
        in 10000 days
        ISO 27001 audit
        HTTP 50234
        delhi 2 days
        batch 600028
        room 94103 lobby
        invoice 33130
    """,
    "DATE_OF_BIRTH": """
        la garantie court jusqu'au sept janvier deux mille trente
        gwarancja jest do siódmego stycznia dwa tysiące trzydziestego
        das paket kam am vierzehnten juli
        la factura de mil novecientos ochenta y tres euros
        vorrei cambiare il volo dal tre al cinque marzo
        de drie mannen wachten al tachtig minuten
        ouvert du premier avril au trente et un octobre
        neuf cents euros en mars soixante pages
        trente quarante cinquante
        It broke on 12 March 2024.
        shipped 03/04/2024
        The outage of 2023-11-04
        born to run
        happy birthday to your team
        I need it by 5th May
        created 1999-01-01
        2001-01-01
        14 September 2023
        version 1.2.1980
        birthday cake 12/12
        renewal date: 01/01/1999 and later
        ratio 1/2/3
        dob format is DD/MM/YYYY
        last login 02/29/1980 10:00 from home
        the date of birth field is empty
        built in nineteen eighty nine
        on the fifth of june two thousand and twenty six
        it opens on the first of may ninety days from now
        it's the tenth of the tenth twenty six
        the first of may
        twenty first march sale
        two thousand and five units
        released on june third
    """,
    "AGE": """
        in Model Nova, 95, 96 and 97 fail
        New York, 94, Boston, 97
        noventa euros por mes
        the dial turned 95 in the test
        turned 90 in the wrong direction
        she's ninety percent sure
        he is a hundred miles away
        The baby is 3 years old.
        a 25-year-old intern
        my account is 95 days old
        aged 18 to 25
        battery at 95 %
        I am 95% sure
        in 92 years of company history
        92 items
        page 101
        age of empires
        ninety two items
        ninety days of leave
        a hundred years of history
        one hundred and five pages
    """,
    "ACCOUNT_NUMBER": """
        EAN 5012345678900 is the product
        the meter point is 200 metres away
        prm 2024 budget
        shipped 03-11-26 55779911 by post
        the account's 2024 statement
        folio 44711 was billed to room 12
        zenith 100 tickets
        Sort 120001 items, acc to section 4
        mail ops@okay.example.com
        sort code is invalid
        direct debit from 20240901 on
        direct debits from 12345678.50
        due 12-11-24 20240001 pieces
        sort codes have 6 digits
        My account is 3 years old.
        my account since 2019
        account balance 5000
        account 2 is fine
        my account 1000 dollars short
        order number 68318931
        ticket no 5534
        Tracking number 1Z999AA10123456784
        I have 2 accounts with 1500 euros
        account manager 24/7
        accounting period 202401
        reference 00123456
        take into account 10 things
        invoice number 751200
        serial number missing
        phone number 4155550132
    """,
    "CUSTOMER_ID": """
        customer 2 of 5
        the number of customers is 4471
        member since 2018
        order id 447192
        client version 10234
        member count 4500
    """,
    "MEDICAL_RECORD_NUMBER": """
        n° de dossier 2024-118204 clos
        patient 2 of 12
        the patient waited 45 minutes
        record 12345 deleted
        hospital opened 1998
        chart 12 of the report
        a record number of 5000 visitors
    """,
    "US_SSN": """
        order 5343
        the last four orders 1234
        assn 1234
        in 2024
        ssn is required
        pass 8632
        536-22
        last 4 digits of the order 1234
    """,
    "PASSWORD": """
        it's error403! can't log in
        it's Windows11! and I can't log in
        I tried C++11 and it fails to log in
        It's Q3-2024! in the office
        userPassword = getPassword(7)
        newPassword: string
        the member password_policy is set
        password = var.db_password
        La password scade ogni 90 giorni
        Access to api.example.com/v2beta is denied
        changed plan from Basic2023 to Pro2024
        user forgot password again
        the safe word processor update is out
        login details are sent by post within 5 days
        the hub has 4 ports and one key switch
        grep -u 'a: b' file
        I logged in with Office365! and it was slow
        the password I use I do
        password reset x y z
        I cannot change my password.
        password reset link expired
        My password is not working.
        my password is wrong
        the password must have 8 characters
        I thought I knew my password but I guess I was wrong
        Password is case sensitive.
        password expired 3 days ago
        <input type="password" name="x" autocomplete="off">
        <input class="c" name=password data-x=1>
        password: reset request
        Password: please reset it
        Password: see attached note
        password: temporary access expired
        "password": "must be at least 8 characters"
        password "forgot password"
        password: 12 characters minimum
        password is only 8
        Subject: Password: urgent help needed
        password: ********
        Enter your password and press OK
        the password field is empty
        forgot password?
        is my password secure
        https://www.example.com:8443/path
    """,
    "PIN": """
        pin (see page 4): call 4471 now
        exam pin set 4410x arrived
        PUK means personal unblocking key
        forgot my pin\nOrder: 1234
        pin\nFloor: 1234
        pin 1 2 3 4 5 6 7 8 9
        connect pin 12 to pin 14
        how do i change my pin
        my pin is one of the three two told me
        i pin two three or four notes
        pin the note to one two three
        pin the message
        4111 people
        pin code 600001
        drop a pin at 1 pm
        my pin expired in 2023 days
        spin 1234
    """,
    "ONE_TIME_CODE": """
        backup codes do not work since 2024 and 2025
        Rio 2016 was great
        error at gate B12, code 4471
        verification code a b test
        otp is a four digit code
        the passcode a b c d is shown
        error code 482913
        error code four oh four one
        the code has 300 lines
        zip code 902101
        promo code SAVE2024
        I never got the verification code
        one-time payment of 4500
        country code 0049
        discount code 112233
        code you sent 3 days ago
        the code i wrote has 1204 lines
    """,
    "SECURITY_ANSWER": """
        Security question: first pet
        The answer should be Paris (capital question)
        the security question is required
        my first car was the best
        what is the mother of all sales
        security answer is required
        the answer is Bluebird
        my pet is sick
        Her name was Sanders
        maiden voyage
    """,
    "SECRET_KEY": """
        legal winner thank year wave sausage worth useful legal winner thank zebra
        I lost my 24 words and the wallet shows zero balance after the update please advise what to do
        some words that people write about every day can also stand here without harm today
        the token bucket refills
        const token = getToken();
        secret sauce recipe
        api key is missing
        token: aaaaaaaaaaaaaaaaaaaaaaaa
        commit 9f86d081884c7d659a2feaa0c55ad0159f86d081
        id 123e4567-e89b-12d3-a456-426614174000
        task-force-alpha-bravo-charlie
        the key to success
        sk-ip this
        secret: see-the-documentation-page
    """,
    "CARD_EXPIRY": """
        the MOT expires 04/27
        la factura vence 08/27
        l'abbonamento scade 06/29
        warranty expiry year: 2031
        exp_year=31000
        GTIN 04012345123456, lot L2291, exp 11/2026
        Membership expires June 2027
        the domain runs out in March 2028
        my card expires soon
        Coupon expired? It says valid until 05/2024
        Reisepass C01X00T47, gültig bis 11/2031
        my insurance card is valid until 11/2031
        updated 04/27
        expired on Monday
        1/2 of the cards
        ratio 04/27 is fine
        the offer expires in 12 days
    """,
    "CARD_CVV": """
        the price is 120 on the back of the box
        what is a cvv
        HTTP 404
        room 123
        cvv is required
        security code never arrived
        error 500 on the back page
        the cvv has 3 digits
    """,
    "CRYPTO": """
        0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD
        bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5
        1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3
        0x1234
        9f86d081884c7d659a2feaa0c55ad015a3bf4f1b
        Thequickbrownfoxjumpsoverthelazydog
    """,
    "VEHICLE_ID": """
        1M8GDM9A1KP042788
        ABCDEFGHJKLMNPRST
        12345678901234567
        order AB12345678901234X
        internationalized
    """,
    "LICENSE_PLATE": """
        the auto BMW 320D and the van VW 1500D
        truck MX 500 is too heavy
        Ford Transit (2024) and (AB12)
        Otra placa de 2 cm de diámetro
        immat ?\nkm ?
        VRM of the parking notice
        item KA 05 MJ 4821
        vehicle number is wrong
        The license plate frame does not fit.
        plate sizes 10 cm
        order AB12 CDE
        7ABC123
        license key missing
        number plates are sold out
        a plate of pasta
        part AB-123-CD is out of stock
        code GX10 ABC expired
    """,
    "COORDINATES": """
        ratio 3.1415 to 2.7182
        costs 40.71, 74.00
        version 10.1234
        1.5, 2.5 and 3.5
        temperature 98.6, 101.2
        3.14159265
        latitude is missing
        long 3.5
    """,
    "DEVICE_ID": """
        serial cable db9-4471-22
        order 490154203237518
        IMEI is unknown
        490154203237519
        serial cable, 2 m
        my device is broken 3 times
        device id missing
        no serial number on it
    """,
    "USERNAME": """
        sent $50 on cash app
        Bot: did that help?\\nUser: yes
        user=system action=automation.run
        203.0.113.77 - - [14/Feb/2026:08:13:22 +0000] "GET / HTTP/2.0"
        [10:02] Agent: which size?\\n[10:03] User: medium\\nAgent: ok
        user forgot password again
        issue#4471 and PR#1180 are on the discord list
        the account user_id is null
        profile default_v2 and member first_name
        seller api_key(x)
        -v /home/site/wwwroot:/app
        cd /home/vsts/work/1/s
        GET /home/settings/profile 200
        arn:aws:iam::123456789012:role/S3Access
        arn:aws:sts::123456789012:assumed-role/web/i-0abc1234def567890
        oh snap that was fast
        [~accountid:5b10a2844c20165700ede21g]
        we sign it: never
        the limit for user reasons from May on
        The username field is too short.
        USER: forgot my pin
        user is not able to log in
        my handle broke off
        skype is not working
        username is invalid
        Login issue
        handle issues quickly
        The user is unable to sign in.
        user was redirected, login is disabled
        user 5 of 10
        write to maria@example.com
        @media screen
        twitter is down
        the user guide 2.0
        @lru_cache\\ndef load(): ...
        @pytest.fixture(scope='module')
        @Override public void run()
        npm i @types/node @vue/cli-service
        @media (max-width: 9em) { }
        hey @channel, lunch?
        https://example.com:8443/a@b
    """,
    "NATIONAL_ID": """
        order 111222333
        2 69 05 49 588 157 81
        756.9217.0769.86
        529.982.247-26
        111111111
        timestamp 1700000000000
        85.07.30-033.29
        batch 12345678901
    """,
}
TABLE = [
    (entity, line.strip().replace("\\n", "\n"))
    for entity, lines in CASES.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("entity", "text"), TABLE)
def test_left_alone(find: Find, entity: str, text: str) -> None:
    assert find(text, only=entity) == []
