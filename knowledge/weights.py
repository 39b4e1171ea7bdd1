"""What each piece of evidence counts, as `python -m knowledge.fitting` finds it: not by hand."""

from knowledge.weighing import Evidence, Scale

SHOP = Scale(
    Evidence(
        whole_entry=1.4,
        keywords=0.85,
        lead_whole=4.28,
        lead_keywords=2.48,
        known_and_close=1.81,
        nowhere_known=-0.15,
        strange_things=-2.15,
        no_piece=-0.87,
        foreign=-2.63,
        other_material=-1.31,
        other_concern=-0.31,
        said=0.36,
    ),
    bias=-2.84,
)
PLAIN = {
    "question_met": 0.94,
    "row_met": 0.55,
    "both_met": 0.47,
    "question_lacks": -1.28,
    "row_lacks": -0.74,
    "exchanged": -0.81,
    "characters": 0.94,
    "sounds": 1.28,
    "spelling": 1.02,
    "other_number": -0.21,
    "lead": 2.84,
    "said": 0.7,
    "bias": -3.25,
}
