"""The tutorial as one hand-written Keras script: what the five tools are measured against."""

import sys
import time
from pathlib import Path

import keras
import matplotlib
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, ConfusionMatrixDisplay
from sklearn.model_selection import train_test_split

matplotlib.use("Agg")


def main(data: Path, output: Path) -> None:
    """Read, split, fit, validate, predict and plot as the tutorial does; print each part's seconds."""
    started = time.perf_counter()

    def report(part: str) -> None:
        print(f"{part}: {time.perf_counter() - started:.1f} s", flush=True)

    def read(name: str) -> np.ndarray:
        return pd.read_csv(data / f"{name}.tsv", sep="\t", header=None).to_numpy()

    keras.utils.set_random_seed(42)
    model = keras.Sequential(
        [
            keras.Input((500,)),
            keras.layers.Embedding(10000, 32),
            keras.layers.LSTM(100),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    x, y = read("X_train"), read("y_train").ravel()
    report("read")
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=42)
    model.fit(x_train, y_train, epochs=2, batch_size=128, validation_data=(x_val, y_val), verbose=2)
    report("fit")
    print("validation", model.evaluate(x_val, y_val, verbose=0))
    model.save_weights(output / "handwritten.weights.h5")
    report("evaluate")
    x_test, y_test = read("X_test"), read("y_test").ravel()
    predicted = (model.predict(x_test, verbose=0).ravel() > 0.5).astype(int)
    pd.DataFrame({"Predicted": predicted}).to_csv(output / "handwritten_predictions.tsv", sep="\t", index=False)
    print("test accuracy", accuracy_score(y_test, predicted))
    report("predict")
    ConfusionMatrixDisplay.from_predictions(y_test, predicted).figure_.savefig(output / "handwritten.png")
    report("plot")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
