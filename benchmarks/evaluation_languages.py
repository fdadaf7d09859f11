"""Sentences of the evaluation set in the seven languages besides English.

As in `evaluation_templates`, `{TYPE}` is a slot for a value, in the language's own form where the type has one
(`evaluation_local`). Hard negatives are in `evaluation_negatives`. A line is used alone or with two or three others of its language.
"""

# ruff: noqa: E501  # sentences, one a line
from __future__ import annotations

from types import MappingProxyType
from typing import Final

_GERMAN = """
Guten Tag, mein Name ist {PERSON} und ich habe eine Frage.
Ich heiße {PERSON}, wohne in der {STREET_ADDRESS} und bin umgezogen.
Mit freundlichen Grüßen\\n{PERSON}
Meine Telefonnummer lautet {PHONE_NUMBER}, bitte rufen Sie zurück.
Handy: {PHONE_NUMBER}
Schreiben Sie bitte an {EMAIL_ADDRESS}.
Ich habe mit der Karte {CREDIT_CARD} bezahlt.
Kreditkarte {CREDIT_CARD}, gültig bis {CARD_EXPIRY}, Prüfnummer {CARD_CVV}
Bitte überweisen Sie auf {IBAN_CODE}.
Meine Kontonummer ist {ACCOUNT_NUMBER}.
Kundennummer: {CUSTOMER_ID}
Kunden-Nr. {CUSTOMER_ID} steht auf der Rechnung.
Patientennummer {MEDICAL_RECORD_NUMBER}
Geburtsdatum: {DATE_OF_BIRTH}
Ich bin am {DATE_OF_BIRTH} geboren, geboren am {DATE_OF_BIRTH}.
Meine Mutter ist {AGE} Jahre alt.
Lieferadresse: {STREET_ADDRESS}
PLZ {POSTCODE}
Das Paket ging nach {LOCATION}.
Mein Passwort ist {PASSWORD} und geht nicht.
mein passwort lautet {PHRASE}
Meine PIN ist {PIN}.
meine PIN ist {SPOKEN_PIN}
Die PIN lautet {PIN}, sie wurde abgelehnt.
Der Bestätigungscode ist {ONE_TIME_CODE}.
TAN: {ONE_TIME_CODE}
Mädchenname meiner Mutter: {SECURITY_ANSWER}
Benutzername: {USERNAME}
IMEI: {DEVICE_ID}
Seriennummer {SERIAL}
Das Kennzeichen ist {LICENSE_PLATE}.
Meine Steuer-ID ist {DE_STEUER_ID}.
Steuernummer {DE_STEUERNUMMER}
Sozialversicherungsnummer: {DE_PENSION}
Versichertennummer {DE_KVNR}
Personalausweisnummer {DE_PERSO}
SV-Nummer {AT_SVNR}
AHV-Nummer {CH_AHV}
Reisepassnummer: {TRAVEL_DOCUMENT}
Führerschein Nr. {DRIVER_LICENSE}
Krankenversicherungsnummer: {INSURANCE_NUMBER}
USt-IdNr. {VAT_NUMBER}
Seit 2019 nehme ich {MEDICATION}.
Ich habe {HEALTH_CONDITION} und brauche Hilfe beim Einrichten.
"""
_FRENCH = """
Bonjour, je m'appelle {PERSON} et je voudrais de l'aide.
Cordialement,\\n{PERSON}
Mon numéro de téléphone est le {PHONE_NUMBER}.
Tél. : {PHONE_NUMBER}
Mon e-mail est {EMAIL_ADDRESS}.
J'ai payé avec la carte {CREDIT_CARD}.
Carte {CREDIT_CARD}, expire le {CARD_EXPIRY}, cryptogramme {CARD_CVV}
Merci de virer sur {IBAN_CODE}.
Mon numéro de compte est {ACCOUNT_NUMBER}.
Numéro client : {CUSTOMER_ID}
Numéro de dossier médical : {MEDICAL_RECORD_NUMBER}
Date de naissance : {DATE_OF_BIRTH}
Je suis né le {DATE_OF_BIRTH}.
Ma mère a {AGE} ans.
J'habite {STREET_ADDRESS}.
Adresse de livraison : {STREET_ADDRESS}
Code postal {POSTCODE}
Le colis est parti à {LOCATION}.
Mon mot de passe est {PASSWORD} mais il est refusé.
mon mot de passe est {PHRASE}
Mon code PIN est {PIN}.
mon code pin est {SPOKEN_PIN}
Le code de vérification est {ONE_TIME_CODE}.
Le nom de jeune fille de ma mère : {SECURITY_ANSWER}
Nom d'utilisateur : {USERNAME}
IMEI : {DEVICE_ID}
Numéro de série {SERIAL}
Plaque d'immatriculation {LICENSE_PLATE}
Numéro de sécurité sociale {FR_NIR}
Mon numéro fiscal est {FR_SPI}.
Carte d'identité n° {FR_CNI}
Numéro national {BE_NATIONAL}
Passeport n° {TRAVEL_DOCUMENT}
Permis de conduire n° {DRIVER_LICENSE}
Numéro d'adhérent : {INSURANCE_NUMBER}
Numéro de TVA {VAT_NUMBER}
Je prends {MEDICATION} tous les jours.
J'ai un {HEALTH_CONDITION} depuis deux ans.
"""
_SPANISH = """
Hola, me llamo {PERSON} y necesito ayuda.
Un saludo,\\n{PERSON}
Mi teléfono es el {PHONE_NUMBER}.
Móvil: {PHONE_NUMBER}
Mi correo es {EMAIL_ADDRESS}.
Pagué con la tarjeta {CREDIT_CARD}.
Tarjeta {CREDIT_CARD}, caducidad {CARD_EXPIRY}, código de seguridad {CARD_CVV}
Devuélvanlo a {IBAN_CODE}, por favor.
Mi número de cuenta es {ACCOUNT_NUMBER}.
Número de cliente: {CUSTOMER_ID}
Historia clínica {MEDICAL_RECORD_NUMBER}
Fecha de nacimiento: {DATE_OF_BIRTH}
Nací el {DATE_OF_BIRTH}.
Mi abuela tiene {AGE} años.
Vivo en {STREET_ADDRESS}.
Domicilio: {STREET_ADDRESS}
Código postal {POSTCODE}
El paquete fue a {LOCATION}.
Mi contraseña es {PASSWORD} y no entra.
mi contraseña es {PHRASE}
Mi PIN es {PIN}.
mi pin es {SPOKEN_PIN}
El código de verificación es {ONE_TIME_CODE}.
El apellido de soltera de mi madre es {SECURITY_ANSWER}.
Usuario: {USERNAME}
IMEI: {DEVICE_ID}
Número de serie {SERIAL}
La matrícula es {LICENSE_PLATE}.
Mi DNI es {ES_DNI}.
NIE: {ES_NIE}
Número de la seguridad social: NUSS {ES_NUSS}
DNI {AR_DNI}
CUIL: {AR_CUIL}
Cédula de ciudadanía {CO_CEDULA}
Mi CURP: {MX_CURP}
RFC {MX_RFC}
Mi RUT es {CL_RUT}.
Mi pasaporte es {TRAVEL_DOCUMENT}.
Permiso de conducir: {DRIVER_LICENSE}
Número de póliza: {INSURANCE_NUMBER}
NIF intracomunitario {VAT_NUMBER}
Tomo {MEDICATION} cada mañana.
Tengo {HEALTH_CONDITION} desde niño.
"""
_ITALIAN = """
Buongiorno, mi chiamo {PERSON} e ho bisogno di aiuto.
Cordiali saluti\\n{PERSON}
Il mio numero di telefono è {PHONE_NUMBER}.
Cellulare: {PHONE_NUMBER}
La mia email è {EMAIL_ADDRESS}.
Ho pagato con la carta {CREDIT_CARD}.
Carta {CREDIT_CARD}, scadenza {CARD_EXPIRY}, codice di sicurezza {CARD_CVV}
Rimborsate su {IBAN_CODE}, grazie.
Il numero di conto è {ACCOUNT_NUMBER}.
Codice cliente: {CUSTOMER_ID}
Cartella clinica {MEDICAL_RECORD_NUMBER}
Data di nascita: {DATE_OF_BIRTH}
Sono nato il {DATE_OF_BIRTH}.
Mia nonna ha {AGE} anni.
Abito in {STREET_ADDRESS}.
Indirizzo: {STREET_ADDRESS}
CAP {POSTCODE}
Il pacco è andato a {LOCATION}.
La mia password è {PASSWORD} e non funziona.
la mia password è {PHRASE}
Il mio PIN è {PIN}.
il mio pin è {SPOKEN_PIN}
Il codice di verifica è {ONE_TIME_CODE}.
Il cognome da nubile di mia madre è {SECURITY_ANSWER}.
Nome utente: {USERNAME}
IMEI: {DEVICE_ID}
Numero di serie {SERIAL}
La targa è {LICENSE_PLATE}.
Codice fiscale {IT_CF}
Carta d'identità {IT_CI}
Passaporto {TRAVEL_DOCUMENT}
Patente di guida: {DRIVER_LICENSE}
Numero di polizza: {INSURANCE_NUMBER}
Partita IVA {VAT_NUMBER}
Prendo {MEDICATION} ogni giorno.
Ho {HEALTH_CONDITION} da anni.
"""
_DUTCH = """
Hallo, mijn naam is {PERSON} en ik heb hulp nodig.
Met vriendelijke groet,\\n{PERSON}
Mijn telefoonnummer is {PHONE_NUMBER}.
Mobiel: {PHONE_NUMBER}
Mijn e-mailadres is {EMAIL_ADDRESS}.
Ik heb betaald met kaart {CREDIT_CARD}.
Kaart {CREDIT_CARD}, vervaldatum {CARD_EXPIRY}, beveiligingscode {CARD_CVV}
Graag terugstorten op {IBAN_CODE}.
Mijn rekeningnummer is {ACCOUNT_NUMBER}.
Klantnummer: {CUSTOMER_ID}
Patiëntnummer {MEDICAL_RECORD_NUMBER}
Geboortedatum: {DATE_OF_BIRTH}
Ik ben geboren op {DATE_OF_BIRTH}.
Mijn oma is {AGE} jaar oud.
Ik woon op {STREET_ADDRESS}.
Adres: {STREET_ADDRESS}
Postcode {POSTCODE}
Het pakket ging naar {LOCATION}.
Mijn wachtwoord is {PASSWORD} en het werkt niet.
mijn wachtwoord is {PHRASE}
Mijn pincode is {PIN}.
mijn pincode is {SPOKEN_PIN}
De verificatiecode is {ONE_TIME_CODE}.
Meisjesnaam van mijn moeder: {SECURITY_ANSWER}
Gebruikersnaam: {USERNAME}
IMEI: {DEVICE_ID}
Serienummer {SERIAL}
Het kenteken is {LICENSE_PLATE}.
Mijn BSN is {BSN}.
Rijksregisternummer {BE_NATIONAL}
Paspoort {TRAVEL_DOCUMENT}
Rijbewijs: {DRIVER_LICENSE}
Polisnummer: {INSURANCE_NUMBER}
BTW-nummer {VAT_NUMBER}
Ik slik {MEDICATION} elke dag.
Ik heb {HEALTH_CONDITION} en vraag om hulp.
"""
_PORTUGUESE = """
Olá, o meu nome é {PERSON} e preciso de ajuda.
Atenciosamente,\\n{PERSON}
O meu telefone é {PHONE_NUMBER}.
Telemóvel: {PHONE_NUMBER}
O meu e-mail é {EMAIL_ADDRESS}.
Paguei com o cartão {CREDIT_CARD}.
Cartão {CREDIT_CARD}, validade {CARD_EXPIRY}, código de segurança {CARD_CVV}
Devolvam para {IBAN_CODE}, por favor.
O número da conta é {ACCOUNT_NUMBER}.
Número do cliente: {CUSTOMER_ID}
Prontuário {MEDICAL_RECORD_NUMBER}
Data de nascimento: {DATE_OF_BIRTH}
Nasci em {DATE_OF_BIRTH}.
A minha avó tem {AGE} anos.
Moro na {STREET_ADDRESS}.
Endereço: {STREET_ADDRESS}
Código postal {POSTCODE}
A encomenda foi para {LOCATION}.
A minha senha é {PASSWORD} e não entra.
a minha senha é {PHRASE}
O meu PIN é {PIN}.
o meu pin é {SPOKEN_PIN}
O código de verificação é {ONE_TIME_CODE}.
O nome de solteira da minha mãe: {SECURITY_ANSWER}
Nome de usuário: {USERNAME}
IMEI: {DEVICE_ID}
Número de série {SERIAL}
A matrícula é {LICENSE_PLATE}.
CPF {BR_CPF}
RG: {BR_RG}
O meu NIF é {PT_NIF}.
Cartão de cidadão {PT_CC}
Passaporte: {TRAVEL_DOCUMENT}
Carta de condução: {DRIVER_LICENSE}
Número da apólice: {INSURANCE_NUMBER}
NIF-IVA {VAT_NUMBER}
Tomo {MEDICATION} todos os dias.
Tenho {HEALTH_CONDITION} e preciso de apoio.
"""
_POLISH = """
Dzień dobry, nazywam się {PERSON} i potrzebuję pomocy.
Pozdrawiam\\n{PERSON}
Mój numer telefonu to {PHONE_NUMBER}.
Tel. kom.: {PHONE_NUMBER}
Mój e-mail to {EMAIL_ADDRESS}.
Zapłaciłem kartą {CREDIT_CARD}.
Karta {CREDIT_CARD}, ważna do {CARD_EXPIRY}, kod CVV {CARD_CVV}
Proszę o zwrot na {IBAN_CODE}.
Numer konta {ACCOUNT_NUMBER}
Numer klienta: {CUSTOMER_ID}
Numer pacjenta {MEDICAL_RECORD_NUMBER}
Data urodzenia: {DATE_OF_BIRTH}
Urodziłem się {DATE_OF_BIRTH}.
Moja babcia ma {AGE} lat.
Mieszkam na {STREET_ADDRESS}.
Adres: {STREET_ADDRESS}
Kod pocztowy {POSTCODE}
Paczka trafiła do miasta {LOCATION}.
Moje hasło to {PASSWORD} i nie działa.
moje hasło to {PHRASE}
Mój PIN to {PIN}.
mój pin to {SPOKEN_PIN}
Kod weryfikacyjny to {ONE_TIME_CODE}.
Nazwisko panieńskie matki: {SECURITY_ANSWER}
Nazwa użytkownika: {USERNAME}
IMEI: {DEVICE_ID}
Numer seryjny {SERIAL}
Numer rejestracyjny {LICENSE_PLATE}
Mój PESEL to {PL_PESEL}.
Dowód osobisty: {PL_DOWOD}
Numer paszportu: {TRAVEL_DOCUMENT}
Prawo jazdy: {DRIVER_LICENSE}
Numer polisy: {INSURANCE_NUMBER}
NIP {VAT_NUMBER}
Biorę {MEDICATION} codziennie.
Mam {HEALTH_CONDITION} od lat.
"""

SENTENCES: Final = MappingProxyType(
    {
        language: text.strip().splitlines()
        for language, text in {
            "de": _GERMAN,
            "fr": _FRENCH,
            "es": _SPANISH,
            "it": _ITALIAN,
            "nl": _DUTCH,
            "pt": _PORTUGUESE,
            "pl": _POLISH,
        }.items()
    }
)
"""Language -> sentences with slots."""
