"""What a source document must say before questions may rest on it: the one check for the form of documents."""

from collections.abc import Mapping

from quiz.core.errors import N_, Problem
from quiz.core.items import DocumentDraft

LIMITS = {"code": 60, "title": 500, "issuer": 300, "number": 100, "followed_by": 60, "notice": 2000}


def check(document: DocumentDraft, followers: Mapping[str, str]) -> list[Problem]:
    """Return everything wrong with a document; `followers` gives for each code the code that follows it."""
    found = [
        Problem(N_("Chưa có nội dung. Hãy điền mục này."), field=name)
        for name in ("code", "title")
        if not getattr(document, name).strip()
    ]
    found += [
        Problem(N_("Dài quá %(limit)d ký tự. Hãy rút gọn."), {"limit": limit}, field=name)
        for name, limit in LIMITS.items()
        if len(getattr(document, name)) > limit
    ]
    if document.valid_from and document.valid_to and document.valid_to < document.valid_from:
        message = N_("Ngày hết hiệu lực không được trước ngày có hiệu lực. Hãy sửa lại.")
        found.append(Problem(message, field="valid_to"))
    if document.followed_by and _leads_back(document, followers):
        message = N_("Văn bản không thể nối tiếp chính nó. Hãy chọn văn bản ra sau.")
        found.append(Problem(message, field="followed_by"))
    return found


def _leads_back(document: DocumentDraft, followers: Mapping[str, str]) -> bool:
    """Tell whether the documents that follow one another come back to this one."""
    code, passed = document.followed_by, set[str]()
    while code and code not in passed:
        if code == document.code:
            return True
        passed.add(code)
        code = followers.get(code, "")
    return False
