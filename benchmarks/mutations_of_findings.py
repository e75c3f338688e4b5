"""One contradiction at a time, put into manuscripts that have none: how many are found?

    python benchmarks/mutations_of_findings.py [--markdown] [--misses] [--kind KIND]

The manuscripts and what they say of themselves are in ``benchmarks/clean``. Every wording below is a
sentence that contradicts something there, or a change of a number; each makes one copy. A
contradiction counts as found when an error or warning of its kind appears that the clean
manuscript does not have; errors and warnings of other kinds are counted as beside the point.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coreqcheck import pipeline
from coreqcheck.language.schema import RuleSet
from coreqcheck.model import Finding, Severity
from coreqcheck.readers import ReadOptions, markdown

CLEAN = Path(__file__).parent / "clean"
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_SECTIONS = {
    "abstract": r"abstract",
    "methods": r"(?:data collection|interviews)",
    "analysis": r"(?:data )?analysis",
    "results": r"(?:results|findings)",
    "discussion": r"discussion",
    "limitations": r"(?:strengths and )?limitations",
    "conclusion": r"conclusions?",
    "declarations": r"(?:declarations|acknowledgements|conflict of interest)",
    "contributors": r"(?:author contributions|declarations)",
}


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A clean manuscript: its text, and what it says of itself."""

    name: str
    text: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Copy:
    """A manuscript with one contradiction in it; ``change`` is what was put in."""

    kind: str
    manuscript: str
    text: str
    change: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence for a section; ``needs`` are facts that must be so for it to contradict anything."""

    kind: str
    section: str
    sentence: str
    needs: tuple[tuple[str, object], ...] = ()


def manuscripts() -> Iterator[Manuscript]:
    """The clean manuscripts with their facts."""
    for path in sorted(CLEAN.glob("*.toml")):
        told = tomllib.loads(path.read_text("utf-8"))
        source = CLEAN / told.get("text", f"{path.stem}.md")
        yield Manuscript(path.stem, source.read_text("utf-8"), told["facts"])


def in_words(number: int) -> str:
    """ "twenty-six"."""
    if number < 20:
        return _WORDS[number]
    tens, rest = divmod(number, 10)
    return _TENS[tens] + (f"-{_WORDS[rest]}" if rest else "")


def added(text: str, section: str, sentence: str) -> str | None:
    """The text with a paragraph at the end of a section, or ``None`` where there is no such section."""
    heading = re.search(rf"(?im)^#+ *(?:[\d.]+ )?{_SECTIONS[section]} *$", text)
    if heading is None:
        return None
    following = re.search(r"(?m)^#+ ", text[heading.end() :])
    at = heading.end() + (following.start() if following else len(text) - heading.end())
    return f"{text[:at].rstrip()}\n\n{sentence}\n\n{text[at:]}"


# --- sentences ------------------------------------------------------------------------------

_WORDINGS: list[Wording] = []


def _say(kind: str, section: str, *sentences: str, **needs: object) -> None:
    _WORDINGS.extend(Wording(kind, section, s, tuple(needs.items())) for s in sentences)


_say(
    "sample-size",
    "abstract",
    "{More} {people} took part.",
    "In total, {more} {people} were interviewed.",
    "The sample comprised {less} {people}.",
    "A total of {less} {people} participated.",
    "{Less} {people} were included in the study.",
)
_say(
    "sample-size",
    "limitations",
    "With {more} {people}, the sample was small.",
    "The sample of {less} {people} came from one place.",
    "Our {less} {people} cannot stand for all others.",
    "Only {more} {people} were interviewed.",
)
_say(
    "sample-size",
    "conclusion",
    "The accounts of {more} {people} show how much depends on small things.",
    "These {less} {people} have shown what is at stake.",
)

_say(
    "duration",
    "limitations",
    "The {method} lasted between {low_less} and {high_more} minutes, which tired some.",
    "As {method} took {low_more} to {high_less} minutes, some topics were cut short.",
    "With a duration of {low_less} to {high_less} minutes, the {method} were short.",
    "The length of the {method} ranged from {low_more} minutes to {high_more} minutes.",
    low=any,
)
_say(
    "duration",
    "results",
    "The {method} had a mean length of {mean_out} minutes.",
    "On average, {method} lasted {mean_out} minutes.",
    "The average duration of the {method} was {mean_out} minutes.",
    low=any,
)

_say(
    "dates",
    "limitations",
    "As the {method} were held between {months_other}, they fell into a quiet season.",
    "Data were collected in {months_other}, before the rules changed.",
    "The {method} took place from {months_other}, when many were away.",
    "Since the {method} were conducted in {months_other}, later changes are not covered.",
)
_say(
    "dates",
    "abstract",
    "Data collection took place in {months_other}.",
    "The {method} were carried out between {months_other}.",
)

_say(
    "theme-count",
    "discussion",
    "The {theme_more} {theme_noun} belong together.",
    "Taken together, the {theme_less} {theme_noun} tell of a search for a place.",
    "We identified {theme_more} {theme_noun}, which we discuss in turn.",
    "Of our {theme_more} {theme_noun}, the first was the richest.",
)
_say(
    "theme-count",
    "conclusion",
    "{Theme_more} {theme_noun} were found.",
    "The analysis resulted in {theme_less} {theme_noun}.",
    "Our study, with its {theme_more} {theme_noun}, is a beginning.",
)

_say(
    "saturation",
    "limitations",
    "Data saturation was not reached.",
    "We cannot claim to have reached saturation.",
    "Recruitment ended before saturation was reached.",
    "New codes were still appearing in the last {method}, so that saturation was not achieved.",
    "It is unlikely that saturation was reached.",
    "Saturation could not be attained with the time at hand.",
    "The number of {people} was too small for saturation to be reached.",
    "Because of the tight schedule, we stopped before data saturation.",
    saturation=True,
)

_say(
    "participant-checking",
    "limitations",
    "Member checking was not carried out.",
    "The findings were not returned to the {people} for comment.",
    "No {person} was asked to comment on the findings.",
    "We did not share our results with those who took part.",
    "A weakness is the lack of member checking.",
    "We would have liked to discuss the findings with the {people}, but there was no time.",
    "The {people} had no opportunity to comment on our interpretation.",
    "Nobody but the authors has checked the themes.",
    checked=True,
)
_say(
    "participant-checking",
    "methods",
    "The findings were presented to the {people}, who confirmed them.",
    "Member checking was used: {people} read a summary of the themes and agreed with it.",
    "A summary of the results was sent to all {people} for their comments.",
    "Preliminary findings were discussed with the {people}, who gave feedback.",
    checked=False,
)

_say(
    "transcripts-returned",
    "limitations",
    "Transcripts were not returned to the {people}.",
    "The {people} did not receive their transcripts for checking.",
    "We were not able to send the transcripts back to the {people}.",
    "No {person} saw the transcript of the interview.",
    returned=True,
)
_say(
    "transcripts-returned",
    "discussion",
    "It was not possible to return the transcripts to the {people} for correction.",
    returned=True,
)
_say(
    "transcripts-returned",
    "methods",
    "All transcripts were sent to the {people}, who could correct them.",
    "The {people} received their transcripts by e-mail and were asked to check them.",
    "Each {person} was given the transcript to read and correct.",
    "Transcripts were returned to {people} for comments and correction.",
    "The transcribed interviews were sent back to the {people} for approval.",
    returned=False,
)
_say(
    "transcripts-returned",
    "limitations",
    "Although transcripts were returned to the {people}, few were changed.",
    "A strength is that the {people} checked their own transcripts.",
    returned=False,
)
_say(
    "transcripts-returned",
    "abstract",
    "Transcripts were returned to the {people} for correction.",
    returned=False,
)
_say(
    "transcripts-returned",
    "discussion",
    "That each transcript was given back to the {person} for checking adds to the credibility.",
    "The {people} approved their transcripts before the analysis.",
    returned=False,
)

_say(
    "pilot",
    "limitations",
    "The interview guide was not piloted.",
    "The guide had not been tested beforehand.",
    "A limitation is that no pilot interviews were held.",
    "The questions were not pilot tested, and some were misunderstood.",
    "We did not pilot the guide.",
    "The lack of a pilot of the guide may have affected the first {method}.",
    pilot=True,
)
_say(
    "pilot",
    "methods",
    "The interview guide was piloted with two colleagues.",
    "Two pilot interviews were conducted to test the guide.",
    "The guide was pretested with three persons from the same field.",
    pilot=False,
)

_say(
    "repeat-interviews",
    "results",
    "When we met three of the {people} for a second interview, they had changed their minds.",
    "Five {people} were interviewed twice.",
    "Four of the {people} were interviewed again after the summer.",
    "In the follow-up interviews, {people} spoke more freely.",
    "Two {people} took part in a repeat interview.",
    repeated=False,
)
_say(
    "repeat-interviews",
    "limitations",
    "In the second interviews, which were held with six {people}, trust had grown.",
    "Some {people} were interviewed two times and others once.",
    repeated=False,
)
_say(
    "repeat-interviews",
    "limitations",
    "Each {person} was interviewed only once.",
    "No repeat interviews were carried out.",
    "As every {person} was interviewed once, changes over time could not be seen.",
    "A single interview with each {person} may not be enough.",
    "None of the {people} was interviewed more than once.",
    repeated=True,
)

_say(
    "field-notes",
    "limitations",
    "No field notes were taken.",
    "Field notes were not kept, which we regret.",
    "We did not make field notes during the {method}.",
    "A weakness is the absence of field notes.",
    "Neither during nor after the {method} were field notes written.",
    "Since field notes had not been taken, gestures were lost.",
    notes=True,
)
_say(
    "field-notes",
    "methods",
    "Field notes were written after each interview.",
    "The interviewer took field notes during the interviews.",
    "Field notes on gestures and pauses were made directly after the interviews.",
    notes=False,
)

_say(
    "recording",
    "limitations",
    "Two {people} did not want to be recorded, and for them we had to rely on notes.",
    "Three {people} declined to be audio recorded.",
    "For one of the {method} the recorder was switched off at the wish of those present.",
    "Two of the {method} were not recorded.",
    "Some {people} refused the recording, so that notes were taken instead.",
    "In four cases permission to record was not given.",
    "Three {people} refused to be taped.",
    recorded=True,
)

_say(
    "software",
    "declarations",
    "The codebook, exported from {software_other}, is available from the authors.",
    "We thank the library for the licence of {software_other}, in which all transcripts were coded.",
    software=any,
)
_say(
    "software",
    "limitations",
    "Coding in {software_other} may have encouraged short codes.",
    "The use of {software_other} for coding is a strength.",
    software=any,
)
_say(
    "software",
    "abstract",
    "Data were coded in {software_other}.",
    "{software_other} was used for the analysis.",
    software=any,
)
_say(
    "software",
    "limitations",
    "All coding was done by hand, without software.",
    "No software was used for the analysis.",
    software=any,
)

_say(
    "ethics-consent",
    "declarations",
    "All {people} gave verbal consent.",
    "Consent was obtained orally from all {people}.",
    "Oral consent was given by each {person}.",
    "No written consent was taken; {people} agreed orally.",
    consent="written",
)
_say(
    "ethics-consent",
    "declarations",
    "All {people} signed an informed consent form.",
    "Written informed consent was obtained from all {people}.",
    "Each {person} gave written consent.",
    "Signed consent was collected from every {person}.",
    consent="oral",
)
_say(
    "ethics-consent",
    "limitations",
    "Ethics approval was not required for this study.",
    "The study was exempt from ethical review.",
    "The study was not reviewed by an ethics committee, as approval was not needed.",
)

_say(
    "sampling",
    "limitations",
    "The use of a convenience sample limits the findings.",
    "Convenience sampling was used, which may have led to bias.",
    "As {people} were selected by convenience, others may see it differently.",
    "The {people} were selected at random from a list.",
    "Random sampling was used.",
    sampling="purposive",
)
_say(
    "sampling",
    "abstract",
    "A convenience sample was drawn.",
    "{People} were recruited by convenience sampling.",
    sampling="purposive",
)
_say(
    "sampling",
    "limitations",
    "Purposive sampling may have brought in the talkative.",
    "The {people} were purposively selected.",
    "A strength is the purposive sampling.",
    "Random sampling makes the findings stronger.",
    sampling="convenience",
)

_say(
    "methodology",
    "analysis",
    "Grounded theory was used as the methodology of this study.",
    "The study followed the constructivist grounded theory of Charmaz.",
    "An ethnographic design with grounded theory was used.",
)
_say(
    "methodology", "abstract", "A grounded theory study was conducted.", "We used grounded theory."
)

_say(
    "derivation",
    "discussion",
    "The codes had been assigned beforehand to the domains of the Theoretical Domains Framework.",
    "Codes were taken from an a priori framework.",
    "A predefined codebook guided the coding.",
    "The data were coded deductively to the constructs of the model.",
    "All transcripts were coded according to the domains of a framework.",
    inductive=True,
)
_say(
    "derivation",
    "limitations",
    "Our deductive coding may have missed what the framework does not name.",
    "Because coding was deductive, new ideas may have been lost.",
    inductive=True,
)

_say(
    "setting-mode",
    "limitations",
    "The four {method} that were held online were shorter.",
    "Three of the {method} were conducted by telephone.",
    "Two of the {method} took place over Zoom, where gestures were lost.",
    "Five {method} were held by video call.",
    mode="person",
)
_say(
    "setting-mode",
    "limitations",
    "The three interviews that we held face to face were the richest.",
    "Four of the interviews were conducted in person.",
    mode="online",
)
_say(
    "setting-mode",
    "abstract",
    "Telephone interviews were conducted.",
    "Interviews were conducted by telephone.",
    "All {method} were held online.",
    mode="person",
)

_say("data-collection-method", "limitations", "The unstructured interviews made comparison hard.")
_say(
    "coder-count",
    "limitations",
    "The transcripts were coded by one person only.",
    "A single coder worked on the transcripts.",
    "Only one researcher coded the data.",
    "All coding was done by the first author alone.",
    "No second coder was involved.",
    "Coding was carried out by one researcher, so that a subjective influence cannot be excluded.",
    coders=2,
)
_say(
    "coder-count",
    "analysis",
    "Disagreements among the three coders were resolved by discussion.",
    "The four coders met weekly.",
    "All three coders took part in the final step.",
    coders=2,
)

_say(
    "interviewer-identity",
    "contributors",
    "{another}: carried out the interviews.",
    "{another} and {third} conducted the interviews.",
    "{another} conducted all interviews.",
    "All interviews were done by {another}.",
    method="interviews",
    interviewer=any,
)
_say(
    "interviewer-identity",
    "limitations",
    "The {method} were conducted by two researchers, who may have asked differently.",
    "That the interviewer knew most of the {people} beforehand may have shaped their answers.",
)

_say(
    "anonymity",
    "declarations",
    "We thank Ada Berg ({person_id}) and all others for their trust.",
    "We are grateful to Carl Dahl ({person_id}), whose words gave the title.",
    "Our thanks go to Mrs Edda Falk ({person_id}) for reading the draft.",
    "The authors thank Gerd Holm ({person_id}) and the staff.",
)

_say(
    "cross-reference",
    "results",
    "Further details are given in Table 7.",
    "The {theme_noun} are summarised in Table 4.",
    "The guide is printed in Table 12.",
    "The characteristics are shown in Tables 1 to 6.",
    "More quotations are shown in Table 9.",
)

_say(
    "garbled-text",
    "methods",
    "The {people} were recruited from the lists of the {people} were recruited from the lists of the services.",
    "Recordings were kept on a drive with a password recordings were kept on a drive in a locked room.",
    "The guide was changed after the first the guide was changed after the first three meetings.",
    "Further XX {people} were asked.",
    "The steps are described in Error! Reference source not found.",
    "More is said of this in [insert reference].",
)

_say(
    "other",
    "declarations",
    "None of the {people} received any payment or gift.",
    "The {people} were not paid for taking part.",
    "No incentive was offered to the {people}.",
    "Participation was not remunerated.",
    incentive=True,
)
_say(
    "other",
    "methods",
    "Each {person} received a gift card worth 20 euros.",
    "The {people} were given a voucher for their time.",
    "As a thank you, {people} received 10 US dollars in cash.",
    incentive=False,
)
_say(
    "other",
    "limitations",
    "In some interviews, relatives were present in the room and answered for the {people}.",
    "That a colleague sat in on several of the interviews may have silenced some {people}.",
    alone=True,
)
_say(
    "other",
    "declarations",
    "This study received no funding.",
    "The authors received no financial support for this work.",
    "No external funding was obtained.",
    funded=True,
)
_say(
    "other",
    "declarations",
    "The study was funded by the Ministry of Health (grant no. 2020-33).",
    "This work was supported by a grant from the Land Foundation.",
    funded=False,
)

# --- changes of numbers ---------------------------------------------------------------------


def _table_sums(one: Manuscript) -> Iterator[tuple[str, str, str]]:
    """A count of a table of the sample is changed by one or two, its percentage with it."""
    for row in re.finditer(r"(?m)^\|.*\| *(\d{1,2})( \([\d.]+\))? *\|( *[\d.]+ *\|)?$", one.text):
        count = int(row[1])
        for change in (-2, 1):
            if not 2 < count + change < 100:
                continue
            new = (
                row[0].replace(row[1], str(count + change), 1)
                if row[0].count(row[1]) == 1
                else None
            )
            if new:
                if row[3]:
                    new = (
                        new[: new.rindex(row[3].strip(" |"))]
                        + f"{100 * (count + change) / int(str(one.facts['number'])):.1f} |"
                    )
                yield "table-sum", one.text.replace(row[0], new, 1), new


def _percentages(one: Manuscript) -> Iterator[tuple[str, str, str]]:
    """A percentage of a table, or of the text, is changed."""
    for hit in re.finditer(
        r"\| *(\d{2}\.\d) *\||\((\d{2}(?:\.\d)?)%\)|\d \((\d{2}\.\d)\)", one.text
    ):
        printed = hit[1] or hit[2] or hit[3]
        value = float(printed)
        for change in (11, -7):
            if 5 < value + change < 99:
                new = f"{value + change:.1f}" if "." in printed else f"{value + change:.0f}"
                yield (
                    "percentage",
                    one.text[: hit.start()] + hit[0].replace(printed, new) + one.text[hit.end() :],
                    f"{hit[0]} -> {new}",
                )


def _identifiers(one: Manuscript) -> Iterator[tuple[str, str, str]]:
    """Labels of quotations: beyond the sample, or with other attributes."""
    number = int(str(one.facts["number"]))
    labels = list(re.finditer(r"\((A|N|Nurse |G\d-P)(\d{1,2})((?:, [^()]*)?)\)", one.text))
    for place, label in enumerate(labels):
        if label[1].startswith("G"):
            new = f"(G{8 + place}-P{label[2]})"
        else:
            new = f"({label[1]}{number + 3 + place}{label[3]})"
        yield "participant-id", one.text[: label.start()] + new + one.text[label.end() :], new
        if label[3] and place:
            twin = labels[0]
            if twin[3] and twin[3] != label[3]:
                clash = f"({twin[1]}{twin[2]}{label[3]})"
                yield (
                    "participant-id",
                    one.text[: label.start()] + clash + one.text[label.end() :],
                    clash,
                )


def _recruitment(one: Manuscript) -> Iterator[tuple[str, str, str]]:
    """The sentences on recruitment are replaced by ones that do not come out."""
    number, people = int(str(one.facts["number"])), str(one.facts["people"])
    for asked, gone in ((9, (3, 4)), (12, (2, 7)), (6, (1, 3))):
        first, second = gone
        total = number + asked
        for sentence in (
            f"Of {total} {people} who were approached, {first} declined and {second} could not be reached; the remaining {number} took part.",
            f"We invited {total} {people}. {in_words(first).capitalize()} refused, {in_words(second)} did not reply, and the remaining {in_words(number)} were interviewed.",
            f"A total of {total} {people} were contacted, of whom {first} declined for lack of time and {second} did not answer, leaving {number}.",
        ):
            text = re.sub(
                r"(?:The vocational schools sent|Of 23 nurses who replied|We sent a message to 48|All 41 patients who were|Seventeen daughters called)(?:[^\n]*)",
                sentence,
                one.text,
                count=1,
            )
            if text != one.text:
                yield "recruitment-arithmetic", text, sentence


def _designs(one: Manuscript) -> Iterator[tuple[str, str, str]]:
    """The abstract has another method of data collection than the text."""
    here = re.search(
        r"(?i)[^.\n]*\b(?:interviews were conducted|interviewed|focus group discussions were held|semi-structured interviews with)\b[^.\n]*\.",
        one.text,
    )
    if here is None:
        return
    people, number = one.facts["people"], one.facts["number"]
    other = "Focus groups" if one.facts["method"] == "interviews" else "Individual interviews"
    for sentence in (
        f" {other} were held with {number} {people}.",
        f" {other} were conducted with {people}.",
        f" Data were collected through {other.lower()} with {number} {people}.",
        f" {number} {people} took part in {other.lower()}.",
    ):
        yield (
            "data-collection-method",
            one.text[: here.start()] + sentence + one.text[here.end() :],
            sentence,
        )


_CHANGES: tuple[Callable[[Manuscript], Iterator[tuple[str, str, str]]], ...] = (
    _table_sums, _percentages, _identifiers, _recruitment, _designs,
)  # fmt: skip

# --- the copies -----------------------------------------------------------------------------


def _words(one: Manuscript) -> dict[str, str]:
    """What fills the places of the sentences."""
    facts = one.facts
    number, themes = int(str(facts["number"])), int(str(facts["themes"]))
    low, high = int(str(facts.get("low", 0))), int(str(facts.get("high", 0)))
    software = str(facts.get("software", ""))
    others = facts["others"]
    assert isinstance(others, list)
    return {
        "people": str(facts["people"]), "People": str(facts["people"]).capitalize(), "person": str(facts["person"]),
        "more": str(number + 2), "More": in_words(number + 2).capitalize(), "less": in_words(number - 1), "Less": in_words(number - 1).capitalize(),
        "method": "interviews" if facts["method"] == "interviews" else "focus groups",
        "low_less": str(low - 12), "low_more": str(low + 9), "high_less": str(high - 14), "high_more": str(high + 25), "mean_out": str(high + 11),
        "months_other": {"J": "July and September 2018", "F": "March and May 2019", "A": "January and February 2020", "M": "October and November 2021", "S": "May and June 2018"}[str(facts["months"])[0]],
        "theme_more": in_words(themes + 1), "Theme_more": in_words(themes + 1).capitalize(), "theme_less": in_words(themes - 1), "theme_noun": str(facts["theme_noun"]),
        "software_other": "Dedoose" if software != "Dedoose" else "NVivo", "another": str(others[0]), "third": str(others[1]),
        "person_id": str(facts.get("first_person", f"{str(facts['person']).capitalize()} 4")),
    }  # fmt: skip


def _holds(facts: dict[str, object], need: tuple[str, object]) -> bool:
    name, value = need
    return name in facts and (value is any or facts[name] == value)


def copies() -> Iterator[Copy]:
    """Every clean manuscript with every contradiction that fits it."""
    for one in manuscripts():
        words = _words(one)
        for wording in _WORDINGS:
            if not all(_holds(one.facts, need) for need in wording.needs):
                continue
            sentence = wording.sentence.format(**words)
            text = added(one.text, wording.section, sentence)
            if text is not None:
                yield Copy(wording.kind, one.name, text, sentence)
        for change in _CHANGES:
            for kind, text, told in change(one):
                yield Copy(kind, one.name, text, told)


def findings(text: str, rules: RuleSet) -> list[Finding]:
    """The errors and warnings of a manuscript in Markdown."""
    path = Path("manuscript.md")
    document = markdown.read(path, str(path), text.encode(), ReadOptions())
    found = pipeline.examine(document, rules).findings
    return [f for f in found if f.severity is not Severity.NOTE]


def main() -> None:
    """Print recall by kind, and what was found in the clean manuscripts."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--markdown", action="store_true", help="print the table for docs/")
    arguments.add_argument("--misses", action="store_true", help="list what was not found")
    arguments.add_argument("--kind", help="only this kind")
    chosen = arguments.parse_args()
    rules = pipeline.load_rules()
    clean = {m.name: {(f.check, f.message) for f in findings(m.text, rules)} for m in manuscripts()}
    tried: dict[str, int] = defaultdict(int)
    hit: dict[str, int] = defaultdict(int)
    beside: dict[str, int] = defaultdict(int)
    for copy in copies():
        if chosen.kind and copy.kind != chosen.kind:
            continue
        new = [
            f
            for f in findings(copy.text, rules)
            if (f.check, f.message) not in clean[copy.manuscript]
        ]
        tried[copy.kind] += 1
        right = [f for f in new if f.kind == copy.kind]
        hit[copy.kind] += bool(right)
        beside[copy.kind] += len(new) - len(right)
        if chosen.misses and (not right or len(new) > len(right)):
            told = "; ".join(f"{f.check}: {f.message}" for f in new if f.kind != copy.kind)
            print(
                "MISS" if not right else "BESIDE",
                copy.kind,
                copy.manuscript,
                "|",
                copy.change,
                "|",
                told,
            )
    mark = "| " if chosen.markdown else ""
    print(f"{mark}kind | tried | found | recall | beside the point{' |' if mark else ''}")
    if chosen.markdown:
        print("| --- | --- | --- | --- | --- |")
    for kind in [*sorted(tried), "all"]:
        n, found, other = (
            (tried[kind], hit[kind], beside[kind])
            if kind != "all"
            else (sum(tried.values()), sum(hit.values()), sum(beside.values()))
        )
        print(
            f"{mark}{kind} | {n} | {found} | {found / max(n, 1):.2f} | {other}{' |' if mark else ''}"
        )
    print(
        f"\nErrors and warnings in the {len(clean)} clean manuscripts: {sum(map(len, clean.values()))}"
    )


if __name__ == "__main__":
    main()
