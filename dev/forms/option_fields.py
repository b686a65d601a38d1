"""Fields for the options of optimizers, schedules, losses, metrics and callbacks, from the table of their bounds."""

import inspect
from typing import Any

from dev.forms.fields import Field
from galaxy_keras.catalog.classes import Catalog, find_option
from galaxy_keras.catalog.options import Option, OPTIONS

KINDS = {float: "float", int: "integer", bool: "boolean", str: "text", list: "text"}
NUMBERS = r"^\s*[-+.\deE]+\s*(,\s*[-+.\deE]+\s*)*,?\s*$"
# What stands at first in a field that Keras wants filled.
FIRST_VALUES: dict[str, Any] = {
    "decay_steps": 1000,
    "first_decay_steps": 1000,
    "decay_rate": 0.9,
    "boundaries": "1000, 2000",
    "values": "0.001, 0.0001",
    "recall": 0.9,
    "precision": 0.9,
    "specificity": 0.9,
    "sensitivity": 0.9,
    "num_classes": 2,
    "target_class_ids": "0",
}
# Measures that can be watched, as suggestions; any metric of the form may be typed.
MONITORS = ("val_loss", "loss", "val_accuracy", "accuracy", "val_mean_absolute_error", "val_auc", "val_f1_score")
LABELS: dict[Any, str] = {0: "0: over the rows of a batch", -1: "-1: over the outputs of a row"}
HELP: dict[str, str] = {
    "learning_rate": "Size of a step; a schedule starts with it. Blank: Keras' default.",
    "lr": "Old name of learning_rate, which it replaces when filled.",
    "decay": "As in Keras 2: the learning rate is divided by 1 + decay * step.",
    "schedule_decay": "Kept for published workflows: it does nothing in Keras 3.",
    "momentum": "Share (0 to 1) of the last step that is added to the next.",
    "nesterov": "Nesterov momentum instead of plain momentum.",
    "rho": "Share (0 to 1) that the average of squared gradients keeps at each step.",
    "beta_1": "Share (0 to 1) that the average of gradients keeps at each step.",
    "beta_2": "Share (0 to 1) that the average of squared gradients keeps at each step.",
    "adam_beta_1": "beta_1 of the Adam that takes the weights that Muon does not.",
    "adam_beta_2": "beta_2 of the Adam that takes the weights that Muon does not.",
    "beta_2_decay": "Power of the step that sets how long squared gradients are remembered.",
    "epsilon": "Small number against division by zero.",
    "epsilon_1": "Small number that is added to squared gradients.",
    "epsilon_2": "Smallest step, as a share of the weights.",
    "centered": "Gradients divided by their estimated variance instead of their mean square.",
    "amsgrad": "The AMSGrad variant of Adam.",
    "relative_step": "Steps that become smaller with their number; learning_rate is then their largest size.",
    "clip_threshold": "Root mean square above which a step is made smaller.",
    "initial_accumulator_value": "Start of the sum of squared gradients.",
    "learning_rate_power": "How fast the learning rate falls; 0 keeps it.",
    "l1_regularization_strength": "Weight of the absolute weights in the loss.",
    "l2_regularization_strength": "Weight of the squared weights in the loss.",
    "l2_shrinkage_regularization_strength": "Like l2, but on the gradient only.",
    "warmup_steps": "Steps (batches) in which the learning rate rises at first.",
    "adam_weight_decay": "Weight decay of the Adam that takes the weights that Muon does not.",
    "adam_lr_ratio": "Factor of the learning rate for the weights that Muon does not take.",
    "exclude_embeddings": "Embeddings are left to Adam.",
    "muon_a": "First coefficient of the orthogonalisation.",
    "muon_b": "Second coefficient of the orthogonalisation.",
    "muon_c": "Third coefficient of the orthogonalisation.",
    "ns_steps": "Rounds of the orthogonalisation.",
    "rms_rate": "Factor that makes the steps as large as Adam's.",
    "weight_decay": "Share of each weight that a step takes away. Blank: the optimizer's default.",
    "clipnorm": "Largest norm of the gradient of each weight matrix; only one of the three limits can be set.",
    "clipvalue": "Largest absolute value in a gradient.",
    "global_clipnorm": "Largest norm of all gradients together.",
    "use_ema": "The fitted network gets a moving average of its weights.",
    "ema_momentum": "Share (0 to 1) that the moving average keeps at each step.",
    "ema_overwrite_frequency": "Steps after which the average replaces the weights; blank: at the end only.",
    "loss_scale_factor": "Factor of the loss before gradients are taken, for half precision.",
    "gradient_accumulation_steps": "Batches whose gradients are averaged for one step (2 or more).",
    "decay_steps": "Steps (batches) that the schedule counts in; rows / batch size is an epoch.",
    "first_decay_steps": "Steps (batches) before the first restart.",
    "decay_rate": "How much the learning rate falls in decay_steps.",
    "staircase": "Falls once every decay_steps instead of with each step.",
    "end_learning_rate": "Learning rate at the end.",
    "power": "Power of the polynomial; 1 is a straight line.",
    "cycle": "Starts again after decay_steps.",
    "warmup_target": "Learning rate that the warm-up rises to; blank: no warm-up.",
    "t_mul": "Factor of the number of steps at each restart.",
    "m_mul": "Factor of the learning rate at each restart.",
    "boundaries": "Numbers of steps (batches) between commas, after each of which the next value holds.",
    "values": "Learning rates between commas, one for each boundary.",
    "reduction": "How the rows' losses become one number.",
    "from_logits": "The last layer has no activation, and its outputs are logits.",
    "label_smoothing": "Share (0 to 1) that is taken from the true class and given to all.",
    "apply_class_balancing": "alpha weighs the classes.",
    "alpha": "Weight (0 to 1) of the positive class (focal), or of false positives (tversky).",
    "beta": "Weight of false negatives.",
    "gamma": "How little well classified rows count.",
    "q": "Robustness against wrong labels: near 0 a cross-entropy, near 1 an absolute error.",
    "delta": "Error above which it counts linearly.",
    "ignore_class": "Position of a class that does not count, from 0.",
    "threshold": "Output (0 to 1) above which a class is positive.",
    "thresholds": "Output (0 to 1) above which a class is positive; blank: 0.5.",
    "top_k": "Only the k largest outputs of a row count as positive.",
    "class_id": "Only this output counts, from 0 in the order of the sorted labels.",
    "k": "The true class is among the k largest outputs.",
    "num_thresholds": "Number of thresholds that the curve is drawn through.",
    "curve": "Receiver operating characteristic, or precision and recall.",
    "summation_method": "How the area between thresholds is taken.",
    "multi_label": "A curve for each output, and their mean.",
    "recall": "Recall (0 to 1) at which the precision is taken.",
    "precision": "Precision (0 to 1) at which the recall is taken.",
    "specificity": "Specificity (0 to 1) at which the sensitivity is taken.",
    "sensitivity": "Sensitivity (0 to 1) at which the specificity is taken.",
    "average": "How the classes' scores become one.",
    "class_aggregation": "How the targets' scores become one.",
    "num_regressors": "Number of features, for the adjusted score; 0: not adjusted.",
    "num_classes": "Number of outputs of the network.",
    "target_class_ids": "Outputs that count, between commas, from 0 in the order of the sorted labels.",
    "axis": "Along what target and outputs are compared.",
    "monitor": "What is watched: loss or a metric of this form, with val_ before it for the held-out rows.",
    "mode": "Whether smaller (min) or larger (max) is better; auto knows it for losses and most metrics.",
    "min_delta": "Smallest change that counts as better.",
    "patience": "Epochs without getting better that are waited for.",
    "baseline": "Value that the measure must pass to count as better.",
    "restore_best_weights": "The weights of the best epoch instead of the last.",
    "start_from_epoch": "Epochs at the start that are not watched.",
    "factor": "Factor (below 1) for the learning rate.",
    "cooldown": "Epochs to wait after a reduction.",
    "min_lr": "Learning rate below which it is not reduced.",
    "initial_value_threshold": "Value that an epoch must pass for its weights to be kept.",
    "swap_on_epoch": "The averages stand in the network between epochs too, where other callbacks see them.",
}
SPECIAL_HELP: dict[tuple[str, str], str] = {
    ("Ftrl", "beta"): "Number added to the learning rate's divisor.",
    ("FBetaScore", "beta"): "Weight of recall beside precision; 1 makes it the F1 score.",
    ("CosineDecay", "alpha"): "Learning rate at the end, as a share (0 to 1) of the highest.",
    ("CosineDecayRestarts", "alpha"): "Smallest learning rate, as a share (0 to 1) of the highest.",
    ("TopKCategoricalAccuracy", "k"): "The true class is among the k largest outputs; fewer than there are outputs.",
}


def list_option_fields(catalog: Catalog, class_name: str, without: tuple[str, ...] = ()) -> list[Field]:
    """Give the fields of a class' options."""
    defaults = {name: value for name, value in catalog.list_defaults(class_name).items() if name not in without}
    return [
        make_option_field(
            *(name, value, find_option(class_name, name)), help=SPECIAL_HELP.get((class_name, name), HELP[name])
        )
        for name, value in defaults.items()
    ]


def make_option_field(name: str, default: Any = None, option: Option | None = None, **known: Any) -> Field:
    """Make the field of an option; one without default has to be filled."""
    option = option or OPTIONS[name]
    required = default is inspect.Parameter.empty
    value = FIRST_VALUES[name] if required else default
    fields: dict[str, Any] = {"kind": KINDS[option.kind], "value": value, "required": required, "help": HELP[name]}
    if option.choices:
        fields |= {"kind": "select", "value": str(value)}
        fields["options"] = tuple((str(choice), LABELS.get(choice, str(choice))) for choice in option.choices)
    elif option.kind in (int, float):
        fields["least"] = option.least if option.least is not None else option.above
        if option.kind is not int:
            # Galaxy shows a slider where both bounds of a whole number are known.
            fields["most"] = option.most if option.most is not None else option.below
    elif option.kind is list:
        fields |= {"pattern": NUMBERS, "message": "Numbers between commas, such as: 1000, 2000"}
    if name == "monitor":
        fields["options"] = MONITORS
    return Field(name, **{**fields, **known})
