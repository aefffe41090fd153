"""The rules of a stage as data: kept without loss, told apart by their fingerprint, refused when unusable."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.delegations import Delegation
from quiz.core.marking import Scheme
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.prizes import AtLine, CollectivePrize, Measure, Merit, Prize, PrizeTable, SpecialPrize
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.ranking import TieBreak
from quiz.core.rules import Rules, check, fingerprint, from_dict, to_dict

BLUEPRINT = (Cell("dieu-le", "remember", 12), Cell("dieu-le", "apply", 8), Cell("huong-dan", "", 10))
GOOD = Rules(blueprint=BLUEPRINT)
OTHER = Rules(
    blueprint=(Cell("dieu-le", "apply", 5),),
    time_limit=45,
    late_start=10,
    full_time_for_late=True,
    grace_seconds=7,
    late_minutes=45,
    attempts_allowed=7,
    scheme=Scheme(points_per_item=50, partial=True),
    shuffle_items=False,
    shuffle_options=False,
    tie_breaks=(TieBreak.TIME_USED,),
    rank_within=Scope.CLUSTER,
    quota=Quota(Method.THRESHOLD, Scope.CLUSTER, 3, 150, 2),
    prizes=PrizeTable(
        (Prize("Giải nhất", 1, 120, 1), Prize("Giải khuyến khích", None)),
        Scope.CLUSTER,
        AtLine.BOARD,
        (SpecialPrize("Phần Điều lệ hay nhất", Merit.BEST_TOPIC, 2, "dieu-le"),),
        (CollectivePrize("Cờ tập thể", Measure.BEST_MEAN, 1, 3, 5),),
        50,
    ),
    parts=(Part("Trắc nghiệm", PartKind.ONLINE, weight=40), Part("Chào hỏi", PartKind.JUDGED, 2_000, 60, 7)),
    delegations=(Delegation("xã", 2, 3), Delegation("", 1, 1, 1)),
)

TOPICS = st.text(st.sampled_from('aĐ\u0301"\\\n'), max_size=3)
CELLS = st.builds(Cell, TOPICS, st.sampled_from(["", "apply"]), st.integers(0, 9))
ALL_RULES = st.builds(
    Rules,
    blueprint=st.lists(CELLS, max_size=3).map(tuple),
    time_limit=st.integers(0, 600),
    late_start=st.none() | st.integers(0, 60),
    scheme=st.builds(Scheme, points_per_item=st.integers(1, 500), partial=st.booleans()),
    tie_breaks=st.lists(st.sampled_from(list(TieBreak)), unique=True).map(tuple),
    rank_within=st.sampled_from(list(Scope)),
    quota=st.builds(
        Quota,
        method=st.sampled_from(list(Method)),
        scope=st.sampled_from(list(Scope)),
        prizes=st.sampled_from([(), ("Giải nhất", "Giải nhì")]),
    ),
    prizes=st.sampled_from([PrizeTable(), OTHER.prizes]),
)


@given(ALL_RULES)
def test_rules_come_back_unchanged_from_the_json_they_are_kept_as(rules):
    kept = to_dict(rules)
    assert json.loads(json.dumps(kept)) == kept
    assert from_dict(kept) == rules
    assert fingerprint(from_dict(kept)) == fingerprint(rules)


def test_kept_rules_are_plain_values():
    kept = to_dict(OTHER)
    assert kept["blueprint"] == [{"topic": "dieu-le", "level": "apply", "count": 5}]
    assert kept["tie_breaks"] == ["time_used"]
    assert kept["scheme"] == {"points_per_item": 50, "partial": True}
    assert (type(kept["rank_within"]), type(kept["quota"]["method"])) == (str, str)


def test_rules_kept_before_anybody_went_on_by_prize_name_none():
    kept = to_dict(GOOD)
    del kept["quota"]["prizes"]
    assert from_dict(kept) == GOOD


def test_rules_kept_before_there_were_prizes_have_none():
    kept = {name: value for name, value in to_dict(GOOD).items() if name != "prizes"}
    assert from_dict(kept) == GOOD
    assert from_dict(kept).prizes.is_empty


def test_rules_kept_before_there_were_parts_are_one_online_paper():
    kept = {name: value for name, value in to_dict(GOOD).items() if name not in ("parts", "delegations")}
    assert from_dict(kept) == GOOD
    assert from_dict(kept).has_online
    assert from_dict(kept).judged_parts == ()


def test_a_stage_before_judges_alone_needs_no_blueprint_and_may_have_none():
    stage = Part("Chào hỏi", PartKind.JUDGED, 2_000)
    assert check(Rules(parts=(stage,), tie_breaks=())) == []
    unfit = replace(GOOD, parts=(stage,), tie_breaks=("part:Chào hỏi",))
    assert [problem.field for problem in check(unfit)] == ["blueprint"]


@pytest.mark.parametrize(
    ("criterion", "fields"),
    [
        ("part:Chào hỏi", []),
        ("part:Năng khiếu", ["tie_breaks"]),  # no such part
        (TieBreak.TIME_USED, ["tie_breaks"]),  # nobody sits a paper
    ],
)
def test_ties_of_a_stage_before_judges_are_parted_by_its_parts(criterion, fields):
    stage = Rules(parts=(Part("Chào hỏi", PartKind.JUDGED, 2_000),), tie_breaks=(criterion,))
    assert [problem.field for problem in check(stage)] == fields
    assert from_dict(to_dict(stage)) == stage


def test_a_stage_with_an_online_part_needs_a_blueprint():
    assert [problem.field for problem in check(Rules(parts=(Part("Máy", PartKind.ONLINE),)))] == ["blueprint"]


def test_reading_rules_back_gives_kinds_and_not_just_their_words():
    back = from_dict(to_dict(OTHER))
    assert type(back.rank_within) is type(back.quota.scope) is Scope
    assert (type(back.quota.method), type(back.tie_breaks[0])) == (Method, TieBreak)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("a tie-break nobody knows", {"tie_breaks": ["alphabet"]}),
        ("a scope nobody knows", {"rank_within": "galaxy"}),
        ("a setting nobody knows", {"colour": "red"}),
        ("a line of the blueprint without its count", {"blueprint": [{"topic": "a", "level": ""}]}),
        ("a quota without its method", {"quota": {"scope": "round"}}),
        ("a scheme nobody knows", {"scheme": {"stars": 5}}),
    ],
)
def test_what_is_no_set_of_rules_is_not_read_as_one(what, change):
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_dict(to_dict(GOOD) | change)


@pytest.mark.parametrize("missing", ["blueprint", "scheme", "tie_breaks", "rank_within", "quota"])
def test_rules_with_a_part_missing_are_not_read(missing):
    with pytest.raises(KeyError):
        from_dict({name: value for name, value in to_dict(GOOD).items() if name != missing})


@pytest.mark.parametrize("field", [field.name for field in fields(Rules)])
def test_any_setting_that_differs_changes_the_fingerprint(field):
    changed = replace(GOOD, **{field: getattr(OTHER, field)})
    assert fingerprint(changed) != fingerprint(GOOD)


def test_the_fingerprint_does_not_depend_on_the_order_of_the_keys():
    kept = to_dict(OTHER)
    mixed = {name: kept[name] for name in reversed(list(kept))}
    assert fingerprint(from_dict(mixed)) == fingerprint(OTHER)


def test_the_order_of_the_tie_breaks_is_part_of_the_rules():
    assert fingerprint(replace(GOOD, tie_breaks=GOOD.tie_breaks[::-1])) != fingerprint(GOOD)


@pytest.mark.parametrize(
    ("rules", "items", "minutes", "max_score"),
    [
        (GOOD, 30, 60, 3_000),
        (replace(GOOD, time_limit=45), 30, 45, 3_000),
        (replace(GOOD, scheme=Scheme(points_per_item=25)), 30, 60, 750),
        (OTHER, 5, 45, 250),
        (Rules(), 0, 0, 0),
    ],
)
def test_length_time_and_maximum_follow_from_the_blueprint(rules, items, minutes, max_score):
    assert (rules.item_count, rules.minutes, rules.max_score) == (items, minutes, max_score)


def test_by_default_there_are_two_minutes_for_each_question_and_one_attempt():
    assert (GOOD.minutes, GOOD.attempts_allowed, GOOD.late_start) == (60, 1, None)
    assert GOOD.tie_breaks == (TieBreak.APPLY_POINTS, TieBreak.TIME_USED)
    assert GOOD.quota == Quota(Method.TOP, Scope.ROUND, top=1, cut_score=0, reserves=0)


def quota(**settings) -> Rules:
    return replace(GOOD, quota=Quota(**settings))


ON_STAGE = Rules(parts=(Part("Chào hỏi", max_points=2000),), tie_breaks=())


PRIZES = PrizeTable(
    (Prize("Giải nhất"), Prize("Giải nhì")),
    special=(SpecialPrize("Cao tuổi nhất", Merit.OLDEST),),
    collective=(CollectivePrize("Cờ đơn vị", Measure.BY_HAND),),
)
SPECIAL = replace(PRIZES, prizes=())


def by_prize(*names: str, **settings) -> Rules:
    return replace(quota(method=Method.PRIZE, prizes=names, **settings), prizes=PRIZES)


def best_part(name: str) -> Rules:
    return replace(
        ON_STAGE, prizes=PrizeTable(special=(SpecialPrize("Hay nhất", Merit.BEST_PART, part=name),))
    )


def test_a_round_before_judges_alone_counts_its_points_out_of_a_hundred():
    threshold = replace(ON_STAGE, quota=Quota(method=Method.THRESHOLD, cut_score=8_000))
    assert check(replace(threshold, prizes=PrizeTable((Prize("Giải nhất", 1, 8_000),)))) == []
    assert check(best_part("Chào hỏi")) == []


@pytest.mark.parametrize(
    ("what", "rules"),
    [
        ("the defaults", GOOD),
        ("everything different", OTHER),
        ("one item", replace(GOOD, blueprint=(Cell("a", "", 1),))),
        ("a level and any level", replace(GOOD, blueprint=(Cell("a", "", 1), Cell("a", "apply", 1)))),
        ("one minute", replace(GOOD, time_limit=1)),
        ("ten hours", replace(GOOD, time_limit=600)),
        ("ten hours by the number of items", replace(GOOD, blueprint=(Cell("a", "", 300),))),
        ("one minute late", replace(GOOD, late_start=1)),
        ("no grace", replace(GOOD, grace_seconds=0)),
        ("two minutes of grace", replace(GOOD, grace_seconds=120)),
        ("fifty attempts", replace(GOOD, attempts_allowed=50)),
        ("a hundredth of a point", replace(GOOD, scheme=Scheme(1))),
        ("a hundred points", replace(GOOD, scheme=Scheme(10_000))),
        ("no tie-breaks", replace(GOOD, tie_breaks=())),
        ("every tie-break", replace(GOOD, tie_breaks=tuple(TieBreak))),
        ("from a number of points", quota(method=Method.THRESHOLD, cut_score=3_000, top=0)),
        ("everybody from nothing", quota(method=Method.THRESHOLD)),
        ("by hand", quota(method=Method.MANUAL, top=0)),
        ("reserves", quota(reserves=2)),
        ("chosen within a cluster, ranked in the round", quota(scope=Scope.CLUSTER)),
        ("both within a group", replace(quota(scope=Scope.GROUP), rank_within=Scope.GROUP)),
        ("a threshold needs no ranks", replace(quota(method=Method.THRESHOLD), rank_within=Scope.UNIT)),
        ("by prize", by_prize("Giải nhất", "Cao tuổi nhất", top=0)),
        (
            "nor does a choice by prize",
            replace(by_prize("Cao tuổi nhất"), rank_within=Scope.UNIT, prizes=SPECIAL),
        ),
        ("a prize that does not count", quota(prizes=("Giải lạ",))),
        ("nor does a choice by hand", replace(quota(method=Method.MANUAL), rank_within=Scope.UNIT)),
    ],
)
def test_rules_that_can_be_used_have_no_fault(what, rules):
    assert check(rules) == [], what


NO_LINES = "Cấu trúc đề chưa có dòng nào. Hãy thêm ít nhất một dòng."
NO_ITEMS = "Số câu của mỗi dòng phải từ 1 trở lên. Hãy sửa hoặc xóa dòng đó."
SAME_LINE = "Có hai dòng cùng chuyên đề và mức độ. Hãy gộp lại thành một."
MINUTES = "Thời gian làm bài phải từ 1 đến 600 phút."
LATE = "Số phút được vào muộn phải từ 1 trở lên; để trống nếu được vào đến giờ đóng."
GRACE = "Thời gian chờ đường truyền phải từ 0 đến 120 giây."
ATTEMPTS = "Số lượt thi phải từ 1 đến 50."
POINTS = "Điểm mỗi câu phải từ 0,01 đến 100."
TWICE = "Một tiêu chí xếp hạng được chọn hai lần. Hãy chọn mỗi tiêu chí một lần."
APART = "Hãy xếp hạng trong toàn vòng hoặc trong đúng phạm vi chọn người đi tiếp."
UNKNOWN = (
    "Có giải được đi tiếp không có trong cơ cấu giải trao cho cá nhân. Hãy sửa quy định chọn người đi tiếp,"
    " hoặc giữ tên giải ấy trong cơ cấu giải."
)
CUT = "Điểm để đi tiếp phải từ 0 đến điểm tối đa của đề."


def test_a_blank_time_of_too_many_items_says_what_two_minutes_each_come_to():
    (problem,) = check(replace(GOOD, blueprint=(Cell("a", "", 500),)))
    assert problem.field == "time_limit" and str(problem).endswith(
        "Để trống thời gian thì mỗi câu được 2 phút: 500 câu thành 1000 phút, nhiều hơn mức cao nhất là 600 phút."
        " Hãy ghi thời gian làm bài, hoặc bớt số câu."
    )
    assert check(replace(GOOD, blueprint=(Cell("a", "", 300),))) == []
    assert check(replace(GOOD, blueprint=(Cell("a", "", 500),), time_limit=600)) == []


@pytest.mark.parametrize(
    ("rules", "field", "sentence"),
    [
        (Rules(), "blueprint", NO_LINES),
        (replace(GOOD, blueprint=(*BLUEPRINT, Cell("a", "", 0))), "blueprint", NO_ITEMS),
        (replace(GOOD, blueprint=(*BLUEPRINT, Cell("a", "", -3))), "blueprint", NO_ITEMS),
        (replace(GOOD, blueprint=(*BLUEPRINT, Cell("huong-dan", "", 2))), "blueprint", SAME_LINE),
        (replace(GOOD, time_limit=-1), "time_limit", MINUTES),
        (replace(GOOD, time_limit=601), "time_limit", MINUTES),
        (replace(GOOD, late_start=0), "late_start", LATE),
        (replace(GOOD, late_start=-5), "late_start", LATE),
        (replace(GOOD, grace_seconds=-1), "grace_seconds", GRACE),
        (replace(GOOD, grace_seconds=121), "grace_seconds", GRACE),
        (replace(GOOD, attempts_allowed=0), "attempts_allowed", ATTEMPTS),
        (replace(GOOD, attempts_allowed=51), "attempts_allowed", ATTEMPTS),
        (replace(GOOD, scheme=Scheme(0)), "points_per_item", POINTS),
        (replace(GOOD, scheme=Scheme(10_001)), "points_per_item", POINTS),
        (replace(GOOD, tie_breaks=(TieBreak.CORRECT, TieBreak.CORRECT)), "tie_breaks", TWICE),
        (replace(GOOD, rank_within=Scope.CLUSTER), "rank_within", APART),
        (replace(quota(scope=Scope.UNIT), rank_within=Scope.CLUSTER), "rank_within", APART),
        (replace(quota(method=Method.THRESHOLD, reserves=1), rank_within=Scope.UNIT), "rank_within", APART),
        (quota(top=0), "quota", "Số người đi tiếp phải từ 1 trở lên."),
        (quota(method=Method.THRESHOLD, cut_score=3_001), "cut_score", CUT),
        (quota(method=Method.THRESHOLD, cut_score=-1), "cut_score", CUT),
        (by_prize(), "going_prizes", "Hãy đánh dấu ít nhất một giải được đi tiếp."),
        (by_prize("Giải nhất", "Giải ba"), "going_prizes", UNKNOWN),
        (by_prize("Cờ đơn vị"), "going_prizes", UNKNOWN),
        (quota(method=Method.PRIZE, prizes=("Giải nhất",)), "going_prizes", UNKNOWN),
        (
            replace(by_prize("Cao tuổi nhất", reserves=1), rank_within=Scope.UNIT, prizes=SPECIAL),
            "rank_within",
            APART,
        ),
        (quota(reserves=-1), "reserves", "Số dự bị không thể âm."),
        (best_part(""), "special", "Giải cho người có một phần thi hay nhất cần chọn phần thi."),
        (
            best_part("Hát"),
            "special",
            "Giải theo phần thi phải chọn phần thi có trong quy định của cấp thi này.",
        ),
    ],
)
def test_rules_that_cannot_be_used_are_refused_with_a_sentence(rules, field, sentence):
    assert [(problem.field, problem.message) for problem in check(rules)] == [(field, sentence)]


def test_every_fault_is_named_at_once():
    wrong = replace(Rules(), late_start=0, grace_seconds=-1, quota=Quota(top=0, reserves=-1))
    fields_at_fault = [problem.field for problem in check(wrong)]
    assert fields_at_fault == ["blueprint", "late_start", "grace_seconds", "quota", "reserves"]
