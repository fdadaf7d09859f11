"""Words of forms in eight languages: no name, place, address or number consists of these alone.

A model trained mostly on English takes labels in other languages for names ("Cartella clinica 12196895",
"Seriennummer", "Prawo jazdy"). Its finding is dropped where all its words are labels, joined by particles.
"""

# ruff: noqa: E501, RUF001, SIM905  # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

LABEL_WORDS: Final = frozenset(
    """
    ac account acct address an and answer api card carte código code cuenta curl cvc cvv date dear dob
    email driver expiry field geburtsdatum hello hi http https iban imei ip isbn json kontonummer
    license licence mac md5 mrn name nhs number nummer numéro of order pan passport password phone pin
    plate policy sécurité sha1 sha256 snippet sociale ssn street tel the ticket token unzip url user
    username uuid vin xml zip nbsp amp quot cf kennitala personnummer personalnr bic utr mrz swift nhi tfn aadhaar city geb sv steuer page chapter case invoice item version security insurance health
    repro traceback voicemail claimant kyc hdd ssd sla rca
    addr hoi salut ciao hej td thru width height depth
    équipe mislukt não chegou timestamp timestamps uptime downtime latency checksum hostname subnet payload throughput

    adresse anschrift artikel ausweis benutzer bestellung faktura führerschein geburtsname handy karte
    kennzeichen konto kreditkarte kunde kunden mädchenname nachname nr patient personalausweis plz postleitzahl
    prüfziffer rechnung reisepass sendung straße tan telefon ust idnr vorname wohnort lieferadresse grüße

    adhérent assuré bancaire client colis commande compte courriel d'identité identité facture fille jeune fiscal
    identifiant livraison mail mdp merci naissance nom passeport permis conduire plaque immatriculation
    police portable postal prénom rue série siret souscripteur salle secrète téléphone tva utilisateur mère

    apellido apellidos artículo asegurado bancaria carné cédula ciudadanía clave cliente clínica conducir
    contraseña correo cuil cuit curp dirección dni domicilio envío está factura historia madre matrícula móvil nacimiento
    nombre nie nif número pasaporte pedido permiso póliza rfc rut soltera tarjeta teléfono usuario

    articolo carta cartella cap cellulare cellulari clinica cliente codice cognome conto fattura fiscale guida
    identità d'identità indirizzo iva mal nascita nome nubile nonna numero ordine partita passaporto patente polizza
    scadenza sicurezza spedizione stanza targa tessera telefono utente

    artikelnummer bestelling betaald factuur gebruiker geboortedatum kaart kamer kenteken klant meisjesnaam
    mobiel moeder paspoort pincode rekening rekeningnummer rijbewijs serienummer telefoonnummer vervaldatum zending

    apólice artigo atenciosamente carteira cartão celular cidadão condução conta contribuinte cpf encomenda
    endereço fatura mãe nascimento número palavra passaporte prontuário rg seguro senha solteira telemóvel
    utente validade avó

    adres artykuł babcia dowód faktura hasło imię jazdy karta kartą klienta kod konta konto nazwa nazwisko numer
    osobisty panieńskie matki pacjenta paszport paszportu paczka pesel pocztowy polisa polisy prawo przesyłka
    rejestracyjny seryjny telefonu urodzenia użytkownika weryfikacyjny zamówienie

    bitte danke guten tag habe hallo hilfe ich nehme schreiben seit überweisen wohne
    aide bonjour cordialement habite j'ai oublié payé prends virer voudrais ai
    ayuda devuélvanlo gracias hola nací olvidé pagué saludo saludos tengo tomo vivo
    abito aiuto bisogno buongiorno chiamo cordiali dimenticato grazie ho pagato prendo rimborsate saluti
    alstublieft bedankt elke graag groet heb hulp slik terugstorten vraag vriendelijke woon
    devolvam esqueci moro nasci obrigada obrigado olá paguei preciso tenho
    svp rappelez rappelez-moi llegó roto spedito consegnato corriere levering bezorgd kontakt nº
    biorę dobry dziękuję dzień mam mieszkam nazywam pomocy potrzebuję pozdrawiam proszę urodziłem zapłaciłem zapomniałem zwrot

    pflichtfeld erforderlich serviceteam kundendienst ihr viele anliegen rückgabe familienstand ort ortsteil rückruf
    obligatorio obligatoria opcional equipo soporte motivo devolución buenos buenas días pila
    obligatoire facultatif équipe clientèle veuillez annuler objet résiliation
    obbligatorio obbligatoria servizio clienti assistenza attesa oggetto
    verplicht verplichte veld klantenservice groetjes groeten woonplaats
    obrigatório obrigatória equipe suporte aguardo resposta abraços abraço sou assunto
    wymagane wymagany dział obsługi klienta pole reklamacja sprawa rozmawiam konsultant
    siehe atentamente departamento ventas pozdrawiamy zespół sklepu gerência atendimento
    column columns feld felder spalte spalten columna colonne colonna kolom kolumna coluna
    sirs smt hdros med dent
    dr prof herr herrn frau mme señor señora signora
    port varón varon mujer hombre niño niña lactante neonato gestante dpto male female homme femme uomo vrouw mulher menino menina kobieta mężczyzna
    string varchar integer boolean null repr
    const async await uri endpoint webhook middleware namespace mysql psql postgres postgresql mongodb redis nginx grafana kubernetes kubectl
    dockerfile terraform webpack eslint smtp esmtp esmtps faultstring faultcode stdout stderr
    chargeback chargebacks refill refills mismatch freight settlement payee copay deductible prescriber consignee
    attendee organizer dtstart dtend rrule vcard vevent vcalendar rsvp partstat gerät línea
    asc csv tsv xlsx zero
    app cep cpt npi arn icd hcpcs
    policyholder policyholders keyholder cardholder leaseholder shareholder stakeholder addressee lessor lessee firstname lastname surname
    forename housekeeping assurée adhérente bénéficiaire locataire titulaire abonné abonnée
    vergessen verloren gesperrt kaputt abgelaufen livrer chez
    thema betreff datenschutz storno stornierung kündigung mahnung reklamation gutschein mobil ramal lic suporte associate
    üdvözlettel tisztelettel köszönöm ügyfélszolgálat ystävällisin terveisin kiitos asiakaspalvelu vänlig vänliga hälsning hälsningar kundtjänst
    venlig vennlig hilsen kundeservice kundservice pozdravem zákaznický děkuji salutări mulțumesc saygılarımla saygılarımızla teşekkürler müşteri hizmetleri msisdn cx vat chd inad grn lvm puk mnp
    nubmer nmuber accnt acount pasword passwrod psswd pword udid iccid gtin ifsc usdt durchwahl geburtstag
    giorni lavorativi werktage werktagen ouvrés ouvrables hábiles werkdagen roboczych úteis uitverkocht ausverkauft sexta feira
    """.split()
)
PARTICLES: Final = frozenset(
    """
    the la el le il lo der die das de het een a an o os as i gli les los las un une uno una
    di del della dello dei delle du des da do dos van von per para für voor zu zur zum d l n° nº
    mi mia mio mijn mein meine meiner meu minha moja moje mój su sua seu e em na no nas nos que por do
    """.split()
)
"""Words that may stand between labels; some are surnames by themselves ("Das")."""
_POSSESSIVES: Final = frozenset("mia mio moja moje mój meu minha mein meine mijn mi".split())
_ARTICLES: Final = frozenset("la il le i una un della alla nella o a os as".split())
_COMPOUND: Final = (
    "nummer",
    "number",
    "nr",
    "karte",
    "kaart",
    "code",
    "datum",
    "adresse",
    "adres",
    "vertrag",
)
_LEAST_BEFORE: Final = 3  # least letters before one of these
_INTRODUCED: Final = re.compile(
    r"(?<![^\W_])(?:"
    r"(?:(?:last|first|sur|family|maiden|middle|full)[^\S\n]?)name(?:[^\S\n](?:is|was)|['\u2019]?s)|surname[^\S\n]is"
    r"|(?:nach|familien|vor|mädchen)name[^\S\n]ist"
    r"|apellido[^\S\n]es|nom[^\S\n]de[^\S\n]famille[^\S\n]est|prénom[^\S\n]est|cognome[^\S\n][eè]"
    r"|(?:achter|voor)naam[^\S\n]is|(?:apelido|sobrenome)[^\S\n][eé]|nazwisko[^\S\n]to"
    r")[^\S\n]\Z",
    re.IGNORECASE,
)
_INTRODUCTION_REACH: Final = 40  # code points


def may_be_possessive(words: Sequence[str]) -> bool:
    """Whether the words are a single one that means "my" after an article."""
    return len(words) == 1 and words[0] in _POSSESSIVES


def is_possessive(words: Sequence[str], said: str) -> bool:
    """Whether "mia" in "la mia email" means "my" and is not a name; `said` is the word before."""
    return may_be_possessive(words) and said in _ARTICLES


def _is_compound(word: str) -> bool:
    return any(word.endswith(each) and len(word) >= len(each) + _LEAST_BEFORE for each in _COMPOUND)


def is_introduced(text: str, start: int) -> bool:
    """Whether a sentence says that a name comes: "my last name is swift". A label alone ("last name") does not."""
    return _INTRODUCED.search(text, max(0, start - _INTRODUCTION_REACH), start) is not None


def is_label(words: Sequence[str]) -> bool:
    """Whether lower-case words are only labels and particles; a letter may stand between labels.

    With more single letters than words it is spelled: "j ust i n", "d i a and e".
    """
    label = False
    letters = 0
    for word in words:
        letters += len(word) == 1
        if word in PARTICLES:
            continue
        if word in LABEL_WORDS or (word.endswith(_COMPOUND) and _is_compound(word)):
            label = True
        elif len(word) > 1:
            return False
    if letters > 1 and 2 * letters > len(words):
        return False
    return label or (len(words) > 1 and PARTICLES.issuperset(words))
