"""Cut a note into segments, as docs/extraction.md ("Segments") lays down.

The Rust worker has the same rules; `vectors.json` holds both to them. Run as a script to write the segment vectors:

    python segment.py          rewrites the "segments" part of vectors.json
"""

import json
import os
import re
from typing import NamedTuple

MAX_SEGMENT = 200  # characters of one segment
MIN_BEFORE_CUT = 60  # a cut leaves at least this many characters before it
MIN_JOINED = 60  # a line of at least this many characters may be continued on the next one
MAX_HEADING = 40
MAX_LEAD = 60
MAX_OPENING = 40

# Unicode's White_Space, spelled out: Python's own idea of it has four control characters more.
SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
BULLET = re.compile(r"(?:[-*\u2022]|[0-9]+[.)]) ")
PLACEHOLDER = re.compile(r"\[[A-Z]+\]")
LETTER = re.compile(r"[A-Za-z]")
SENTENCE_END = re.compile(r"[.!?] ")
# Ranks of cut points, the best first; a cut lies at the end of the match.
CUTS = [re.compile(r"[.;!?] "), re.compile(r"[)\]], "), re.compile(r", "), re.compile(r" ")]


class Segment(NamedTuple):
    """One piece of a note; `offsets[i]` is where character i of `text` stands in the note."""

    heading: str
    lead: str
    opening: str
    text: str
    offsets: list


def is_heading(line):
    """Whether a stripped line that is no bullet is a heading."""
    if line.startswith("#"):
        return True
    letters = LETTER.findall(line)
    return len(line) <= MAX_HEADING and len(letters) >= 4 and not any(c.islower() for c in letters)


def segments(note):
    """All segments of a note, in order."""
    found = []
    heading = lead = ""
    paragraph = []  # (character, offset) pairs
    last_length = 0  # of the line before in the same paragraph; 0 when nothing may be joined

    def close():
        nonlocal paragraph, last_length
        if paragraph:
            found.extend(cut(heading, lead, paragraph))
        paragraph, last_length = [], 0

    start = 0
    for raw in note.split("\n"):
        line = [(c, start + i) for i, c in enumerate(raw) if c != "\r"]
        start += len(raw) + 1
        while line and line[0][0] in SPACE:
            line.pop(0)
        while line and line[-1][0] in SPACE:
            line.pop()
        text = "".join(c for c, _ in line)
        if not text:
            close()
            continue
        bullet = BULLET.match(text)
        if bullet:
            close()
            paragraph = line[bullet.end():]
            last_length = len(text)
        elif is_heading(text):
            close()
            heading = text.lstrip("#").strip(SPACE) if text.startswith("#") else text.removesuffix(":")
            lead = ""
        elif text.endswith(":") and len(text) <= MAX_LEAD:
            close()
            lead = text[:-1]
        else:
            if last_length >= MIN_JOINED:
                paragraph = paragraph + [(" ", line[0][1])] + line
            else:
                close()
                paragraph = line
            last_length = len(text)
    close()
    return found


def cut(heading, lead, paragraph):
    """The segments of one paragraph of (character, offset) pairs."""
    folded = []
    for c, at in paragraph:
        if c in SPACE:
            if folded and folded[-1][0] != " ":
                folded.append((" ", at))
        else:
            folded.append((c, at))
    while folded and folded[-1][0] == " ":
        folded.pop()
    text = "".join(c for c, _ in folded)
    offsets = [at for _, at in folded]
    sentences = [0] + [m.end() for m in SENTENCE_END.finditer(text)]
    begin = 0
    while begin < len(text):
        sentence_end = min((s for s in sentences if s > begin), default=len(text))
        end = begin + cut_point(text[begin:sentence_end])
        first, last = begin, end
        while first < last and text[first] == " ":
            first += 1
        while last > first and text[last - 1] == " ":
            last -= 1
        piece = text[first:last]
        if LETTER.search(PLACEHOLDER.sub("", piece)):
            sentence = max(s for s in sentences if s <= first)
            opening = "" if sentence == first else first_words(text[sentence:])
            yield Segment(heading, lead, opening, piece, offsets[first:last])
        begin = end


def cut_point(text):
    """How many characters of `text` the next segment takes."""
    if len(text) <= MAX_SEGMENT:
        return len(text)
    for rank in CUTS:
        points = [m.end() for m in rank.finditer(text[:MAX_SEGMENT]) if m.end() >= MIN_BEFORE_CUT]
        if points:
            return points[-1]
    return MAX_SEGMENT


def first_words(sentence):
    """As many whole words as fit in MAX_OPENING characters."""
    words = ""
    for word in sentence.split(" "):
        longer = f"{words} {word}" if words else word
        if len(longer) > MAX_OPENING:
            break
        words = longer
    return words


VECTORS = [
    "",
    "One line.",
    "  Padded with white space \t ",
    "# Medications\nmetformin 500 mg oral tablet; lisinopril 10 mg oral tablet\n",
    "## Plan\n- spirometry (procedure)\n* chest x-ray\n\u2022 echocardiogram\n1. urinalysis\n12) lipid panel\n",
    "ASSESSMENT:\nStable asthma.\nPLAN\nReturn in two weeks.",
    "PMH\nThree letters only: the line above is no heading.",
    "Medications:\naspirin 81 mg\nwarfarin 2 mg\nAllergies:\n- penicillin",
    "# Plan\nThe patient was given:\n- amoxicillin 500 mg\n# Social\nLives alone.",
    "A heading clears the lead.\nToday:\nwell\nOBJECTIVE\nafebrile",
    "This line is long enough that the next one may continue it, so they\nare joined with one space.",
    "Short line.\nAnother short line is its own paragraph.",
    "This line is long enough that the next one might have continued it, but\n\na blank line lies between.",
    "- This bullet is long enough that the next line may continue it, being an item that\nruns over two lines\n- next bullet",
    "This line is long enough that the next one might have continued it, but\n- it is a bullet",
    "This line is long enough that the next one might have continued it, but\nthis is a lead:\nand text",
    "Carriage\r\nreturns\r\nare dropped\r\n",
    "Runs   of \t white\u00a0\u00a0space  fold",
    "Unicode: Mme Lef\u00e8vre, \u00c9tat g\u00e9n\u00e9ral conserv\u00e9, temp\u00e9rature 37,5 \u00b0C, \u03b2-lactam allergy, \u7cd6\u5c3f\u75c5 (diabetes).",
    "\u7cd6\u5c3f\u75c5\n\u00c9\u00c9\u00c9\u00c9\n123 456 / 78\nletters",
    "[NAME] [DATE]\nSeen by [NAME] on [DATE].\n[PHONE], [PHONE] 12.5 [ADDRESS]!",
    "Patient has a history of anemia (disorder), chronic sinusitis (disorder), tear of meniscus of knee, primary hypertension, "
    "migraine without aura (disorder), lives alone (finding), gout, seasonal allergic rhinitis, obesity (finding).",
    "[NAME] is a 61 year-old woman. Patient has a history of chronic obstructive lung disease (disorder), tobacco dependence, "
    "benign paroxysmal positional vertigo (disorder), carpal tunnel syndrome, osteoarthritis of hip, housed temporarily (finding), "
    "recurrent urinary tract infection (disorder), iron deficiency anemia, part-time work (finding), insomnia (disorder).",
    "metformin hydrochloride 500 mg oral tablet; lisinopril 10 mg oral tablet; atorvastatin 20 mg oral tablet; amlodipine 5 mg "
    "oral tablet; 1 ml filgrastim 0.3 mg/ml prefilled syringe [brand]; 24 hr nifedipine 30 mg extended release oral tablet",
    "No stop here and no bracket but commas, which are of the third rank, so that the last comma among the first two hundred "
    "characters decides, and the rest of this long sentence goes into the second segment without further ado or any other cut",
    "no punctuation at all only words that follow one another until the two hundred characters are full and the last space among "
    "them decides where the segment ends while the remaining words make up the second segment of this paragraph",
    "x" * 430,
    "a" * 58 + ". " + "b" * 50 + " " + "c" * 200,
    "a" * 57 + ". " + "b" * 50 + " " + "c" * 200,
    "First sentence is short. The second sentence runs on for a long while; it has a semicolon in it and goes on and on; then it has "
    "one more semicolon, some commas, and a tail that does not fit into the same segment at all; the end. And a last one!",
    "Is it so? Yes! " + "Then a sentence with many words follows, " * 6 + "and it ends.",
    "Supercalifragilisticexpialidociousantidisestablishmentarianism " + "goes on with words, " * 12,
    "# \n#\n### Deep heading \ntext below a deep heading",
    "-\n- \n*\n1.\n1.5 mg of something\n2)no space",
    "A line that ends with a colon but is far too long to be taken for a lead, as it has over sixty:",
    "BP 120/80 HR 72 SPO2 98\nHR 72, BP 120/80, TEMP 36.6, RR 14, SPO2 98 PERCENT",
    "DISCHARGE MEDICATIONS:\n1) Warfarin 3 mg by mouth daily\n2) Furosemide 40 mg\n\nFOLLOW-UP:\nCardiology clinic in 2 weeks.",
    "S: feels well\nO: afebrile\nA: asthma\nP: continue inhaler",
    "PMH: asthma, gout, eczema\nMeds: allopurinol 100 mg, salbutamol inhaler\nPlan:",
    "Quotes \"inside\" and \\backslashes\\ stay; so do <s>, </s>, [] and {\"field\":\"problems\",.",
    "e\u0301 combining, \U0001f600 emoji and \u200b zero width are single characters",
    "Trailing paragraph without newline\n\n\n\n   \nlast",
]


def main():
    """Write the segment vectors, leaving the other parts of vectors.json as they are."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors.json")
    vectors = {"segments": [], "tokens": []}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            vectors = json.load(file)
    vectors["segments"] = [
        {
            "text": text,
            "segments": [{"heading": s.heading, "lead": s.lead, "opening": s.opening, "text": s.text} for s in segments(text)],
        }
        for text in VECTORS
    ]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(vectors, file, ensure_ascii=True, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
