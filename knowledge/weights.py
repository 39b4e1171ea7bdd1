"""What each piece of evidence counts, as `python -m knowledge.fitting` finds it: not by hand."""

from knowledge.weighing import Evidence, Scale

SHOP = Scale(
    Evidence(
        lead=0.66,
        lead_over_nobody=0.55,
        keywords=0.53,
        lead_keywords=0.64,
        known=0.73,
        strange_things=-0.21,
        no_piece=-0.34,
        foreign=-1.49,
        other_material=-0.71,
        length=0.25,
    ),
    bias=-3.87,
)
PLAIN = {
    "question_met": 0.91,
    "row_met": 0.4,
    "both_met": 0.59,
    "question_lacks": -1.27,
    "row_lacks": -0.56,
    "exchanged": -0.59,
    "characters": 0.29,
    "sounds": 1.41,
    "spelling": 1.18,
    "other_number": -0.46,
    "lead": 3.06,
    "said": 0.35,
    "bias": -3.02,
}
