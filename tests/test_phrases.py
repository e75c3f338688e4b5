"""What phrases match, and what they must not."""

import pytest
from manuscripts_from_text import matcher

from coreqcheck.errors import RuleError
from coreqcheck.language.phrases import parse, parse_list
from coreqcheck.model import Author

KMA = Author("Kofi Mensah Addo", "Addo", "KMA")


def hits(phrase: str, text: str, **options: object) -> list[str]:
    found = matcher(text, authors=(KMA,))
    allowed = found.index.searchable
    spans = [found.span(m) for m in found.find(parse(phrase), allowed)]
    return [found.index.manuscript.quote(s) for s in spans]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("declined", "Three Declined.", ["Declined"]),
        ("declin*", "Three were declining.", ["declining"]),
        ("themes?", "One theme.", ["theme"]),
        ("themes?", "Two themes.", ["themes"]),
        ("organized", "It was organised.", ["organised"]),
        (
            "follow-up*",
            "A follow up, a followup and a follow-up.",
            ["follow up", "followup", "follow-up"],
        ),
        ("(refused|opted out)", "Two opted out.", ["opted out"]),
        ("(the)? guide", "We wrote the guide.", ["the guide", "guide"]),
        (
            "were ...2 recorded",
            "They were all digitally recorded.",
            ["were all digitally recorded"],
        ),
        ("were ...2 recorded", "They were all of them digitally recorded.", []),
        ("<number> nurses", "Twenty-six nurses and 2019 nurses.", ["Twenty-six nurses"]),
        ("<number> ... declined", "Of the 24 asked, three declined.", ["three declined"]),
        ("<range> (min|minutes)", "They took 45–60 minutes.", ["45–60 minutes"]),
        ("<percent>", "It was 19.5 % in all.", ["19.5"]),
        ("<initials> coded", "K.M. coded, HIV coded, RB coded.", ["K.M. coded", "RB coded"]),
        ("<author> coded", "KMA coded and RB coded.", ["KMA coded"]),
        ("<author> coded", "Addo coded.", ["Addo coded"]),
        ("=MA", "She has an MA, and ma is a word.", ["MA"]),
        ("^ we", "We asked what we knew.", ["We"]),
        ("re:\\bQ-?sort", "A Q-sort was used.", ["Q-sort"]),
        ("participants", "The participants' words.", ["participants'"]),
        ("didn't", "They didn’t answer.", ["didn’t"]),
    ],
)
def test_a_phrase_matches_what_it_says(phrase: str, text: str, expected: list[str]) -> None:
    found = [h.rstrip("'’.") for h in hits(phrase, text)]
    assert found == [e.rstrip("'’.") for e in expected]


def test_a_phrase_never_crosses_a_sentence() -> None:
    assert hits("interviews ... recorded", "We held interviews. Music was recorded.") == []


def test_a_word_list_stands_for_any_of_its_entries() -> None:
    lists = {"people": parse_list(["nurses?", "lay workers"])}
    found = matcher("We asked lay workers and a nurse.")
    phrase = parse("{people}", lists)
    assert len(list(found.find(phrase, found.index.searchable))) == 2


def test_a_recorded_number_is_the_one_of_its_subject() -> None:
    found = matcher("Of the 24 patients approached, three declined because of time.")
    phrase = parse("<number:people.declined> ... declined")
    (match,) = found.find(phrase, found.index.searchable)
    ((subject, number),) = found.numbers_in(match)
    assert (subject, number.low) == ("people.declined", 3)


@pytest.mark.parametrize(
    ("phrase", "complaint"),
    [
        ("(a|b", "not closed"),
        ("a)", "without its opening one"),
        ("(a||b)", "an alternative is empty"),
        ("<nurse>", "is not known; known: <author>"),
        ("{nowhere}", "no word list"),
        ("re:(", "regular expression"),
    ],
)
def test_a_wrong_phrase_says_what_is_wrong(phrase: str, complaint: str) -> None:
    with pytest.raises(RuleError, match=complaint):
        parse(phrase)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Transcripts were not returned.", True),
        ("Transcripts were never sent or returned.", True),
        ("Not only notes but transcripts were returned.", False),
        ("Notes were not taken, but transcripts were returned.", False),
        ("Transcripts were returned.", False),
    ],
)
def test_negation_reaches_as_far_as_its_clause(text: str, denied: bool) -> None:
    found = matcher(text)
    (match,) = list(found.find(parse("transcripts ...6 returned"), found.index.searchable))
    assert found.denied(match) is denied


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("Findings will be returned to participants.", True),
        ("Future studies should have findings returned.", True),
        ("In May 2019 the findings were returned.", False),
    ],
)
def test_plans_are_no_reports(text: str, planned: bool) -> None:
    found = matcher(text)
    (match,) = list(found.find(parse("findings ...6 returned"), found.index.searchable))
    assert found.planned(match) is planned
