"""What each piece of evidence counts, as `python -m knowledge.fitting` finds it: not by hand."""

from knowledge.weighing import Evidence, Scale

SHOP = Scale(
    Evidence(
        whole_entry=1.54,
        keywords=1.05,
        lead_whole=4.24,
        lead_keywords=2.28,
        known_and_close=1.7,
        nowhere_known=-0.09,
        strange_things=-2.05,
        no_piece=-0.73,
        foreign=-2.77,
        other_material=-1.42,
        other_concern=-0.33,
        said=0.36,
    ),
    bias=-3.04,
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
