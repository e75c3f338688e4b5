"""Signs of speech: who said it, and words that people say rather than write."""

from __future__ import annotations

import re

from coreqcheck.text.wording import either

SPOKEN = re.compile(
    r"\b(?:I|I[’']\w+|me|my|mine|myself|we|us|our|you|your|yourself|yeah|gonna|kinda|okay|"
    r"\w+n[’']t|(?:it|that|there|they|he|she|you|we|what)[’'](?:s|re|ve|ll|d))\b"
)
FIRST_PERSON = re.compile(r"\b(?:I|I[’'](?:m|ve|d|ll)|me|my|myself)\b")
SAID = either(
    """
    said says? saying explain\\w* told tells? put_it describ\\w* recall\\w* remember\\w* felt
    stat(?:ed|es|ing) note[ds] report\\w* express\\w* comment\\w* remark\\w* add(?:ed|s)
    mention\\w* answer\\w* repl(?:y|ied|ies) ask(?:ed|s) laugh\\w* complain\\w* insist\\w*
    reflect\\w* emphasi[sz]\\w* observ(?:ed|es) shar(?:ed|es) stress(?:ed|es) narrat\\w* called
    claim(?:ed|s) argu(?:ed|es) acknowledg\\w* admit\\w* suggest\\w* maintain\\w* quot\\w*
    highlight\\w* illustrat\\w* indicat\\w* exemplif\\w*
    in_(?:his|her|their|the)_(?:own_)?words according_to for_example as_follows following below
    thus testif\\w* voic\\w* confid\\w* joked wrote thought declared affirmed opined lamented
    """
)
ATTRIBUTION = re.compile(rf"\b{SAID}\b", re.IGNORECASE)
_SPEAKERS = either(
    """
    participants? respondents? informants? interviewees? one another he she they some others
    several many most wom[ae]n m[ae]n nurses? doctors? midwi(?:fe|ves) mothers? fathers?
    patients? carers? students? teachers? staff workers? users? developers? parents? leaders?
    managers? clinicians? physicians? caregivers? officers? members? girls? boys? volunteers?
    engineers? discussants? people
    """
)
PEOPLE = re.compile(rf"\b{_SPEAKERS}\b", re.IGNORECASE)
_CAPITALISED = r"[A-ZÀ-Þ][a-zà-ÿ][\w’'-]*"
NAMED_SPEAKER = re.compile(
    rf"(?<!\bin )(?<!\bfrom )(?<!\bat )(?<!\bof )(?<!\bnear )"
    rf"\b(?P<name>{_CAPITALISED}(?:\s{_CAPITALISED})?)(?:,\s[^,.]{{3,80}},)?"
    rf"\s(?:(?:\w+ly|also|then|further)\s)?{SAID}\b"
)
""" "Odile noted", "Renard, a baker with two sons, stated": who says what comes next."""

PLACED_SPEAKER = re.compile(
    r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother|[Tt]he)\s(?P<who>(?:(?!(?:an?|by|the)\b)[\w-]+\s){1,4}?"
    r"(?:(?:in|from|at|on|of)\s(?:\(?[A-ZÀ-Þ][\w’'-]+\)?\s?){1,4}|aged\s\d+))"
    rf"(?:[,\s]*(?:who\s)?(?:\w+ly\s|also\s)?{SAID}\b|[,:]?\s*\Z)"
)
""" "A midwife in Hillton noted": a role with a place or an age tells people apart."""
