"""The judged parts of the drill as its rules declare them, and what the first at the district earn or do wrong."""

from drill.jury import JudgedPart

STEPS = {
    "over_time": "steps",
    "steps-0-seconds": "1", "steps-0-points": "0,25", "steps-1-seconds": "60", "steps-1-points": "0,5",
}  # fmt: skip
COMMUNE = JudgedPart(
    "Xử lý tình huống", 6000, 60, 7,
    (("Nội dung", 3000), ("Cách xử lý", 2000), ("Phong cách", 1000)), judging=STEPS | {"gap": "15"},
)  # fmt: skip
DROPPED = {"averaging": "drop_extremes", "drop_from": "5"}
INTRODUCTION = JudgedPart(
    "Giới thiệu", 2000, 20, 5, (("Nội dung", 1200), ("Phong cách", 800)), 25, 5, STEPS | DROPPED
)
SPEECH = JudgedPart(
    "Nhận thức và thuyết trình", 4000, 40, 7, (("Nhận thức", 2000), ("Thuyết trình", 2000)), 25, 5,
    DROPPED | {"over_time": "per_minute", "per_minute": "1", "decimals": "1"},
)  # fmt: skip
SITUATION = JudgedPart(
    "Xử lý tình huống",
    4000,
    40,
    5,
    (("Nội dung", 4000),),
    25,
    5,
    DROPPED | {"over_time": "cut_off", "gap": "8"},
)
DISTRICT = (INTRODUCTION, SPEECH, SITUATION)

# What the first in the district's order are worth, by part: the first two end equal and the situation part decides,
# the next two are equal in everything. The others are drawn by lot below them.
WORTH = {1: (1800, 3700, 3500), 2: (1800, 3500, 3700), 3: (1700, 3300, 3300), 4: (1700, 3300, 3300)}
# Seconds over the limit by number drawn and part: a minute and twenty seconds in the introduction, and others.
OVER = {
    (5, "Giới thiệu"): 80, (6, "Giới thiệu"): 1, (7, SPEECH.name): 130, (8, SPEECH.name): 59,
    (9, SITUATION.name): 200,
}  # fmt: skip
COMES_LATE, SLIP, TAKEN_BACK, INTERRUPTED = 10, 11, 12, 13  # numbers drawn
PAUSE = 1.5  # seconds the clock is held while the microphone is mended
WRITTEN, MEANT = 3800, 2800
