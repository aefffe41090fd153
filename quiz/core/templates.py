"""Ready-made contests to start from, each after contests that were really held (R12).

`source` names where the practice was published; what no source says (points, shares, quotas, prizes) is our proposal
and is marked so. A template gives stages with rules; the blueprint is spread over what the bank has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quiz.core import template_parts
from quiz.core.delegations import Delegation
from quiz.core.errors import N_
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.prizes import Merit, Prize, PrizeTable, SpecialPrize
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.ranking import PART, TieBreak
from quiz.core.rules import Rules
from quiz.core.template_parts import mai_son


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that shows the practice."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One stage of a template: its usual name, its rules without a blueprint, and how many items its paper has."""

    name: str
    rules: Rules
    items: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A contest to start from: what it is called, when it suits, what of it is ours, and its stages from below."""

    key: str
    title: str
    suits: str
    proposed: str
    stages: tuple[StagePlan, ...]
    sources: tuple[Source, ...]


def _online(weight: int) -> Part:
    return Part("Thi trắc nghiệm trên máy", PartKind.ONLINE, 0, weight)


_CHOSEN = Quota(method=Method.MANUAL, scope=Scope.ROUND, reserves=1)
_EXAM_TIES = (TieBreak.APPLY_POINTS, TieBreak.TIME_USED)

_MAI_SON_TIES = (f"{PART}Xử lý tình huống",)
_MAI_SON_PRIZES = PrizeTable(
    (Prize("Giải nhất", 1), Prize("Giải nhì", 2), Prize("Giải ba", 3), Prize("Giải khuyến khích", 6)),
    special=(
        SpecialPrize("Thí sinh cao tuổi nhất", Merit.OLDEST),
        SpecialPrize("Thí sinh trẻ tuổi nhất", Merit.YOUNGEST),
        SpecialPrize("Phần giới thiệu hay nhất", Merit.BEST_PART, part="Giới thiệu"),
    ),
)
MAI_SON = Template(
    "mai-son",
    N_("Mai Sơn: ba phần thi trên sân khấu, hai cấp"),
    N_("Cấp cơ sở rồi cấp trên; mỗi chi bộ cử một người, cấp ủy lựa chọn, cử người đi tiếp."),
    N_(
        "Điểm và tỷ trọng 20, 40, 40 của ba phần, thời gian 5, 7, 7 phút, tiêu chí chấm, số giám khảo (cấp cơ sở 3"
        " người lấy trung bình; cấp huyện 5 người, bỏ phiếu cao nhất và thấp nhất), điểm trừ quá giờ, tiêu chí khi"
        " bằng điểm, cơ cấu giải là đề xuất; nguồn không công bố."
    ),
    (
        StagePlan("Cấp cơ sở", Rules(parts=mai_son(3, drops=False), tie_breaks=_MAI_SON_TIES, quota=_CHOSEN)),
        StagePlan(
            "Cấp huyện",
            Rules(parts=mai_son(5, drops=True), tie_breaks=_MAI_SON_TIES, prizes=_MAI_SON_PRIZES),
        ),
    ),
    (
        Source(
            "Báo Sơn La: Huyện ủy Mai Sơn tổ chức Hội thi Bí thư chi bộ giỏi năm 2023",
            "https://baosonla.org.vn/xay-dung-dang/huyen-uy-mai-son-to-chuc-hoi-thi-bi-thu-chi-bo-gioi-nam-2023-HaafG4b4g.html",
        ),
    ),
)

_IN_GROUPS = Rules(
    parts=template_parts.LANG_SON,
    tie_breaks=(f"{PART}Kiến thức, nghiệp vụ và xử lý tình huống",),
    rank_within=Scope.GROUP,
    quota=Quota(Method.TOP, Scope.GROUP, 1, 0, 1),
    prizes=PrizeTable(
        (Prize("Giải nhất", 1), Prize("Giải nhì", 1), Prize("Giải ba", 2), Prize("Giải khuyến khích", None)),
        Scope.GROUP,
        special=(SpecialPrize("Phần chào hỏi hay nhất", Merit.BEST_PART, part="Chào hỏi"),),
    ),
)
LANG_SON = Template(
    "lang-son",
    N_("Lạng Sơn: thi theo cụm, ba phần 7, 7 và 5 phút"),
    N_(
        "Cấp cơ sở tổ chức theo cụm; mỗi xã cử 2 đến 3 người, xếp hạng riêng khối khu dân cư và khối cơ quan; người"
        " đứng đầu mỗi khối của cụm đi tiếp."
    ),
    N_(
        "Điểm và tỷ trọng của các phần, tiêu chí chấm, 3 giám khảo, điểm trừ quá giờ, tiêu chí khi bằng điểm, số dự"
        " bị là đề xuất; thời gian và số người cử là theo nguồn."
    ),
    (
        StagePlan("Cấp cơ sở (theo cụm)", replace(_IN_GROUPS, delegations=(Delegation("", 2, 3, 1),))),
        StagePlan("Cấp huyện", _IN_GROUPS),
        StagePlan("Cấp tỉnh", _IN_GROUPS),
    ),
    (
        Source(
            "Báo Lạng Sơn: Sôi nổi hội thi bí thư chi bộ giỏi cấp cơ sở năm 2023",
            "https://baolangson.vn/chinh-tri/593269-soi-noi-hoi-thi-bi-thu-chi-bo-gioi-cap-co-so-nam-2023.html",
        ),
        Source(
            "Hữu Lũng: cụm thi đầu tiên tổ chức Hội thi bí thư chi bộ giỏi cấp cơ sở",
            "http://tinbong247.org/huu-lung-cum-thi-dau-tien-to-chuc-hoi-thi-bi-thu-chi-bo-gioi-cap-co-so-1579960.html",
        ),
    ),
)

_CITY_TIES = (f"{PART}Thuyết trình",)
THAI_NGUYEN = Template(
    "thai-nguyen",
    N_("Thái Nguyên: thi trắc nghiệm trên mạng 30 câu, 60 phút, rồi thi sân khấu"),
    N_(
        "Mọi bí thư làm bài trắc nghiệm trong một ngày, máy chấm; mỗi đảng bộ lấy người điểm cao nhất vào thi sân khấu"
        " cấp cơ sở, rồi lên cấp thành phố."
    ),
    N_(
        "30 câu và 60 phút là theo nguồn; tiêu chí khi bằng điểm, số dự bị, điểm, tiêu chí chấm và 3 giám khảo của các"
        " phần sân khấu là đề xuất."
    ),
    (
        StagePlan(
            "Thi trắc nghiệm",
            Rules(
                time_limit=60, tie_breaks=_EXAM_TIES, rank_within=Scope.UNIT,
                quota=Quota(Method.TOP, Scope.UNIT, 1, 0, 1),
            ),
            30,
        ),
        StagePlan("Cấp cơ sở", Rules(parts=template_parts.CITY, tie_breaks=_CITY_TIES, quota=Quota(reserves=1))),
        StagePlan("Cấp thành phố", Rules(parts=template_parts.CITY, tie_breaks=_CITY_TIES)),
    ),
    (
        Source(
            "Báo Thái Nguyên: TP. Sông Công, trên 300 người thi bí thư chi bộ giỏi",
            "https://baothainguyen.vn/thoi-su-thai-nguyen/202403/tp-song-congtren-300-nguoi-thi-bi-thu-chi-bo-gioi-f300d0f",
        ),
        Source(
            "Thái Nguyên TV: gần 500 người dự thi trắc nghiệm trực tuyến ở TP. Phổ Yên (30 câu, 60 phút)",
            "https://thainguyentv.vn/pho-yen-city-nearly-500-candidates-participate-in-online-multiple-choice-test-of-good-party-cell-secretary-contest-104626.html",
        ),
    ),
)  # fmt: skip

MILITARY = Template(
    "quan-su",
    N_("Chi bộ quân sự: nhận thức, soạn thảo nghị quyết, điều hành hội nghị"),
    N_("Một cấp, mỗi xã một người; phần nhận thức có trắc nghiệm, soạn thảo viết tay, thực hành điều hành hội nghị."),
    N_(
        "Số câu, thời gian, điểm, tỷ trọng, tiêu chí chấm và số giám khảo là đề xuất; bài viết hai người chấm, chênh từ"
        " một phần năm số điểm thì chấm lần ba là theo một quy chế thi chính thức; tên, thứ tự các phần là theo nguồn."
    ),
    (
        StagePlan(
            "Vòng thi chi bộ quân sự",
            Rules(
                parts=(
                    replace(_online(20), name="Nhận thức: trắc nghiệm"),
                    *template_parts.MILITARY,
                ),
                time_limit=30, tie_breaks=_EXAM_TIES, delegations=(Delegation("", 1, 1),),
                prizes=PrizeTable(
                    (Prize("Giải nhất", 1),), special=(SpecialPrize("Giấy chứng nhận", Merit.EVERYONE),)
                ),
            ),
            20,
        ),
    ),
    (
        Source(
            "Tu Mơ Rông: khai mạc Hội thi bí thư chi bộ quân sự giỏi năm 2023",
            "http://huyentumorong.kontum.gov.vn/tin-tuc-su-kien/hoat-dong-cua-tinh-uy/khai-mac-hoi-thi-bi-thu-chi-bo-quan-su-gioi-nam-2023.html",
        ),
        Source(
            "Hội An: Hội thi bí thư chi bộ quân sự xã, phường giỏi năm 2023",
            "https://hoianrt.vn/tin-tuc/an-ninh-quoc-phong/thanh-uy-hoi-an-to-chuc-hoi-thi-bi-thu-chi-bo-quan-su-xa-phuong-gioi-nam-2023.html",
        ),
    ),
)  # fmt: skip

PRACTICE_WEEK = Template(
    "tuan-tim-hieu",
    N_("Tuần thi tìm hiểu: 10 câu, 10 phút, nhiều nhất 7 lượt"),
    N_(
        "Mở một tuần cho mọi người trong danh sách, lấy lượt cao nhất, bằng điểm thì ai nộp sớm hơn xếp trên."
    ),
    N_("7 lượt một tuần và 10 phút một lượt là theo nguồn; số câu là đề xuất."),
    (
        StagePlan(
            "Tuần thi tìm hiểu",
            Rules(
                time_limit=10, attempts_allowed=7, tie_breaks=(TieBreak.CORRECT, TieBreak.EARLIER_SUBMISSION)
            ),
            10,
        ),
    ),
    (
        Source(
            "Sài Gòn Giải Phóng: cuộc thi trực tuyến tìm hiểu các kỳ đại hội Đảng toàn quốc",
            "https://www.sggp.org.vn/cuoc-thi-truc-tuyen-tim-hieu-cac-ky-dai-hoi-dang-toan-quoc-post822853.html",
        ),
    ),
)

TEMPLATES: Mapping[str, Template] = {
    one.key: one for one in (MAI_SON, LANG_SON, THAI_NGUYEN, MILITARY, PRACTICE_WEEK)
}


def spread(count: int, available: Mapping[str, int]) -> tuple[Cell, ...]:
    """Return a blueprint of `count` items of any level over topics with so many items, in proportion to them.

    What is left after whole items goes to the largest remainders; of equals to the topic named first. Nothing is
    asked of a topic that it does not have; with too few items in all, there is no blueprint.
    """
    total = sum(available.values())
    if count < 1 or total < count:
        return ()
    shares = {topic: divmod(count * there, total) for topic, there in available.items()}
    places = {topic: whole for topic, (whole, _rest) in shares.items()}
    by_rest: Sequence[str] = sorted(shares, key=lambda topic: -shares[topic][1])
    for topic in by_rest[: count - sum(places.values())]:
        places[topic] += 1
    return tuple(Cell(topic, "", places[topic]) for topic in available if places[topic])
