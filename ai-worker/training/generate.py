"""Write synthetic clinical notes whose facts are known.

    python generate.py --show 3 --layout soap                     print notes and their facts
    python generate.py --fhir OUT --layout held-out --notes 200   write them as FHIR R4 NDJSON for `galen-worker evaluate`

A layout is a function that fills templates. In a template `{Cs:past}` stands for a list of conditions which the note
gives as history, `{M:present}` for one medication, and so on (see KINDS); `{age}`, `{date}` ... are words that are no
facts. Three layouts are held out: they are never trained on and show what the model makes of a note it does not know.
"""

import argparse
import base64
import json
import os
import random
import re
from typing import NamedTuple

import vocabulary as v


class Fact(NamedTuple):
    """A fact of a note: `begin` and `end` are offsets of its quote."""

    begin: int
    end: int
    field: str
    status: str


class Note:
    """Text under construction, with the facts in it."""

    def __init__(self, rng):
        self.rng = rng
        self.text = ""
        self.facts = []

    def fact(self, field, status, quote):
        """Append a quote and remember it as a fact."""
        self.facts.append(Fact(len(self.text), len(self.text) + len(quote), field, status))
        self.text += quote

    def fill(self, template):
        """Append a template with its places filled."""
        for i, part in enumerate(re.split(r"\{([^}]*)\}", template)):
            if i % 2 == 0:
                self.text += part
                continue
            kind, _, status = part.partition(":")
            if kind in WORDS:
                self.text += str(WORDS[kind](self.rng))
            elif kind.endswith("s"):
                self.items(kind[:-1], status)
            else:
                self.one(kind, status)

    def pick(self, *templates):
        """Append one of the templates."""
        self.fill(self.rng.choice(templates))

    def one(self, kind, status, name=None):
        """Append one name of a kind."""
        field, make = KINDS[kind]
        name = name or make(self.rng)
        if self.rng.random() < STYLE_TITLE:
            name = name[0].upper() + name[1:]
        self.fact(field, status, name)

    def items(self, kind, status, count=None, joint=None):
        """Append a list of names within a line."""
        rng = self.rng
        names = alike(rng, KINDS[kind][1], count or list_length(rng))
        joint = joint or rng.choice((", ", ", ", ", ", "; "))
        last = rng.choice((joint, joint, " and ", ", and "))
        for i, name in enumerate(names):
            if i:
                self.text += last if i == len(names) - 1 else joint
            self.one(kind, status, name)

    def bullets(self, kind, status, count=None, marker=None, tail=None):
        """Append a list of names, one on a line; `tail` may follow each and is no part of it."""
        rng = self.rng
        marker = marker or rng.choice(("- ", "- ", "- ", "* ", "\u2022 ", "1. ", "1) ", ""))
        for i, name in enumerate(alike(rng, KINDS[kind][1], count or list_length(rng))):
            self.text += marker.replace("1", str(i + 1))
            self.one(kind, status, name)
            if tail and rng.random() < 0.7:
                self.fill(rng.choice(tail))
            self.text += "\n"


STYLE_TITLE = 0.1  # part of the names that begin with a capital


def alike(rng, make, count):
    """Names for a list. In part of the lists they end alike or are each other's variants, which makes it hard to keep one's place."""
    names = [make(rng)]
    same_end = rng.random() < 0.4
    while len(names) < count:
        last = names[-1]
        kind = rng.random()
        digits = [i for i, c in enumerate(last) if c.isdigit()]
        if kind < 0.05 and digits:
            at = rng.choice(digits)
            name = last[:at] + rng.choice("123456789") + last[at + 1:]
        elif kind < 0.08 and "," not in last and not last[0].isdigit():
            name = rng.choice(("suspected ", "acute ", "chronic ", "history of ", "recurrent ", "mild ")) + last
            if rng.random() < 0.5:
                names[-1], name = name, last
        else:
            name = make(rng)
            for _ in range(10 if same_end else 0):
                if name.rsplit(" ", 1)[-1] == last.rsplit(" ", 1)[-1]:
                    break
                name = make(rng)
        names.append(name)
    return names


def list_length(rng):
    """Mostly short lists, now and then a long one that runs over several segments."""
    return rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12))


# What a template's letters stand for: the field of the fact and the names for it.
KINDS = {
    "C": ("problems", v.condition),  # a condition as a record has it
    "c": ("problems", v.plain_condition),  # a condition in running text
    "S": ("problems", v.symptom),
    "M": ("medications", v.coded_medication),
    "m": ("medications", v.plain_medication),
    "P": ("procedures", v.coded_procedure),
    "p": ("procedures", v.plain_procedure),
    "A": ("allergies", v.allergen),
    "F": ("follow_up", v.follow_up),
}

NAMES = "Ana Ben Carla Dev Emeka Fatima Greta Hugo Ines Jun Kofi Lena Marek Nadia Omar Priya Quinn Rosa Sven Tariq Uma Vera Wei Xenia Yusuf Zoe".split()
COMPLAINTS = v.SYMPTOMS + "check-up;medication refill;annual physical;vaccination;feeling unwell;thirst;hunger;fall at home;work note;no complaints".split(";")
SOCIAL = """Patient is married.;Patient is single.;Patient is divorced and lives with a daughter.;Patient has never smoked.;Never smoker.;Quit smoking at age {n}.;
Patient quit smoking at age {n}.;Smokes {d} cigarettes a day.;Patient identifies as heterosexual.;Patient identifies as bisexual.;Drinks {d} glasses of wine a week.;No alcohol.;
Patient comes from a low socioeconomic background.;Patient comes from a middle socioeconomic background.;Patient did not finish high school.;Patient has a high school degree.;
Patient has completed some college courses.;Patient holds a university degree.;Patient currently has {insurer}.;Insured with {insurer}.;Works as a teacher.;Works as a {job}.;Retired {job}.;
Has {d} children.;Lives in a flat on the third floor.;Walks the dog every day.;Denies illicit drug use.;Exercises {d} times a week.;Speaks Spanish at home.;
Patient is an active smoker.;Patient smokes.;Patient is employed as a {job}.;Moved here from abroad in {year}.;Vegetarian diet.;Religion: none stated.;Occupation: {job}.;Patient is widowed.""".replace("\n", "").split(";")
VACCINES = """influenza, seasonal, injectable, preservative free;td (adult) preservative free;tetanus booster;hepatitis b vaccine, adult dose;
pneumococcal conjugate vaccine;zoster vaccine, live;measles, mumps and rubella vaccine;hpv, quadrivalent;covid-19 vaccine, mrna, 30 mcg/0.3ml dose;rotavirus, monovalent;
dtap;ipv;varicella;meningococcal vaccine;yellow fever vaccine;rabies vaccine, human cell culture""".replace("\n", "").split(";")
VITALS = """BP {n}/{n} mmHg, HR {n}, RR {d}, temp 36.{d} C.;Blood pressure {n}/{n}, pulse {n} and regular.;Weight {n} kg, height 1{n} cm, BMI 2{d}.{d}.;SpO2 9{d}% on room air.;
Vital signs stable.;Temp 37.{d}, pulse {n}, resps {d}.;Alert and oriented.;Well appearing, in good spirits.;Heart sounds normal.;Chest clear to auscultation.;Abdomen soft and not tender.;
Hemoglobin {n} g/l, creatinine {n}.;Labs reviewed: sodium 1{n}, potassium {d}.{d}.;Pupils equal and reactive.;Gait normal.;Skin warm and dry.;Oxygen saturation 9{d} percent.""".replace("\n", "").split(";")
CHATTER = """Seen today with her husband.;Thank you for seeing this patient.;The patient was discussed with the team.;I explained the findings and all questions were answered.;
Patient agrees with the plan.;Time spent: {n} minutes.;Seen by {name} on {date}.;Electronically signed by Dr {name}.;Consent was obtained.;The patient arrived by ambulance.;
Discharged home in good condition.;The daughter will help at home.;Interpreter present.;Record number {n}{n}.;Patient was given written information.;Copy to the family doctor.;Code status: full.;
Transferred from the ward on {date}.;The stay was uneventful.;Condition at discharge: good.;History obtained from the patient.;Reviewed old records.;Patient doing well.""".replace("\n", "").split(";")
INSURERS = "Medicaid;Medicare;Aetna;Cigna;private insurance;Blue Plan;no insurance;NO INSURANCE;a student plan;Humana;United Mutual".split(";")
JOBS = "teacher;driver;nurse;farmer;clerk;cook;welder;student;engineer;shop assistant;carpenter".split(";")
RELATIVES = "mother;father;sister;brother;maternal grandmother;paternal grandfather;aunt;uncle;son;daughter;cousin".split(";")
REACTIONS = "rash;hives;anaphylaxis;nausea;swelling;throat swelling;itching;stomach upset;angioedema;wheal".split(";")
DOSING = """ daily; once daily; twice daily; twice a day; three times a day; at night; at bedtime; every morning; prn; as needed; every 6 hours; every 8 hours; weekly; by mouth daily; po bid; po qd; po tid;
 bid; qhs; with meals; for 7 days; for 10 days; x 5 days; as directed; sc daily; nightly; every other day""".replace("\n", "").split(";")

WORDS = {
    "age": lambda r: "[AGE]" if r.random() < 0.04 else r.randint(1, 98),
    "n": lambda r: r.randint(40, 99),
    "d": lambda r: r.randint(2, 9),
    "year": lambda r: r.randint(1975, 2025),
    "date": lambda r: r.choice((f"20{r.randint(10, 25)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}", f"{r.randint(1, 28)} March 20{r.randint(10, 25)}", f"0{r.randint(1, 9)}/{r.randint(10, 28)}/20{r.randint(10, 25)}", "[DATE]", "[DATE]")),
    "name": lambda r: r.choice((r.choice(NAMES), r.choice(NAMES) + " " + v.invented(r).title(), "[NAME]", "[NAME]")),
    "sex": lambda r: r.choice(("woman", "man", "female", "male", "lady", "gentleman", "girl", "boy", "nonhispanic white female", "hispanic male", "nonhispanic black male", "asian female")),
    "he": lambda r: r.choice(("He", "She", "The patient", "Patient", "Pt")),
    "relative": lambda r: r.choice(RELATIVES),
    "Relative": lambda r: r.choice(RELATIVES).capitalize(),
    "insurer": lambda r: r.choice(INSURERS),
    "job": lambda r: r.choice(JOBS),
    "reaction": lambda r: r.choice(REACTIONS),
    "dose": lambda r: r.choice(DOSING),
    "period": lambda r: r.choice(v.PERIODS),
    "complaint": lambda r: r.choice(COMPLAINTS),
    "Complaint": lambda r: r.choice(COMPLAINTS).title(),
    "specialty": lambda r: r.choice(v.SPECIALTIES),
    "vaccines": lambda r: ", ".join(r.sample(VACCINES, r.choice((1, 1, 2, 3)))),
    "site": lambda r: r.choice(v.SITES),
}

ABSENT = """{he} denies {S:absent}.;{he} denies {S:absent} and {S:absent}.;{he} denies any {S:absent} or {S:absent}.;Denies {S:absent}, {S:absent}, {S:absent}.;Denies {Ss:absent}.;No {S:absent}.;
No {S:absent}, {S:absent} or {S:absent}.;No {S:absent} or {S:absent}.;No evidence of {c:absent}.;There is no evidence of {c:absent} or {c:absent}.;Negative for {S:absent}.;Negative for {Ss:absent}.;
Without {S:absent}.;No signs of {c:absent}.;{he} does not have {c:absent}.;{he} has not had {S:absent}.;{c:absent} was ruled out.;{C:absent} was excluded.;No history of {c:absent}.;Never had {c:absent}.;
{he} reports no {S:absent} and no {S:absent}.;{S:absent}: no.;{S:absent}: absent.;There was no {S:absent}.;Does not complain of {S:absent}.;Not known to have {c:absent}.;{he} is free of {S:absent}.;
{he} is not taking {m:absent}.;Not on {m:absent}.;{he} declined {p:absent}.;{he} refused {p:absent}.;{p:absent} was not done.;No {p:absent} was performed.;{he} has never taken {m:absent}.;
{he} denied {S:absent} but reported {S:present}.;No {S:absent}, but {S:present} is present.;{he} has {S:present} but no {S:absent}.;{he} has {S:present} without {S:absent}.;ROS negative for {S:absent}, {S:absent} and {S:absent}.""".replace("\n", "").split(";")
PAST = """{he} has a history of {C:past}.;{he} has a history of {Cs:past}.;History of {c:past} and {c:past}.;Past medical history includes {Cs:past}.;Past medical history is significant for {cs:past}.;
Past history: {Cs:past}.;{he} had {c:past} in {year}.;{he} had {c:past} as a child.;Previously diagnosed with {C:past}.;Previous {c:past}, now resolved.;Prior {c:past}.;
Underwent {p:past} in {year}.;Status post {p:past}.;S/p {p:past} and {p:past}.;{p:past} in {year}.;Past surgical history: {ps:past}.;{he} had a {p:past} {d} years ago.;
{m:past} was stopped in {year}.;{m:past} was stopped because of {S:present}.;Stopped {m:past} last month.;{he} used to take {m:past}.;Was on {m:past} until {year}.;{m:past} was discontinued.;
Known past problems are {Cs:past}.;{he} was treated for {c:past} with {m:past}.;Medical history of {C:past}, {C:past}, {C:past}.;Remote history of {c:past}.;{c:past} resolved after {p:past}.;{he} recovered from {c:past}.""".replace("\n", "").split(";")
FAMILY = """{Relative} had {c:family}.;{Relative} with {c:family}.;{Relative} has {c:family} and {c:family}.;Her {relative} had {c:family}.;His {relative} died of {c:family}.;Family history of {c:family}.;
Family history is positive for {c:family} in the {relative}.;Family history: {relative} with {c:family}, {relative} with {c:family}.;{Relative}: {c:family}.;The {relative} suffers from {c:family}.;
FHx: {c:family} in {relative}.;There is a family history of {c:family} and {c:family}.;Both parents had {c:family}.;{Relative} was diagnosed with {c:family} at age {n}.""".replace("\n", "").split(";")
PLANNED = """Rule out {c:planned}.;Will start {m:planned}.;Will start {m:planned}{dose}.;Start {m:planned}{dose}.;Begin {m:planned}.;Plan to start {m:planned} and {m:planned}.;Possible {c:planned}.;
Suspected {c:planned}, will order {p:planned}.;Concern for {c:planned}.;Order {p:planned}.;Will order {p:planned} and {p:planned}.;Schedule {p:planned}.;Refer for {p:planned}.;Planned: {ps:planned}.;
{he} is scheduled for {p:planned} next week.;{p:planned} was ordered.;Obtain {p:planned}.;Consider {p:planned} if no better.;Differential includes {c:planned} and {c:planned}.;To have {p:planned} in {period}.;
{he} will undergo {p:planned}.;Probable {c:planned}; {p:planned} to be done.;Workup for {c:planned} with {p:planned}.;Initiate {m:planned} tomorrow.;We will add {m:planned}.;{p:planned} is planned.;Questionable {c:planned}.""".replace("\n", "").split(";")
PRESENT = """{he} presents with {S:present}.;{he} presents with {S:present} and {S:present}.;{he} is presenting with {C:present}.;{he} is presenting with {Cs:present}.;Presents with {Ss:present}.;
{he} complains of {S:present} for {period}.;{he} reports {S:present} since {date}.;{he} has {c:present}.;{he} has {S:present}.;Known {c:present}.;Diagnosed with {c:present} today.;
Diagnosis: {C:present}.;Diagnoses: {Cs:present}.;Findings are consistent with {c:present}.;{c:present} is well controlled.;{c:present} on {m:present}.;{he} takes {m:present}.;
{he} takes {m:present}{dose} and {m:present}{dose}.;{he} is on {ms:present}.;Currently taking {m:present}{dose}.;Continue {m:present}{dose}.;Continue {m:present} and {m:present}.;{he} was prescribed {M:present}.;
Prescribed {m:present}{dose}.;Given {m:present} in the department.;{he} was treated with {M:present}.;{p:present} was performed today.;{p:present} showed {c:present}.;{he} underwent {p:present} today.;{p:present} today without problems.;
We performed {p:present} and {p:present}.;Admitted with {c:present}.;Active problems are {Cs:present}.;{C:present} was noted.;Worsening {S:present} and {S:present}.;{he} was found to have {C:present}.;
Examination shows {S:present}.;{c:present} treated with {m:present}{dose}.;Current medications are {ms:present}.;The following were done: {Ps:present}.;{he} developed {c:present} and was given {m:present}.;{he} is being treated for {C:present}.;Assessment: {Cs:present}.""".replace("\n", "").split(";")
ALLERGY = """{he} is allergic to {A:present}.;{he} is allergic to {A:present} and {A:present}.;Allergic to {A:present} ({reaction}).;Allergies: {As:present}.;Allergy to {A:present}.;Known allergy to {A:present}, which causes {reaction}.;
Allergies include {As:present}.;Drug allergies: {A:present}.;Reacts to {A:present} with {reaction}.;{A:present} causes {reaction}.;Intolerant of {A:present}.;No known allergies.;No known drug allergies.;NKDA.;Allergies: none.;Allergies: NKDA.;No Known Allergies.""".replace("\n", "").split(";")
FOLLOW = """{F:planned}.;{F:planned}.;{F:planned}, {F:planned}.;Please {F:planned}.;{he} should {F:planned}.;Follow-up: {F:planned}.;{he} was told to {F:planned}.;Plan: {F:planned}.;Disposition: {F:planned}.;Advised to {F:planned}.;{F:planned} and {F:planned}.""".replace("\n", "").split(";")
NOTHING = SOCIAL + VITALS + CHATTER + ["Immunizations given today: {vaccines}.", "Patient was given the following immunizations: {vaccines}.", "Vaccines up to date: {vaccines}.", "Received {vaccines} without problems.",
                                       "Chief complaint: {complaint}.", "CC: {complaint}.", "Reason for visit: {complaint} and {complaint}."]

# More ways to say the same, so that cue words are learned as such and a name's edges are found where the wording is new.
ABSENT += """Neither {S:absent} nor {S:absent} was reported.;{S:absent} and {S:absent} are denied.;{S:absent} is absent.;Nil {S:absent}.;Not experiencing {S:absent}.;No longer has {S:absent}.;{he} has never experienced {S:absent}.;
{he} did not report {S:absent} at any time.;Investigations did not show {c:absent}.;{p:absent} was cancelled.;{p:absent} is not needed.;No complaints of {S:absent} or {S:absent}.;Lungs without {S:absent}.;
No {S:absent} since {date}.;No {S:absent} at present.;{c:absent} is unlikely.;{he} says there has been no {S:absent}.;No recent {S:absent}, {S:absent}, or {S:absent}.;Absence of {S:absent}.;
{he} never took {m:absent}.;{m:absent} has not been taken.;{he} prefers not to have {p:absent}.;Screening for {c:absent} was negative.;Tests have excluded {c:absent}.;{he} is not allergic to latex and has no {S:absent}.""".replace("\n", "").split(";")
PAST += """In {year} {he} was found to have {c:past}.;{year}: {c:past}.;{year}: {p:past}.;{date}: {c:past}, treated.;{c:past} was diagnosed in {year} and treated with {m:past}.;{c:past} diagnosed {year}.;
{he} had been treated for {c:past} with {m:past}.;{he} suffered {c:past} in {year}.;Hospitalized for {c:past} in {year}.;{p:past} was carried out in {year}.;{p:past} had been performed for {c:past}.;
{he} previously took {m:past}.;{m:past} was withdrawn because of side effects.;{m:past} was replaced.;{he} no longer takes {m:past}.;Formerly on {m:past} and {m:past}.;{he} stopped smoking after {c:past}.;
As a child {he} had {c:past} and {c:past}.;Years ago there was {c:past}.;{c:past} in {year}, {c:past} in {year}.;After {p:past} in {year} there were no problems.;{he} once had {c:past}.;Earlier {c:past} has healed.;
{c:past} (resolved).;{p:past} ({year}).;{he} recalls {c:past} at age {n}.;{c:past} at the age of {n}, then {p:past}.;{p:past} owing to {c:past}.;{he} received {p:past} for {c:past} in {year}.""".replace("\n", "").split(";")
FAMILY += """Her {relative} was known for {c:family}.;Several relatives had {c:family}.;{c:family} runs in the family.;{c:family} in the {relative}.;The patient's {relative} is unwell with {c:family}.;His {relative} and {relative} had {c:family}.;
{Relative} alive with {c:family}.;{Relative} deceased from {c:family}.;{Relative} developed {c:family} late in life.;One {relative} has {c:family}.;{Relative} treated for {c:family}.""".replace("\n", "").split(";")
PLANNED += """{p:planned} to follow.;{p:planned} tomorrow morning.;Arrange {p:planned}.;Book {p:planned}.;{p:planned} has been requested.;{p:planned} has been arranged for next month.;We intend {p:planned}.;We would like to carry out {p:planned}.;
{he} will receive {m:planned} from next week.;Give {m:planned} if needed.;To begin {m:planned}{dose}.;Trial of {m:planned}.;{m:planned} will be prescribed.;{m:planned} to be introduced slowly.;Switch to {m:planned}.;
Could this be {c:planned}?;Cannot exclude {c:planned}.;It may be {c:planned}.;Likely {c:planned}, to be confirmed by {p:planned}.;Query {c:planned}.;Await {p:planned}.;Needs {p:planned} and {p:planned}.;Proceed with {p:planned}.;
Recommend {p:planned}.;Next step is {p:planned}.;Evaluate for {c:planned}.;{he} is to undergo {p:planned}, then {p:planned}.;Monitor for {c:planned}.;Screen for {c:planned} by {p:planned}.""".replace("?;", " perhaps.;").replace("\n", "").split(";")
PRESENT += """{he} copes with {c:present} and {c:present}.;{he} suffers from {c:present}.;{he} has been bothered by {S:present} for {period}.;{S:present} persists.;{S:present} and {S:present} continue.;Main problem today is {S:present}.;
{he} feels {S:present} mostly in the evening.;Ongoing {c:present}.;There is {S:present} with {S:present}.;The cause is {c:present}.;We diagnosed {c:present}.;Our diagnosis is {C:present}.;{C:present} was confirmed.;The scan confirmed {c:present}.;
{he} uses {m:present} for {c:present}.;{he} uses {m:present}{dose} together with {m:present}{dose}.;Daily {m:present}.;{m:present}{dose} for {c:present}.;{m:present} was given.;{m:present} was continued.;{he} receives {m:present}{dose}.;Treatment with {m:present} is well tolerated.;
Her tablets are {m:present}, {m:present} and {m:present}.;Medicines: {ms:present}.;Remains on {M:present}.;On admission {he} was taking {ms:present}.;{he} tolerates {m:present} well.;Regular medication consists of {Ms:present}.;
{p:present} was carried out.;{p:present} was done without problems.;Today {p:present} and {p:present} took place.;{he} had {p:present} earlier today.;{p:present} was completed on {date}.;During the stay {p:present} was performed because of {c:present}.;
{p:present} revealed {c:present}.;{p:present}, which was normal.;Procedures: {Ps:present}.;{he} came in with {S:present}, {S:present} and {S:present}.;Sent in for {S:present}.;Problems: {Cs:present}.;Issues: {c:present}, {c:present}.;
Overall {c:present} is stable, but {S:present} is worse.;{c:present} remains active; {m:present} was increased.;Poorly controlled {c:present}.;Chronic problems include {Cs:present}.;Complicated by {c:present}.""".replace("\n", "").split(";")
ALLERGY += """Avoids {A:present}.;{he} must not be given {A:present}.;Past reaction to {A:present} ({reaction}).;{he} cannot take {A:present}.;Sensitive to {A:present} and {A:present}.;{he} developed {reaction} after {A:present}.;
Hypersensitivity to {A:present}.;Allergic reactions: {As:present}.;{A:present}: {reaction}.;{A:present} - {reaction}.;Adverse reaction to {A:present}.;No allergy is known.;Allergy history is negative.;Not allergic to anything.""".replace("\n", "").split(";")
FOLLOW += """Next visit: {F:planned}.;We agreed to {F:planned}.;Instructions: {F:planned}; {F:planned}.;Afterwards {F:planned}.;Patient to {F:planned}.;Discharged home; {F:planned}.""".replace("\n", "").split(";")

# What a label in front of a list may say, and what the items after it are.
LABELS = [
    ("C", "present", "problems;active problems;issues;diagnoses;diagnosis;conditions;ongoing;current illness;main problem;dx;impression;illnesses;working diagnosis;health issues"),
    ("C", "past", "history;past history;pmh;background;previous illnesses;earlier;resolved;old diagnoses;medical background;hx;prior conditions;former problems"),
    ("S", "present", "symptoms;complaints today;feels;reports;current symptoms;positives;sx"),
    ("S", "absent", "denies;negatives;not present;absent;ros negative;no;without;not found;neg"),
    ("C", "family", "family;family history;fh;relatives;mother;father;hereditary;in the family"),
    ("C", "planned", "suspected;rule out;differential;query;possible;to be excluded"),
    ("M", "present", "medication;medicines;drugs;meds;rx;prescriptions;current drugs;tablets;treatment;therapy;takes;home medication"),
    ("M", "past", "stopped;discontinued;former medication;no longer taken;ceased"),
    ("M", "planned", "start;to start;new medication;begin;will start;to be given"),
    ("M", "absent", "not taking;not taken;never taken"),
    ("P", "present", "procedures;done;performed;carried out;completed;interventions;investigations;tests done;today's procedures"),
    ("P", "past", "operations;surgery;surgical history;earlier procedures;past procedures;psh;operated"),
    ("P", "planned", "ordered;planned;to do;scheduled;pending;requested tests;orders"),
    ("P", "absent", "declined;refused;not done;cancelled"),
    ("A", "present", "allergies;allergy;allergic to;intolerances;sensitivities;reacts to;hypersensitivity"),
    ("F", "planned", "follow-up;next;instructions;advice;return;plan after discharge;appointments;recall"),
]
FRAMES = ("{}: ", "{}: ", "{} - ", "{}; ", "<{}> ", "*{}* ", "{} = ", "{} > ", "| {} | ", "~{}~ ", "{}.. ", "-- {} -- ", "{} >> ", "'{}' ", "{}\u2013 ", "_{}_ ", "{}, ")


def upper_start(text):
    """With a capital at the start."""
    return text[:1].upper() + text[1:]


def sentences(note, pools, count):
    """Append sentences drawn from pools, with a space between."""
    for i in range(count):
        if i:
            note.text += " "
        start = len(note.text)
        note.fill(note.rng.choice(note.rng.choice(pools)))
        # Sentences begin with a capital, as in life; offsets stay the same.
        note.text = note.text[:start] + upper_start(note.text[start:])


def none_or(note, empty, fill):
    """Now and then a section says that there is nothing in it."""
    if note.rng.random() < 0.2:
        note.fill(note.rng.choice(empty))
    else:
        fill()


NO_MEDICATIONS = ("No Active Medications.", "None.", "No current medications.", "Takes no medicines.", "none")
NO_ALLERGIES = ("No Known Allergies.", "NKDA", "No known drug allergies.", "None.", "No allergies on file.", "nil known")
NO_HISTORY = ("None.", "Unremarkable.", "Nothing of note.", "No past medical history on file.")


def block(note, kind, status, tail=None):
    """A section's content: a list in a line or one item on a line."""
    style = note.rng.random()
    if style < 0.35:
        note.items(kind, status, joint=", ")
        note.text += note.rng.choice((".", ".", "", "\n"))
    elif style < 0.6:
        note.items(kind, status, joint="; ")
        note.text += note.rng.choice((".", "", "", "\n"))
    else:
        note.bullets(kind, status, tail=tail)


def care_plan(note):
    """A care plan under a line of its own: what is planned in general, no facts of this page."""
    rng = note.rng
    note.text += rng.choice(("The patient was placed on a careplan:", "Care plan:", "Care plans:", "Placed on care plan:", "Care plan activities:")) + "\n"
    for _ in range(rng.randint(1, 4)):
        what = v.disease_body(rng)
        note.text += "- " + rng.choice((f"{what} care plan", f"{what} care plan (record artifact)", f"{what} clinical management plan", f"{what} self management plan", f"{what} care", v.coded_procedure(rng), v.coded_procedure(rng), f"{what} education")) + "\n"


def layout_markdown(note):
    """Sections under '#' headings, as an electronic record prints an encounter."""
    rng = note.rng
    note.fill(rng.choice(("\n{date}\n\n", "{date}\n\n", "")))
    note.fill(rng.choice(("# Chief Complaint\n", "# Chief Complaint\n", "# Reason for Visit\n", "# Presenting Complaint\n")))
    if rng.random() < 0.4:
        note.fill("No complaints.\n")
    else:
        for _ in range(rng.randint(1, 5)):
            note.fill("- {Complaint}\n")
    note.fill("\n# History of Present Illness\n")
    note.fill(rng.choice(("{name}\n is a {age} year-old {sex}.", "{name}\n is a {age} year-old {sex}.", "{name} is a {age} year old {sex}.", "{age} year-old {sex}.")))
    if rng.random() < 0.85:
        note.text += rng.choice((" Patient has a history of ", " Patient has a history of ", " Patient has a history of ", " The patient has a past history of ", " History includes ", " Known for "))
        note.items("C", "past", count=rng.choice((1, 2, 3, 4, 5, 6, 8, 10, 14, 20)), joint=", ")
        note.text += "."
    if rng.random() < 0.4:
        note.text += " "
        sentences(note, [PRESENT, ABSENT, ABSENT, PAST], rng.randint(1, 3))
    note.text += "\n\n# Social History\n"
    for _ in range(rng.randint(1, 5)):
        note.fill(rng.choice(("", " ")) + rng.choice(SOCIAL) + rng.choice((" ", "\n", "\n\n")))
    if rng.random() < 0.2:
        note.text += "\n# Family History\n"
        sentences(note, [FAMILY], rng.randint(1, 3))
    note.text += "\n\n# Allergies\n"
    none_or(note, NO_ALLERGIES, lambda: note.items("A", "present", joint=", ") if rng.random() < 0.6 else block(note, "A", "present"))
    note.text += "\n\n# Medications\n"
    none_or(note, NO_MEDICATIONS, lambda: note.items("M", "present", joint="; ") if rng.random() < 0.6 else block(note, "M", "present"))
    note.text += "\n\n# Assessment and Plan\n"
    if rng.random() < 0.6:
        note.text += rng.choice(("Patient is presenting with ", "Patient is presenting with ", "Presenting with ", "Assessment: ", "Working diagnosis: ", ""))
        note.items("C", "present", joint=", ")
        note.text += rng.choice((". ", "."))
    note.text += "\n\n## Plan\n"
    if rng.random() < 0.3:
        note.fill("Patient was given the following immunizations: {vaccines}. \n")
    parts = [
        (("The following procedures were conducted:", "Procedures carried out:", "Procedures done today:", "The following were performed:"), "P", "present"),
        (("The patient was prescribed the following medications:", "Prescriptions:", "The patient was given prescriptions for:", "Medications prescribed today:"), "M", "present"),
    ]
    if rng.random() < 0.15:
        parts.append((("The following procedures were ordered:", "To be scheduled:", "Planned procedures:"), "P", "planned"))
    if rng.random() < 0.15:
        parts.append((("Medications to be started:", "Will start:"), "M", "planned"))
    if rng.random() < 0.15:
        parts.append((("Discontinued medications:", "Medications stopped:"), "M", "past"))
    for leads, kind, status in parts:
        if rng.random() < 0.7:
            note.text += rng.choice(leads) + "\n"
            note.bullets(kind, status, marker="- ")
    if rng.random() < 0.12:
        care_plan(note)
    if rng.random() < 0.3:
        note.text += "\n## Follow-up\n"
        sentences(note, [FOLLOW], rng.randint(1, 2))
    note.text += "\n"


def layout_soap(note):
    """Subjective, objective, assessment, plan."""
    rng = note.rng
    heads = rng.choice((("S: ", "O: ", "A: ", "P: "), ("Subjective:\n", "Objective:\n", "Assessment:\n", "Plan:\n"), ("SUBJECTIVE\n", "OBJECTIVE\n", "ASSESSMENT\n", "PLAN\n"), ("# Subjective\n", "# Objective\n", "# Assessment\n", "# Plan\n")))
    note.text += heads[0]
    sentences(note, [PRESENT, ABSENT, PAST, FAMILY, NOTHING], rng.randint(2, 5))
    note.text += "\n" + heads[1]
    sentences(note, [VITALS, VITALS, ABSENT], rng.randint(1, 3))
    note.text += "\n" + heads[2]
    if rng.random() < 0.5:
        block(note, "c", "present")
    else:
        sentences(note, [PRESENT, PLANNED], rng.randint(1, 3))
    note.text += "\n" + heads[3]
    sentences(note, [PLANNED, FOLLOW, PRESENT], rng.randint(2, 4))
    note.text += "\n"


def layout_telegraphic(note):
    """Keys and lists, few verbs."""
    rng = note.rng
    lines = [
        ("{age}yo {sex}.", "{age}F.", "{age} y/o {sex}, {job}."),
        ("PMH: {cs:past}", "PMHx: {cs:past}.", "Hx: {cs:past}", "h/o {c:past}, {c:past}", "PMH - {Cs:past}"),
        ("PSH: {ps:past}", "PSHx: {p:past} {year}", "s/p {p:past}", "Surg hx: {ps:past}."),
        ("Meds: {ms:present}", "Rx: {ms:present}.", "Meds: {Ms:present}", "Meds: {m:present}{dose}, {m:present}{dose}, {m:present}{dose}", "Home meds: {m:present}{dose}; {m:present}{dose}"),
        ("All: {As:present}", "Allergies: {As:present}", "NKDA", "All: NKDA", "ALL: {A:present} ({reaction})"),
        ("SH: {job}, smokes {d}/day", "Soc: lives with {relative}", "SH: never smoker, no etoh"),
        ("FH: {relative} {c:family}", "FHx: {c:family}", "FH: {relative} - {c:family}; {relative} - {c:family}", "FH: neg"),
        ("c/o {S:present}, {S:present}", "C/o {S:present} x {d} days", "Sx: {Ss:present}"),
        ("neg: {Ss:absent}", "Denies {S:absent}, no other sx", "no {S:absent}, no {S:absent}", "ROS neg {S:absent}, {S:absent}", "- no {S:absent}"),
        ("CC: {complaint}", "RFV: {complaint}, {complaint}"),
        ("Dx: {C:present}", "Imp: {cs:present}", "A: {c:present}, {c:present}", "Dx: {Cs:present}"),
        ("Done: {ps:present}", "Px today: {p:present}", "Proc: {Ps:present}"),
        ("Plan: {p:planned}, start {m:planned}", "P: start {m:planned}{dose}, {p:planned}", "Plan: {F:planned}", "To do: {ps:planned}", "r/o {c:planned}"),
        ("d/c {m:past}", "stop {m:past}", "D/c'd {m:past} {year}"),
        ("F/u: {F:planned}", "fu: {F:planned}", "{F:planned}"),
        ("BP {n}/{n} HR {n} RR {d}", "VS stable", "afebrile", "Imm: {vaccines}"),
    ]
    chosen = sorted(rng.sample(range(len(lines)), rng.randint(5, len(lines))))
    for i in chosen:
        note.fill(rng.choice(lines[i]))
        note.text += rng.choice(("\n", "\n", "\n", ". "))


def layout_prose(note):
    """A consultation told in paragraphs."""
    rng = note.rng
    note.fill(rng.choice(("{name} is a {age}-year-old {sex} who came to the clinic on {date}. ", "I saw this {age}-year-old {sex} today. ", "This {age} year old {sex} was seen in {specialty}. ", "")))
    sentences(note, [PRESENT, PRESENT, ABSENT, PAST], rng.randint(3, 6))
    note.text += "\n\n"
    sentences(note, [PAST, FAMILY, NOTHING, ALLERGY, ABSENT], rng.randint(3, 6))
    note.text += "\n\n"
    sentences(note, [PRESENT, VITALS, PLANNED, FOLLOW], rng.randint(2, 5))
    note.text += "\n"


def layout_discharge(note):
    """A discharge letter."""
    rng = note.rng
    note.fill(rng.choice(("Dear Dr {name},\n\n", "Dear colleague,\n\n", "DISCHARGE SUMMARY\n\nPatient: {name}\nAdmitted: {date}\nDischarged: {date}\n\n")))
    note.fill(rng.choice(("We report on {name}, a {age}-year-old {sex}, who was admitted from {date} to {date}.\n\n", "The above patient was in our care until {date}.\n\n", "")))
    note.pick("Diagnoses:\n", "Principal diagnoses:\n", "Final diagnoses:\n", "Discharge diagnosis: ", "Diagnoses at discharge:\n")
    block(note, "C", "present")
    note.text += "\n"
    if rng.random() < 0.6:
        note.pick("Previous illnesses:\n", "Past history:\n", "Secondary history: ", "Medical background:\n")
        none_or(note, NO_HISTORY, lambda: block(note, "C", "past"))
        note.text += "\n"
    if rng.random() < 0.7:
        note.pick("Procedures:\n", "Operations and procedures:\n", "Procedures during the stay:\n", "Operations: ")
        block(note, "P", "present", tail=(" on {date}", " ({date})"))
        note.text += "\n"
    note.pick("Course:\n", "Hospital course:\n", "")
    sentences(note, [PRESENT, ABSENT, PRESENT, NOTHING, PAST], rng.randint(2, 5))
    note.text += "\n\n"
    note.pick("Medication at discharge:\n", "Discharge medications:\n", "Medicines to take at home:\n")
    none_or(note, NO_MEDICATIONS, lambda: note.bullets(rng.choice("Mm"), "present", tail=DOSE_TAILS))
    if rng.random() < 0.3:
        note.pick("Stopped medication:\n", "Medicines stopped:\n")
        note.bullets("m", "past")
    note.pick("\nRecommendations:\n", "\nFurther care:\n", "\nInstructions: ")
    sentences(note, [FOLLOW, FOLLOW, PLANNED], rng.randint(1, 4))
    note.fill("\n\nWith kind regards,\nDr {name}\n")


DOSE_TAILS = (["{dose}"] * 3) + [" - {dose}", ",{dose}", " (new)", ": one in the morning"]


def layout_capitals(note):
    """A history and physical under headings in capitals."""
    rng = note.rng
    colon = rng.choice((":", "", ":"))

    def head(*names):
        note.text += rng.choice(names) + colon + "\n"

    head("CHIEF COMPLAINT", "REASON FOR VISIT", "PRESENTING COMPLAINT")
    note.fill("{Complaint}, {complaint}.\n\n")
    head("HISTORY OF PRESENT ILLNESS", "HISTORY")
    sentences(note, [PRESENT, ABSENT, PAST], rng.randint(2, 5))
    note.text += "\n\n"
    head("PAST MEDICAL HISTORY", "MEDICAL HISTORY", "PAST HISTORY")
    none_or(note, NO_HISTORY, lambda: block(note, rng.choice("Cc"), "past"))
    note.text += "\n"
    if rng.random() < 0.5:
        head("PAST SURGICAL HISTORY", "SURGICAL HISTORY")
        block(note, "p", "past", tail=(" {year}", ", {year}", " in {year}"))
        note.text += "\n"
    head("MEDICATIONS", "CURRENT MEDICATIONS", "HOME MEDICATIONS")
    none_or(note, NO_MEDICATIONS, lambda: block(note, rng.choice("Mm"), "present", tail=DOSE_TAILS))
    note.text += "\n"
    head("ALLERGIES", "DRUG ALLERGIES", "ADVERSE REACTIONS")
    none_or(note, NO_ALLERGIES, lambda: block(note, "A", "present", tail=(" - {reaction}", " ({reaction})", ": {reaction}")))
    note.text += "\n"
    if rng.random() < 0.6:
        head("FAMILY HISTORY")
        if rng.random() < 0.5:
            sentences(note, [FAMILY], rng.randint(1, 3))
        else:
            block(note, "c", "family", tail=(" - {relative}", " ({relative})", " in {relative}"))
        note.text += "\n"
    if rng.random() < 0.6:
        head("SOCIAL HISTORY")
        sentences(note, [SOCIAL], rng.randint(1, 4))
        note.text += "\n"
    if rng.random() < 0.5:
        head("REVIEW OF SYSTEMS")
        sentences(note, [ABSENT], rng.randint(1, 3))
        note.text += "\n"
    head("PHYSICAL EXAMINATION", "EXAM", "VITAL SIGNS")
    sentences(note, [VITALS], rng.randint(1, 4))
    note.text += "\n"
    head("ASSESSMENT", "IMPRESSION", "DIAGNOSES")
    block(note, rng.choice("Cc"), "present", tail=(", stable", " - improving", ", well controlled"))
    note.text += "\n"
    head("PLAN", "RECOMMENDATIONS")
    for i in range(rng.randint(1, 5)):
        note.text += rng.choice((f"{i + 1}. ", "- ", ""))
        sentences(note, [PLANNED, FOLLOW, PRESENT], 1)
        note.text += "\n"


def layout_numbered(note):
    """A numbered problem list with what is done about each."""
    rng = note.rng
    note.pick("Problem list\n", "Active problems:\n", "PROBLEMS\n", "# Problem List\n")
    for i in range(rng.randint(2, 7)):
        note.text += f"{i + 1}{rng.choice('.)')} "
        note.pick("{C:present}", "{C:present}", "{c:present}, continue {m:present}", "{c:present}: {m:present}{dose}", "{c:present} - start {m:planned}", "{c:present} - {p:planned} ordered", "{c:past}, resolved", "{c:past} ({year})",
                  "{c:present}. Continue {m:present}{dose}.", "{c:present} - stable on {m:present}", "Possible {c:planned}: {p:planned}", "History of {c:past}", "{c:present}. No {S:absent}.", "{c:present}, well controlled")
        note.text += "\n"
    note.text += "\n"
    note.pick("Resolved problems:\n", "Inactive problems:\n", "RESOLVED PROBLEMS\n")
    note.bullets("C", "past")
    note.text += "\n"
    note.pick("Medication list\n", "MEDICATION LIST\n", "Medication list:\n")
    note.bullets(rng.choice("Mm"), "present", tail=DOSE_TAILS)
    note.pick("\nAllergies: {As:present}\n", "\nAllergies: none known\n", "\nALLERGIES\n{A:present}: {reaction}\n{A:present}: {reaction}\n")
    note.pick("\nNext: {F:planned}.\n", "\nFollow up: {F:planned}\n", "")


def layout_emergency(note):
    """An emergency department note."""
    rng = note.rng
    note.pick("Triage: {complaint}, {complaint}. Arrived {date}.\n", "Presenting complaint: {complaint}.\n", "Chief complaint:\n{complaint}\n", "")
    note.fill("HPI: ")
    sentences(note, [PRESENT, ABSENT, ABSENT], rng.randint(2, 4))
    note.text += "\n"
    note.pick("Background: {cs:past}.\n", "Background: {Cs:past}\n", "Background:\n{c:past}\n{c:past}\n", "PMH {c:past}, {c:past}.\n")
    note.pick("Drug history: {ms:present}.\n", "Regular medication: {m:present}{dose}, {m:present}{dose}.\n", "Drug history: nil.\n")
    note.fill(rng.choice(ALLERGY) + "\n")
    note.fill("O/E: ")
    sentences(note, [VITALS, ABSENT], rng.randint(1, 3))
    note.text += "\n"
    note.pick("Investigations: {ps:present}.\n", "Investigations:\n- {p:present}: normal\n- {p:present}: normal\n", "ECG normal. {p:present} unremarkable.\n", "Investigations done: {p:present}, {p:present}. Pending: {p:planned}.\n")
    note.pick("Impression: {c:present}.\n", "Impression: {c:present}, rule out {c:planned}.\n", "Impression: probable {c:planned}.\n", "Diagnosis: {C:present}\n")
    note.pick("Treatment: {ms:present} given.\n", "Given {m:present} and {m:present}.\n", "Treatment given:\n{m:present}\n{m:present}\n", "")
    note.fill("Disposition: ")
    sentences(note, [FOLLOW, FOLLOW, PLANNED, CHATTER], rng.randint(1, 3))
    note.text += "\n"


def layout_referral(note):
    """A letter that asks a colleague to see someone."""
    rng = note.rng
    note.fill(rng.choice(("Dear {specialty} team,\n\n", "Dear Dr {name},\n\nRe: {name}, born {date}\n\n", "To: {specialty}\nFrom: {name}\n\n")))
    note.pick("Thank you for seeing this {age}-year-old {sex} with {c:present}. ", "I would be grateful for your opinion on {name}, who has {c:present} and {S:present}. ", "Please see {name} regarding {S:present}. ", "Kindly assess for {c:planned}. ")
    sentences(note, [PRESENT, ABSENT, PAST], rng.randint(2, 4))
    note.text += "\n\n"
    note.pick("Medical history consists of {Cs:past}. ", "The background is {c:past}, {c:past} and {c:past}. ", "Other conditions: {Cs:present}. ")
    note.pick("Current treatment is {ms:present}. ", "The medication list reads {M:present}, {M:present} and {M:present}. ", "Repeat prescriptions: {Ms:present}. ", "No regular medication. ")
    note.fill(rng.choice(ALLERGY) + "\n\n")
    note.pick("So far {p:present} and {p:present} have been done. ", "{p:present} was normal. ", "")
    note.pick("Would you consider {p:planned}, please? ", "I wonder about {c:planned}. ", "We have arranged {p:planned}. ", "")
    note.pick("I have asked the patient to {F:planned}.\n", "{F:planned}.\n", "\n")
    note.fill("\nYours sincerely,\n{name}\n")


def layout_nursing(note):
    """A medication reconciliation and care notes by a nurse."""
    rng = note.rng
    note.fill(rng.choice(("Medication reconciliation {date}\n\n", "Nursing admission note\n\n", "Pre-visit planning\n\n")))
    for lead, kind, status in rng.sample([
        (("Taking:", "Current:", "Confirmed medications:", "Patient reports taking:"), "M", "present"), (("Not taking:", "Prescribed but not taken:"), "M", "absent"),
        (("Stopped:", "Discontinued:", "Removed from the list:"), "M", "past"), (("New:", "To start:", "New orders:"), "M", "planned"),
        (("Allergies:", "Allergies and intolerances:", "Sensitivities:"), "A", "present"), (("Conditions:", "Diagnoses on file:", "Health concerns:"), "C", "present"),
        (("Resolved conditions:", "Past conditions:", "Earlier diagnoses:"), "C", "past"), (("Completed today:", "Care provided:", "Interventions:"), "P", "present"),
        (("Due:", "Scheduled:", "Pending procedures:"), "P", "planned"), (("Declined:", "Refused:"), "P", "absent"), (("Earlier procedures:", "Surgical history:"), "P", "past"),
        (("Family history:", "Runs in the family:"), "C", "family"), (("Denied symptoms:", "Negative findings:", "Absent:"), "S", "absent"), (("Current symptoms:", "Reported symptoms:"), "S", "present"),
    ], rng.randint(4, 9)):
        note.text += rng.choice(lead) + rng.choice(("\n", "\n", " "))
        if note.text.endswith("\n"):
            note.bullets(kind, status, marker=rng.choice(("- ", "- ", "* ", "")), tail=DOSE_TAILS if kind == "M" and rng.random() < 0.3 else None)
        else:
            note.items(kind, status)
            note.text += "\n"
    sentences(note, [NOTHING, FOLLOW], rng.randint(1, 4))
    note.text += "\n"


def layout_visit(note):
    """A short visit, one sentence a line."""
    rng = note.rng
    for _ in range(rng.randint(4, 9)):
        sentences(note, [PRESENT, PRESENT, ABSENT, ABSENT, PAST, PLANNED, FAMILY, FOLLOW, ALLERGY, NOTHING], rng.choice((1, 2, 3, 4)))
        note.text += "\n"


def layout_labels(note):
    """Lists behind labels in frames of many kinds; lines are long enough now and then to be joined."""
    rng = note.rng
    frame, case = rng.choice(FRAMES), rng.choice((str, str, str.capitalize, str.upper))
    joint = rng.choice((", ", ", ", "; ", " ; ", " + ", " and "))
    for kind, status, names in rng.sample(LABELS, rng.randint(3, 9)):
        if rng.random() < 0.15:
            note.fill(rng.choice((case("who"), case("visit"), case("lives"), case("vitals"), case("work"))).join(frame.split("{}")))
            sentences(note, [NOTHING], 1)
        else:
            note.text += frame.replace("{}", case(rng.choice(names.split(";"))))
            if kind in "CMP" and rng.random() < 0.5:
                kind = kind.lower()
            for i, name in enumerate(alike(rng, KINDS[kind][1], rng.choice((1, 1, 2, 3, 4)))):
                if i:
                    note.text += joint
                note.one(kind, status, name)
                if kind == "m" and rng.random() < 0.3:
                    note.fill("{dose}")
        note.text += rng.choice(("\n", "\n", ".\n", " "))


def layout_form(note):
    """A form with one entry a line."""
    rng = note.rng
    entries = [
        ("Name: {name}", "Age: {age}", "Date: {date}", "Insurance: {insurer}", "Occupation: {job}", "Sex: {sex}"),
        ("Reason for visit: {complaint}", "Reason for encounter: {Complaint}", "Chief complaint: {complaint}, {complaint}"),
        ("Diagnosis: {C:present}", "Primary diagnosis: {C:present}", "Diagnosis 1: {C:present}\nDiagnosis 2: {C:present}", "Conditions: {Cs:present}"),
        ("Medical history: {Cs:past}", "Past illnesses: {Cs:past}", "History of: {Cs:past}", "Previous diagnoses: {C:past}, {C:past}"),
        ("Medication: {M:present}", "Current medication: {Ms:present}", "Medication 1: {M:present}\nMedication 2: {M:present}\nMedication 3: {M:present}", "Medication: none"),
        ("Allergy: {A:present}", "Allergies: {As:present}", "Allergy status: no known allergies", "Allergy: {A:present} - reaction: {reaction}"),
        ("Procedure: {P:present}", "Procedures: {Ps:present}", "Procedure performed: {P:present}", "Earlier procedure: {P:past}"),
        ("Family history: {c:family}", "Family history ({relative}): {c:family}", "Family history: none"),
        ("Symptoms: {Ss:present}", "Symptoms present: {S:present}, {S:present}", "Symptoms denied: {Ss:absent}"),
        ("Ordered: {Ps:planned}", "Planned procedure: {P:planned}", "Suspected diagnosis: {C:planned}"),
        ("New medication: {M:planned}", "To be started: {M:planned}", "Stopped medication: {M:past}"),
        ("Follow-up: {F:planned}", "Next step: {F:planned}", "Instruction: {F:planned}"),
        ("Immunization: {vaccines}", "Vaccinations: {vaccines}", "Blood pressure: {n}/{n}", "Smoker: no", "Care plan: reviewed"),
    ]
    for group in rng.sample(entries, rng.randint(6, len(entries))):
        note.fill(rng.choice(group))
        note.text += "\n"


def held_out_timeline(note):
    """Held out: the course by year, then the state today."""
    rng = note.rng
    note.fill("Timeline for {name}\n\n")
    for year in sorted(rng.sample(range(1985, 2024), rng.randint(3, 7))):
        note.text += f"{year} - "
        note.pick("{c:past}", "{p:past}", "diagnosed with {C:past}, treated with {m:past}", "hospital stay for {c:past}; {p:past} carried out", "{p:past} because of {c:past}", "{relative} found to have {c:family}")
        note.text += "\n"
    note.text += "\nWhere things stand now\n"
    note.pick("Ongoing issues: {Cs:present}.", "Still troubled by {S:present} and {S:present}, though not by {S:absent}.", "Lives with {c:present}; {S:absent} has not occurred.")
    note.text += "\n"
    note.pick("Medicine cabinet: {Ms:present}.", "Uses {m:present}{dose} plus {m:present}{dose}.", "Swallows {m:present} every day; gave up {m:past}.")
    note.text += "\n"
    note.pick("Must avoid {A:present} and {A:present}.", "Cannot tolerate {A:present}.", "No allergy has ever been recorded.")
    note.text += "\n"
    note.pick("Today's work: {Ps:present}.", "Today we carried out {p:present}.", "Today: {p:present}, then {p:present}.")
    note.text += "\n\nWhat comes next\n"
    note.pick("We intend to give {m:planned}. ", "{p:planned} has been booked. ", "It remains to be seen whether this is {c:planned}. ")
    note.pick("{F:planned}.\n", "Next contact: {F:planned}.\n")


def held_out_handover(note):
    """Held out: a handover between shifts with sections in square brackets and slashes between items."""
    rng = note.rng
    note.fill("== HANDOVER bed {d} ==\n")
    note.fill("(Who) {age} year old {sex}, day {d}\n")
    note.pick("(Why here) {c:present} with {S:present}\n", "(Why here) brought in because of {c:present}\n", "(Why here) {C:present}\n")
    note.pick("(Before) {Cs:past}\n", "(Before) known to have had {c:past}, {c:past}\n", "(Before) {p:past} in {year}\n")
    note.pick("(Drugs) {Ms:present}\n", "(Drugs) {m:present}{dose} ; {m:present}{dose} ; {m:present}{dose}\n", "(Drugs) {m:present} goes on, {m:past} off since {date}\n")
    note.pick("(Careful!) {As:present}\n", "(Careful!) reacts badly to {A:present}\n", "(Careful!) nothing known\n")
    note.pick("(Happened) {p:present} ; {p:present}\n", "(Happened) had {P:present} this morning, no {S:absent} since\n", "(Happened) {Ps:present}\n")
    note.pick("(Tonight) give {m:planned} ; watch for {S:planned}\n", "(Tonight) {p:planned} at six\n", "(Tonight) quiet, neither {S:absent} nor {S:absent}\n")
    note.pick("(Relatives) {relative} ill with {c:family}\n", "")
    note.pick("(Then) {F:planned}\n", "(Then) home, {F:planned}\n")


def held_out_telephone(note):
    """Held out, and written after the last change to what is trained: a telephone call noted down."""
    note.fill("Phone call {date}, spoke with {name}\n\n")
    note.pick("Caller worried about {S:present} that began {d} days ago.", "Calls about {S:present}, getting worse since yesterday.", "Wants advice on {c:present}.")
    note.pick(" When asked: {S:absent} no, {S:absent} no.", " Has had no {S:absent}.", " Temperature not taken; {S:absent} not noticed.", "")
    note.text += "\n"
    note.pick("Chart shows {Cs:past}.", "On file: {c:past}, {p:past} in {year}.", "Chart review: {C:past}; {C:past}; {C:past}.")
    note.text += "\n"
    note.pick("Pharmacy list: {Ms:present}.", "Has at home {m:present} and {m:present}.", "Still takes {m:present}{dose}, finished {m:past} last week.")
    note.text += "\n"
    note.pick("Allergy flag for {A:present}.", "Allergy flags: {As:present}.", "No allergy flag.")
    note.text += "\n"
    note.pick("Her {relative} had the same, it turned out to be {c:family}.\n", "")
    note.pick("Told that {c:planned} is possible and offered {p:planned}.", "Doctor on duty suggests {p:planned} and a course of {m:planned}.", "Will pick up {m:planned} today.")
    note.pick("\nAgreed: {F:planned}.\n", "\n{F:planned}.\n")


TRAINED = {
    "markdown": layout_markdown, "soap": layout_soap, "telegraphic": layout_telegraphic, "prose": layout_prose,
    "discharge": layout_discharge, "capitals": layout_capitals, "numbered": layout_numbered, "emergency": layout_emergency,
    "referral": layout_referral, "nursing": layout_nursing, "visit": layout_visit, "labels": layout_labels, "form": layout_form,
}
HELD_OUT = {"timeline": held_out_timeline, "handover": held_out_handover, "telephone": held_out_telephone}
# How often each trained layout is drawn; lists are where most facts of a record stand.
WEIGHTS = {"markdown": 6, "visit": 4, "labels": 4, "prose": 3, "soap": 2}


def layouts(name):
    """The layouts that a name on the command line stands for."""
    if name == "trained":
        return TRAINED
    if name == "held-out":
        return HELD_OUT
    return {name: {**TRAINED, **HELD_OUT}[name]}


def generate(rng, chosen):
    """One note: (layout name, text, facts in order)."""
    names = list(chosen)
    name = rng.choices(names, [WEIGHTS.get(n, 1) for n in names])[0]
    note = Note(rng)
    chosen[name](note)
    return name, note.text, note.facts


RESOURCES = {"problems": "Condition", "medications": "MedicationRequest", "procedures": "Procedure", "allergies": "AllergyIntolerance"}


def write_fhir(out, chosen, count, seed):
    """Write `count` notes, a patient each, as FHIR R4 NDJSON. Only asserted facts become resources."""
    rng = random.Random(seed)
    os.makedirs(out, exist_ok=True)
    files = {kind: [] for kind in ("Patient", "Encounter", "DocumentReference", *RESOURCES.values())}
    for i in range(count):
        name, text, facts = generate(rng, chosen)
        patient, subject = f"p{i}", {"reference": f"Patient/p{i}"}
        files["Patient"].append({"resourceType": "Patient", "id": patient, "name": [{"family": "Example", "given": [f"Patient{i}"]}]})
        files["Encounter"].append({"resourceType": "Encounter", "id": f"e{i}", "status": "finished", "class": {"code": "AMB"}, "subject": subject})
        data = base64.b64encode(text.encode()).decode()
        files["DocumentReference"].append({
            "resourceType": "DocumentReference", "id": f"d{i}", "status": "current", "type": {"text": name}, "subject": subject,
            "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
            "context": {"encounter": [{"reference": f"Encounter/e{i}"}]}})
        for k, fact in enumerate(facts):
            if fact.field not in RESOURCES or fact.status not in ("present", "past", "planned"):
                continue
            kind = RESOURCES[fact.field]
            what = {"text": text[fact.begin:fact.end]}
            resource = {"resourceType": kind, "id": f"f{i}-{k}"}
            if kind == "MedicationRequest":
                resource |= {"status": "active", "intent": "order", "medicationCodeableConcept": what, "subject": subject}
            elif kind == "Procedure":
                resource |= {"status": "completed", "code": what, "subject": subject}
            elif kind == "AllergyIntolerance":
                resource |= {"code": what, "patient": subject}
            else:
                resource |= {"code": what, "subject": subject}
            files[kind].append(resource)
    for kind, rows in files.items():
        with open(os.path.join(out, f"{kind}.ndjson"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fhir", metavar="OUT", help="folder to write FHIR NDJSON to")
    parser.add_argument("--show", type=int, metavar="N", help="print N notes and their facts")
    parser.add_argument("--layout", default="trained", choices=["trained", "held-out", *TRAINED, *HELD_OUT])
    parser.add_argument("--notes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    chosen = layouts(options.layout)
    if options.fhir:
        write_fhir(options.fhir, chosen, options.notes, options.seed)
    rng = random.Random(options.seed)
    for _ in range(options.show or 0):
        name, text, facts = generate(rng, chosen)
        print(f"=== {name}\n{text}")
        for fact in facts:
            print(f"    {fact.field:12} {fact.status:8} {text[fact.begin:fact.end]}")


if __name__ == "__main__":
    main()
