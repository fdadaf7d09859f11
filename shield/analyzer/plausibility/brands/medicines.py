"""Medicines: international nonproprietary names and trade names, in lower case.

None is a usual first or last name, an English word or a place, as far as is known.
"""

# ruff: noqa: SIM905  tables of words read best as prose
from __future__ import annotations

from typing import Final

MEDICINES: Final = frozenset(
    """
    abacavir abasaglar abatacept abemaciclib abilify abiraterone abraxane absorica acalabrutinib acamprosate
    acarbose accolate accuhaler accupril accutane acenocoumarol acetaminophen acetazolamide aciclovir aciphex
    acitretin aclasta aclidinium actemra actonel actrapid acyclovir adalat adalimumab adapalene adcal
    adderall adempas adenuric adipex adlyxin adport adrenaline adriamycin advagraf advair advil aflibercept
    afrin aggrenox agomelatine aimovig airomir ajovy alaxan albendazole albuterol aldactone alemtuzumab
    alendronate alendronic alfacalcidol alfentanil alfuzosin alginate alirocumab alkaseltzer allevyn
    allopurinol almotriptan alogliptin alphagan alprazolam altraplen alzain amantadine ambien ambrisentan
    ambroxol amerge amfexa amgevita amikacin amiloride aminophylline amiodarone amisulpride amitriptyline
    amlodipine amoxicillin amoxil amoxycillin amphetamine amphotericin ampicillin anadin anafranil anagrelide
    anapen anaprox anastrozole anbesol androgel anoro antabuse apidra apiretal apixaban apomorphine
    apremilast apretude aprovel aquacel aranesp arcoxia aricept arimidex aripiprazole armodafinil aromasin
    artemether artesunate arthrotec asacol aspart aspirin atacand atarax atazanavir atenolol atezolizumab
    atimos ativan atomoxetine atorvastatin atovaquone atrauman atripla atropine atrovent aubagio augmentin
    aurorix auviq avalide avamys avanafil avandia avapro avastin aveenocream avelox aventyl avodart avonex
    axalid axert axura aymes azarga azathioprine azelaic azilect azilsartan azithromycin azopt baclofen
    bactrim bactroban bandaid baraclude baricitinib basaglar bazuka beclometasone beconase bedaquiline
    beechams belsomra benadryl bendamustine benefiber benepali benicar benralizumab benserazide bentyl
    benuron benylin benzoyl benztropine bepanthol berocca betaferon betahistine betaloc betamethasone betmiga
    betnovate bevacizumab bezafibrate biaxin bicalutamide bictegravir biktarvy bilastine biltricide
    bimatoprost bioflu biogesic bisacodyl bisolvon bisoprolol bleomycin bonjela bonjesta bonviva bortezomib
    bosentan braltus brexpiprazole breztri bricanyl brilinta brilique brimonidine brintellix brinzolamide
    brivaracetam briviact bromazepam bromhexine bromocriptine brufen buccolam budesonide bumetanide
    bupivacaine buprenorphine bupropion bupropione burinex buscapina buscopan buspar buspirone butrans
    bydureon bydureonbcise byetta bystolic cabenuva cabergoline cabometyx cabotegravir cabozantinib calcichew
    calcipotriol calcitonin calcitriol calpol calquence caltrate camcolit campral canagliflozin candesartan
    canesten canestest cannabidiol capecitabine captopril carbamazepine carbidopa carbimazole carbocisteine
    carbomer carboplatin carboprost cardicor cardizem cardura carfilzomib cariban cariprazine carisoprodol
    carvedilol casodex cataflam catapres ceclor ceelin cefaclor cefalexin cefazolin cefdinir cefepime
    cefixime cefotaxime cefpodoxime ceftazidime ceftin ceftriaxone cefuroxime celebrex celecoxib celexa
    cellcept celluvisc cenobamate cephalexin cerazette cerelle certican certolizumab cetirizine cetraben
    cetuximab champix chantix cherifer chloroquine chlortalidone cholestagel cialis ciclosporin cilest
    cimetidine cimzia cinacalcet cinnarizine cipralex cipramil ciprofloxacin ciproxin circadin cisplatin
    citalopram citrafleet cladribine clarinex claritin claritine clarityn clavulanate clavulin clenil cleocin
    clexane clindamycin clinitas clobazam clobetasol clobetasone clomid clomifene clomiphene clomipramine
    clonazepam clonidine clopidogrel clopixol clotrimazole clozapine clozaril coamoxiclav coartem cocodamol
    codeine codiovan codydramol cogentin colchicine colcrys coldrex colesevelam colestyramine colgout colief
    colofac combivent combodart comfeel compazine compeed complera comtess concerta constella contramal
    convulex copaxone cordarone coreg cosentyx cosmocol cosopt cotrimoxazole coumadin coversyl covonia cozaar
    crestor crocin cyclizine cyclogest cyclosporine cyklokapron cymbalta cytisine cytomel dabigatran dafalgan
    daktacort daktarin dalacin dalacint dalteparin dantrolene dapagliflozin dapoxetine dapsone daptomycin
    daratumumab darbepoetin daridorexant darifenacin darunavir darzalex dasatinib daxas dayquil ddavp
    decadron decapeptyl decolgen degludec dekristol deltacortril demadex demerol denosumab dentinox denzapine
    depakine depakote depixol depomedrone depoprovera dermol dermovate descovy desloratadine desmomelt
    desmopressin desogestrel destolit desyrel detemir detrol detrusitol dexamethasone dexamfetamine dexedrine
    dexilant diamicron diamox dianette diatabs diazepam diclegis diclofenac dicloxacillin dicycloverine
    dienogest differin difflam diflucan digoxin dilantin dilaudid diltiazem dimethyl dioralyte diovan
    dipirona diprivan diprobase diprosone dipyridamole dipyrone disprin disulfiram ditropan divalproex
    dobutamine docetaxel docusate dogmatil doliprane dolutegravir domperidone donepezil dorflex dorzolamide
    dostinex dosulepin doublebase dovato dovobet dovonex doxazosin doxepin doxorubicin doxycycline doxylamine
    dronedarone drospirenone duac dulaglutide dulcoease dulcolax duloxetine duoderm duoneb duoresp dupilumab
    dupixent duragesic durogesic duromine durvalumab dutasteride dymista ebixa ecosprin edaravone edarbi
    edoxaban efavirenz efexor efferalgan effexor effient efudex efudix eklira elastoplast elavil eldepryl
    electrolade eletriptan elexacaftor elidel elimite eliquis ellaone elleste ellipta elocon elontril
    eloxatin eltroxin eltroxine elvanse emcor emgality emozul empagliflozin emselex emtricitabine enalapril
    enantyum enbrel endep endone enervon enhertu enoxaparin enstilar entacapone entecavir entresto entyvio
    enzalutamide epaderm epanutin epclusa epidiolex epiduo epidyolex epilim epinephrine epipen epirubicin
    eplerenone epoetin eprex equasym erbitux erelzi erenumab erlotinib ertapenem ertugliflozin erymax
    erythrocin erythromycin esbriet escitalopram esketamine esomeprazole espranor estrace estraderm estradiol
    estradot estriol eszopiclone etanercept ethambutol ethosuximide etonogestrel etoposide etoricoxib eucreas
    eumovate euthyrox eutirox evenity everolimus eviplera evista evolocumab evorel excedrin exelon exemestane
    exenatide exforge eylea ezetimibe ezetrol falithrom famciclovir famotidine famvir farxiga fasenra fasigyn
    faslodex faverin febuxostat feldene felodipine femara femodene femodette femoston fenistil fenofibrate
    fentanyl feospan ferinject feroglobin ferrograd fesoterodine fexofenadine fiasp filgotinib filgrastim
    finacea finasteride fingolimod flagyl flecainide flexeril flixabi flixonase flixotide flomax flomaxtra
    flonase floradix floxapen fluanxol fluconazole fluimucil fluorouracil fluoxetine flupentixol fluphenazine
    fluticasone fluvastatin fluvoxamine focalin fondaparinux foradil formoterol forsteo forteo fortisip
    forxiga fosamax fosavance fosfomycin fosinopril fosrenol fostair fremanezumab fresubin frisium
    frovatriptan frusemide fucibet fucicort fucidin fucithalmic fultium fulvestrant fungizone furosemide
    fusidic fybogel fycompa gabapentin galantamine galcanezumab galvus ganciclovir garamycin gastrolyte
    gaviscon gazyva gedarel gefitinib gelocatil gemcitabine gemfibrozil gentamicin genvoya geodon gestodene
    gilenya glargine glatiramer gleevec glibenclamide gliclazide glimepiride glipizide glivec glucagen
    glucagon glucogel glucophage glucotrol glyburide glyceryl golimumab goserelin granisetron granuflex
    grippostad griseofulvin guaifenesin guanfacine guselkumab gvoke gynelotrimin halcion haldol haliborange
    haloperidol handihaler hansaplast harvoni hedrin hemabate heparin herceptin hexal hiprex horizant humalog
    humira humulin hydralazine hydrea hydrocodone hydrocortone hydromol hydromorphone hydroxyurea hydroxyzine
    hyoscine hypostop hypromellose hyrimoz hytrin hyzaar ibandronate ibandronic iberogast ibrance ibrutinib
    ibuprofen ikorel ilaxten imatinib imbruvica imdur imfinzi imigran imipenem imipramine imiquimod imitrex
    imodium imovane implanon imraldi imuran imvaggis inadine inclisiran incruse indacaterol indapamide
    inderal indocid indometacin indomethacin infacol inflectra infliximab innohep innovace inspra instillagel
    insulatard insulin interferon intuniv invanz invega invokana ipilimumab ipratropium irbesartan iressa
    irinotecan iscover isentress isoniazid isosorbide isotretinoin ispaghula itraconazole ivabradine
    ivacaftor ivermectin ixekizumab jakafi jakavi janumet januvia jardiance jaydess jelonet jentadueto jevity
    jext juluca jyseleca kadcyla kaftrio kaletra kalydeco kapake karvol keflex kemadrin kenacort kenalog
    keppra kerramax kesimpta ketalar ketamine ketesse ketoconazole ketoprofen ketorolac ketotifen kevzara
    keytruda kineret kisqali klacid klaricid kleanprep kliofem kliovance klonopin kremil kremils kyprolis
    labetalol lacidipine lacosamide lactulose lagevrio lamictal lamisil lamivudine lamotrigine lanoxin
    lansoprazole lanthanum lantus largactil lariam lasix latanoprost latuda laxido lecanemab ledipasvir
    leflunomide lemsip lemtrada lenalidomide lendormin lenvatinib lenvima lenzetto leponex leqembi leqvio
    lercanidipine lescol letrozole leuprorelin levalbuterol levaquin levemir levest levetiracetam levitra
    levodopa levofloxacin levonelle levosert levothyroxine levoxyl lexapro lexotan lexotanil lialda librium
    lidocaine lignocaine linaclotide linagliptin linezolid linola linzess lioresal liothyronine lipitor
    lipostat liraglutide lisinopril lispro lithobid livalo lixiana lizinna locoid lofepramine logynon lomotil
    loniten loperamide lopinavir lopressor loratadine lorazepam lortab losartan losec lovastatin lovenox
    lucentis lumefantrine lumigan lunesta lupron lurasidone lustral lutigest luvox lyclear lymecycline
    lynparza lyrinel maalox mabthera macitentan macrobid macrodantin macrogol madopar maintena malanil
    malarone malathion maltofer manerix manuka marcaine marcumar marevan marvelon matrifen mavenclad maviret
    mavyret maxalt maxolon maxtrexate mebendazole mebeverine medicol medihoney medikinet medrol mefenamic
    mefloquine melatonin melolin meloxicam melperone memantine meperidine mepilex mepolizumab mepore mercilon
    meropenem mesalamine mesalazine mestinon metamizole metamucil metformin methadone methenamine methimazole
    methocarbamol methotrexate methyldopa metoprolol metronidazole mezavant micardis miconazole microgynon
    midazolam mifegyne mifepristone milanta mimpara minipress minirin minocin minocycline minoxidil
    mirabegron miralax mirapex mirapexin mirtazapine misoprostol mobic moclobemide modafinil modecate modulen
    mogadon molipaxin molnupiravir mometasone monistat monofer montelukast monurol morphine motilium motrin
    mounjaro movicol moviprep moxifloxacin moxonidine mscontin mucinex mucodyne mucosolvan multaq mupirocin
    mycophenolate mycostatin myfortic mylanta myrbetriq mysimba mysoline nadolol naloxone naltrexone namenda
    naprosyn naproxen naramig naratriptan narcan nardil naropin nasacort nasonex natalizumab natrilix nebido
    nebilet nebivolol nefopam neoclarityn neoral neorecormon neosaldina neostigmine neozep neulasta neupogen
    neupro neurobion neurontin nevirapine nexavar nexium nexplanon nicorandil nicorette nicotine nicotinell
    nifedipine nilotinib nintedanib niquitin niraparib nirmatrelvir nitrazepam nitroglycerin nitrolingual
    nitrostat nivolumab nizatidine nizral noctamid nolotil nolvadex noqdirna noradrenaline norflex
    norfloxacin norgeston noriday norlevo normison norspan nortriptyline norvasc norvir novalgin novalgine
    novaminsulfon novolin novolog novomix novorapid nozinan nucala nucynta nurofen nurtec nutricia nutrison
    nuvaring nuvigil nyquil nystan nystatin nyxoid obinutuzumab ocrelizumab ocrevus octasa odefsey oestradiol
    oestrogel ofatumumab ofev ofloxacin oilatum okitask olanzapine olaparib olbas olmesartan olodaterol
    olopatadine olumiant omalizumab omeprazole omnic omnicef ondansetron ongentys onglyza ontozry opatanol
    opdivo opicapone opsumit opticrom optilast optrex oramorph orencia orfiril orkambi orlistat orlos
    orphenadrine orudis oseltamivir osimertinib ostelin otrexup otrivin otrivine ovex ovranette oxaliplatin
    oxazepam oxcarbazepine oxybutynin oxycodone oxycontin oxymetazoline oxynorm oxytocin ozempic paclitaxel
    palbociclib palexia paliperidone palladone pamelor panadeine panadol pancreatin pantoloc pantoprazole
    paracetamol paracetamolo pariet parlodel parnate paroxetine patanol paxil paxlovid pazopanib pedialyte
    pembrolizumab penicillamine penicillin pentasa pepcid peptamen pepto peptobismol perampanel percocet
    percodan perindopril perjeta permethrin perphenazine persantin pertuzumab pethidine pharmaton phenelzine
    phenergan phenobarbital phentermine phenylephrine phenytoin phesgo pholcodine phyllocontin physeptone
    picolax picosulfate pimecrolimus pioglitazone pipamperone piperacillin pirfenidone piriteze piriton
    piroxicam pitavastatin pitocin pivmecillinam pizotifen planb plaquenil plavix plegridy plendil plenvu
    polyfax ponstan postinor pradaxa praluent pramipexole prasugrel pravachol pravastatin praziquantel
    prazosin precose prednisolone prednisone pregabalin pregnacare premarin prevacid prezista priadel priligy
    prilocaine prilosec primaquine primidone primolut primperan prinivil pristiq proair probenecid procoralan
    procrit procyclidine progesterone prograf proguanil prolia promazine promethazine propantheline propecia
    propofol propranolol proscar prospan prostap prothiaden protium protonix protopic proventil provigil
    prozac prucalopride psyllium pulmicort purinethol pyrazinamide pyridoxine qlaira qsymia questran
    quetiapine quillivant quinapril quviviq qvar rabeprazole raloxifene raltegravir ramipril ranexa
    ranibizumab ranitidine ranolazine rapamune rasagiline ratiopharm razadyne reagila reclast redoxon regaine
    reglan regurin rehydrat relpax relvar remdesivir remeron remicade remifentanil reminyl remsima renvela
    repaglinide repatha requip resolor respimat restoril revia revicon revlimid rexulti rhinocort riamet
    ribociclib rifadin rifampicin rifampin rifaximin rigevidon rilpivirine rilutek riluzole rimactane
    rimegepant rinvoq riociguat risankizumab risedronate risperdal risperidone ritalin ritonavir rituxan
    rituximab rivaroxaban rivastigmine rivotril rizatriptan roaccutane roactemra robaxin robitussin rocephin
    rocuronium roflumilast rogaine romosozumab ropinirole ropivacaine rosuvastatin rotigotine rozerem
    rufinamide rupatadine ruxolitinib rybelsus ryzodeg sabril sacubitril salamol salazopyrin salbutamol
    salmeterol salofalk sanatogen sandimmun sarilumab saroten savaysa saxagliptin saxenda secukinumab securon
    seebri selegiline selincro semaglutide senokot septra septrin serax serenace seretide serevent serophene
    seroquel seroxat sertraline sevelamer sevoflurane sevredol sifrol sildenafil sildenafilo silkis silodosin
    simethicone simeticone simponi simvastatin sinemet singulair sintrom sinupret siponimod sirdalud
    sirolimus sitagliptin skinoren skyrizi sofosbuvir solgar solifenacin soliqua solmux solpadeine solumedrol
    somac soolantra sorafenib sotalol sovaldi spasmonal spatone spedra spiriva sporanox spravato sprycel
    stada stalevo stelara stelazine stemetil stendra stilnoct stilnox strattera strepsils stresstabs stribild
    stromectol stugeron suboxone subutex sucralfate sudafed sugammadex sulfasalazine sulpiride sumatriptan
    sunitinib supradyn suprax surmontil sustanon sutent suvorexant suxamethonium swisse symbicort symdeko
    symmetrel symtuza syndol synjardy synthroid syntocinon syntometrine systane tachipirina tacrolimus
    tadalafil tagamet tagrisso tambocor tamiflu tamoxifen tamsulosin tapazole tapentadol tarceva targaxan
    targin targiniq targocid tarivid tasigna tavanic tavor taxol taxotere tazobactam tazocin tecentriq
    tecfidera tegaderm tegretol teicoplanin telfast telmisartan temazepam temgesic tempra tenofovir tenormin
    terazosin terbinafine terbutaline teriflunomide teriparatide termalgin testogel testosterone
    tetrabenazine tetracycline tetralysal tezspire thalidomide thalomid thealoz theophylline theraflu
    thiamine thomapyrin thyronorm thyroxine tibolone ticagrelor tildiem tilidine timolol tinidazole
    tinzaparin tiotropium tirzepatide tivicay tixylix tizanidine tobramycin tocilizumab tofacitinib tofranil
    tolterodine topamax topiramate toprol toradol torasemide torsemide tostran toujeo toviaz tracleer
    tradjenta trajenta tramadol tramal trandate trandolapril tranexamic trastuzumab travatan travoprost
    trazodone treclin trelegy tremfya tresiba tretinoin trevicta trexall triamcinolone triamterene triazolam
    tricor trikafta trileptal trimbow trimethoprim trimipramine trimovate trintellix triptorelin tritace
    trittico triumeq tropicamide trospium trulicity trusopt truvada truxima tums turbohaler tuseran tylenol
    tylex tyrozets tysabri ulipristal uloric ultibro ultram umckaloabo umeclidinium uniphyllin upadacitinib
    uromitexan uroxatral ursodiol ursofalk ustekinumab utrogestan vabysmo vagifem vagirux valaciclovir
    valacyclovir valdoxan valium valoron valproate valsartan valtrex vamousse vancocin vancomycin vaporub
    vardenafil varenicline vasopressin vasotec vedolizumab veklury velcade vemlidy venclexta venclyxto
    venetoclax venlafaxine venofer ventolin verapamil vermox verzenio verzenios vesicare vfend viagra
    vibramycin vicks vicodin victoza vigabatrin vilanterol vildagliptin vimpat vincristine vinorelbine
    vipidia viread viscotears vistaril vitabiotics vivitrol vocabria volibris voltaren voltarol voriconazole
    vortioxetine votrient vraylar vumerity vydura vytorin vyvanse warfarin warticon wegovy wellbutrin
    wellwoman xaggitin xalatan xanax xarelto xatral xeljanz xeloda xenical xeplion xgeva xifaxan xolair
    xonvea xopenex xtandi xultophy xylocaine xyzal xyzall yentreve yervoy yuflyma zaditor zafirlukast
    zaleplon zamadol zanaflex zanamivir zantac zapain zarontin zejula zeldox zelleta zentel zepatier zepbound
    zerobase zestril zetia zidovudine zimovane zineryt zinnat ziprasidone zirtek zispin zithromax zmax zocor
    zofran zoladex zoledronate zoledronic zolmitriptan zoloft zolpidem zometa zomig zomorph zonegran
    zonisamide zopiclone zosyn zoton zovirax zyban zydol zyloprim zyloric zyprexa zyrtec zytiga zyvox
    """.split()
)
