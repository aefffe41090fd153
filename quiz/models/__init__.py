"""What is remembered. Importing this package makes every table known to the metadata."""

from quiz.models.api_tokens import ApiToken
from quiz.models.appeals import Appeal, AppealWindow
from quiz.models.approvals import Approval
from quiz.models.attempts import Attempt, Response
from quiz.models.audit import AuditEvent, AuditSeal, ViewRecord
from quiz.models.awards import Award, AwardDecision, AwardList
from quiz.models.bank import Bank, Document, Item, ItemVersion, Topic
from quiz.models.contests import (
    Absence,
    Amendment,
    Cluster,
    Contest,
    Entry,
    Reserve,
    Round,
    RoundItem,
    RoundUnit,
    Stage,
)
from quiz.models.corrections import Correction, RoundCorrection, VoidedAttempt
from quiz.models.grants import TimeGiven, TimeGrant
from quiz.models.halls import HallCode, HallDevice, HallSeat, HallSession
from quiz.models.incidents import Incident, IncidentGrant, IncidentStep
from quiz.models.jobs import Job
from quiz.models.judging import (
    Essay,
    EssayFile,
    Lot,
    LotItem,
    OrderDraw,
    PanelSeat,
    Performance,
    ScoreSheet,
    SheetCorrection,
    SheetKeying,
)
from quiz.models.keeping import ItemCheck, ItemComment, ItemStatistic, ItemUse, ItemWord
from quiz.models.late import LateArrival
from quiz.models.notices import Notice, NoticeReceipt
from quiz.models.packages import Package, SittingImport
from quiz.models.paperwork import Letterhead, PaperNumber
from quiz.models.people import (
    AccessCard,
    Account,
    AuthSession,
    FormerName,
    FormerPlace,
    Grant,
    LoginFailure,
    Person,
    Unit,
)
from quiz.models.practice import PracticeAnswer, Rehearsal
from quiz.models.printed_papers import Keying, PrintedPaper
from quiz.models.projections import Projection
from quiz.models.results import Edition, Result, TieDecision
from quiz.models.signals import Signal, SignalDecision, SignalPaper, SignalReport
from quiz.models.statistics import RoundStatistic, TopicUse
from quiz.models.successors import Decline, Successor
from quiz.models.uploads import Upload

__all__ = [
    "Absence", "AccessCard", "Account", "Amendment", "ApiToken", "Appeal", "AppealWindow", "Approval",
    "Attempt", "AuditEvent", "AuditSeal", "AuthSession", "Award", "AwardDecision", "AwardList", "Bank",
    "Cluster", "Contest", "Correction", "Decline", "Document", "Edition", "Entry", "Essay", "EssayFile",
    "FormerName", "FormerPlace", "Grant",
    "HallCode", "HallDevice", "HallSeat", "HallSession", "Incident", "IncidentGrant", "IncidentStep", "Item",
    "ItemCheck", "ItemComment", "ItemStatistic", "ItemUse", "ItemVersion", "ItemWord", "Job", "Keying",
    "LateArrival", "Letterhead", "LoginFailure", "Lot", "LotItem", "Notice", "NoticeReceipt", "OrderDraw", "Package",
    "PanelSeat", "PaperNumber", "Performance", "Person", "PracticeAnswer", "PrintedPaper", "Projection",
    "Rehearsal", "Reserve", "Response", "Result", "Round", "RoundCorrection", "RoundItem", "RoundStatistic",
    "RoundUnit", "ScoreSheet", "SheetCorrection", "SheetKeying", "Signal", "SignalDecision", "SignalPaper",
    "SignalReport", "SittingImport", "Stage", "Successor", "TieDecision", "TimeGiven", "TimeGrant", "Topic",
    "TopicUse", "Unit", "Upload", "ViewRecord", "VoidedAttempt",
]  # fmt: skip
