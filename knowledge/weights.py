"""What each piece of evidence counts, as `python -m knowledge.fitting` finds it: not by hand."""

from knowledge.weighing import Evidence, Scale

SHOP = Scale(
    Evidence(
        odds=0.28,
        lead=0.96,
        lead_over_nobody=0.87,
        keywords=1.15,
        lead_keywords=0.41,
        known=1.12,
        strange_things=-0.12,
        no_piece=-0.54,
        foreign=-1.57,
        other_material=-0.78,
        other_concern=-0.28,
        said=0.33,
    ),
    bias=-4.31,
)
PLAIN = {
    "question_met": 1.0,
    "row_met": 0.55,
    "both_met": 0.52,
    "question_lacks": -1.22,
    "row_lacks": -0.71,
    "exchanged": -0.56,
    "characters": 1.12,
    "sounds": 1.44,
    "spelling": 1.37,
    "spelling_sorted": 0.15,
    "other_number": -0.19,
    "unknown": -0.16,
    "lead": 2.6,
    "said": 0.47,
    "bias": -3.69,
}
