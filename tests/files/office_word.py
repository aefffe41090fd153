"""Word files of questions made the way offices make them: each builder is one habit, by somebody who never read a rule.

A builder takes items and returns the bytes of a .docx; chance decides what a hurried typist would leave to it.
"""

import io
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor

from quiz.core.items import ItemDraft

LETTERS = "ABCDEF"
RED = RGBColor(0xFF, 0, 0)


def bold(run):
    run.bold = True


def underlined(run):
    run.underline = True


def red(run):
    run.font.color.rgb = RED


def dark_red(run):
    run.font.color.rgb = RGBColor(0xC0, 0, 0)


def blue(run):
    run.font.color.rgb = RGBColor(0, 0x70, 0xC0)


def highlighted(run):
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def plain(run):
    pass


def saved(document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def add(paragraph, text: str, *looks, chance: random.Random | None = None):
    """Add text as one run, or as many with the same look, the way Word leaves a line that was edited often."""
    pieces = [text]
    if chance and len(text) > 3:
        cuts = sorted(chance.sample(range(1, len(text)), k=min(3, len(text) - 1)))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    for piece in pieces:
        run = paragraph.add_run(piece)
        for look in looks:
            look(run)
    return paragraph


def offered(item: ItemDraft) -> ItemDraft:
    """Return an item whose options are written out, as a true/false question is on paper."""
    return replace(item, options=item.options or ("Đúng", "Sai"))


def answer_of(item: ItemDraft, sign: str = ", ") -> str:
    return sign.join(LETTERS[place] for place in item.key)


def key_bold_whole_option(items: Sequence[ItemDraft], chance: random.Random) -> bytes:
    """ "Câu 1." in bold, each option a paragraph, the right one bold from its letter on."""
    document = Document()
    document.add_paragraph("BỘ CÂU HỎI HỘI THI BÍ THƯ CHI BỘ GIỎI")
    for number, item in enumerate(map(offered, items), start=1):
        paragraph = document.add_paragraph()
        add(paragraph, f"Câu {number}. ", bold)
        add(paragraph, item.stem, chance=chance)
        for place, option in enumerate(item.options):
            look = bold if place in item.key else plain
            add(document.add_paragraph(), f"{LETTERS[place]}. {option}", look, chance=chance)
    return saved(document)


def key_underlined_letter(items, chance):
    """ "Câu 1:" and only the letter of the right option underlined; the other letters are bold like it."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        add(document.add_paragraph(), f"Câu {number}: {item.stem}", bold)
        for place, option in enumerate(item.options):
            paragraph = document.add_paragraph()
            looks = (bold, underlined) if place in item.key else (bold,)
            add(paragraph, LETTERS[place], *looks)
            add(paragraph, ". ", bold)
            add(paragraph, option)
    return saved(document)


def key_red_small_letters(items, chance):
    """ "1." with options "a)", the right one red."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(f"{number}. {item.stem}")
        for place, option in enumerate(item.options):
            look = (red if chance.random() < 0.5 else dark_red) if place in item.key else plain
            add(document.add_paragraph(), f"{LETTERS[place].lower()}) {option}", look, chance=chance)
    return saved(document)


def key_highlighted_two_on_a_line(items, chance):
    """ "1)" with two options on a line set apart by tabs, the right one highlighted."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(f"{number}) {item.stem}")
        for first in range(0, len(item.options), 2):
            paragraph = document.add_paragraph()
            for place, option in enumerate(item.options[first : first + 2], start=first):
                add(paragraph, "\t" * (place > first))
                look = highlighted if place in item.key else plain
                add(paragraph, f"{LETTERS[place]}. {option}", look, chance=chance)
    return saved(document)


def asterisk_before_all_on_a_line(items, chance):
    """All options on one line, spaces between, an asterisk before the right one."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(f"Câu {number}/ {item.stem}")
        stars = ["*" * (place in item.key) for place in range(len(item.options))]
        options = [f"{stars[place]}{LETTERS[place]}. {option}" for place, option in enumerate(item.options)]
        document.add_paragraph("    ".join(options))
    return saved(document)


def asterisk_after_soft_breaks(items, chance):
    """A question with its options is one paragraph with soft line breaks; an asterisk stands after the right one."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        paragraph = document.add_paragraph(f"Câu {number}. {item.stem}")
        for place, option in enumerate(item.options):
            paragraph.add_run().add_break()
            star = chance.choice(["*", " *", " (*)"]) if place in item.key else ""
            add(paragraph, f"{LETTERS[place]}. {option}{star}", chance=chance)
    return saved(document)


LIST = (
    '<w:abstractNum {ns} w:abstractNumId="{id}"><w:multiLevelType w:val="multilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{question}"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="{letters}"/><w:lvlText w:val="{option}"/></w:lvl>'
    "</w:abstractNum>"
)


def with_list(document, question: str, letters: str, option: str) -> int:
    """Define a list of two levels and return its number; nobody types the numbers of such a list."""
    root = document.part.numbering_part.element
    text = LIST.format(ns=nsdecls("w"), id=90, question=question, letters=letters, option=option)
    root.insert(0, parse_xml(text))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    return 91


def listed(paragraph, list_id: int, level: int):
    """Make a paragraph an entry of a list."""
    text = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(text))
    return paragraph


def numbered_by_word_key_bold(items, chance):
    """Numbers and letters are those of an automatic list, the right option is bold."""
    document = Document()
    list_id = with_list(document, "%1.", "upperLetter", "%2.")
    for item in map(offered, items):
        listed(document.add_paragraph(item.stem), list_id, 0)
        for place, option in enumerate(item.options):
            paragraph = listed(document.add_paragraph(), list_id, 1)
            add(paragraph, option, bold if place in item.key else plain, chance=chance)
    return saved(document)


def numbered_by_word_table_at_end(items, chance):
    """An automatic list "Câu 1:", "a)"; a table "Câu | Đáp án" at the end."""
    document = Document()
    list_id = with_list(document, "Câu %1:", "lowerLetter", "%2)")
    for item in map(offered, items):
        listed(document.add_paragraph(item.stem), list_id, 0)
        for option in item.options:
            listed(document.add_paragraph(option), list_id, 1)
    document.add_paragraph("BẢNG ĐÁP ÁN")
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, ["Câu", "Đáp án"] * 2, strict=True):
        cell.text = text
    half = (len(items) + 1) // 2
    for row in range(half):
        cells = table.add_row().cells
        for column, place in ((0, row), (2, row + half)):
            if place < len(items):
                cells[column].text, cells[column + 1].text = str(place + 1), answer_of(items[place])
    return saved(document)


def answers_listed_at_end(items, chance):
    """ "Đáp án: 1-A, 2-B, …" in one line at the end."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(f"Câu {number} {item.stem}")
        for place, option in enumerate(item.options):
            document.add_paragraph(f"{LETTERS[place]}/ {option}")
    pairs = [f"{number}-{answer_of(item, '')}" for number, item in enumerate(items, start=1)]
    document.add_paragraph("Đáp án: " + ", ".join(pairs))
    return saved(document)


def answers_run_together(items, chance):
    """ "1A 2B 3C" in lines of ten under "ĐÁP ÁN"."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(f"Câu hỏi {number:02d}: {item.stem}")
        for place, option in enumerate(item.options):
            document.add_paragraph(f"{LETTERS[place]}. {option}")
    document.add_paragraph("--- HẾT ---")
    add(document.add_paragraph(), "ĐÁP ÁN", bold)
    pairs = [f"{number}{answer_of(item, '')}" for number, item in enumerate(items, start=1)]
    for first in range(0, len(pairs), 10):
        document.add_paragraph("  ".join(pairs[first : first + 10]))
    return saved(document)


def table_with_columns(items, chance):
    """One table: STT | Câu hỏi | A | B | C | D | Đáp án."""
    document = Document()
    table = document.add_table(rows=1, cols=7)
    for cell, text in zip(table.rows[0].cells, ["STT", "Câu hỏi", *"ABCD", "Đáp án"], strict=True):
        cell.text = text
        add(cell.paragraphs[0], "", bold)
    for number, item in enumerate(map(offered, items), start=1):
        options = [*item.options, "", "", ""][:4]
        row = [str(number), item.stem, *options, answer_of(item)]
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return saved(document)


def options_in_small_tables(items, chance):
    """Each question is a paragraph and a table of two by two cells, the right cell bold."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(f"Câu {number}. {item.stem}")
        table = document.add_table(rows=(len(item.options) + 1) // 2, cols=2)
        cells = [cell for row in table.rows for cell in row.cells]
        for place, option in enumerate(item.options):
            add(
                cells[place].paragraphs[0],
                f"{LETTERS[place]}. {option}",
                bold if place in item.key else plain,
            )
    return saved(document)


def options_down_the_columns(items, chance):
    """Tables of two by two cells read downwards: A and B left, C and D right; the right letter is red."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(f"{number}/ {item.stem}")
        height = (len(item.options) + 1) // 2
        table = document.add_table(rows=height, cols=2)
        for place, option in enumerate(item.options):
            paragraph = table.cell(place % height, place // height).paragraphs[0]
            add(paragraph, LETTERS[place], red if place in item.key else plain)
            add(paragraph, f") {option}")
    return saved(document)


def answer_below_with_reasons(items, chance):
    """Topics are headings; "Đáp án: B", "Căn cứ:" and "Giải thích:" stand below each question."""
    document = Document()
    topic = ""
    for number, item in enumerate(map(offered, sorted(items, key=lambda item: item.topic)), start=1):
        if item.topic != topic:
            topic = item.topic
            document.add_heading(f"Chuyên đề {number}. {topic}", level=1)
        add(document.add_paragraph(), f"Câu {number}. {item.stem}", bold)
        for place, option in enumerate(item.options):
            document.add_paragraph(f"{LETTERS[place]}. {option}")
        document.add_paragraph(f"Đáp án: {answer_of(item)}")
        document.add_paragraph(f"Căn cứ: {item.reference}")
        document.add_paragraph(f"Giải thích: {item.rationale}")
    return saved(document)


def table_row_per_question(items, chance):
    """A table with one row per question, the options below the question in its cell, the right one underlined."""
    document = Document()
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "TT", "Nội dung câu hỏi"
    for number, item in enumerate(map(offered, items), start=1):
        left, right = table.add_row().cells
        left.text, right.text = f"{number}.", item.stem
        for place, option in enumerate(item.options):
            look = underlined if place in item.key else plain
            add(right.add_paragraph(), f"{LETTERS[place]}. {option}", look)
    return saved(document)


def parts_with_numbers_anew(items, chance):
    """Two parts, each numbered from 1, each followed by its table with numbers over letters."""
    document = Document()
    half = len(items) // 2
    for title, part in (("PHẦN I. ĐẢNG VIÊN", items[:half]), ("PHẦN II. CHI BỘ", items[half:])):
        add(document.add_paragraph(), title, bold)
        for number, item in enumerate(map(offered, part), start=1):
            document.add_paragraph(f"{number}. {item.stem}")
            for place, option in enumerate(item.options):
                document.add_paragraph(f"{LETTERS[place]}. {option}")
        document.add_paragraph("Đáp án")
        table = document.add_table(rows=0, cols=11)
        for first in range(0, len(part), 10):
            numbers, letters = table.add_row().cells, table.add_row().cells
            numbers[0].text, letters[0].text = "Câu", "Đáp án"
            for column, item in enumerate(part[first : first + 10], start=1):
                numbers[column].text, letters[column].text = str(first + column), answer_of(item, "")
    return saved(document)


def capitals_and_blue_letters(items, chance):
    """ "CÂU 01/", options "a/", the letter of the right one blue; all of it typed on a Mac (decomposed letters)."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        document.add_paragraph(unicodedata.normalize("NFD", f"CÂU {number:02d}/ {item.stem}"))
        for place, option in enumerate(item.options):
            paragraph = document.add_paragraph()
            add(paragraph, f"{LETTERS[place].lower()}/", blue if place in item.key else plain)
            add(paragraph, unicodedata.normalize("NFD", f" {option}"), chance=chance)
    return saved(document)


def everything_bold_key_red(items, chance):
    """Every letter of the file is bold, the right option is red besides."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        add(document.add_paragraph(), f"Câu {number}. {item.stem}", bold)
        for place, option in enumerate(item.options):
            looks = (bold, red) if place in item.key else (bold,)
            add(document.add_paragraph(), f"{LETTERS[place]}. {option}", *looks, chance=chance)
    return saved(document)


def options_behind_the_question(items, chance):
    """Question and options in one running line; the right option in bold and underlined."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        paragraph = document.add_paragraph(f"Câu {number}: {item.stem}")
        for place, option in enumerate(item.options):
            looks = (bold, underlined) if place in item.key else ()
            add(paragraph, "  ")
            add(paragraph, f"{LETTERS[place]}. {option}", *looks)
    return saved(document)


def many_hands(items, chance):
    """A file put together from several hands: each question has its own way of marking."""
    document = Document()
    for number, item in enumerate(map(offered, items), start=1):
        look = chance.choice([bold, underlined, red, highlighted, None, None])
        document.add_paragraph(f"Câu {number}{chance.choice('.:/)')} {item.stem}")
        sign = chance.choice([".", ")", "/"])
        for place, option in enumerate(item.options):
            paragraph = document.add_paragraph()
            add(paragraph, f"{LETTERS[place]}{sign} {option}", look if look and place in item.key else plain)
        if look is None:
            document.add_paragraph(
                chance.choice(["Đáp án: ", "Đáp án đúng là: ", "Trả lời: ", "=> Đáp án "]) + answer_of(item)
            )
    return saved(document)


HABITS: dict[str, Callable[[Sequence[ItemDraft], random.Random], bytes]] = {
    build.__name__: build
    for build in (
        key_bold_whole_option, key_underlined_letter, key_red_small_letters, key_highlighted_two_on_a_line,
        asterisk_before_all_on_a_line, asterisk_after_soft_breaks, numbered_by_word_key_bold,
        numbered_by_word_table_at_end, answers_listed_at_end, answers_run_together, table_with_columns,
        options_in_small_tables, options_down_the_columns, answer_below_with_reasons, table_row_per_question,
        parts_with_numbers_anew, capitals_and_blue_letters, everything_bold_key_red, options_behind_the_question,
        many_hands,
    )
}  # fmt: skip
