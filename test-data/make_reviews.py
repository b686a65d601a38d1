"""Create a small dataset like that of the tutorial: reviews as pre-padded word indices, and binary labels.

Run it with any environment that has numpy: ``python test-data/make_reviews.py``. The files are
written to the folder of the script.

A review consists of neutral words and a few positive or negative words. Some of these follow a negation, which inverts
their meaning.
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SEED = 20
REVIEW_LENGTH = 40
# Word indices are below VOCABULARY_SIZE; 0 is the padding.
VOCABULARY_SIZE = 200
GOOD_WORDS = np.arange(1, 11)
BAD_WORDS = np.arange(11, 21)
NEGATION = 21
NEUTRAL_WORDS = np.arange(22, VOCABULARY_SIZE)
TRAINING_REVIEWS, TEST_REVIEWS = 2000, 400
OPINIONS = 6
NEGATION_PROBABILITY = 0.1


def make_review(generator: np.random.Generator, is_good: bool) -> np.ndarray:
    """Return a review of 15 to 40 words, six of which are positive or negative (after negation) like the label.

    Returns
    -------
    ndarray of shape (40,), int64
        Word indices, padded with 0 at the front.
    """
    opinions = []
    for _ in range(OPINIONS):
        is_negated = generator.random() < NEGATION_PROBABILITY
        word = generator.choice(GOOD_WORDS if is_good != is_negated else BAD_WORDS)
        opinions.append([NEGATION, word] if is_negated else [word])
    word_count = generator.integers(15, REVIEW_LENGTH + 1)
    parts = [*opinions, *([word] for word in generator.choice(NEUTRAL_WORDS, word_count - sum(map(len, opinions))))]
    words = np.concatenate([parts[position] for position in generator.permutation(len(parts))])
    return np.pad(words, (REVIEW_LENGTH - len(words), 0))


def main() -> None:
    """Write reviews and labels for training and test without headers."""
    generator = np.random.default_rng(SEED)
    for part, count in (("train", TRAINING_REVIEWS), ("test", TEST_REVIEWS)):
        labels = generator.permutation(np.arange(count) % 2)
        reviews = np.stack([make_review(generator, bool(label)) for label in labels])
        np.savetxt(HERE / f"reviews_X_{part}.tsv", reviews, fmt="%d", delimiter="\t")
        np.savetxt(HERE / f"reviews_y_{part}.tsv", labels, fmt="%d")


if __name__ == "__main__":
    main()
