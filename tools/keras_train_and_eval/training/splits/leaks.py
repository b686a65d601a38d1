"""Report what makes scores of sequences too optimistic: copies in two splits, and traits that reveal the class."""

import numpy as np

from galaxy_keras.data.sequence_samples import SequenceSamples
from galaxy_keras.log import say
from galaxy_keras.sequences.similarity import group_identical
from training.splits.schemes import Plan
from training.targets.targets import Target

# Area under the ROC curve from which a trait is mentioned, and from which it reveals the class.
NOTABLE_AREA, TELLING_AREA = 0.7, 0.9
# Number of classes whose traits are compared.
MAX_CLASSES = 20


def report_leaks(samples: SequenceSamples, target: Target, plan: Plan) -> list[str]:
    """Log and return sentences about copies in two splits and about traits of the classes."""
    sentences = [_count_copies(samples, plan), *_compare_classes(samples, target)]
    for sentence in sentences:
        say(sentence)
    return sentences


def _count_copies(samples: SequenceSamples, plan: Plan) -> str:
    groups = group_identical(samples.sequences)
    strand = " (either strand)" if samples.sequences.alphabet.has_strands else ""
    count, evaluated = 0, 0
    for run in plan.runs:
        if run.test is None:
            continue
        evaluated += len(run.evaluation)
        count += int(np.isin(groups[run.evaluation], groups[run.train]).sum())
    if not evaluated:
        return "Leaks: all sequences are training sequences, so that the scores do not apply to new sequences"
    if not count:
        return f"Leaks: no evaluation sequence is identical to a training sequence{strand}"
    return (
        f"Warning: {count:,} of {evaluated:,} evaluation sequences are identical to a training sequence{strand}; the "
        "scores are too optimistic"
    )


def _compare_classes(samples: SequenceSamples, target: Target) -> list[str]:
    """Compare the length and the GC content of the classes, each class against all others."""
    from sklearn.metrics import roc_auc_score

    if target.strata is None or target.outputs or len(target.classes) > MAX_CLASSES:
        return []
    traits = {"length": samples.sequences.lengths.astype(float)}
    if samples.sequences.alphabet.has_strands:
        traits["GC content"] = measure_gc(samples)
    sentences = []
    for trait, values in traits.items():
        means = {label: values[target.strata == index].mean() for index, label in enumerate(target.classes)}
        areas = [abs(roc_auc_score(target.strata == index, values) - 0.5) + 0.5 for index in range(len(target.classes))]
        largest = int(np.argmax(areas))
        listed = ", ".join(f"{label} {mean:.3g}" for label, mean in means.items())
        if areas[largest] >= TELLING_AREA:
            sentences.append(
                f"Warning: the {trait} alone tells {target.classes[largest]} from the other classes (ROC area "
                f"{areas[largest]:.2f}); mean per class: {listed}"
            )
        elif areas[largest] >= NOTABLE_AREA:
            sentences.append(f"The {trait} differs between classes (ROC area {areas[largest]:.2f}); mean: {listed}")
    return sentences


def measure_gc(samples: SequenceSamples) -> np.ndarray:
    """Return the share of G and C among the known letters of each sequence, shape (n_sequences,)."""
    sequences = samples.sequences
    symbols = sequences.alphabet.letters
    strong = [symbols.index("G") + 1, symbols.index("C") + 1]
    shares = np.empty(len(sequences))
    for row in range(len(sequences)):
        counts = np.bincount(sequences.read_whole(row), minlength=len(symbols) + 1)
        shares[row] = counts[strong].sum() / max(1, counts[1 : len(symbols) + 1].sum())
    return shares
