"""The ten incidents of a contest, each played to the end that its record must show.

A contest never goes by the book. These are the incidents of the demonstration contest (Mai Sơn, 293 cells), each in a
file of its own that is named after its number. A test plays the incident with the product's own services, on both
databases unless it needs a browser, and ends as the incident is told to have ended:

     1  Power cut in the hall of Chiềng Nơi at minute 22: ten people go on after 14 minutes, the proctor gives 15 (R22).
     2  A phone dies; its owner goes on at the proctor's, with the same paper and the same clock (R21).
     3  A question has a wrong key: corrected after complaints, every paper marked again, ranks change (R54).
     4  An equal total for the first place of Cò Nòi: decided by the situation part (R45).
     5  The finalist of Phiêng Pằn withdraws two days before; the reserve takes over, with the reason (R8).
     6  An introduction runs 1 min 20 s over its time: half a point off by the step rule (R40).
     7  A judge enters 38 instead of 28; corrected before the head of the judges signs, both in the record (R41).
     8  Two papers from one device, three minutes apart: a note, and the committee finds a shared phone (R30).
     9  A cell of Mường Bằng was merged with its neighbour 40 days before: the cells stay 293 for this contest (R1).
    10  A contestant asks to see his paper and is answered in two days (R52).

How to add one: `test_incident_03_wrong_key.py` and so on, a docstring that tells the incident in a sentence, one test
that goes through it from beginning to end (`test_incident_3_…`), smaller ones for its edges. People, places and
instants that several need come from `tests/incidents/places.py`; what concerns one incident only stays in its file.
1 and 2 are also played by hand in Chromium (`tests/journeys/test_hall.py`).
"""
