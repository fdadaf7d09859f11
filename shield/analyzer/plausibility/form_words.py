"""Words of forms and desks by language, of which alone no name, place, address or number consists.

What forms say ("Kontoinhaber"), how letters begin and end, and what people call each other and what they ask for:
relatives, trades, days, things, and the verbs and adjectives that begin sentences. Words that are also common first
names or surnames in one of the languages are left out, or stand in `ALONE`.
"""

# ruff: noqa: E501, RUF001, SIM905 # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "forms and systems": frozenset(
            """
            ac api card code curl cvc cvv dob http https iban imei ip isbn json mac md5 mrn nhs nummer pan sha1 sha256 snippet ssn tel token unzip url uuid
            vin xml zip nbsp amp quot cf bic utr mrz swift nhi tfn aadhaar sv traceback kyc hdd ssd sla rca hoi td thru timestamp timestamps latency checksum
            hostname subnet payload txid txhash throughput nº smt hdros med dent dr prof dpto varchar integer boolean null repr const async await uri endpoint webhook
            middleware namespace mysql psql postgres postgresql mongodb redis nginx grafana kubernetes kubectl dockerfile terraform webpack eslint smtp esmtp
            esmtps faultstring faultcode stdout stderr dtstart dtend rrule vcard vevent vcalendar rsvp partstat asc csv tsv xlsx app cep cpt npi arn icd hcpcs
            lic msisdn cx vat chd inad grn lvm puk mnp udid iccid gtin ifsc usdt
            """.split()
        ),
        "en": frozenset(
            """
            account acct address an and answer date dear email driver expiry field hello hi license licence name number of order passport password phone pin
            plate policy street the ticket user username city page chapter case invoice item version security insurance health repro voicemail claimant addr
            width height depth uptime downtime column columns sirs port male female string chargeback chargebacks refill refills mismatch freight settlement
            payee copay deductible prescriber consignee attendee organizer zero policyholder policyholders keyholder cardholder leaseholder shareholder
            stakeholder addressee lessor lessee firstname lastname surname associate nubmer nmuber accnt acount pasword passwrod psswd pword
            """.split()
        ),
        "es": frozenset(
            """
            apellido apellidos artículo asegurado bancaria carné cédula ciudadanía clave cliente clínica conducir contraseña correo cuil cuit curp dirección
            dni domicilio envío está factura historia madre matrícula móvil nacimiento nombre nie nif número pasaporte pedido permiso póliza rfc rut soltera
            tarjeta teléfono usuario ayuda devuélvanlo gracias hola nací olvidé pagué saludo saludos tengo tomo vivo obligatorio obligatoria opcional equipo
            soporte motivo devolución buenos buenas días pila señor señora varón varon mujer hombre niño niña lactante neonato gestante columna código cuenta
            llegó roto atentamente departamento ventas hábiles línea abuelo abuela ajuste ajustes albarán almacén alquiler anoche anteayer apartamento
            arreglar asesor asesora asunto atendió autónomo autónoma avería averiado aviso banco batería bombero botón buenísimo caducado caducada cajera
            cajero calefacción cama cambio cancelación cancelar cargador cargo catálogo clientes cobrado cobraron cobro compra comprador compré comunidad
            conductor conductora conserje consulta contratar contrato correcta correos cuñado cuñada cuota cuotas decepcionada decepcionado descuento devolver
            director directora disponible doctor doctora embarazada embarazado empresa encargada encargado encantada encantado enfadada enfadado enfermera
            enfermero enlace enseguida entrada entrega entregar error escribo espera estudiante esposa esposo estimada estimado estimados facturas familia
            felicidades fijo fibra fontanero fulano gerente gestor gestora gestoría habitación hermana hermano hija hijo incidencia inquilina inquilino
            instalación instalador jefa jefe jubilada jubilado jueves junio septiembre octubre noviembre diciembre enero febrero lavadora llamada llamadas
            llaman llamé llegado localizador lunes mamá mañana marido martes mensaje mengano miércoles móviles nadie nevera novia novio nuera ordenador padre
            pago pagos paquete pareja pedidos permanencia pierna piso plazo portátil portería presidente presidenta problema profesor profesora propietaria
            propietario queja recado recambio recepción recibí recibo recibos reclamación reclamo reembolso referencia reloj repartidor reparto responsable
            revisión sábado semana sobrina sobrino socios soltero solución suegra suegro suscripción talla taller tarde técnico técnica tienda titulares
            transferencia trastero urgente vecina vecino vendedor vendedora viernes viuda viudo vuelo vuelos yerno
            """.split()
        ),
        "de": frozenset(
            """
            adresse anschrift artikel ausweis benutzer bestellung faktura führerschein geburtsname handy karte kennzeichen konto kreditkarte kunde kunden
            mädchenname nachname nr patient personalausweis plz postleitzahl prüfziffer rechnung reisepass sendung straße tan telefon ust idnr vorname wohnort
            lieferadresse grüße bitte danke guten tag habe hallo hilfe ich nehme schreiben seit überweisen wohne pflichtfeld erforderlich serviceteam
            kundendienst ihr viele anliegen rückgabe familienstand ort ortsteil rückruf vergessen verloren gesperrt kaputt abgelaufen livrer chez geburtsdatum
            kontonummer geb steuer siehe feld felder spalte spalten herr herrn frau gerät werktage werktagen ausverkauft durchwahl geburtstag kontakt mobil
            thema betreff datenschutz storno stornierung kündigung mahnung reklamation gutschein abholung abteilung ablesung absender adressat angebot anruf
            anrufer anruferin ansprechpartner antrag arbeit arbeitnehmer arzt ärztin aufzug auftrag auto azubi bearbeiter bearbeiterin beleg bescheid
            beschwerde besitzer besitzerin betreuer betreuerin bewohner bewohnerin cousine deutschlandticket dienstag donnerstag ehefrau ehegatte ehemann
            eigentümer eigentümerin einzug empfänger empfängerin enkel enkelin enttäuscht erben ersatzteil fahrer fahrerin fahrrad filiale firma flug freundin
            garantie gebühr gebühren gerne geschenk gestern glasfaser großmutter großvater gutschrift haftpflicht handynr handynummer hausarzt hausärztin
            hausmeister hausverwaltung hebamme heizung heute hinweis hochzeit inhaber inhaberin installateur anbieter marktlokation messlokation internet jahre juristin kardiologe kardiologen
            kardiologin karteninhaber karteninhaberin kasse kassiererin kellnerin kollege kollegen kollegin kontoinhaber kontoinhaberin kontos krankenhaus
            krankenkasse krankenschwester kundin kundinnen kundenkonto lebensgefährte lebensgefährtin leider leistung lieferschein lieferung makler maklerin
            mandant mandantin mangel mieter mieterin mieterhöhung mitarbeiter mitarbeiterin mitglied mittwoch modell monat monate monatlich monteur
            montag mutter nachbar nachbarin nachbarn nachmieter nachricht neffe nichte oma onkel opa paket paketbote paketshop papa passwort patientin
            pflegerin praktikant praktikantin praxis problem rechnungen rentner rentnerin reparatur rezept rückfrage rückmeldung rücksendung sachbearbeiter
            sachbearbeiterin samstag schaden schlüssel schulden schwager schwägerin schwanger schwester schwiegermutter schwiegersohn schwiegertochter
            schwiegervater sehr sekretärin selbstständig sperrung student studentin störung tante techniker technikerin termin tochter treppenhaus uhrzeit
            umzug urlaub vater verkäufer verkäuferin vermieter vermieterin versicherung vertrag vertreter verwalter verwalterin verwandte vormieter werkstatt
            widerruf witwe witwer woche wochen wohnung zahlung zähler zeuge zeugin zugang zustellung zusteller
            lautet buchstabieren wie welche wann
            """.split()
        ),
        "fr": frozenset(
            """
            adhérent assuré bancaire client colis commande compte courriel d'identité identité facture fille jeune fiscal identifiant livraison mail mdp merci
            naissance nom passeport permis conduire plaque immatriculation police portable postal prénom rue série siret souscripteur salle secrète téléphone
            tva utilisateur mère aide bonjour cordialement habite j'ai oublié payé prends virer voudrais ai obligatoire facultatif équipe clientèle veuillez
            annuler objet résiliation forename housekeeping assurée adhérente bénéficiaire locataire titulaire abonné abonnée mme sécurité numéro sociale chez
            livrer colonne homme femme ouvrés ouvrables svp rappelez rappelez-moi salut carte abonnement accueil achat acheteur adhésion agence aide-soignante
            ailleurs annulation appareil appartement apprenti après-demain argent assistante attente aujourd'hui autre avocat avocate banque belle-mère
            beau-père bonne bonsoir boutique caisse caissière carton chaudière chauffeur chef chèque clients coiffeuse coiffeur collègue collègues commandes
            commercial commerciale compagnie compagnon concierge concubin conducteur conductrice confirmation conjoint conjointe connexion conseiller
            conseillère contrat copine coupure cousine couvreur décembre déçu déçue délai demain demande demandé demeurant département dépannage dépanneur
            détaillant deuxième directeur directrice docteur doctoresse dossier échéance électricien électricienne employé employée enceinte enfant enfants
            enseignante épouse époux erreur étage étudiant étudiante excellente facteur factrice facturation fibre fils frère frigo fuite garantie gardien
            gardienne gendarme gérant gérante gendre gestionnaire grand-mère grand-père hier hôpital hôtesse imprimante infirmier infirmière inscription
            interphone janvier jeudi juillet juin lave-linge lave-vaisselle livraisons livreur livreuse lundi madame magasin mairie maison maman mardi matin
            médecin mensualité mensualités mercredi message messieurs midi minuit modèle moment monsieur mutuelle neveu nièce nourrice nounou nouveau nouvelle
            novembre octobre oncle opérateur ordonnance ouvrier palier panier panne papa paiement patiente patron patronne père petit-fils petite-fille
            pharmacien pharmacienne plombier plombière policier portail poste prélèvement prénoms problème professeur proprio propriétaire promesse quelqu'un
            quittance réclamation rendez-vous réparateur réparation responsable retard retour retraité retraitée samedi secrétaire sécu semaine septembre
            serrurier service signature sinistre société soeur sœur soir stagiaire tante technicien technicienne témoin toujours tourne tuteur tutrice urgence
            usager usagère vendeur vendeuse vendredi veuf veuve virement visite voiture voisin voisine
            veuillez épeler épelez pouvez pourriez semaine cette puis troisième deuxième
            """.split()
        ),
        "it": frozenset(
            """
            articolo carta cartella cap cellulare cellulari clinica cliente codice cognome conto fattura fiscale guida identità d'identità indirizzo iva mal
            nascita nome nubile nonna numero ordine partita passaporto patente polizza scadenza sicurezza spedizione stanza targa tessera telefono utente
            abito aiuto bisogno buongiorno chiamo cordiali dimenticato grazie ho pagato prendo rimborsate saluti obbligatorio obbligatoria servizio clienti
            assistenza attesa oggetto giorni lavorativi colonna uomo signora spedito consegnato corriere ciao dott avv geom abbonamento acquisto addebito affittuario
            affitto agente allegato amministratore amministratrice antennista anziana anziano appena appuntamento arrabbiata arrabbiato assegno assicurazione
            assistito assistita autista avvocato avvocata azienda badante bambina bambino banca bolletta bollette bonifico buonasera caldaia cambio camera
            canone capoufficio caserma cassa cassiera cassiere cittadino cittadina cognata cognato collega colleghi commercialista commessa commesso compagna
            compagno condominio condomino condòmino conducente conferma coniuge consegna contratto cortesia dall'azienda delusa deluso destinatario
            destinataria dicembre dipendente direttore direttrice disdetta disservizio docente domani dottore dottoressa elettricista errore famiglia
            farmacista fattorino fatture febbraio ferie fibra figlia figlie figli figlio fidanzata fidanzato firma fornitore fratello frigo gennaio genitore
            genitori gentili geometra ieri idraulico immediata impiegata impiegato incinta infermiera infermiere ingegnere inquilina inquilino insegnante
            installatore intestatario intestataria lavatrice lavoro lettera linea lotto luglio lunedì magazzino mamma marito martedì mattina mercoledì
            mittente modem moglie negozio nessuno nipote nipoti nonno notte novembre nuora oculista oggi operaio operatore operatrice ordini ospedale ospite
            ottobre pacco padre pagamento papà paziente pazienti pediatra pensionata pensionato perito portinaia portineria postino preventivo problema
            professore professoressa proprietaria proprietario pratica quello quella ragazza ragazzo ragioniere reclamo referente responsabile ricevuta
            rimborso rinnovo ritardo riesco rispondere risposta salve scheda sconto segretaria segretario selezionare serata servizi settembre settimana
            signore signorina soldi soluzione sorella spesa sposata sposato stamattina studente studentessa subito suocera suocero tecnico tecnica
            testimone titolare trasloco tutore udienza ufficio urgente utenti vedova vedovo veicolo vendita venditore venditrice venerdì vicina vicino
            vigile vostro vostra volo
            giorno sillabare settimana quale quanto
            lettura contatore
            """.split()
        ),
        "nl": frozenset(
            """
            artikelnummer bestelling betaald factuur gebruiker geboortedatum kaart kamer kenteken klant meisjesnaam mobiel moeder paspoort pincode rekening
            rekeningnummer rijbewijs serienummer telefoonnummer vervaldatum zending alstublieft bedankt elke graag groet heb hulp slik terugstorten vraag
            vriendelijke woon verplicht verplichte veld klantenservice groetjes groeten woonplaats kolom vrouw levering bezorgd mislukt werkdagen uitverkocht
            aangetekend aanhanger aankoop aanmaning aanrijding aanvraag aannemer abonnement afdeling afhalen afspraak apotheek apotheker arts auto avond baas
            baliemedewerker balie bedrijf beheerder bekende belangrijk bestelbus bestellingen bestuurder bestuurster betaling bewindvoerder bewoner bezorger
            bezorging binnenkort bonnetje brief broer buren buurvrouw buitenland chauffeur conciërge collega collega's contract controle cursist dag
            dank deurwaarder dierenarts dinsdag docent dochter donderdag echtgenoot echtgenote eigenaar eigenares elektricien ergens familie fiets fysio
            fysiotherapeut gebeld geachte gebruikers geld gemeente getuige gezin gisteren goedemiddag goedemorgen goedenavond grootmoeder grootvater
            grootvader haast heer heren hoofd huis huisarts huisbaas huurder huurster hypotheek ingenieur installateur jaar januari juf kantoor kassa ketel
            kind kinderen klacht klanten kleindochter kleinzoon klusjesman koffie korting kosten kwijt leerling leraar leverancier loodgieter maand
            maandag machtiging mantelzorger medewerker medewerkster melding meter mevr mevrouw middag monteur morgen nabestaande neef nicht notaris
            ochtend ondergetekende oom opdracht ouder ouders pakket pakketje pakketten partner pasje patiënt patiënte pensioen polis postbode probleem
            receptioniste reparatie rekeningen rekeninghouder retour schoondochter schoonmaakster schoonmoeder schoonvader schoonzoon schoonzus secretaresse
            service smorgens stagiair stagiaire storing student studente tandarts tante tegenpartij teleurgesteld terug terugbetaling tijd toestel tussendoor
            tot vader vandaag vanavond vanmiddag vanmorgen vanochtend verhuizing verhuurder verkoper verkoopster verloofde vergoeding verpleegkundige
            verpleegster verwarming verzekerde verzekering vervoerder vestiging voogd volgende vraagje vrijdag vriend vriendin vrienden wachtwoord wasmachine
            webshop weduwe weduwnaar week weken weekend winkel woensdag woning zaterdag zondag ziekenhuis zoon zus zuster zwager zwanger
            spellen spelt wanneer volledige welke
            borg huurprijs
            """.split()
        ),
        "pt": frozenset(
            """
            apólice artigo atenciosamente carteira cartão celular cidadão condução conta contribuinte cpf encomenda endereço fatura mãe nascimento número
            palavra passaporte prontuário rg seguro senha solteira telemóvel utente validade avó devolvam esqueci moro nasci obrigada obrigado olá paguei
            preciso tenho obrigatório obrigatória equipe suporte aguardo resposta abraços abraço sou assunto coluna mulher menino menina não chegou úteis
            gerência atendimento sexta feira ramal abertura achei acho achou acordo advogada advogado agência agora ajuda alguém aluguel aluguer aluna aluno
            amanhã amiga amigo andar anexo anteontem apartamento aparelho aposentada aposentado armazém assinatura assistente atendente atraso autônoma
            autônomo autónoma autónomo aviso avô avós banco boleto bombeiro cabeleireira caixa canalizador cancelamento cancelar carregador carro caução
            cadastro celulares chamada chave chuveiro clientes cobrança colega colegas comprador compra compras comprei comprovante condomínio condutor
            condutora conjunta consulta consumidor contador contadora contrato cônjuge correios correto corretor coordenador coordenadora criança cunhada
            cunhado dados débito decepcionada decepcionado defeito desculpa desde desconto descontente destinatário dezembro diretor diretora dívida docente
            dona doutor doutora eletricista empregada empregado empresa encanador encomendas enfermeira enfermeiro engenheira engenheiro entrega entregador
            entregar enteada enteado enviado envio equipamento ergueu erro esposa esposo estimado estimada estorno estudante exma exmo exmos exmas faturas
            família favor fevereiro fibra filha filhas filho filhos fornecedor funcionária funcionário futuro genro gerente geladeira gestor gestora gostaria
            grávida hoje hóspede inquilina inquilino irmã irmão julho junho lavanderia leitura ligação liguei limite lote madrinha maio mamãe manhã marido
            médica médico mensagem mensalidade meses moradora morador motoboy motorista namorada namorado nascido nascida nasc ninguém noite noiva noivo
            novembro obra oferta ontem operador operadora outubro pacote padrasto pagador pagamento pagamentos padrinho papai parcela parcelas parceiro
            parceira patrão pediatra pensionista pedidos porteira porteiro portaria pousada prazo prezada prezado prezados problema produto professor
            professora proprietária proprietário recebi recibo reclamação reembolso referência reparo responsável retorno revendedor roupa sábado semana
            senhorio setembro síndica síndico sobrinha sobrinho sogra sogro soletro solteiro somente supervisor supervisora tarde técnica técnico telefonista
            telemóveis televisão testemunha titulares transferência troca urgente vencimento vendedor vendedora vizinha vizinho viúva viúvo vossa vosso
            zelador
            qual quando nasceu soletrar quilómetros terceira segunda semana demora
            """.split()
        ),
        "pl": frozenset(
            """
            adres artykuł babcia dowód faktura hasło imię jazdy karta kartą klienta kod konta konto nazwa nazwisko numer osobisty panieńskie matki pacjenta
            paszport paszportu paczka pesel pocztowy polisa polisy prawo przesyłka rejestracyjny seryjny telefonu urodzenia użytkownika weryfikacyjny
            zamówienie biorę dobry dziękuję dzień mam mieszkam nazywam pomocy potrzebuję pozdrawiam proszę urodziłem zapłaciłem zapomniałem zwrot wymagane
            wymagany dział obsługi pole reklamacja sprawa rozmawiam konsultant pozdrawiamy zespół sklepu kolumna kobieta mężczyzna roboczych hej abonent
            abonentka adresat apteka aptekarka auto awaria bardzo bliscy błąd brat bratowa budynek całość chłopak chory ciąży ciocia córka córki czekam
            czerwca dalej data dezaktywacja długo dobrego domofon dopłata doręczenie doręczyciel dostawa dostawca dwa dyrektor dyrektorka dystrybutor
            dziadek dziecko dzieci dziennik dzisiaj dziś dzwonię emeryt emerytka emerytura ekspedientka faktury fachowiec firma grudnia gość gwarancja hasła
            hydraulik informacja infolinia inna instalator inż inżynier jutro kasa kasie kasjer kasjerka kaucja kierowca kierownik kierowniczka kliencie
            klient klienci klientka klientki klientom klientów klimatyzacja kobiety kochani kolega koledzy koleżanka kontrahent korekta koszt kredyt kuchnia
            kupiłam kupiłem kupujący kurier kurierka kuzyn kuzynka kwietnia kwota lekarz lekarka licznik lipca listonosz listopada lokal lokator lokatorka
            lutego łazienka magazyn majster mama mamy mąż mechanik mieszkanie mieszkaniec młodszy montaż monter naprawa narzeczona narzeczony nauczyciel
            nauczycielka niedzielę nieznajomy nikt numery obsługa odbiór odbiorca odbiorczyni odpowiedź ogłoszenie ojciec okno opiekun opiekunka opłata
            opóźnienie osoba osoby otrzymałam otrzymałem oferta ogrzewanie pacjent pacjentka paczki państwa państwo państwu października pełnomocnik
            pielęgniarka pielęgniarz piec piętro płatność pomoc poniedziałek pośrednik poszkodowany poszkodowana poprawka portier portierka pracownica
            pracownik prezes problem producent profesor przedstawiciel przelew przepraszam przykład przyjaciel przyjaciółka rachunek rachunki rata raty
            recepcja recepcjonistka reklamacji reklamację rencista rezerwacja rozczarowana rozczarowany rozmówca rodzic rodzice rodzina roku sąsiad
            sąsiada sąsiadka sąsiadki sąsiadce sekretarka serwis serwisant sierpnia siostra siostrzenica siostrzeniec sklep skarga smsa smsie sobotę spadek
            sprawca sprawie sprzedawca sprzedawczyni sprzedaż spółka stażysta strona student studentka syn syna synowa szanowna szanowne szanowni szanowny
            szef szefowa szkoda sędzia środę stycznia świadek taksówkarz tata taty technik teraz teść teściowa termin tydzień ubezpieczony ubezpieczenie
            uczennica uczeń umowa ulica urlop urząd usługa użytkowniczka wczoraj wdowa wdowiec ważna ważny wiadomość wieczór windykator właściciel
            właścicielka wniosek wnuczka wójt wpłata września wspólnota wtorek wujek wynajmujący wynajem wysyłka zaliczka zadatek zalogowac zalogować zamek
            zgłoszenie zięć złodziej złożyłam złożyłem żona żonaty
            mailowy mailowego zamówienie zamówienia sztuk sztuki zadzwonię dzwonię literować przeliterować urodziny
            czynsz czynszu
            """.split()
        ),
        "other languages": frozenset(
            """
            kennitala personnummer personalnr üdvözlettel tisztelettel köszönöm ügyfélszolgálat ystävällisin terveisin kiitos asiakaspalvelu vänlig vänliga
            hälsning hälsningar kundtjänst venlig vennlig hilsen kundeservice kundservice pozdravem zákaznický děkuji salutări mulțumesc saygılarımla
            saygılarımızla teşekkürler müşteri hizmetleri
            """.split()
        ),
    }
)
"""By ISO 639-1, and what stands in several languages."""
ALONE: Final = frozenset(
    """
    marzo mayo agosto aprile sabato casa medico maestro maestra março bij ayer hoy papá tía tío
    freitag sonntag bruder sohn morgen vol appel
    """.split()
)
"""Words that are part of surnames ("Di Maggio", "Della Casa") but are no name by themselves."""
