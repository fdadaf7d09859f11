"""Texts of the evaluation set without personal data, in the seven languages besides English.

As in `evaluation_templates`, a slot is a number with so many digits: `{N6}`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_GERMAN_NEGATIVES = """
Das Passwort ist abgelaufen.
Mein Passwort funktioniert nicht.
Mein Kennwort ist gesperrt.
Die PIN habe ich vergessen.
Bestellung {N8} wurde am Montag geliefert.
Rechnung {N6} über {N3},{N2} Euro ist falsch.
Die Sendung {N9} hängt seit {N1} Tagen fest.
Version {N1}.{N2} stürzt ab.
Die Antwort auf die Sicherheitsfrage ist falsch.
Reisepass beantragen dauert {N2} Tage.
Der Führerschein der Klasse B kostet {N4} Euro.
Raum {N3} ist zu kalt.
Artikelnummer {N6}-{N2} ist ausverkauft.
"""

_FRENCH_NEGATIVES = """
Mon mot de passe est expiré.
Le mot de passe est trop court.
J'ai oublié mon code PIN.
La commande {N8} n'est pas arrivée.
La facture {N6} de {N3},{N2} euros est fausse.
Le colis {N9} est bloqué depuis {N1} jours.
La version {N1}.{N2} plante.
La réponse secrète est incorrecte.
Le passeport coûte {N2} euros.
La salle {N3} est trop froide.
Le permis B demande {N2} heures.
Référence {N6}-{N2} en rupture
"""

_SPANISH_NEGATIVES = """
Mi contraseña es incorrecta.
La contraseña es demasiado corta.
Olvidé mi PIN.
El pedido {N8} no ha llegado.
La factura {N6} de {N3},{N2} euros está mal.
El envío {N9} lleva {N1} días parado.
La versión {N1}.{N2} falla.
La respuesta secreta es incorrecta.
El pasaporte cuesta {N2} euros.
La sala {N3} está fría.
Ref. {N6}-{N2} agotada
La clave es tener paciencia.
"""

_ITALIAN_NEGATIVES = """
La password è scaduta.
La password è troppo corta.
Ho dimenticato il PIN.
L'ordine {N8} non è arrivato.
La fattura {N6} di {N3},{N2} euro è sbagliata.
La spedizione {N9} è ferma da {N1} giorni.
La versione {N1}.{N2} si blocca.
La risposta di sicurezza è errata.
Il passaporto costa {N2} euro.
La stanza {N3} è fredda.
Articolo {N6}-{N2} esaurito
"""

_DUTCH_NEGATIVES = """
Mijn wachtwoord is verlopen.
Het wachtwoord is te kort.
Ik ben mijn pincode vergeten.
Bestelling {N8} is niet aangekomen.
Factuur {N6} van {N3},{N2} euro klopt niet.
Zending {N9} staat al {N1} dagen stil.
Versie {N1}.{N2} loopt vast.
Het antwoord op de beveiligingsvraag is fout.
Een paspoort kost {N2} euro.
Kamer {N3} is te koud.
Artikel {N6}-{N2} is uitverkocht
"""

_PORTUGUESE_NEGATIVES = """
A minha senha está incorreta.
A senha é muito curta.
Esqueci o meu PIN.
A encomenda {N8} não chegou.
A fatura {N6} de {N3},{N2} euros está errada.
O envio {N9} está parado há {N1} dias.
A versão {N1}.{N2} falha.
A resposta de segurança é inválida.
O passaporte custa {N2} euros.
A sala {N3} está fria.
Artigo {N6}-{N2} esgotado
"""

_POLISH_NEGATIVES = """
Moje hasło jest nieprawidłowe.
Hasło wygasło.
Zapomniałem PIN.
Zamówienie {N8} nie dotarło.
Faktura {N6} na {N3},{N2} zł jest błędna.
Przesyłka {N9} stoi od {N1} dni.
Wersja {N1}.{N2} nie działa.
Odpowiedź na pytanie pomocnicze jest błędna.
Paszport kosztuje {N3} zł.
W sali {N3} jest zimno.
Artykuł {N6}-{N2} wyprzedany
"""

NEGATIVES: Final = MappingProxyType(
    {
        language: text.strip().splitlines()
        for language, text in {
            "de": _GERMAN_NEGATIVES,
            "fr": _FRENCH_NEGATIVES,
            "es": _SPANISH_NEGATIVES,
            "it": _ITALIAN_NEGATIVES,
            "nl": _DUTCH_NEGATIVES,
            "pt": _PORTUGUESE_NEGATIVES,
            "pl": _POLISH_NEGATIVES,
        }.items()
    }
)
"""Language -> texts without personal data."""
