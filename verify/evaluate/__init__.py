"""Measurements of this toolkit itself: what it makes of inputs whose truth is told apart from it."""

from __future__ import annotations

from verify.evaluate.calibrate import cllr, fit_llr, min_cllr, operating_table
from verify.evaluate.cohorts import Normaliser, build_cohort, normaliser_for, people_below, threshold_for
from verify.evaluate.differentials import GroupRate, Labelled, group_rates, labelled_files, report_lines
from verify.evaluate.faces import FaceReport, evaluate_pairs, noisy_pairs, plot_det, score_matrix, write_scores
from verify.evaluate.hostile import HostileFile, HostileReport, evaluate_hostile, write_line
from verify.evaluate.mrz import ReadLabel, evaluate_mrz, labelled, write_reading
from verify.evaluate.names import NamesReport, evaluate_names
from verify.evaluate.rates import Pairs, bootstrap_fnmr, det_curve, pairs_of, wilson
from verify.evaluate.templates import Acquired, acquire_files, files_below, files_in

__all__ = [
    "Acquired",
    "FaceReport",
    "GroupRate",
    "HostileFile",
    "HostileReport",
    "Labelled",
    "NamesReport",
    "Normaliser",
    "Pairs",
    "ReadLabel",
    "acquire_files",
    "bootstrap_fnmr",
    "build_cohort",
    "cllr",
    "det_curve",
    "evaluate_hostile",
    "evaluate_mrz",
    "evaluate_names",
    "evaluate_pairs",
    "files_below",
    "files_in",
    "fit_llr",
    "group_rates",
    "labelled",
    "labelled_files",
    "min_cllr",
    "noisy_pairs",
    "normaliser_for",
    "operating_table",
    "pairs_of",
    "people_below",
    "plot_det",
    "report_lines",
    "score_matrix",
    "threshold_for",
    "wilson",
    "write_line",
    "write_reading",
    "write_scores",
]
