"""Starting from a template, from last year's contest, or from one round's set-up."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from quiz.core.delegations import Delegation
from quiz.core.errors import RuleBroken
from quiz.core.items import Level
from quiz.core.rules import check, to_dict
from quiz.core.templates import LANG_SON, THAI_NGUYEN
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Cluster, Entry, Round
from quiz.services import copies, notices
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)

DAY = 24 * HOUR
YEAR_LATER = NOW + 365 * DAY


@pytest.fixture
def district(app):
    return make_unit("Mai Sơn", type_label="huyện")


def actor():
    return Actor(make_account().id)


def test_a_template_makes_its_stages_with_a_paper_over_the_topics_of_the_bank(district):
    for number in range(40):
        make_item(topic="dang-vien" if number < 30 else "chi-bo", level=Level.REMEMBER)
    contest = copies.from_template(THAI_NGUYEN, district, "TN", "Hội thi", actor(), NOW)
    first, second, _third = contest.stages
    assert [(cell.topic, cell.count) for cell in rules_of(first).blueprint] == [
        ("dang-vien", 23),
        ("chi-bo", 7),
    ]
    assert (rules_of(first).minutes, check(rules_of(first))) == (60, [])
    assert not rules_of(second).has_online
    assert [stage.ordinal for stage in contest.stages] == [1, 2, 3]


def test_a_template_for_an_empty_bank_leaves_the_paper_to_be_set(district):
    contest = copies.from_template(THAI_NGUYEN, district, "TN", "Hội thi", actor(), NOW)
    assert rules_of(contest.stages[0]).blueprint == ()
    assert rules_of(copies.from_template(LANG_SON, district, "LS", "x", actor(), NOW).stages[0]).delegations


@pytest.fixture
def last_year(district):
    """A contest of one stage with a round of two clusters and somebody in it."""
    stage = make_stage(make_contest(district), make_rules(time_limit=45), name="Cấp cơ sở")
    communes = [make_unit(name, district) for name in ("Cò Nòi", "Chiềng Mai")]
    contest_round = make_round(stage, district, name="Vòng cụm", opened_at=NOW - HOUR)
    contest_round.scopes[0].unit, contest_round.scopes[0].cluster = communes[0], "Cụm 1"
    contest_round.scopes.append(type(contest_round.scopes[0])(unit=communes[1], cluster="Cụm 2"))
    db.session.add(Cluster(round_id=contest_round.id, name="Cụm 1", host=communes[0], head=communes[0]))
    make_entry(contest_round, make_person(make_cell(communes[0])))
    stage.frozen_at = NOW
    db.session.flush()
    return stage.contest


def copied_round(copied):
    return copied.contest.stages[0].rounds[0]


def test_last_years_contest_comes_back_without_people_opening_or_hours(last_year):
    copied = copies.copy_contest(last_year, "NAM-NAY", "Hội thi năm nay", None, actor(), YEAR_LATER)
    stage, made = copied.contest.stages[0], copied_round(copied)
    assert (stage.name, rules_of(stage).minutes, stage.frozen_at) == ("Cấp cơ sở", 45, None)
    assert (made.name, made.opens_at, made.closes_at, made.opened_at) == ("Vòng cụm", None, None, None)
    assert sorted((scope.unit.name, scope.cluster) for scope in made.scopes) == [
        ("Chiềng Mai", "Cụm 2"),
        ("Cò Nòi", "Cụm 1"),
    ]
    assert db.session.scalars(select(Cluster).where(Cluster.round_id == made.id)).one().host.name == "Cò Nòi"
    assert db.session.scalar(select(func.count()).select_from(Entry).where(Entry.round_id == made.id)) == 0


def test_hours_move_by_whole_days_to_the_day_chosen(last_year):
    copied = copies.copy_contest(last_year, "NAM-NAY", "Hội thi", date(2024, 3, 10), actor(), YEAR_LATER)
    made = copied_round(copied)
    assert day_of(made.opens_at) == date(2024, 3, 10)
    assert (made.opens_at - NOW) % DAY == 0
    assert made.closes_at - made.opens_at == 2 * HOUR


def test_a_merged_unit_is_replaced_by_its_successor_and_one_that_ended_is_named(last_year, district):
    co_noi, chieng_mai = sorted((s.unit for s in last_year.stages[0].rounds[0].scopes), key=lambda u: u.name)[
        ::-1
    ]
    co_noi.valid_to, co_noi.successor = day_of(NOW), make_unit("Cò Nòi mới", district)
    chieng_mai.valid_to = day_of(NOW)
    db.session.flush()
    copied = copies.copy_contest(last_year, "NAM-NAY", "Hội thi", None, actor(), YEAR_LATER)
    assert [scope.unit.name for scope in copied_round(copied).scopes] == ["Cò Nòi mới"]
    assert [unit.name for unit in copied.left_out] == ["Chiềng Mai"]


def test_a_units_own_quota_goes_to_its_successor_and_goes_with_one_that_ended(last_year, district):
    each, (co_noi, chieng_mai) = Delegation("xã", 1, 12), units_of(last_year)
    standing, merged = (make_unit(name, district) for name in ("Hát Lót", "Cò Nòi mới"))
    give_quotas(last_year, each, own(co_noi, 20), own(chieng_mai, 9), own(standing, 5))
    co_noi.valid_to, co_noi.successor = day_of(NOW), merged
    chieng_mai.valid_to = day_of(NOW)
    db.session.flush()
    copied = copies.copy_contest(last_year, "NAM-NAY", "Hội thi", None, actor(), YEAR_LATER)
    assert quotas_of(copied) == (each, own(merged, 20), own(standing, 5))
    assert [unit.name for unit in copied.left_out] == ["Chiềng Mai"]
    assert own(co_noi, 20) in rules_of(last_year.stages[0]).delegations


def test_of_the_quotas_of_units_that_became_one_the_larger_stands(last_year, district):
    co_noi, chieng_mai = units_of(last_year)
    give_quotas(last_year, own(co_noi, 20), own(chieng_mai, 9))
    co_noi.valid_to, co_noi.successor = day_of(NOW), chieng_mai
    db.session.flush()
    copied = copies.copy_contest(last_year, "NAM-NAY", "Hội thi", None, actor(), YEAR_LATER)
    assert quotas_of(copied) == (own(chieng_mai, 20),)


def units_of(contest):
    """Return the communes of its one round: Cò Nòi, Chiềng Mai."""
    return sorted((scope.unit for scope in contest.stages[0].rounds[0].scopes), key=lambda unit: unit.id)


def own(unit, most):
    return Delegation(most=most, unit_code=unit.code)


def give_quotas(contest, *lines):
    stage = contest.stages[0]
    stage.rules = to_dict(replace(rules_of(stage), delegations=lines))
    db.session.flush()


def quotas_of(copied):
    return rules_of(copied.contest.stages[0]).delegations


def test_a_contest_whose_board_has_ended_cannot_be_copied(last_year, district):
    district.valid_to = day_of(NOW)
    db.session.flush()
    with pytest.raises(RuleBroken):
        copies.copy_contest(last_year, "NAM-NAY", "Hội thi", None, actor(), YEAR_LATER)


def test_one_rounds_hours_and_words_go_to_those_that_wait(district):
    stage = make_stage(make_contest(district))
    model, waiting, opened = (make_round(stage, make_unit(name, district)) for name in "ABC")
    waiting.opens_at = waiting.closes_at = None
    opened.opened_at = NOW - HOUR
    db.session.flush()
    notices.write(model, "Nhà văn hóa", "ông Thử, 0912", actor(), NOW)
    done, kept = copies.copy_setup(model, [waiting, opened], True, True, actor(), NOW - HOUR)
    assert (done, kept) == ([waiting], [opened])
    assert (waiting.opens_at, waiting.closes_at) == (model.opens_at, model.closes_at)
    assert (notices.of(waiting).contact, notices.of(waiting).place) == ("ông Thử, 0912", "")
    assert copies.drafts_beside(model) == [waiting]


@pytest.mark.parametrize(
    "hours, notice, is_timed, sentence",
    [
        (False, False, True, "Chưa chọn phần nào để chép: hãy đánh dấu giờ thi hoặc người liên hệ."),
        (
            False, True, True,
            "Vòng này chưa ghi người liên hệ trên giấy báo dự thi: hãy ghi ở trang Giấy báo dự thi, hoặc bỏ đánh dấu"
            " phần ấy.",
        ),
        (True, False, False, "Vòng này chưa đặt giờ mở, giờ đóng: hãy đặt giờ, hoặc bỏ đánh dấu phần ấy."),
        (
            True, True, False,
            "Vòng này chưa đặt giờ mở, giờ đóng và chưa ghi người liên hệ trên giấy báo dự thi: hãy đặt rồi chép.",
        ),
    ],
)  # fmt: skip
def test_there_must_be_something_to_copy_and_what_is_missing_is_named(
    district, hours, notice, is_timed, sentence
):
    model = make_round(make_stage(make_contest(district)), district)
    if not is_timed:
        model.opens_at = model.closes_at = None
    with pytest.raises(RuleBroken) as refused:
        copies.copy_setup(model, [], hours, notice, actor(), NOW)
    assert refused.value.message == sentence


def test_copying_twice_needs_another_code(last_year):
    copies.copy_contest(last_year, "NAM-NAY", "Hội thi", None, actor(), YEAR_LATER)
    with pytest.raises(RuleBroken, match="đã được dùng"):
        copies.copy_contest(last_year, "NAM-NAY", "Hội thi", None, actor(), YEAR_LATER)
    assert db.session.scalar(select(func.count()).select_from(Round)) == 2
