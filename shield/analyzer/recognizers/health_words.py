"""Lists of common conditions and medicines, in eight languages. Compiled by hand from facts, not copied.

Words that as often mean something else are left out on purpose (cold, virus, stroke, hearing aids,
shingles). Terms are compared as whole words, ignoring case.
"""

# ruff: noqa: E501  # tables of words, as many a line as fit
from __future__ import annotations

from typing import Final

_ENGLISH: Final = """
acid reflux|acne|afib|addison's disease|adhd|alcoholism|alcoholic hepatitis|alopecia|
alzheimer|alzheimer's|alzheimer's disease|amyotrophic lateral sclerosis|anaemia|anemia|anaphylaxis|angina|
ankylosing spondylitis|anorexia|anorexia nervosa|anxiety|anxiety disorder|aortic aneurysm|appendicitis|arrhythmia|
arthritis|arthrosis|asperger's|asthma|atopic dermatitis|atrial fibrillation|autism|autism spectrum disorder|
autoimmune disease|back pain|bipolar|bipolar disorder|bladder cancer|bladder infection|blood clot|blood cancer|
blood pressure problem|borderline personality disorder|bowel cancer|brain injury|brain tumor|brain tumour|
breast cancer|bronchitis|bulimia|burnout|cancer|cardiac arrest|cardiomyopathy|carpal tunnel syndrome|cataract|
cataracts|celiac disease|coeliac disease|cerebral palsy|cervical cancer|chemotherapy|chf|chickenpox|chlamydia|
chronic fatigue syndrome|chronic kidney disease|chronic obstructive pulmonary disease|chronic pain|cirrhosis|
colitis|colon cancer|concussion|congestive heart failure|conjunctivitis|copd|coronary artery disease|covid|
covid-19|crohn's|crohn's disease|cushing's syndrome|cystic fibrosis|deep vein thrombosis|dementia|depression|
dermatitis|diabetes|diabetes mellitus|diabetic|t1dm|t2dm|type 1 diabetes|type 2 diabetes|dialysis|diverticulitis|
down syndrome|dyslexia|eating disorder|eczema|emphysema|endometriosis|epilepsy|epileptic|erectile dysfunction|
fatty liver|fibroids|fibromyalgia|gallstones|gastritis|gastroenteritis|genital herpes|gestational diabetes|
glaucoma|gonorrhea|gonorrhoea|gout|graves' disease|haemophilia|hemophilia|hashimoto's|hay fever|heart attack|
heart condition|heart disease|heart failure|heart murmur|hepatitis|hepatitis a|hepatitis b|hepatitis c|hernia|
herniated disc|herpes|high blood pressure|high cholesterol|hiv|hiv positive|hiv-positive|hodgkin's lymphoma|
huntington's disease|hypertension|hyperthyroidism|hypothyroidism|infertility|inflammatory bowel disease|insomnia|
irritable bowel syndrome|ibs|kidney disease|kidney failure|kidney stones|leukaemia|leukemia|liver cancer|
liver disease|lung cancer|lupus|lyme disease|lymphoma|macular degeneration|major depression|malaria|measles|
melanoma|meniere's disease|meningitis|menopause|mental illness|migraine|migraines|miscarriage|mononucleosis|
multiple myeloma|multiple sclerosis|muscular dystrophy|myasthenia gravis|narcolepsy|nephritis|neuropathy|
nut allergy|peanut allergy|penicillin allergy|latex allergy|obesity|obsessive compulsive disorder|ocd|
obstructive sleep apnea|sleep apnea|sleep apnoea|osteoarthritis|osteoporosis|ovarian cancer|pancreatic cancer|
pancreatitis|panic attacks|panic disorder|parkinson's|parkinson's disease|pcos|
polycystic ovary syndrome|peptic ulcer|stomach ulcer|pericarditis|pneumonia|polio|post-traumatic stress disorder|
postpartum depression|postnatal depression|pregnant|pregnancy|preeclampsia|prostate cancer|psoriasis|psychosis|
ptsd|pulmonary embolism|rabies|rheumatoid arthritis|rosacea|sarcoidosis|schizophrenia|schizophrenic|sciatica|
scoliosis|sepsis|sickle cell anemia|sickle cell disease|sinusitis|skin cancer|spina bifida|
spinal cord injury|substance abuse|drug addiction|suicidal|suicidal thoughts|syphilis|tachycardia|
thrombosis|thyroid cancer|thyroid condition|tinnitus|tonsillitis|tourette's|tourette syndrome|tuberculosis|
ulcerative colitis|urinary tract infection|uti|varicose veins|vertigo|vitiligo|whiplash|whooping cough|yeast infection
"""
_OTHERS: Final = """
alkoholsucht|angststörung|asthma bronchiale|bluthochdruck|brustkrebs|chronische schmerzen|darmkrebs|demenz|
depressionen|diabetiker|diabetikerin|epilepsie|essstörung|gicht|gürtelrose|hautkrebs|herzinfarkt|herzinsuffizienz|
herzrhythmusstörungen|hirntumor|krebserkrankung|leberzirrhose|leukämie|lungenentzündung|lungenkrebs|magersucht|
migräne|morbus crohn|multiple sklerose|neurodermitis|nierenversagen|osteoporose|prostatakrebs|schilddrüsenunterfunktion|
schizophrenie|schlaganfall|schuppenflechte|schwanger|schwangerschaft|tuberkulose|zuckerkrankheit|
cancer du sein|cancer du poumon|crise cardiaque|infarctus|diabète|diabétique|dépression|démence|enceinte|
hypertension artérielle|insuffisance cardiaque|insuffisance rénale|leucémie|maladie de crohn|maladie de parkinson|
sclérose en plaques|schizophrénie|séropositif|séropositive|troubles bipolaires|épilepsie|ostéoporose|
ansiedad|asma|artritis|cáncer|cáncer de mama|cáncer de pulmón|cáncer de próstata|depresión|diabético|diabética|
embarazada|enfermedad de crohn|enfermedad de parkinson|epilepsia|esclerosis múltiple|esquizofrenia|fibromialgia|
hipertensión|hipertensión arterial|hipotiroidismo|infarto|insuficiencia renal|leucemia|migraña|neumonía|
seropositivo|trastorno bipolar|tumor cerebral|vih|tuberculosis|
cancro|cancro al seno|depressione|diabete|diabetico|diabetica|emicrania|epilessia|incinta|infarto miocardico|
insufficienza renale|ipertensione|morbo di crohn|sclerosi multipla|schizofrenia|sieropositivo|tumore al seno|polmonite|
cancro da mama|câncer|câncer de mama|câncer de próstata|depressão|diabetes tipo 2|enxaqueca|esclerose múltipla|
esquizofrenia|grávida|hipertensão|insuficiência renal|leucemia mieloide|pneumonia|soropositivo|tuberculose|
borstkanker|darmkanker|depressie|dementie|epilepsie|hartaanval|hartfalen|hoge bloeddruk|kanker|longkanker|
longontsteking|nierfalen|reuma|schizofrenie|suikerziekte|zwanger|multiple sclerose|
astma|białaczka|cukrzyca|cukrzycę|depresja|depresję|gruźlica|nadciśnienie|nadciśnienie tętnicze|nowotwór|padaczka|
padaczkę|rak piersi|rak płuc|schizofrenia|stwardnienie rozsiane|udar mózgu|w ciąży|zapalenie płuc|zawał serca
"""
_MEDICINES: Final = """
abilify|accutane|acetaminophen|paracetamol|acyclovir|aciclovir|adalimumab|adderall|advair|albuterol|salbutamol|
alendronate|allopurinol|alprazolam|amiodarone|amitriptyline|amlodipine|amoxicillin|apixaban|aripiprazole|aspirin|
atenolol|ativan|atomoxetine|atorvastatin|augmentin|azathioprine|azithromycin|baclofen|benzodiazepine|bisoprolol|
botox|budesonide|buprenorphine|bupropion|buspirone|candesartan|carbamazepine|carvedilol|celecoxib|celexa|cephalexin|
cetirizine|chlorpromazine|cialis|ciprofloxacin|citalopram|clindamycin|clonazepam|clonidine|clopidogrel|clozapine|
codeine|colchicine|coumadin|cyclosporine|cymbalta|dabigatran|depakote|desloratadine|dexamethasone|diazepam|
diclofenac|digoxin|diltiazem|donepezil|doxazosin|doxycycline|duloxetine|dupixent|effexor|eliquis|empagliflozin|
enalapril|enoxaparin|epipen|ertapenem|escitalopram|esomeprazole|estradiol|etanercept|ezetimibe|famotidine|fentanyl|
finasteride|fluconazole|fluoxetine|fluticasone|furosemide|gabapentin|glibenclamide|gliclazide|glimepiride|
haloperidol|heparin|humira|hydrochlorothiazide|hydrocodone|hydrocortisone|hydroxychloroquine|ibuprofen|imatinib|
infliximab|insulin|insulin glargine|isotretinoin|ivermectin|januvia|jardiance|keppra|ketamine|klonopin|lamictal|
lamotrigine|lansoprazole|lantus|letrozole|levetiracetam|levodopa|levofloxacin|levothyroxine|lexapro|linagliptin|
lipitor|liraglutide|lisinopril|lithium carbonate|loratadine|lorazepam|losartan|lyrica|melatonin|meloxicam|metformin|
methadone|methotrexate|methylphenidate|metoprolol|metronidazole|mirtazapine|modafinil|montelukast|morphine|
mounjaro|naloxone|naproxen|nebivolol|nexium|nifedipine|nitrofurantoin|nitroglycerin|norvasc|olanzapine|omeprazole|
ondansetron|oxycodone|oxycontin|ozempic|pantoprazole|paroxetine|paxil|paxlovid|penicillin|percocet|phenobarbital|
phenytoin|pioglitazone|plavix|pramipexole|pravastatin|prednisolone|prednisone|pregabalin|propranolol|prozac|
quetiapine|ramipril|ranitidine|remicade|risperidone|ritalin|rivaroxaban|ropinirole|rosuvastatin|rybelsus|
salmeterol|semaglutide|seroquel|sertraline|sildenafil|simvastatin|sitagliptin|solpadeine|spironolactone|strattera|
suboxone|sumatriptan|symbicort|synthroid|tacrolimus|tadalafil|tamoxifen|tamsulosin|temazepam|terbinafine|
ticagrelor|tramadol|trazodone|truvada|trulicity|valacyclovir|valium|valproate|valsartan|vancomycin|venlafaxine|
ventolin|verapamil|viagra|vicodin|vyvanse|warfarin|wegovy|wellbutrin|xanax|xarelto|zoloft|zolpidem|zopiclone|
ibuprofeno|metformina|omeprazol|amoxicilina|insulina|insuline|insulin lispro|aspirina|aspirine|atorvastatina|losartán|
enalaprilo|levothyrox|l-thyroxin|doliprane|marcumar|novalgin|metamizol|nolotil|tachipirina|dipirona|ibuprofène|ibuprofene|paracétamol|paracetamolo|amoxicilline|amoxicillina|amoksycylina|oméprazole|
omeprazolo|metformine|metforminę|metforminy|insulinę|insuliny|insulinie|lévothyroxine|levotiroxina|atorvastatine|ventoline|cortisone|cortisona|
kortison|kortyzon|morfina|morfine|morphium|antabus|euthyrox
"""


def _terms(table: str) -> tuple[str, ...]:
    # Two languages may share a word.
    return tuple(dict.fromkeys(term.strip() for term in table.replace("\n", "").split("|")))


CONDITIONS: Final = _terms(_ENGLISH.strip() + "|" + _OTHERS.strip())
"""Terms of the type HEALTH_CONDITION."""
MEDICINES: Final = _terms(_MEDICINES.strip())
"""Terms of the type MEDICATION."""
