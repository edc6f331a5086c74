"""Medical words for generated notes, written from general knowledge, and words that do not exist.

Every function takes a `random.Random` and returns one name as a note would write it. About a third of the names hold
invented words, so that a model must learn to copy what stands in the note rather than to recall a list.
"""

SITES = """knee;hip;shoulder;wrist;ankle;elbow;forearm;hand;foot;toe;finger;thumb;neck;back;lumbar spine;cervical spine;thoracic spine;
skull;jaw;nose;ear;eye;eyelid;cornea;retina;lip;tongue;tooth;gum;throat;larynx;trachea;lung;pleura;heart;mitral valve;aortic valve;
aorta;coronary artery;carotid artery;femoral artery;saphenous vein;portal vein;liver;gallbladder;bile duct;pancreas;spleen;stomach;
duodenum;jejunum;ileum;appendix;colon;sigmoid colon;rectum;anus;kidney;ureter;bladder;urethra;prostate;testis;penis;ovary;uterus;
cervix;vagina;breast;skin;scalp;nail;lymph node;bone marrow;thyroid;parathyroid gland;adrenal gland;pituitary gland;brain;cerebellum;
spinal cord;sciatic nerve;ulnar nerve;median nerve;facial nerve;optic nerve;biceps tendon;achilles tendon;rotator cuff;meniscus of knee;
clavicle;rib;sternum;vertebra;pelvis;femur;tibia;fibula;humerus;radius;ulna;metacarpal bone;great toe;lower limb;upper limb;
left leg;right arm;left hand;right eye;abdominal wall;diaphragm;peritoneum;mandible;maxilla""".replace("\n", "").split(";")

DISEASES = """hypertension;essential hypertension;pulmonary hypertension;portal hypertension;hypotension;orthostatic hypotension;
atrial fibrillation;atrial flutter;ventricular tachycardia;sick sinus syndrome;heart failure;congestive heart failure;
diastolic heart failure;cardiomyopathy;myocarditis;pericarditis;endocarditis;angina pectoris;stable angina;unstable angina;
acute myocardial infarction;old myocardial infarction;ischemic heart disease;coronary arteriosclerosis;peripheral arterial disease;
deep vein thrombosis;pulmonary embolism;varicose veins;aortic stenosis;mitral regurgitation;aortic aneurysm;stroke;cerebral infarction;
transient ischemic attack;subarachnoid hemorrhage;epilepsy;seizure disorder;migraine;tension headache;cluster headache;
parkinson's disease;alzheimer's disease;vascular dementia;multiple sclerosis;myasthenia gravis;peripheral neuropathy;bell's palsy;
restless legs syndrome;carpal tunnel syndrome;trigeminal neuralgia;guillain-barre syndrome;meningitis;encephalitis;concussion;
type 2 diabetes mellitus;type 1 diabetes mellitus;diabetes;gestational diabetes;prediabetes;diabetic neuropathy;diabetic retinopathy;
diabetic kidney disease;hypoglycemia;hyperglycemia;hypothyroidism;hyperthyroidism;graves' disease;hashimoto thyroiditis;goiter;
thyroid nodule;addison's disease;cushing syndrome;hyperparathyroidism;hyperlipidemia;hypercholesterolemia;hypertriglyceridemia;
metabolic syndrome;obesity;morbid obesity;vitamin d deficiency;vitamin b12 deficiency;iron deficiency anemia;anemia;
hemolytic anemia;sickle cell disease;thalassemia;hemophilia;thrombocytopenia;neutropenia;polycythemia vera;leukemia;
acute myeloid leukemia;chronic lymphocytic leukemia;hodgkin lymphoma;multiple myeloma;hyponatremia;hyperkalemia;hypokalemia;
hypercalcemia;dehydration;gout;pseudogout;asthma;mild intermittent asthma;severe persistent asthma;
copd;chronic obstructive pulmonary disease;emphysema;bronchiectasis;acute bronchitis;chronic bronchitis;pneumonia;
community acquired pneumonia;aspiration pneumonia;pulmonary fibrosis;sarcoidosis;sleep apnea;obstructive sleep apnea;pneumothorax;
pleural effusion;tuberculosis;influenza;covid-19;common cold;pharyngitis;streptococcal sore throat;tonsillitis;laryngitis;
allergic rhinitis;nasal polyps;acute sinusitis;chronic sinusitis;otitis media;otitis externa;tinnitus;hearing loss;
meniere's disease;vertigo;conjunctivitis;blepharitis;cataract;glaucoma;macular degeneration;dry eye syndrome;uveitis;
gastroesophageal reflux disease;gerd;barrett's esophagus;peptic ulcer;gastric ulcer;duodenal ulcer;gastritis;gastroenteritis;
helicobacter pylori infection;celiac disease;crohn's disease;ulcerative colitis;irritable bowel syndrome;diverticulitis;
diverticulosis;appendicitis;cholelithiasis;cholecystitis;pancreatitis;hepatitis b;hepatitis c;fatty liver;cirrhosis;
ascites;hemorrhoids;anal fissure;inguinal hernia;umbilical hernia;hiatal hernia;bowel obstruction;constipation;
chronic kidney disease;chronic kidney disease stage 4;acute kidney injury;end stage renal failure;nephrolithiasis;kidney stone;
nephrotic syndrome;glomerulonephritis;pyelonephritis;urinary tract infection;cystitis;urinary incontinence;overactive bladder;
benign prostatic hyperplasia;prostatitis;erectile dysfunction;hydrocele;varicocele;polycystic ovary syndrome;endometriosis;
uterine fibroids;ovarian cyst;menorrhagia;dysmenorrhea;pelvic inflammatory disease;preeclampsia;miscarriage in first trimester;
normal pregnancy;ectopic pregnancy;infertility;menopausal syndrome;mastitis;osteoarthritis;rheumatoid arthritis;
psoriatic arthritis;ankylosing spondylitis;systemic lupus erythematosus;fibromyalgia;polymyalgia rheumatica;osteoporosis;osteopenia;
scoliosis;spinal stenosis;herniated disc;sciatica;plantar fasciitis;rotator cuff tear;frozen shoulder;tennis elbow;bursitis;
sprain of ankle;sprain of wrist;whiplash injury to neck;closed fracture of hip;laceration of hand;burn of forearm;
first degree burn;second degree burn;contusion;cellulitis;abscess;impetigo;eczema;atopic dermatitis;contact dermatitis;psoriasis;
rosacea;acne vulgaris;urticaria;shingles;herpes zoster;herpes simplex;ringworm;scabies;vitiligo;alopecia areata;melanoma;
basal cell carcinoma;actinic keratosis;breast cancer;lung cancer;colon cancer;prostate cancer;cervical cancer;bladder cancer;
non-small cell carcinoma of lung;metastasis from malignant tumor of prostate;adenomatous polyp of colon;hiv infection;
lyme disease;malaria;sepsis;septic shock;bacteremia;mononucleosis;chlamydia infection;gonorrhea;syphilis;varicella;measles;
depression;major depressive disorder;bipolar disorder;schizophrenia;generalized anxiety disorder;panic disorder;
post-traumatic stress disorder;obsessive-compulsive disorder;attention deficit hyperactivity disorder;autism spectrum disorder;
anorexia nervosa;bulimia nervosa;alcohol dependence;opioid use disorder;nicotine dependence;insomnia;dementia;delirium;
postoperative wound infection;drug overdose;anaphylaxis;food poisoning;heat exhaustion;frostbite;respiratory failure;
acute respiratory distress syndrome;cardiac arrest;shock;hypoxemia;hypothermia;neonatal jaundice;croup;bronchiolitis;
whooping cough;febrile convulsion;cleft palate;down syndrome;cerebral palsy;cystic fibrosis;muscular dystrophy;spina bifida;
congenital heart disease;patent foramen ovale;lactose intolerance;protein-calorie malnutrition;pressure ulcer;
venous ulcer of lower limb;lymphedema;chronic pain;chronic fatigue syndrome;impacted molars;dental caries;gingivitis;
periodontitis;temporomandibular joint disorder;hyperemesis gravidarum;blighted ovum;antepartum hemorrhage;
tubal pregnancy;polyp of colon;bullet wound;injury of tendon of hand;injury of medial collateral ligament of knee;
tear of anterior cruciate ligament;rupture of appendix;hypoxia;microalbuminuria due to type 2 diabetes mellitus;
hypertensive retinopathy;aortic dissection;pulmonary edema""".replace("\n", "").split(";")

SYMPTOMS = """fever;chills;night sweats;fatigue;malaise;weight loss;weight gain;loss of appetite;headache;dizziness;lightheadedness;
syncope;blurred vision;double vision;photophobia;eye pain;ear pain;hearing loss;ringing in the ears;runny nose;nasal congestion;
nosebleed;sore throat;hoarseness;difficulty swallowing;cough;productive cough;dry cough;hemoptysis;shortness of breath;dyspnea;
dyspnea on exertion;orthopnea;wheezing;chest pain;chest tightness;palpitations;leg swelling;edema;ankle edema;nausea;vomiting;
diarrhea;constipation;abdominal pain;bloating;heartburn;bloody stools;melena;rectal bleeding;jaundice;dysuria;hematuria;
urinary frequency;urinary urgency;nocturia;flank pain;vaginal bleeding;pelvic pain;joint pain;joint swelling;back pain;neck pain;
knee pain;muscle weakness;muscle cramps;myalgia;numbness;tingling;tremor;seizures;confusion;memory loss;insomnia;anxiety;
low mood;suicidal ideation;hallucinations;rash;itching;bruising;hair loss;dry skin;cold intolerance;heat intolerance;polyuria;polydipsia;
easy bleeding;swollen lymph nodes;hot flashes;breast lump;testicular pain;leg cramps;claudication;facial droop;slurred speech;
gait instability;falls;poor sleep;increased thirst;stiffness;hives;loss of taste;sputum production;stridor;snoring;hiccups;
pain on urination;focal weakness;neck stiffness;calf tenderness;pallor;cyanosis;clubbing;hepatomegaly;splenomegaly;murmur;
crackles;rebound tenderness;guarding""".replace("\n", "").split(";")

FINDINGS = """unemployed (finding);retired (finding);shift worker (finding);seasonal employment (finding);works from home (finding);
lives alone (finding);lives with family (finding);homeless (finding);housing instability (finding);inadequate housing (finding);
food insecurity (finding);lack of access to transportation (finding);no means of transport (finding);social withdrawal (finding);
feels lonely (finding);caregiver burden (finding);stressful work (finding);financial problem (finding);low income (finding);
received secondary school education (finding);received university education (finding);educated to primary school level (finding);
only speaks another language (finding);refugee (person);has a criminal record (finding);served in military service (finding);
victim of assault (finding);victim of bullying (finding);domestic abuse (event);heavy drinker (finding);social drinker (finding);
current smoker (finding);ex-smoker (finding);tobacco smoking consumption unknown (finding);misuses drugs (finding);
sedentary lifestyle (finding);body mass index 25-29 - overweight (finding);body mass index 40+ - severely obese (finding);
blood pressure above reference range (finding);abnormal findings on diagnostic imaging of liver (finding);elevated troponin (finding);
positive occult blood in stool (finding);increased blood glucose level (finding);proteinuria (finding);hemoglobin below reference range (finding);
at risk of falls (finding);dependent for dressing (finding);wheelchair user (finding);impaired mobility (finding);
hearing aid worn (finding);has a pacemaker (finding);uses contraception (finding);pregnant (finding);postmenopausal state (finding);
full immunization (finding);low back pain (finding);chronic pelvic pain (finding);loss of smell (finding);cough (finding);
fever (finding);headache (finding);dyspnea (finding);joint pain (finding);muscle pain (finding);sputum finding (finding);
fatigue (finding);vomiting (finding);diarrhea (finding);nasal congestion (finding);sore throat (finding);chill (finding);
wheezing (finding);severe depression (mood) (finding);mild cognitive impairment (mild) (disorder);acute confusion (transient) (finding);
on waiting list (situation);awaiting surgery (situation);awaiting admission to rehabilitation unit (situation);
history of appendectomy (situation);history of removal of gallbladder (situation);history of coronary artery stent (situation);
history of splenectomy (situation);past pregnancy history of stillbirth (situation);family history of cancer (situation);
at increased risk of violence (finding);risk taking behavior (finding);limited english proficiency (finding);
hazardous drinking pattern (finding);inadequate social support (finding);student (occupation);carer of disabled person (person);
transport problem (finding);difficulty paying bills (finding);death of spouse (event);single parent (finding);
returned from abroad (finding);not working (finding);works part of the week (finding);works full week (finding);
not in education (finding);not currently working (finding);not registered with a doctor (finding);no longer drives (finding);
no fixed address (finding);does not drink alcohol (finding);never used drugs (finding);not up to date with screening (finding);
no living relative (finding);non-smoker (finding);without heating at home (finding);unable to afford medication (finding)""".replace("\n", "").split(";")

DRUGS = """metformin;glipizide;glyburide;sitagliptin;empagliflozin;dapagliflozin;liraglutide;semaglutide;pioglitazone;lisinopril;enalapril;
ramipril;captopril;benazepril;losartan;valsartan;candesartan;irbesartan;amlodipine;nifedipine;diltiazem;verapamil;metoprolol;
atenolol;carvedilol;bisoprolol;propranolol;nebivolol;hydrochlorothiazide;chlorthalidone;furosemide;torsemide;bumetanide;
spironolactone;eplerenone;atorvastatin;simvastatin;rosuvastatin;pravastatin;ezetimibe;fenofibrate;gemfibrozil;aspirin;clopidogrel;
ticagrelor;warfarin;apixaban;rivaroxaban;dabigatran;enoxaparin;heparin;digoxin;amiodarone;nitroglycerin;isosorbide;hydralazine;
clonidine;doxazosin;tamsulosin;finasteride;oxybutynin;solifenacin;omeprazole;pantoprazole;esomeprazole;famotidine;ranitidine;
ondansetron;metoclopramide;loperamide;docusate;polyethylene glycol 3350;bisacodyl;lactulose;mesalamine;sulfasalazine;
levothyroxine;methimazole;prednisone;prednisolone;methylprednisolone;dexamethasone;hydrocortisone;fludrocortisone;albuterol;
salbutamol;salmeterol;tiotropium;ipratropium;budesonide;fluticasone;mometasone;beclomethasone;montelukast;theophylline;cetirizine;
loratadine;fexofenadine;diphenhydramine;hydroxyzine;amoxicillin;ampicillin;penicillin v potassium;cephalexin;cefuroxime;ceftriaxone;
azithromycin;clarithromycin;erythromycin;doxycycline;minocycline;ciprofloxacin;levofloxacin;metronidazole;clindamycin;
sulfamethoxazole;trimethoprim;nitrofurantoin;vancomycin;gentamicin;linezolid;fluconazole;terbinafine;nystatin;acyclovir;valacyclovir;
oseltamivir;tenofovir;emtricitabine;efavirenz;ibuprofen;naproxen;diclofenac;meloxicam;celecoxib;acetaminophen;paracetamol;tramadol;
codeine;morphine;oxycodone;hydrocodone;fentanyl;hydromorphone;buprenorphine;naloxone;gabapentin;pregabalin;carbamazepine;
lamotrigine;levetiracetam;phenytoin;valproate;topiramate;sertraline;fluoxetine;paroxetine;citalopram;escitalopram;venlafaxine;
duloxetine;bupropion;mirtazapine;trazodone;amitriptyline;nortriptyline;lithium;quetiapine;olanzapine;risperidone;aripiprazole;
haloperidol;clozapine;lorazepam;diazepam;clonazepam;alprazolam;zolpidem;melatonin;methylphenidate;atomoxetine;donepezil;memantine;
levodopa;carbidopa;ropinirole;pramipexole;sumatriptan;rizatriptan;baclofen;cyclobenzaprine;tizanidine;allopurinol;febuxostat;
colchicine;methotrexate;hydroxychloroquine;leflunomide;azathioprine;adalimumab;etanercept;infliximab;rituximab;tacrolimus;
cyclosporine;mycophenolate;alendronate;risedronate;denosumab;calcium carbonate;cholecalciferol;folic acid;ferrous sulfate;
cyanocobalamin;potassium chloride;magnesium oxide;estradiol;progesterone;medroxyprogesterone;levonorgestrel;norethindrone;
ethinyl estradiol;drospirenone;etonogestrel;testosterone;tamoxifen;anastrozole;letrozole;leuprolide;paclitaxel;carboplatin;cisplatin;
docetaxel;doxorubicin;cyclophosphamide;fluorouracil;capecitabine;imatinib;trastuzumab;bevacizumab;filgrastim;erythropoietin;
darbepoetin;insulin glargine;insulin lispro;insulin aspart;insulin detemir;epinephrine;latanoprost;timolol;ketorolac;lidocaine;
permethrin;mupirocin;clobetasol;triamcinolone;tretinoin;benzoyl peroxide;nicotine;varenicline;naltrexone;disulfiram;sildenafil;
tadalafil;ivermectin;remdesivir;palivizumab;midazolam;propofol;ketamine;rocuronium;sevoflurane;remifentanil;vasopressin;norepinephrine"""
DRUGS = DRUGS.replace("\n", "").split(";")

SALTS = "hydrochloride;sodium;potassium;calcium;maleate;tartrate;succinate;besylate;mesylate;sulfate;acetate;fumarate;citrate;propionate;phosphate;bromide".split(";")
FORMS = """oral tablet;oral tablet;oral tablet;oral tablet;oral capsule;oral capsule;oral solution;oral suspension;chewable tablet;
disintegrating oral tablet;delayed release oral capsule;delayed release oral tablet;extended release oral tablet;extended release oral capsule;
sublingual tablet;effervescent oral tablet;topical cream;topical ointment;topical gel;rectal suppository;vaginal cream;vaginal ring;
ophthalmic solution;otic solution;nasal spray;inhalation solution;inhalation powder;injectable solution;injectable suspension;injection;
prefilled syringe;pen injector;auto-injector;cartridge;vial;transdermal patch;buccal film;mucosal spray;oral lozenge;medicated shampoo;
drug implant;intravitreal implant;intrauterine system""".replace("\n", "").split(";")
SHORT_FORMS = "tablet;tablets;tab;tabs;capsule;capsules;cap;cream;ointment;inhaler;drops;syrup;patch;spray;suppository;injection;nebules;solution;elixir;gel;puffs".split(";")
UNITS = ["mg"] * 12 + ["mcg", "mg", "g", "unt", "meq", "ml", "units"]
AMOUNTS = "0.05;0.09;0.1;0.12;0.2;0.25;0.3;0.4;0.5;0.625;0.75;1;1.25;1.5;2;2.5;3;4;5;6;6.25;7.5;8;10;12;12.5;15;16;20;22;25;28;30;35;37.5;40;45;50;60;62.5;70;75;80;81;90;100;108;112;120;125;137;150;160;175;180;200;220;240;250;300;320;325;350;375;400;450;500;550;600;625;650;750;800;850;875;1000;1200;1500;2000;4000;5000;10000;50000".split(";")

PROCEDURES = """appendectomy;cholecystectomy;laparoscopic cholecystectomy;hysterectomy;cesarean section;tonsillectomy;mastectomy;
lumpectomy;prostatectomy;nephrectomy;splenectomy;thyroidectomy;colectomy;hemicolectomy;gastrectomy;gastric bypass;hernia repair;
hip replacement;total knee replacement;knee arthroscopy;spinal fusion;laminectomy;carpal tunnel release;cataract extraction;
coronary artery bypass grafting;percutaneous coronary intervention;coronary angioplasty;insertion of coronary artery stent;
cardiac catheterization;pacemaker insertion;electrical cardioversion;ablation of atrial fibrillation;aortic valve replacement;
carotid endarterectomy;craniotomy;ventriculoperitoneal shunt;thoracotomy;lobectomy of lung;bronchoscopy;tracheostomy;intubation;
mechanical ventilation;chest tube insertion;thoracentesis;paracentesis;lumbar puncture;bone marrow biopsy;liver biopsy;
renal biopsy;skin biopsy;breast biopsy;excisional biopsy;fine needle aspiration of thyroid;colonoscopy;sigmoidoscopy;
upper gi endoscopy;capsule endoscopy;ercp;cystoscopy;hysteroscopy;colposcopy;vasectomy;tubal ligation;dilation and curettage;
vaginal delivery;induction of labor;epidural anesthesia;circumcision;chest x-ray;x-ray of knee;ct of head;ct scan of abdomen;
ct angiography of chest;mri of brain;mri of lumbar spine;ultrasound of abdomen;pelvic ultrasound;fetal ultrasound;
transthoracic echocardiogram;echocardiogram;electrocardiogram;stress test;holter monitoring;dexa scan;mammography;pet scan;
bone scan;electroencephalogram;nerve conduction study;pulmonary function test;spirometry;sleep study;audiometry;tonometry;
visual field test;eye examination;dental cleaning;tooth extraction;root canal treatment;complete blood count;basic metabolic panel;
comprehensive metabolic panel;lipid panel;hemoglobin a1c measurement;urinalysis;urine culture;blood culture;throat culture;
thyroid function test;liver function tests;prothrombin time;pregnancy test;pap smear;hiv screening;stool occult blood test;
physical therapy;occupational therapy;speech therapy;cardiac rehabilitation;pulmonary rehabilitation;hemodialysis;peritoneal dialysis;
kidney transplant;liver transplant;chemotherapy;radiation therapy;external beam radiotherapy;immunotherapy;blood transfusion;
platelet transfusion;plasmapheresis;phototherapy;cryotherapy of skin lesion;suture of laceration;incision and drainage of abscess;
wound care;debridement of wound;skin graft;cast application;splint application;closed reduction of fracture;
open reduction of fracture with internal fixation;joint injection;epidural steroid injection;nerve block;botulinum toxin injection;
allergy skin test;patch testing;electroconvulsive therapy;cognitive behavioral therapy;psychotherapy;group therapy;
counseling about alcohol use;smoking cessation therapy;dietary education;diabetes education;nutrition consultation;
medication review;fall risk assessment;pain assessment;assessment of anxiety;mental health screening;developmental screening;
vision screening;hearing test;genetic testing;amniocentesis;oxygen administration by mask;nebulizer therapy;
urinary catheterization;removal of suture;ear irrigation;foreign body removal;arterial blood gas analysis;
central venous catheter insertion;swallowing evaluation;gait training;discharge planning;home visit;hospice care;
palliative care;intravenous fluid therapy;total parenteral nutrition;cardiopulmonary resuscitation;defibrillation""".replace("\n", "").split(";")

ACTS = """biopsy of {};excision of {};repair of {};x-ray of {};plain x-ray of {} region;ultrasonography of {};mri of {};ct of {};replacement of {};
drainage of {};incision of {};injection into {};aspiration of {};endoscopy of {};removal of foreign body from {};reconstruction of {};
magnetic resonance imaging of {} with contrast;computed tomography of {} without contrast;doppler ultrasound of {};
examination of {};irrigation of {};resection of {};transplantation of {};catheterization of {};decompression of {};
radiography of {}, two views;angiography of {};laser therapy to {};percutaneous drainage of {};surgical manipulation of {};
exercises for {};measurement of function of {};partial resection of {};suture of {};open biopsy of {};dressing of {}""".replace("\n", "").split(";")
INSTRUMENTS = """patient health questionnaire;generalized anxiety scale;alcohol use disorders test;drug abuse screening test;falls efficacy scale;
mini-mental state examination;glasgow coma scale;pain rating scale;activities of daily living index;social needs tool;
body mass index;depression inventory;fatigue severity scale;frailty index;mobility index;nutrition screening tool;
hits scale;domestic violence screen;literacy test;parental stress index""".replace("\n", "").split(";")
PLAIN_WORDS = """sleep;move;eat;care;home;work;family;drive;rest;calm;trust;safe;hurt;insult;threaten;scream;
cut down;annoyed;guilty;eye opener;balance;strength;walk;rise;climb;fall;hope;future;energy;appetite;focus;worry;anger;tobacco;alcohol;drugs;
medication;other substances;diet;exercise;weight""".replace("\n", "").split(";")
ANALYTES = """glucose;sodium;potassium;chloride;creatinine;urea;calcium;hemoglobin;ferritin;albumin;bilirubin;troponin i;lactate;
c-reactive protein;natriuretic peptide;hemoglobin a1c;cholesterol;triglyceride;vitamin d;thyroid stimulating hormone;uric acid;
prostate specific antigen;d-dimer;fibrinogen;amylase;lipase;magnesium;phosphate;respiratory syncytial virus antigen;
influenza virus a and b nucleic acid;severe acute respiratory syndrome virus rna;group a streptococcus antigen""".replace("\n", "").split(";")

ALLERGENS = """penicillin;penicillin g;amoxicillin;sulfa drugs;sulfonamide;aspirin;ibuprofen;codeine;morphine;cephalosporins;cefaclor;
erythromycin;tetracycline;vancomycin;ciprofloxacin;contrast dye;iodinated contrast media;latex;natural rubber latex;nickel;adhesive tape;
chlorhexidine;peanut;peanuts;tree nuts;walnut;cashew nut;hazelnut;almond;egg;eggs;egg white;cow's milk;dairy product;soy;soya bean;wheat;
gluten;shellfish;shrimp;crab;fish;cod;sesame seed;strawberry;kiwi fruit;banana;tomato;mustard;celery;lupin;chocolate;house dust mite;
mold;mould;grass pollen;tree pollen;birch pollen;ragweed pollen;cat dander;dog dander;horse dander;animal hair;bee venom;wasp venom;
fire ant;cockroach;feathers;wool;lanolin;perfume;formaldehyde;lidocaine;local anesthetics;heparin;insulin;ace inhibitors;lisinopril;statins;
metformin;allopurinol;carbamazepine;phenytoin;lamotrigine;clindamycin;metronidazole;nitrofurantoin;trimethoprim;doxycycline;
monosodium glutamate;sulfites;food coloring;gelatin;garlic;pork;beef;oats;rye;barley;mango;avocado;pineapple;peach;apple;melon;
poppy seed;sunflower seed;lobster;oyster;squid;tuna;salmon""".replace("\n", "").split(";")

SPECIALTIES = """cardiology;neurology;orthopedics;dermatology;gastroenterology;nephrology;urology;oncology;hematology;pulmonology;endocrinology;
rheumatology;psychiatry;physical therapy;the eye clinic;the wound clinic;the diabetes nurse;her midwife;the pain clinic;the surgeon;
primary care;the general practitioner;the sleep clinic;infectious disease;ent;the dentist;the anticoagulation clinic""".replace("\n", "").split(";")
PERIODS = """one week;two weeks;three weeks;4 weeks;six weeks;1 month;2 months;three months;six months;a year;10 days;3 days;48 hours;two days;
5 days;1-2 weeks;2 to 3 weeks;12 months;7 days;8 weeks;a fortnight""".replace("\n", "").split(";")

VOWELS = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "y", "ia", "io", "ea", "au", "ou", "eu"]
ONSETS = "b c d f g h k l m n p r s t v w x z br ch cl cr dr fl gl gr kr ph pl pr sc sh sk sl sp st th tr str qu j".split()
CODAS = ["", "", "", "", "n", "r", "l", "s", "m", "t", "x", "nd", "rt", "ck", "st"]
DISEASE_ENDINGS = "itis osis oma emia pathy algia uria plegia penia trophy rrhea sclerosis stenosis ectasia philia plasia edema".split()
DRUG_ENDINGS = "pril sartan olol statin mab nib mycin cillin azole vir tidine prazole gliptin gliflozin ine ol ide ate one pam tan xaban parin lukast dronate".split()
PROCEDURE_ENDINGS = "ectomy otomy ostomy oplasty oscopy ography opexy odesis orrhaphy ocentesis lysis metry".split()


def invented(rng, endings=None, syllables=None):
    """A word that does not exist, of one to four syllables, perhaps with a medical ending."""
    count = syllables or rng.choice((1, 1, 2, 2, 2, 3))
    word = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) + (rng.choice(CODAS) if rng.random() < 0.4 else "") for _ in range(count))
    if endings:
        word += rng.choice(endings)
    return word


def maybe_invented(rng, words, endings=None, chance=0.3):
    """One of `words`, or by chance an invented one."""
    return invented(rng, endings) if rng.random() < chance else rng.choice(words)


def disease_body(rng):
    """A disease without a suffix."""
    kind = rng.random()
    if kind < 0.42:
        return rng.choice(DISEASES)
    site = maybe_invented(rng, SITES, chance=0.15)
    name = maybe_invented(rng, DISEASES, DISEASE_ENDINGS, 0.6)
    if kind < 0.60:
        noun = rng.choice((
            "fracture", "closed fracture", "open fracture", "sprain", "injury", "laceration", "contusion", "burn", "neoplasm", "cancer", "benign tumor",
            "primary malignant neoplasm", "malignant tumor", "infection", "abscess", "inflammation", "ulcer", "stenosis", "rupture", "dislocation",
            "osteoarthritis", "foreign body", "pain", "bleeding", "disorder", "atrophy", "thrombosis", "cyst", "polyp", "edema", "hematoma",
            "congenital anomaly", "degeneration", "stricture", "hypertrophy", "tear", "strain", "gunshot wound", "bite", "impaction", "localized, primary osteoarthritis",
            "suspected lesion", "perforation", "transplanted organ failure"))
        body = f"{noun} of {site}"
        if rng.random() < 0.25:
            body += rng.choice((" due to ", " caused by ", " with ", " without ", " associated with ", " following ")) + rng.choice((name, rng.choice(SYMPTOMS)))
        return body
    if kind < 0.72:
        return f"{rng.choice(('acute', 'chronic', 'recurrent', 'mild', 'severe', 'secondary', 'primary', 'idiopathic', 'viral', 'acute viral', 'bacterial', 'acute bacterial', 'allergic', 'congenital', 'juvenile', 'childhood', 'seasonal', 'drug-induced', 'hypertensive', 'proliferative', 'nonproliferative', 'perennial', 'familial', 'early-onset', 'refractory', 'perforated', 'latent', 'atypical', 'suspected'))} {name}"
    if kind < 0.78:
        return f"{name} {rng.choice(('stage', 'type', 'grade', 'class'))} {rng.choice(('1', '2', '3', '4', 'i', 'ii', 'iii', 'iv', '3a', 'iiib'))}"
    if kind < 0.84:
        return f"{name}, {rng.choice(('unspecified', 'closed', 'in remission', 'chronic', 'single episode', 'recurrent', 'right', 'left', 'bilateral', 'acute', 'stage 2', 'not otherwise specified', 'mild', 'tnm stage 1', 'initial encounter', 'complicated by ' + name, 'status post ' + rng.choice(PROCEDURES)))}"
    if kind < 0.92:
        return f"{name} {rng.choice(('due to', 'with', 'of', 'in', 'caused by', 'following', 'secondary to', 'complicating'))} {rng.choice((site, rng.choice(DISEASES), invented(rng, DISEASE_ENDINGS)))}"
    tail = rng.choice(("syndrome", "disease", "deficiency", "infection", "disorder", "dystrophy", "fever", "anomaly", "intoxication", "dependence"))
    return f"{invented(rng)}{rng.choice(('', '', chr(39) + 's', '-' + invented(rng)))} {tail}"


def condition(rng):
    """A condition as it stands in a record: disease, finding or situation, with or without its bracketed kind."""
    kind = rng.random()
    if kind < 0.18:
        name = rng.choice(FINDINGS)
        return name if rng.random() < 0.92 else name.split(" (")[0]
    if kind < 0.26:
        words = " ".join(maybe_invented(rng, SYMPTOMS + PLAIN_WORDS, chance=0.4) for _ in range(rng.choice((1, 1, 2))))
        shape = rng.choice(("{}", "problem with {}", "difficulty with {}", "lack of {}", "victim of {}", "history of {}", "reports of {} at home", "exposed to {}",
                            "no access to {}", "received {} training", "unable to {}", "does not {}", "abnormal {}", "limited {}", "at risk of {}", "{} not in use", "not in {}", "no {} at home",
                            "waiting for {}", "inadequate {}", "increased {}", "part of {}", "{} not detected"))
        return shape.format(words) + rng.choice((" (finding)", " (finding)", " (finding)", " (situation)", " (event)", " (person)", ""))
    body = disease_body(rng)
    if rng.random() < 0.1:
        body += f" ({rng.choice(('chronic', 'acute', 'left', 'severe', invented(rng), 'nos', 'type 2', 'late', 'mild'))})"
    if rng.random() < (0.8 if body.endswith(")") else 0.42):
        body += rng.choice((" (disorder)", " (disorder)", " (disorder)", " (disorder)", " (finding)", " (situation)", " (morphologic abnormality)"))
    return body


def plain_condition(rng):
    """A condition as one writes it in running text."""
    if rng.random() < 0.15:
        return condition(rng)
    return rng.choice(DISEASES) if rng.random() < 0.6 else disease_body(rng)


def symptom(rng):
    """A symptom or sign."""
    kind = rng.random()
    if kind < 0.75:
        return rng.choice(SYMPTOMS)
    if kind < 0.9:
        return f"{rng.choice(('mild', 'severe', 'left', 'right', 'intermittent', 'worsening', 'occasional', 'chronic', 'new'))} {maybe_invented(rng, SYMPTOMS, DISEASE_ENDINGS)}"
    return f"{rng.choice(('pain in', 'swelling of', 'numbness of', 'stiffness of', 'weakness of', 'redness of'))} {rng.choice(('', 'the ', 'left ', 'right ', 'both '))}{maybe_invented(rng, SITES)}"


def drug(rng):
    """The name of a substance, perhaps with its salt."""
    name = maybe_invented(rng, DRUGS, DRUG_ENDINGS, 0.35)
    if rng.random() < 0.18:
        name += " " + rng.choice(SALTS)
    return name


def strength(rng):
    """An amount, perhaps per volume or per actuation."""
    text = f"{rng.choice(AMOUNTS)} {rng.choice(UNITS)}"
    if rng.random() < 0.2:
        text += rng.choice(("/ml", "/ml", "/mg", "/actuat", "/hr", "/5ml"))
    return text


def coded_medication(rng):
    """A medication as a drug terminology writes it."""
    kind = rng.random()
    form = rng.choice(FORMS)
    if kind < 0.42:
        text = f"{drug(rng)} {strength(rng)} {form}"
    elif kind < 0.58:
        parts = [f"{drug(rng)} {strength(rng)}" for _ in range(rng.choice((2, 2, 2, 3)))]
        text = " / ".join(parts) + f" {form}"
    elif kind < 0.72:
        size = rng.choice((f"{rng.choice(('0.3', '0.4', '0.5', '0.67', '1', '2', '3', '4', '5', '10', '20', '50', '100', '200'))} ml",
                           f"{rng.choice(('8', '12', '24', '72', '168'))} hr", f"{rng.choice(('30', '60', '120', '200'))} actuat", f"nda{rng.randint(10000, 999999):06d} {rng.choice(('60', '120', '200'))} actuat",
                           f"{rng.choice(('1', '2', '10'))} mg"))
        text = f"{size} {drug(rng)} {strength(rng)} {rng.choice((form, form, 'injection', 'prefilled syringe', 'extended release oral tablet', 'metered dose inhaler', 'dry powder inhaler', 'transdermal system'))}"
    elif kind < 0.80:
        text = f"{invented(rng)} {rng.choice(('21', '28', '28', '91', '7'))} day {rng.choice(('pack', 'pack', 'starter pack', 'kit'))}"
    elif kind < 0.87:
        a, b = rng.choice(("human", "regular", "macrocrystals", "isophane", "micronized", "recombinant", "purified", "bovine", "monohydrate", invented(rng))), rng.choice(("human", "", "porcine", "anhydrous", invented(rng)))
        text = f"{drug(rng)}, {a} {strength(rng)} {form}"
        if rng.random() < 0.4:
            text = f"{drug(rng)}, {a}, {b or 'human'} {strength(rng)} / {drug(rng)}, {a} {strength(rng)} {form}"
    elif kind < 0.88:
        text = f"{invented(rng)} {rng.choice(AMOUNTS)}/{rng.choice(AMOUNTS)} mg per {rng.choice(('24', '12', '8'))}hr {rng.choice(('21', '7', '3'))} day {rng.choice(('vaginal system', 'transdermal system', 'patch'))}"
    elif kind < 0.93:
        text = f"{invented(rng)} {strength(rng)} {rng.choice(('intrauterine system', 'drug implant', 'vaginal ring', 'transdermal patch', 'oral tablet', 'inhaler', 'pen injector'))}"
    else:
        text = f"{drug(rng)} {form}"
    if rng.random() < 0.18:
        text += f" [{invented(rng, syllables=rng.choice((1, 1, 2, 2, 3)))}{rng.choice(('', '', ' ' + invented(rng), ' xr', ' hfa'))}]"
    return text


def plain_medication(rng):
    """A medication as one writes it in running text, without the way it is taken."""
    kind = rng.random()
    name = drug(rng) if rng.random() < 0.85 else invented(rng)
    if kind < 0.3:
        return name
    if kind < 0.75:
        return f"{name} {rng.choice(AMOUNTS)}{rng.choice((' ', ' ', ' ', ''))}{rng.choice(UNITS)}"
    if kind < 0.9:
        return f"{name} {rng.choice(AMOUNTS)} {rng.choice(UNITS)} {rng.choice(SHORT_FORMS)}"
    if kind < 0.94:
        return f"{name} {rng.choice(SHORT_FORMS)}"
    return coded_medication(rng)


def procedure_body(rng):
    """A procedure without its bracketed kind."""
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(PROCEDURES)
    if kind < 0.65:
        return rng.choice(ACTS).format(maybe_invented(rng, SITES, chance=0.2))
    if kind < 0.72:
        return invented(rng, PROCEDURE_ENDINGS) + rng.choice(("", "", " of " + rng.choice(SITES), " with " + invented(rng)))
    if kind < 0.80:
        if rng.random() < 0.5:
            tool = rng.choice(INSTRUMENTS)
        else:
            tool = ", ".join(rng.sample(PLAIN_WORDS, rng.choice((2, 3, 4, 4, 5)))) + rng.choice((" screening test", " questionnaire", " scale", " score", ""))
        tool += rng.choice(("", "", f" {rng.choice(('two', 'seven', 'nine', '4', '9', 'ten'))} item score", "-" + invented(rng)))
        return f"{rng.choice(('assessment', 'screening', 'evaluation', 'depression screening', 'measurement', 'review', 'interview'))} {rng.choice(('using', 'using', 'with', 'by', 'by means of'))} {tool}"
    if kind < 0.88:
        some = rng.sample(ANALYTES, rng.choice((1, 2, 3)))
        text = some[0] if len(some) == 1 else ", ".join(some[:-1]) + rng.choice((" and ", ", and ")) + some[-1]
        if rng.random() < 0.3:
            some = [rng.choice((*ANALYTES, invented(rng, syllables=1))) for _ in range(rng.choice((2, 3, 4)))]
            return f"{rng.choice(('blood panel', 'urine panel', 'profile', 'differential', 'analysis', 'metabolic screen'))}, {rng.choice(('manual', 'automated', 'rapid', 'fasting'))}, {rng.choice(('with', 'including', 'of'))} {', '.join(some)}{rng.choice((' and', ', and'))} {rng.choice(ANALYTES)}"
        return f"{rng.choice(('measurement of', 'detection of', 'assay of', 'test for', 'quantitative measurement of', 'blood level of'))} {text}{rng.choice(('', '', ' in serum', ' in blood', ' by test strip', ' in respiratory specimen'))}"
    if kind < 0.95:
        what = maybe_invented(rng, DISEASES, DISEASE_ENDINGS)
        return rng.choice(("screening for {}", "education about {}", "rehabilitation for {}", "assessment for {}", "vaccination counseling for {}", "management of {}", "therapy for {}",
                           "referral to {} service", "prevention of {}", "{} care management", "{} self care", "consultation for {}", "combined chemotherapy for {}")).format(what)
    return f"{rng.choice(PROCEDURES)}{rng.choice((', ', ' and ', ' with ', ' followed by '))}{rng.choice(PROCEDURES)}"


def coded_procedure(rng):
    """A procedure as a terminology writes it."""
    return procedure_body(rng) + rng.choice((" (procedure)",) * 7 + (" (regime/therapy)", " (regime/therapy)", "", ""))


def plain_procedure(rng):
    """A procedure as one writes it in running text."""
    if rng.random() < 0.12:
        return coded_procedure(rng)
    return rng.choice(PROCEDURES) if rng.random() < 0.6 else procedure_body(rng)


def allergen(rng):
    """A substance or organism that someone is allergic to."""
    kind = rng.random()
    if kind < 0.62:
        name = rng.choice(ALLERGENS)
    elif kind < 0.75:
        name = rng.choice(DRUGS)
    elif kind < 0.9:
        name = invented(rng, rng.choice((None, DRUG_ENDINGS)))
    else:
        name = f"{invented(rng)} {rng.choice(('pollen', 'venom', 'nut', 'seed', 'dander', 'fruit', 'extract', 'protein', 'product'))}"
    return name + rng.choice(("", "", "", " (substance)", " (substance)", " (organism)", " (product)", " allergen extract", " - dietary (substance)", " (edible) (substance)"))


def follow_up(rng):
    """An instruction for after the visit, without its full stop."""
    period, who = rng.choice(PERIODS), rng.choice(SPECIALTIES) if rng.random() < 0.8 else "dr " + invented(rng)
    sign = symptom(rng)
    return rng.choice((
        f"return in {period}", f"return to clinic in {period}", f"follow up in {period}", f"follow up with {who} in {period}", f"follow-up with {who} within {period}",
        f"see {who} in {period}", f"review in {period}", f"recheck in {period}", f"call if {sign} worsens", f"come back at once if {sign} returns",
        f"return if {sign} develops", f"appointment with {who} in {period}", f"return to the emergency department for {sign}", f"repeat visit in {period}",
        f"clinic review with {who} in {period}", f"telephone check in {period}", f"revisit after {period}", f"keep appointment with {who}",
        f"weigh daily and call if weight rises", f"bring a blood pressure diary in {period}", f"contact {who} if {sign} persists beyond {period}",
        f"return sooner if {sign} recurs", f"outpatient {who} review in {period}", f"follow-up visit in {period}", f"report any {sign}"))
