"""Small QTI items and packages, in both versions, with room for what a case changes."""

import io
import zipfile

ITEMS = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
CHOICES = '<simpleChoice identifier="a">Một</simpleChoice><simpleChoice identifier="b">Hai</simpleChoice>'
ONE_RIGHT = "<correctResponse><value>b</value></correctResponse>"


def body(choices=CHOICES, before="", prompt="<prompt>Ai?</prompt>", more='maxChoices="1"'):
    asked = f'<choiceInteraction responseIdentifier="R" {more}>{prompt}{choices}</choiceInteraction>'
    return f"<itemBody>{before}{asked}</itemBody>"


def item(inside=None, response=ONE_RIGHT, cardinality="single", after="", name="choice"):
    """Return an item of QTI 2.1."""
    declared = (
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier">{response}'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{ITEMS["2.1"]}" identifier="{name}" title="T" '
        f'adaptive="false" timeDependent="false">\n{declared}</responseDeclaration>{inside or body()}{after}'
        "</assessmentItem>\n"
    )


def item_3():
    """Return an item of QTI 3.0 with feedback inside its options."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="{ITEMS["3.0"]}" identifier="VD-03" title="T" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>B</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body>
    <p>Chi bộ họp thường lệ</p>
    <qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1">
      <qti-prompt>mấy tháng <b>một</b> lần?</qti-prompt>
      <qti-simple-choice identifier="A">Ba tháng
        <qti-feedback-inline outcome-identifier="F" identifier="A" show-hide="show">Chưa đúng.</qti-feedback-inline>
      </qti-simple-choice>
      <qti-simple-choice identifier="B">Một tháng</qti-simple-choice>
      <qti-simple-choice identifier="C" fixed="true">Sáu tháng</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-modal-feedback outcome-identifier="F" identifier="X" show-hide="show">
    <qti-content-body><p>Điều 24.</p></qti-content-body>
  </qti-modal-feedback>
</qti-assessment-item>"""


def manifest(*hrefs, kind="imsqti_item_xmlv2p1", more=""):
    listed = "".join(
        f'<resource identifier="r{n}" type="{kind}" href="{href}"/>' for n, href in enumerate(hrefs)
    )
    return (
        '<?xml version="1.0"?>\n<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">'
        f"<organizations/><resources>\n{listed}{more}</resources></manifest>"
    )


def zipped(contents, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def package(*items, kind="imsqti_item_xmlv2p1", more=""):
    """Return a package of these items."""
    hrefs = [f"items/{number}.xml" for number in range(len(items))]
    return zipped(
        {"imsmanifest.xml": manifest(*hrefs, kind=kind, more=more)} | dict(zip(hrefs, items, strict=True))
    )
