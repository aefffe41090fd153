"""What a reader may rely on: every sentence exists in both languages, and no word of the interface bypasses them."""

import ast
import re
import tomllib
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
HELP = "make messages, then translate what is new in translations/en/LC_MESSAGES/messages.po"
LANGUAGES = ["vi", "en"]
MARKS = {"_", "_l", "N_", "gettext", "ngettext", "pgettext", "lazy_gettext"}

# A sentence, and the context that tells it from another meaning of the same words.
Key = tuple[str, str | None]

PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0-9.]*[a-z]|%[^(%\s]|\{\w*\}")
VIETNAMESE = re.compile("[ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
WORDS = re.compile(f"{VIETNAMESE.pattern}|[A-Za-z]{{3,}}")
# A phrase or a capitalised word in a script is a sentence; names, selectors and events are written otherwise.
PHRASE = re.compile(rf"{VIETNAMESE.pattern}|\b[A-Za-z]{{3,}} [a-z]{{2,}}|^[A-Z][a-z]{{2,}}[.!?:…]?$")
# A comment or a literal of a script.
SCRIPT_PART = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""", re.DOTALL
)

# The parts of a template that leave something on the page: text, and the place of an expression or a block.
SEEN = {"data", "variable_begin", "block_begin"}
# Attributes that are read or heard.
SPOKEN = {"alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title"}
# What is the same in every language: works cited, commands to be typed.
SAME_EVERYWHERE = {"cite", "code"}
# Names: the languages' own, so that everybody finds theirs; systems; the product's and a paper's, which is Vietnamese
# whoever asks.
OWN_NAMES = {
    "English",
    "Tiếng Việt",
    "Windows:",
    "Linux, macOS:",
    "Hội thi Bí thư chi bộ giỏi",
    "Thể lệ",
}
# How Vietnamese writes a time; beside it stands the English way.
PATTERNS = {"%H:%M ngày %d/%m/%Y"}
# The sample contest is Vietnamese data, not interface.
SAMPLES = set((ROOT / "quiz" / "services").glob("demo*.py"))
# Names of form fields' classes, by which a macro tells them apart, and of style classes.
CLASSES = {"BooleanField", "FormField", "FieldList", "input short", " heat heat-0"}

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
MODULES = sorted(path for layer in ("web", "services") for path in (ROOT / "quiz" / layer).rglob("*.py"))


def name_of(path: Path) -> str:
    """The path from the root, as a test's name."""
    return str(path.relative_to(ROOT))


@cache
def sentences() -> dict[Key, str | None]:
    """Every sentence the code and the pages mark, read afresh, with its plural where it has one."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {m["pattern"]: {k: m[k] for k in m if k not in ("pattern", "method")} for m in mappings}
    keywords = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
    found: dict[Key, str | None] = {}
    for folder in ("quiz", "templates"):
        for _file, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, options, keywords=keywords
        ):
            one, many = message if isinstance(message, tuple) else (message, None)
            found[one, context] = many or found.get((one, context))
    return found


def marked_in(source: str) -> set[str]:
    """Every sentence a module marks, also within the braces of an f-string, where the collector may not look."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    first = (call.args[0] for call in calls if getattr(call.func, "id", "") in MARKS - {"pgettext"})
    return {one.value for one in first if isinstance(one, ast.Constant) and isinstance(one.value, str)}


@cache
def catalogue(language: str) -> Catalog:
    """The catalogue as it lies in the repository, with what is left over in it."""
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=language)


def translations(language: str) -> dict[Key, tuple[str, ...]]:
    """Every sentence's translation; one per plural form."""
    return {
        (as_tuple(message.id)[0], message.context): as_tuple(message.string)
        for message in catalogue(language)
        if message.id
    }


def as_tuple(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """The forms of a sentence, also of one without plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def pairs_of(language: str) -> list[tuple[str, str]]:
    """Every sentence beside every form of its translation."""
    return [(one, text) for (one, _context), texts in translations(language).items() for text in texts]


def forms_needed(language: str, many: str | None) -> int:
    """How many forms a sentence has in that language."""
    return catalogue(language).num_plurals if many else 1


def places(text: str) -> list[str]:
    """The places of a sentence that values fill, whatever their order."""
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


class Spoken(HTMLParser):
    """Collects what a page says in its own words: text, and attributes that are read or heard."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.within = 0  # elements whose text is the same everywhere
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self.within:
            self.said.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the attributes that speak, and any Vietnamese in the others."""
        self.within += tag in SAME_EVERYWHERE
        texts = ((name, (text or "").strip()) for name, text in attrs)
        self.said += [text for name, text in texts if name in SPOKEN or VIETNAMESE.search(text)]

    def handle_endtag(self, tag: str) -> None:
        """Listen again after what is the same everywhere."""
        self.within -= tag in SAME_EVERYWHERE


def bare_words(source: str) -> list[str]:
    """What a template says outside every expression; each expression counts as a blank."""
    parts = Environment(autoescape=True).lex(source)
    page = "".join(text if kind == "data" else " " for _, kind, text in parts if kind in SEEN)
    return [said for said in Spoken(page).said if WORDS.search(said) and said not in OWN_NAMES]


def bare_literals(source: str) -> list[str]:
    """The sentences among a template's literals that no translation is asked for."""
    tree = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source)
    calls = (call for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in MARKS)
    marked = {id(literal) for call in calls for literal in call.find_all(nodes.Const)}
    texts = (node.value for node in tree.find_all(nodes.Const) if id(node) not in marked)
    return [text for text in texts if isinstance(text, str) and PHRASE.search(text) and text not in CLASSES]


def bare_strings(source: str) -> list[str]:
    """The Vietnamese literals of a module that no translation is asked for; docstrings are not literals."""
    tree = ast.parse(source)
    let_be: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            let_be.add(id(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            let_be |= {id(part) for argument in node.args for part in ast.walk(argument)}
    texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in let_be)
    return [t for t in texts if isinstance(t, str) and VIETNAMESE.search(t) and t not in OWN_NAMES | PATTERNS]


def bare_phrases(script: str) -> list[str]:
    """The sentences among a script's literals; its comments are left off."""
    parts = SCRIPT_PART.findall(script)
    literals = (re.sub(r"\$\{[^}]*\}", "", part[1:-1]) for part in parts if part[0] in "\"'`")
    return [literal for literal in literals if PHRASE.search(literal)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    known = translations(language)
    lacking = [
        key
        for key, many in sentences().items()
        if len(known.get(key, ())) != forms_needed(language, many) or not all(known[key])
    ]

    assert len(sentences()) > 1000
    assert lacking == [], HELP


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_over_from_sentences_that_are_gone(language: str) -> None:
    assert list(translations(language).keys() - sentences().keys()) == [], HELP
    assert list(catalogue(language).obsolete) == [], HELP


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_only_a_guess(language: str) -> None:
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    assert [pair for pair in pairs_of(language) if places(pair[0]) != places(pair[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_blanks_around_its_sentence(language: str) -> None:
    blanks = re.compile(r"^\s*|\s*$")

    assert [one for one, text in pairs_of(language) if blanks.findall(text) != blanks.findall(one)] == []


def test_vietnamese_says_each_sentence_as_it_stands() -> None:
    assert [pair for pair in pairs_of("vi") if pair[0] != pair[1]] == []


def test_english_is_not_left_in_vietnamese() -> None:
    assert [one for one, text in pairs_of("en") if one == text and VIETNAMESE.search(one)] == []


def found_in(paths: list[Path], search: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """What `search` finds in each file in which it finds anything."""
    found = {name_of(path): search(path.read_text(encoding="utf-8")) for path in paths}
    return {name: what for name, what in found.items() if what}


def test_a_template_says_nothing_outside_its_translations() -> None:
    assert found_in(TEMPLATES, lambda source: bare_words(source) + bare_literals(source)) == {}


def test_a_script_takes_its_words_from_the_page() -> None:
    assert found_in(SCRIPTS, bare_phrases) == {}


def test_what_a_module_marks_is_collected() -> None:
    modules = (ROOT / "quiz").rglob("*.py")
    known = {one for one, _context in sentences()}
    lost = {(name_of(path), one) for path in modules for one in marked_in(path.read_text()) - known}
    assert lost == set(), "a sentence in the braces of an f-string is not collected: give it a name first"


def test_a_module_marks_every_sentence_it_says() -> None:
    assert found_in([path for path in MODULES if path not in SAMPLES], bare_strings) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đã lưu %(num)d câu", ["%(num)d"]),
        ("%(minutes)d phút %(seconds)02d giây", ["%(minutes)d", "%(seconds)02d"]),
        ("Đã lưu {n}/{all} câu", ["{all}", "{n}"]),
        ("90 %% số câu", []),
    ],
)
def test_places_are_found(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Chưa có ai.</p>", ["Chưa có ai."]),
        ("<p>Nobody yet</p>", ["Nobody yet"]),
        ('<p>{{ _("Chưa có ai.") }} / {# Chưa có ai. #}–</p>', []),
        ('<nav aria-label="{{ name }} pages">', ["pages"]),
        ('<nav class="pages {{ kind }}" data-words="Lưu">', ["Lưu"]),
        ('<button lang="vi">Tiếng Việt</button>', []),
    ],
)
def test_bare_words_of_a_template_are_found(source: str, found: list[str]) -> None:
    assert bare_words(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{{ tag("Đã xong", "success") }}', ["Đã xong"]),
        ('{{ tag("Done", "success") }}', ["Done"]),
        ('{{ tag(_("Đã xong"), "success", class="one two") }}', ["one two"]),
        ('{{ tag(ngettext("%(num)d người", "%(num)d người", count), "plain") }}', []),
    ],
)
def test_bare_literals_of_a_template_are_found(source: str, found: list[str]) -> None:
    assert bare_literals(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('flash("Đã lưu.")', ["Đã lưu."]),
        ('flash(f"Đã lưu {name}.")', ["Đã lưu "]),
        ('def save():\n    """Đã lưu."""\n    return _("Đã lưu.") + N_("một " "hai")', []),
    ],
)
def test_bare_strings_of_a_module_are_found(source: str, found: list[str]) -> None:
    assert bare_strings(source) == found


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('say("Đã lưu");', ["Đã lưu"]),
        ("say('Saved');", ["Saved"]),
        ("say(`${n} not saved`);", [" not saved"]),
        ('send("POST", { "Content-Type": "text/html" }); // say "not saved"', []),
        ('find(".overview a").className = "state " + name; say(words.stored);', []),
    ],
)
def test_bare_phrases_of_a_script_are_found(script: str, found: list[str]) -> None:
    assert bare_phrases(script) == found
