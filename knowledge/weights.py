"""What each piece of evidence counts, as `python -m knowledge.fitting` finds it: not by hand."""

from knowledge.weighing import Evidence, Scale

SHOP = Scale(
    Evidence(
        odds=0.19,
        lead=0.97,
        lead_over_nobody=0.9,
        keywords=1.04,
        lead_keywords=0.57,
        known=1.1,
        strange_things=-0.21,
        no_piece=-0.7,
        foreign=-1.81,
        other_material=-0.64,
        said=0.35,
    ),
    bias=-4.26,
)
PLAIN = {
    "question_met": 0.95,
    "row_met": 0.54,
    "both_met": 0.47,
    "question_lacks": -1.26,
    "row_lacks": -0.75,
    "exchanged": -0.8,
    "characters": 0.94,
    "sounds": 1.29,
    "spelling": 1.02,
    "other_number": -0.21,
    "lead": 2.84,
    "said": 0.69,
    "bias": -3.25,
}
