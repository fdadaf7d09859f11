"""What each recognizer finds: the text in angle marks must be covered, with the table's type."""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

import functools
from typing import Any

import pytest

from shield.analyzer.expressions.folded import fold
from shield.analyzer.patterns import PatternEngine
from shield.analyzer.recognizers.ours import OURS
from tests.unit.analyzer.recognizers.conftest import Find

CASES: dict[str, str] = {
    "CREDIT_CARD": """
        my card x‹4111 1111 1111 1111›
        it is n‹4111111111111111›
        ‹5555555555554444›a
        ‹3782 822463 10005›x
        the table says ‹4,111,111,111,111,111›
        ‹378,282,246,310,005› is my card
        card's the visa, last 4 ‹1881›, thanks
        on the amex (last four is ‹1005›)
    """,
    "DRIVER_LICENSE": """
        she is second driver, licence no. is ‹D1234-56789-01234›
        d/l ‹F255-921-50-094-0› renewal
    """,
    "INSURANCE_NUMBER": """
        I am Kaveh, policy ‹TRV/2026/004417›. My bag
        nominee changed on policy ‹LF-4418-22›
        policy number ‹LF 20 118845 K›. I am
        Utente n.º ‹123 456 789› SNS
        Ins ‹W 2204 51778›, DOB on file
    """,
    "STREET_ADDRESS": """
        ich wohne ‹Lindenstraße vierundzwanzig› in Köln
        ‹kerkstraat twaalf› graag
        ‹via Garibaldi ventidue›, Rovigo
        moro na ‹Rua das Flores trinta e dois›
        vivo en la ‹calle Olmo veintidós›
        it is ‹twelve rosewood street›_old
        Bitte an ‹Packstation 145› liefern
        vivo en ‹Carrera 15 # 93-47 apto 502›, Bogotá
        ‹Cra. 7a No. 45-12 Barrio Chapinero›
        en ‹Av. Vallarta 1458, Col. Americana›, 44160
        ‹Jr. Huallaga 345, Dpto. 502›, Lima
        asentamiento, ‹Mz. B Lt. 5›
        na ‹Rua Augusta 1500 - Bairro Consolação›
        ‹Av. Brigadeiro Faria Lima, 2232, conj. 84›, Jardim
        na ‹SQN 305 Bloco C apto 204›
        jetzt ‹an der alten ziegelei 7› in 26121 oldenburg
        in der ‹Ziegeleistraße 5, 2. OG links›
        Indirizzo: ‹Via Roma 10, scala B, int. 4›
        ‹Steenweg op Gent 210 bus 3›, 9300
        mieszkam na ‹Polnej 5› w Otwocku
        Objekt ‹Am Alten Sägewerk 3a›, Bad
        jabite au ‹12 all des tilleuls› à
        his deputy lives on ‹Bygdøy allé 23›.
        ‹Karl Johans gate 12, 0162 Oslo›
        ‹Mannerheimintie 22, 00100 Helsinki›
        ‹Rákóczi út 44, 7621 Pécs›
        Meet me at ‹Vodičkova 28, 110 00 Praha› at ten.
        ‹Tverrveien 7, 4015 Stavanger›
        ‹2-11-3 Meguro, Meguro-ku, Tokyo 153-0063›
        ‹〒150-0002 東京都渋谷区渋谷2丁目21番1号›に送ってください
        ‹東京都渋谷区渋谷二丁目二十一番›です
        ‹Atatürk Cad. No: 45›, 35220 İzmir
        i live at ‹forty two acacia avenue›
        I live at ‹12 Main Street, Springfield IL 62704› now.
        ship it to ‹6481 potrero dr newark ca 94560›
        address ‹698 robert ave new york›
        ‹7770 s leatherwood street›
        ‹380 grandrose drive   niagara falls ny 14304›
        ‹123 5 th ave› is where i live
        my address is ‹201 w turk street turkville usa 12345›
        send the refund to ‹PO Box 887›
        We moved to ‹221B Baker Street, London NW1 6XE›.
        Flat 3, ‹14 High Road, Leeds LS1 4DY› please
        deliver to ‹Unit 3/45 George Street, Sydney NSW 2000›
        ‹58 nanjal sampath road salem›
        ‹1357 sakthi nagar› tholasampatty
        Ich wohne in der ‹Hauptstraße 5, 10115 Berlin›.
        Adresse: ‹Lange Str. 12a›
        J'habite au ‹12 rue de la Paix, 75002 Paris›.
        ‹24 bis avenue Victor Hugo›, code 12
        Mi domicilio es ‹Calle Mayor 5, 3º B›.
        Domicilio: ‹C/ Santa Engracia, 23›
        vivo en ‹Avda. de América, 12›
        Indirizzo: ‹Via Roma 10›
        abito in ‹Piazza del Duomo, 1›
        Mijn adres is ‹Kerkstraat 10, 1017 GC Amsterdam›.
        ‹Keizersgracht 123›
        Mieszkam: ‹ul. Marszałkowska 10/12›
        ‹1120 n street sacramento›
        ‹123 rue Sainte-Catherine, Montréal QC H2X 1K4›
        address is ‹987 lynnway lynn ma 6543›
        meet me at ‹5th and Main›
        Write to ‹PSC 1204, Box 88, APO AP 96205›.
        ‹USNS Comfort, FPO AE 09566› until June
        ‹Unit 7712 Box 331 DPO AE 09498-0331›
        ‹RR 4 Box 12A, Ogallala, NE 69153›
        mail goes to ‹HC 2 Box 518›
        ‹GPO Box 1188, Sydney NSW 2001›
        Send it to ‹Private Bag X14›, thanks
        ‹Postfach 10 22 33›
        Besked: ‹Søndergade 17B, 8000 Aarhus C›
        Hon bor på ‹Kungsgatan 44, 111 35 Stockholm›
        ‹Auf dem Werder 14 / 28203 Bremen›
    """,
    "POSTCODE": """
        ADR;TYPE=home:;;Storgatan 15;Umeå;;‹903 26›;Sweden
        my zip code is ‹90210›
        zip ‹02101-1234› please
        postcode ‹SW1A 1AA›
        it is ‹EC1A 1BB›
        ‹K1A 0B1› is mine
        Amsterdam, postcode ‹1017 GC›
        chennai ‹600028›
        newyork ‹21536›
        Boise, ID ‹83702›
        PLZ ‹10115›
        CP: ‹28037›
        code postal ‹75002›
        pin code is ‹600001›
        city name is wichita and zip code ‹67201›
        kod pocztowy ‹00-950›
        Eircode: ‹D02 X285›
        código postal ‹4000-336›
        CAP ‹00184›
        ‹80331› München
        Agent: zip code?\\nCaller: it's ‹60611›
        postcode please?\\n‹M1 2AB›
        my zip code is wrong, it should be ‹97205›
    """,
    "DATE_OF_BIRTH": """
        ‹quatorze juillet mille neuf cent quatre-vingt-trois›
        ‹trente et un août mille neuf cent cinquante-six›
        née le ‹premier avril deux mille un› à Lyon
        c'est le ‹trois mars soixante-dix-huit›
        le ‹cinq du six quatre-vingt-onze›
        urodziłem się ‹trzeciego maja tysiąc dziewięćset dziewięćdziesiątego pierwszego roku›
        ‹piąty maja siedemdziesiątego drugiego›
        data urodzenia to ‹dziesiąty października dwutysięcznego roku›
        ich bin am ‹zweiundzwanzigsten september neunzehnhundertfünfundsechzig› geboren
        ‹vierzehnter siebter neunzehnhundertdreiundachtzig›
        am ‹dritten märz achtundsiebzig›
        ‹veintidós de septiembre de mil novecientos sesenta y cinco›
        el ‹tres de mayo de setenta y ocho›
        sono nato il ‹ventidue settembre millenovecentosessantacinque›
        ‹nove gennaio millenovecentosessantuno›
        geboren op ‹tweeëntwintig september negentienhonderdvijfenzestig›
        nasci a ‹vinte e dois de setembro de mil novecentos e sessenta e cinco›
        Fitzgerald, Maeve (‹1956-02-11›) lives alone
        DOB ‹091584›
        ‹nineteenth of the sixth nineteen seventy›
        date of birth: ‹the second of the eleventh eighty four›
        Script for Ottoline Marsh (‹30.09.1951›) queried
        Denise Hargreaves (‹1984-05-17›) stated
        dob ‹02/29/1980›
        DOB: ‹1980-02-29›
        BDAY:‹19800229›
        Date of birth:\\n‹12 March 1975›
        I was born on ‹March 12, 1975›
        my date of birth is ‹04/04/1990›
        ‹14th September 1983›
        ‹15 of the 5th 1938›
        Sure, it's ‹06/08/1985›
        Geburtsdatum: ‹12.03.1975›
        geboren am ‹12. März 1975›
        né le ‹12 mars 1975›
        Fecha de nacimiento: ‹15/08/1981›
        nació el ‹1 de abril de 2018›
        data di nascita ‹12/03/1975›
        geboortedatum ‹12-03-1975›
        my birthday is ‹5th may›
        d.o.b ‹7/14/88›
        it was ‹the fifth of may nineteen sixty two›
        ‹nineteen forty eight december the twelfth›
        ‹October thirty first, two thousand and three›
        yeah it's ‹the seventeenth of may sixty three›
        um, ‹october the twenty first ninety three›
        ‹the tenth of the tenth seventy›
        it's ‹two eleven nineteen forty eight›
        I was born in ‹december nineteen seventy nine›
        born in ‹nineteen sixty six›
        date of birth?\\nuser: ‹june second seventy nine›
        date of birth: ‹14th of august eighty one›
        My date of birth was entered wrong, it is ‹12/03/1984›
    """,
    "AGE": """
        Bill for my mum (Henrietta Vandermolen, ‹94›), denied
        patient Otis B. Merriweather, ‹91›, doing ok
        j'ai ‹quatre-vingt-treize› ans et
        meine Mutter ist ‹vierundneunzig› Jahre alt
        minha avó tem ‹noventa e dois› anos
        He turned ‹101› in May.
        granddad turns ‹100› on 9 June
        for my mother, she's ‹ninety three› now
        my nan shes ‹ninety three›
        She is ‹92 years old›.
        a ‹101-year-old› patient
        Patient age: ‹94›
        my grandmother is ‹97› and fell
        aged ‹90›
        my aunt is ‹ninety-six years old›
        he turned ‹ninety two› in May
        aged ‹one hundred and three›
    """,
    "ACCOUNT_NUMBER": """
        council tax ref ‹8800412231›, disabled
        council tax number ‹88004122›
        MPAN ‹2000012345678›
        MPAN: ‹S 01 801 101 22 1130 0000 005›
        gas MPRN is ‹7441208903›
        meter point reference number is ‹9123456702›
        CUPS: ‹ES 0021 0000 0000 0001 JR 0F›
        il POD è ‹IT001E12345678›
        mon PDL est le ‹12345678901234›
        EAN-code stroom ‹871687120012345678›
        numer PPE ‹590543570400123456›
        NOT AUTHORISED TO J MENSAH ‹20-45-45 55779911› ON 3 NOV
        to Ade, gtb ‹0023456781› please
        ‹0023456781› Zenith Bank
        folio no. ‹91028837465› is locked
        my account number's ‹22348891›
        ACC REF: ‹0098-2231-04›
        MPAN, acc ‹A-8F2C-1190›
        Sort ‹110001› acc ‹00112233›
        UPI ‹lakshmi.n@okaxis› failed
        Routing ‹021000021›, checking
        aba routing number: ‹011401533›
        sort code ‹20-45-77› and so on
        ‹40-12-33 90817265›
        Sort Code: ‹204577›
        the payee's account is ‹04-00-04 31926819›
        what sort code?\\n‹04-00-04›
        my account number is ‹68318931›
        my account number is ‹one two three four five six›
        ac no ‹5534›
        Account no. ‹0012 3456 7890›
        account id is ‹751200›
        transfer 235 from ‹9938› to 7363
        the account ending in ‹3838›
        acct # ‹AB-1234567›
        Kontonummer ‹1234567890›
        número de cuenta: ‹0182-1234-56›
        ‹93418043810› is my account
        last four digits are ‹4279›
        a/c 40021187 s/c ‹40-02-50›
        direct debit from ‹77889900› bounced
        standing order was to my ‹31926819›
        account number?\\nCaller: yes it's ‹44120987›
        My account number was mistyped, the correct one is ‹30081177›
    """,
    "CUSTOMER_ID": """
        supporter number ‹S-2204517›, he died
        adhérent n° ‹204417›, Solène
        my gym fob ‹0048821› is dead
        for customer #‹204418› again
        Kd.-Nr. ‹40028817›
        código de cliente ‹88120447›
        n° d'abonné ‹7710245›
        nr abonenta ‹4402817›
        Frequent guest number ‹GH7710 2245›
        my customer code is ‹CIF 00918273›
        Mon numéro client est le ‹FR-220144› depuis 2020
        customer number ‹4471920›
        My member ID is ‹MB-20934›
        Kundennummer: ‹123456›
        número de cliente ‹884213›
    """,
    "MEDICAL_RECORD_NUMBER": """
        initials J.R., chart #‹A44-1902›, size 10W
        patiëntnr. ‹0092817›, huisarts
        nr historii choroby ‹2023/4471›, ur.
        nata il 9.10.1941, cartella n. ‹20231877›
        n° de dossier patient ‹D-448120›
        Cartella clinica n. ‹2024/33812›
        MRN ‹00412345›
        medical record number: ‹A1234567›
        patient id ‹88213›
        NHC: ‹2349857›
        Patientennummer ‹552013›
    """,
    "US_SSN": """
        ssn ‹8632›
        my last four digits ssn number is ‹5487›
        last four of my social is ‹1234›
        last four of my ssn ‹five three four three›
        last four of SSN - she said ‹4471›
        my ssn ends in ‹five three four three›
        ‹2180› is my last four digit ssn
        social security number ‹536-22-1234›
    """,
    "PASSWORD": """
        it's ‹hunter2-Blue!› and I can't log in
        i typed ‹Moonbeam#1987› and it says invalid login
        PGPASSWORD=‹s3cr3tX› psql -h db
        {"adminPassword":"‹S3cret!9›"}
        Wi-Fi: Hollybush_5G / ‹marmalade!77›
        p@ssw0rd: ‹hunter22›
        p/w: ‹hunter22›
        password (case sensitive): ‹hunter22›
        password I tried: ‹Kielce!pierogi7›
        the pw we set was ‹sunnyharbour› all lowercase
        mot de passe provisoire : ‹tournesol›
        the old one, password old: ‹Winter-2029›
        safe word with my bank is ‹cobblestone›
        the passcode "‹bluebird›" was given
        changed pass from ‹Qwerty12› to Qwerty13
        changed my password from Qwerty12 to ‹Qwerty13›, no joy
        use my account, user dlopez pass ‹tacos4life›
        utente g.marini, password ‹Girasole8›
        login with mia@example.net / ‹Fr0sty!› and see
        creds -> admin_kirsty : ‹b4nanas›
        wifi: SSID TALK-22, key ‹qz88plm4xr›
        curl -sS -u 'jdoe:‹hunter2Xy!›' https://api.example.com
        the wifi key is ‹Plum-Tractor-88› for guests
        tried logging in with ‹Summer2023!› and it fails
        password: ‹h u n t e r 2 2›
        my password: ‹h u n t e r 2 2›, and no other
        the password is ‹h u n t e r 2 2›.
        my password is ‹h-u-n-t-e-r-2-2›, thanks
        passwort: ‹g e h e i m 1 2›
        my password is ‹hunter2›
        Password: ‹Tr0ub4dor&3›
        pwd=‹abc123!›
        password ‹89654›
        password is ‹94 h 6›
        my password is ‹samygo›
        password: ‹sunset›
        password: ‹sandy›
        password: ‹correct horse battery staple›
        my password is "‹blue tiger 42›"
        Passwort: „‹rosa elefant fliegt›“
        password is ‹tiger 4 4› and more
        password: ‹hunter twenty two›
        Passwort: ‹Geheim!7›
        contraseña: ‹Secreto99›
        mot de passe : ‹azerty12›
        postgres://app:‹s3cr3tpw›@db.example.com/x
    """,
    "PIN": """
        HOST: smart lock pin for your stay is ‹4471›#, valid
        gate ‹*4471›, meter behind shed
        the entrance code for the mailroomdoor is: ‹*582999#›
        pin (4 digits): ‹4471›
        p.i.n. ‹4471›
        P I N is ‹4471›
        tried PIN 1234, then ‹4321›
        PIN, tried ‹2580› and 0852
        PUK code ‹40771288› is refused
        Mon code confidentiel est ‹3391›
        gate code for the courier is ‹7714#›
        behind the bin, gate ‹4471#›
        door entry ‹C4471#› , dog is friendly
        [Agent]: and the four digit pin on the account\\n[Customer]: ‹7702›
        pin: ‹1 2 3 4›
        my pin is ‹4-8-2-9›
        my pin is ‹four seven one one›
        my atm pin number is ‹double four seven one›
        my pin is ‹forty seven eleven›
        mi pin es ‹cuatro siete uno uno›
        meine PIN-Nummer ist ‹vier sieben eins eins›
        mon code pin est ‹quatre sept un un›
        my pin is ‹3941›
        PIN: ‹0314›
        pin number is ‹1596›
        it is either pin 9503 or ‹3941›
        ‹3100› is my pin
        PIN code ‹4821›
    """,
    "ONE_TIME_CODE": """
        Right to rent: share code ‹W7K 4RT 9PX›, checked
        recovery codes: ‹4f2a-9b1c 7d3e-1a2b 9c8d-0e1f›
        2FA backup codes:\\n1. ‹J4K2-99QZ\\n2. 7HH1-PLM3\\n3. 0XX8-TRW9›
        my PAC code is ‹ABC123456›
        mon RIO est ‹02P447120890›
        key safe by the back gate, code ‹4471›.
        o.t.p: ‹482913›
        de sms-code ‹4471› werkt niet
        kod z SMS ‹110293›
        o código que recebi ‹7712› não funciona
        El código que me llegó por SMS: ‹556 019›
        il codice che ho ricevuto è ‹55812›
        Votre code de sécurité est le ‹77 12 90›.
        mTAN ‹338812› kam dreimal
        my locker code is ‹4821›
        Digicode ‹47B12›
        Lockbox ‹8824›, dog inside
        the key safe code is ‹1907›
        otp ‹4 8 2 9 1 3›
        the otp is ‹four eight two nine one three›
        verification code: ‹four eight two nine one three›
        verification code is ‹A-8-2-9-1-3›
        otp is ‹482913›
        otp is ‹48 29 13›
        o código de verificação é ‹201156›
        2FA backup code: ‹A1B2-C3D4›
        Your verification code: ‹G-482913›
        ‹482913› is your login code
        the code you sent me is ‹112233›
        passcode ‹7721›
        Einmalcode ‹993311›
        the code u texted was ‹902211›
        code that they emailed me: ‹55120›
    """,
    "SECURITY_ANSWER": """
        The answer should be ‹Rover› (first dog)
        name of your first school? I think I put "‹St Brendan's›" there
        Memorable word given: ‹sandcastle›
        my mother's maiden name is ‹Wong›
        Her maiden name was ‹Sanders›, a wonderful woman
        my first pet's name was ‹Nemo›
        security answer: ‹Bluebird›
        security question 1 ‹sanders›
    """,
    "TRAVEL_DOCUMENT": """
        residence permit ‹ZU8881234› lost
        Aufenthaltstitel Nr. ‹AZ1234567›
    """,
    "SECRET_KEY": """
        my seed is ‹legal winner thank year wave sausage worth useful legal winner thank yellow› please help
        1. ‹zoo 2. zoo 3. zoo 4. zoo 5. zoo 6. zoo\\n7. zoo 8. zoo 9. zoo 10. zoo 11. zoo 12. wrong›
        seed phrase?\\nB: ‹Legal winner thank year wave sausage worth useful legal winner thank yellow›
        AWS_ACCESS_KEY_ID=‹AKIAIOSFODNN7EXAMPLE›
        aws AKIAIOSFODNN7EXAMPLE / ‹wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY›
        Set-Cookie: session=‹b7c1f0e2a94d4e8f9b3a6c5d2e1f0a9b8c7d6e5f›; Path=/
        Cookie: theme=dark; PHPSESSID=‹r2t5uvjq435r4q7ib3vtdjq120›
        key ‹AKIAIOSFODNN7EXAMPLE›
        it sent ‹shield_hxv8MKbhBhy3n-0EdOXS44NfIcrZquaocYl8Qr1qvjU› along
        use ‹ghp_16C7e42F292c6912E7710c838347Ae178B4a›
        api_key = "‹9f86d081884c7d659a2feaa0c55ad015›"
        token: ‹eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U›
        ‹-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0\\n-----END PRIVATE KEY-----›
        ‹xoxb-123456789012-abcdefABCDEF123456›
        AWS_SECRET_ACCESS_KEY=‹wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY›
    """,
    "CARD_EXPIRY": """
        la tarjeta 4111 1111 1111 1111, caduca ‹08/27› y
        carta 5500 0000 0000 0004 scad ‹06/29› cvv
        Creditcard 5105 1051 0510 5100, vervalt ‹09/27›
        meu cartão vence em ‹11/28›
        exp_month=‹11› exp_year=‹2031›
        {"expMonth": ‹4›, "expYear": "‹31›"}
        the expiry's ‹09/28›
        Kreditkarte läuft ab ‹09/27›, Nummer
        my visa runs out ‹June 2027›
        4242424242424242,‹0526›,311
        carte 4970 1000 0000 0006 expire fin ‹10/27›
        agent: expiration\\ncustomer: ‹09/27›
        exp ‹04/27›
        Expiry date: ‹12/2028›
        valid thru ‹09-26›
        My licence is on file. My card, valid thru ‹08/31›, was declined
        4111 1111 1111 1111 ‹04/27›
        gültig bis ‹08/27›
    """,
    "CARD_CVV": """
        Yes, and it's ‹049› on the back.
        cvc-code ‹906›
        c.v.v. ‹123›
        c v v ‹123›
        the 3 digits on back ‹482›
        4242424242424242,0526,‹311›
        5105 1051 0510 5100 validade 03/29 cód. ‹771›
        5105 1051 0510 5100, gültig bis 08/29, Prüfziffer ‹319›
        four digits on the reverse of my card: ‹7721›
        sec code ‹482› on the card
        cvv ‹123›
        cvv is ‹one two three›
        CVC: ‹9876›
        security code is ‹321›
        the three digits on the back are ‹456›
        4111111111111111 04/27 ‹123›
    """,
    "CRYPTO": """
        withdrawal to ‹0x52908400098527886E0F7030069857D2E4169EE7› is pending
        XMR ‹44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A›
        ‹bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4›
        to ‹0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed› please
        my ethereum wallet ‹0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed›
        ‹1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2›
    """,
    "VEHICLE_ID": """
        vin ‹1HG CM826 33A 004352›
        vin ‹1-HGCM8-2633A-004352›
        ‹1M8GDM9AXKP042788›
        VIN ‹WVWZZZ1JZXW000001›
    """,
    "LICENSE_PLATE": """
        the truck ‹WX 4471K› is blocking the gate
        van ‹AB12 CDE› at the door
        Skoda Octavia (‹GB123CX›) outside
        la Fiat Panda (‹GB 123 CX›), revisione
        VW Golf (‹M-XY 4471›)
        Placa ‹BRA2E19›, renavam
        Samochód nr rej. ‹KR 4J712›
        immatriculée ‹AB-123-CD›, conducteur
        keeper of ‹BD51 SMR› has moved
        vehicle ‹KA 05 MJ 4821› was hit
        veh no. ‹DL3CAB1234›
        Policy HO-4471. Car: ‹WR 48 KLO›
        license plate ‹7ABC123›
        a silver Astra, index ‹YJ08 OKD›, left
        VRM: ‹KX19 ZRF›
        my reg ‹LK19 XRT›
        la targa è ‹AB 416CD›
        Kennzeichen ‹B-MW 1234›
        number plate is ‹AB12 CDE›
        matrícula ‹1234 BCD›
        the car outside, ‹GH-471-LT›, is mine
        parked van ‹YD14 KLM›
    """,
    "COORDINATES": """
        I am at ‹40.712776, -74.005974›
        ‹40°42'46"N 74°00'22"W›
        https://maps.example.com/?q=‹40.712776,-74.005974›
        lat: ‹40.712776›
    """,
    "DEVICE_ID": """
        offline, serial ‹NX-4471-88A2-09›, wifi
        Zählernummer ‹1EMH0012345678›
        his boiler serial is ‹21-17-55-0020103›
        device ‹C39LX0ABHG7F› was lost
        IMEI ‹490154203237518›
        imei: ‹49-015420-323751-8›
        device id is ‹123e4567-e89b-12d3-a456-426614174000›
        serial number ‹C02XG2JHJG5J›
        RMA 55120: serial ‹C02XG2JHJG5J›
        numer seryjny ‹C02WK41QXY14›
        s/n ‹QW8812Z0031›
        S/N: ‹88-ZK2-0071›
    """,
    "USERNAME": """
        User ID ‹88120417› is locked
        [2024-05-02 09:15] ‹@jt›: on my desk
        sent to ‹@Tori-Lang-9› by mistake
        cashapp ‹$BigDeshaun22› or cash
        my Cash App is ‹$mia-b›.
        linkedin.com/in/‹ewurama-asante-rn›
        Bot: your login?\\nUser: ‹gvander›
        user: ‹gvander›, pass: x
        sudo[5120]:   ‹ahoward› : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/bin/ls
        PWD=/home/‹ahoward› ; USER=root ; COMMAND=/bin/ls
        203.0.113.77 - ‹jwarren› [14/Feb/2026:08:13:22 +0000] "GET / HTTP/2.0"
        use my account, user ‹dlopez› pass tacos4life
        identifiant ‹pbernier› mot de passe Mirabelle77
        creds -> ‹admin_kirsty› : b4nanas
        I am ‹velvetmoth#4471› on discord
        seller ‹vintage_kat77› says
        profile ‹@realdealbarry› blocked me
        my accs ‹tashi.x0›
        /Users/‹mhartmann›/.npm/_logs/x.log
        File "C:\\Users\\‹ntran›\\shop\\manage.py"
        at /home/‹lkowalski›/app/main.js:4
        "arn":"arn:aws:iam::123456789012:user/ops/‹zhang.wei›"
        as arn:aws:sts::123456789012:assumed-role/Admin/‹jdoe-session›
        authentication failed for user "‹fkowalczyk›" from 203.0.113.14
        Actor urn:acme:user:‹jsmith42› signed in
        curl -u ‹jdoe›:hunter2Xy! https://api.example.com
        cc [~‹tmokoena›] please
        ign ‹xX_Vexx_Xx›, hacked
        snap: ‹lunaa_h› and
        discord: ‹vexx#4417›
        Failed password for invalid user ‹mbarros› from 203.0.113.9 port 51122 ssh2
        my username is ‹maria_g82›
        user name: ‹jdoe›
        user_id=‹hkim_12›
        user: ‹jdoe› and password as before
        nome de usuário: ‹zofia_49›
        my twitter handle is ‹@example_user›
        skype ‹live.jdoe77›
        thanks ‹@pilar_gm›, it works
        cc ‹@okada› and others
        cc @okada, ‹@b.lindqvist› please
        RT ‹@night_owl7›: sold out
        I asked ‹@tamsin› about it
        redis://‹reporting_ro›:hushhush@cache.example:6379/0
    """,
    "NATIONAL_ID": """
        NIR ‹2 69 05 49 588 157 80›
        NIR ‹2 85 05 2A 123 456 80›
        NIR ‹1 72 02 2B 033 101 18›
        BSN ‹111222333›
        AHV ‹756.9217.0769.85›
        CPF ‹529.982.247-25›
        rijksregisternummer ‹85.07.30-033.28›
        NASS: ‹28 43758925 33›
    """,
}
TABLE = [
    (entity, line.strip().replace("\\n", "\n"))
    for entity, lines in CASES.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("entity", "marked"), TABLE)
def test_found(find: Find, entity: str, marked: str) -> None:
    before, _, rest = marked.partition("‹")
    value, _, after = rest.partition("›")
    text = before + value + after
    start, end = len(before), len(before) + len(value)
    covered: set[int] = set()
    at = 0
    for kind, piece in find(text):
        at = text.index(piece, at)
        if kind == entity:
            covered.update(range(at, at + len(piece)))
    assert all(i in covered for i in range(start, end) if not text[i].isspace()), find(text)


@functools.cache
def alone(cls: type[Any]) -> tuple[Any, PatternEngine]:
    """A recognizer, and an engine with no other."""
    recognizer = cls()
    return recognizer, PatternEngine([recognizer])


@pytest.mark.parametrize(("entity", "marked"), TABLE)
def test_the_engine_repeats_the_recognizers_own_analysis(entity: str, marked: str) -> None:
    text = marked.replace("‹", "").replace("›", "")
    for cls in OURS:
        if entity == cls.ENTITY:
            recognizer, engine = alone(cls)
            own = sorted((r.start, r.end, r.score) for r in recognizer.analyze(text, [entity]))
            hits = engine.analyze(text, fold(text), frozenset({0}))
            assert sorted((hit.start, hit.end, hit.score) for hit in hits) == own
