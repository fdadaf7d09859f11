"""Words that occur where a name is announced but are no names: of the languages, of forms, of desks.

The lists are not meant to be complete: verbs, pronouns, prepositions and states that follow "ich bin", "je m'appelle",
"me llamo", what forms say in place of a value, and what signs a letter without an author. A name may be announced in
one language and followed by words of another, so each list is that of all languages together.
"""

# ruff: noqa: E501, SIM905  # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _words(by_language: Mapping[str, str]) -> frozenset[str]:
    """The words of all languages (ISO 639-1)."""
    return frozenset(word for words in by_language.values() for word in words.split())


IN_FORMS: Final = _words(
    {
        "en": """
            null none nil undefined nan string str text varchar char int integer bool boolean true false optional required mandatory
            illegible unreadable missing empty unknown value default field name names first last user customer admin test example sample
            anonymous the and not for is was are self this data request type label page never always invalid valid redacted hidden
            change edit update
            """,
        "de": """
            unleserlich unlesbar pflichtfeld erforderlich leer unbekannt optional angeben eingeben fehlt falsch siehe bitte keine kein
            ändern änderung
            """,
        "es": """
            ilegible obligatorio obligatoria requerido opcional vacío desconocido ninguno campo falta cambio cambiar modificar
            """,
        "fr": """
            illisible obligatoire requis facultatif vide inconnu aucun compléter renseigner remplir changement modifier
            """,
        "it": """
            illeggibile obbligatorio obbligatoria facoltativo vuoto sconosciuto nessuno compilare modifica cambiare
            """,
        "nl": """
            onleesbaar verplicht verplichte veld optioneel leeg onbekend geen invullen wijzigen wijziging
            """,
        "pt": """
            ilegível obrigatório obrigatória opcional vazio desconhecido nenhum campo alterar alteração
            """,
        "pl": """
            nieczytelne nieczytelny wymagane wymagany wymagana pole opcjonalne puste nieznane brak zmiana zmień zmienić
            """,
    }
)
"""What forms and code have in place of a name, also with a capital."""
NO_NAMES: Final = IN_FORMS | _words(
    {
        "de": """
            der die das dem den des ein eine einer einem einen im in am an auf aus bei mit nach von vor zu zum zur für über unter und oder
            aber nicht nur noch schon auch so sehr ganz gar hier da dort jetzt heute gestern morgen immer nie wieder wie was wer wo wann
            ich du er sie es wir ihr mich dich sich uns euch mein meine dein seine ihre unser kunde kundin mitglied nutzer nutzerin
            mieter mieterin neukunde stammkunde premium zufrieden unzufrieden sicher froh krank richtig falsch leider seit eigentlich gerade
            herr herrn frau familie guten hallo danke team alles ist sind war bin hat habe hab muss soll kann wird schreibt jemand niemand
            drucker fenster ersatzteil bestellung rechnung termin handlungsbedarf deutscher deutsche berliner
            geändert anders lang kurz geschrieben unvollständig gleich doppelt verkehrt zurück nichts nix
            hinter neben zwischen gegen ohne während wegen bis dann denn doch mal dazu davon sagt sagte meint meinte
            """,
        "es": """
            a al el la los las lo un una de del en con por para y o u que no ni si sí ya muy más tan como cuando donde quien esto eso
            yo tu su mi me te se nos cliente clienta usuario socio miembro titular nuevo nueva desde hace estoy está es son era fue soy
            alguien nadie todo todos igual así pero también siempre nunca español española mexicano mexicana señor señora usted ustedes
            correcto incorrecto correcta largo corto diferente distinto incompleto mismo misma mañana luego falso exacto nada pago
            detrás delante contra durante bajo hasta entre sobre según desde tras dice dijo pide quiere tiene llama llamó
            """,
        "fr": """
            à au aux le les une et ou où ne pas plus jamais rien bien mal très trop comme ce cette ça c'est est sont suis toujours encore
            désolé désolée client cliente abonné abonnée content contente déçu déçue sûr sûre en dans sur sous chez avec sans
            je tu il elle on nous vous ils elles moi toi lui français française actuellement depuis votre vos mon ma mes
            faux incorrect erroné différent long court mauvais exact écrit orthographié demain même
            derrière devant contre pendant depuis entre selon vers dit dis demande veut appelle rappelle
            """,
        "it": """
            il lo gli i uno di da su tra fra con per e ed ma se non più molto come quando dove chi questo questa questi sempre mai fuori
            ancora anche già qui qua in attesa interessato interessata italiano italiana sono sei siamo siete cliente contento contenta signora signor
            dentro male bene solo sola io noi voi loro
            sbagliato errato lungo corto diverso corretto scritto incompleto stesso domani niente
            dietro davanti contro durante sotto sopra dopo prima presso dice detto chiede vuole chiama
            """,
        "nl": """
            de het een en of maar niet geen wel al nog ook zo zeer heel dit dat deze die hier daar nu altijd nooit weer hoe wat wie waar
            ik jij hij zij wij jullie mij jou hem haar ons klant tevreden ontevreden benieuwd bang blij boos ziek lid met van voor bij aan op uit over
            fout verkeerd nederlander nederlandse bent zijn was heb heeft niemand
            gewijzigd veranderd anders lang kort onjuist juist correct incorrect hetzelfde gespeld geschreven morgen niets
            achter naast onder tussen tegen zonder tijdens sinds onder boven zegt zei vraagt wil belt belde
            """,
        "pt": """
            o os as um uma do da dos das no na nos nas em com por para e ou que não nem mais muito como quando onde quem isso isto sempre nunca
            eu você ele ela nós cliente usuário titular também ainda já aqui errado errada sou estou está foi brasileiro brasileira
            errado longo curto correto incorreto escrito mesmo amanhã trocado pago
            atrás antes durante contra sob sobre depois entre até disse diz pede quer liga ligou
            """,
        "pl": """
            w we z ze na do od po za o u przy dla i oraz lub albo ale nie tak samo jak jest są był była co kto gdzie kiedy już jeszcze też
            ja ty on ona my wy oni się mój moja moje klientem klientką zadowolony zadowolona polakiem polką tylko bardzo pan pani państwo
            inne inaczej błędne złe źle krótkie długie takie nic
            pod nad między obok bez przez podczas mówi powiedział powiedziała prosi chce dzwoni dzwonił dzwoniła
            """,
    }
)
ALSO_NAMES: Final = frozenset(
    """
    anders lang long longo kurz samo pack dove nada del les page field self bent campo bang como bien largo
    court drucker fenster morgen sola solo
    """.split()
)
"""Words of one language, of these or of `form_words`, that are names in another."""
CLOSINGS: Final = _words(
    {
        "all": """
            tel telefon phone mobil email mail www http electronics gmbh
            """,
        "en": """
            team the your support service services customer sent
            """,
        "de": """
            kundenservice kundendienst serviceteam supportteam buchhaltung vertrieb personalabteilung verwaltung praxisteam redaktion
            geschäftsführung ihr ihre euer eure hausverwaltung kundenbetreuung praxis abteilung gesendet
            """,
        "es": """
            equipo soporte atención servicio departamento dirección administración gerencia ventas enviado
            """,
        "fr": """
            équipe service clientèle direction secrétariat comptabilité support envoyé
            """,
        "it": """
            servizio clienti assistenza ufficio direzione amministrazione segreteria reparto staff inviato
            """,
        "nl": """
            klantenservice klantenservices afdeling directie team boekhouding administratie verzonden
            """,
        "pt": """
            equipe suporte atendimento departamento gerência administração direção serviço
            """,
        "pl": """
            dział obsługi klienta zespół biuro księgowość administracja redakcja wysłano
            """,
    }
)
"""Words of impersonal signatures: teams, departments, and the lines below a name."""
