"""Bring the Vietnamese catalogue up to the template: each sentence is its own translation, the ids are Vietnamese."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
TEMPLATE = TRANSLATIONS / "messages.pot"
CATALOGUE = TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.po"


def read(path: Path, locale: str | None = None) -> Catalog:
    """The catalogue of a file; the template has no locale."""
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def main() -> None:
    """Rewrite the catalogue; Vietnamese has one plural form."""
    catalogue = read(CATALOGUE, "vi")
    catalogue.update(read(TEMPLATE), no_fuzzy_matching=True, update_creation_date=False)
    for message in catalogue:
        if message.id:
            message.string = (message.id[1],) if message.pluralizable else message.id
            message.flags.discard("fuzzy")
    with CATALOGUE.open("wb") as target:
        write_po(target, catalogue, width=0, ignore_obsolete=True)


if __name__ == "__main__":
    main()
