"""Vietnamese as it was typed before Unicode: the bytes of TCVN3 (ABC) and of VNI, for files that are refused."""

import unicodedata

_TCVN3_ROWS = {
    "àảãáạ": "b5 b6 b7 b8 b9", "ăằẳẵắặ": "a8 bb bc bd be c6", "âầẩẫấậ": "a9 c7 c8 c9 ca cb", "đ": "ae",
    "èẻẽéẹ": "cc ce cf d0 d1", "êềểễếệ": "aa d2 d3 d4 d5 d6", "ìỉĩíị": "d7 d8 dc dd de", "òỏõóọ": "df e1 e2 e3 e4",
    "ôồổỗốộ": "ab e5 e6 e7 e8 e9", "ơờởỡớợ": "ac ea eb ec ed ee", "ùủũúụ": "ef f1 f2 f3 f4",
    "ưừửữứự": "ad f5 f6 f7 f8 f9", "ỳỷỹýỵ": "fa fb fc fd fe", "ĂÂÊÔƠƯĐ": "a1 a2 a3 a4 a5 a6 a7",
}  # fmt: skip
_TCVN3 = {
    letter: byte
    for row, code in _TCVN3_ROWS.items()
    for letter, byte in zip(row, bytes.fromhex(code), strict=True)
}
_TONES = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_ON_CIRCUMFLEX = {"\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä", "": "â"}
_ON_BREVE = {"\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë", "": "ê"}
_VNI_WHOLE = {"ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ", "Đ": "Ñ"}


def tcvn3(text: str) -> bytes:
    """Return the bytes of a text in TCVN3."""
    known = (
        _TCVN3.get(char, _TCVN3.get(char.lower(), ord(char))) for char in unicodedata.normalize("NFC", text)
    )
    return bytes(byte if byte < 256 else 63 for byte in known)


def vni(text: str) -> bytes:
    """Return the bytes of a text in VNI."""
    made = "".join(map(_vni_letter, unicodedata.normalize("NFC", text)))
    return made.encode("latin-1", "replace")


def _vni_letter(char: str) -> str:
    if char in _VNI_WHOLE:
        return _VNI_WHOLE[char]
    base, *marks = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in marks if mark in _TONES), "")
    if "\u0302" in marks:
        return base + _ON_CIRCUMFLEX[tone]
    if "\u0306" in marks:
        return base + _ON_BREVE[tone]
    if "\u031b" in marks:
        base = {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}[base]
    return base + _TONES.get(tone, "")
