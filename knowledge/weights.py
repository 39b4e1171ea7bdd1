"""What each piece of evidence counts, as `python -m knowledge.fitting` finds it: not by hand."""

from knowledge.weighing import Evidence, Scale

SHOP = Scale(
    Evidence(
        odds=0.15,
        lead=1.07,
        lead_over_nobody=0.99,
        keywords=0.99,
        lead_keywords=0.39,
        known=1.15,
        strange_things=-0.22,
        no_piece=-0.59,
        foreign=-1.38,
        other_material=-0.77,
        said=0.43,
    ),
    bias=-4.6,
)
PLAIN = {
    "question_met": 0.96,
    "row_met": 0.52,
    "both_met": 0.48,
    "question_lacks": -1.27,
    "row_lacks": -0.74,
    "exchanged": -0.84,
    "characters": 0.94,
    "sounds": 1.29,
    "spelling": 1.03,
    "other_number": -0.21,
    "lead": 2.86,
    "said": 0.71,
    "bias": -3.25,
}
