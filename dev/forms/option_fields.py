"""Fields for the options of optimizers, schedules, losses, metrics and callbacks, with the bounds of the catalog."""

import inspect
from typing import Any

from dev.forms.fields import Field
from galaxy_keras.catalog.classes import Catalog, find_option
from galaxy_keras.catalog.options import Option, OPTIONS

KINDS = {float: "float", int: "integer", bool: "boolean", str: "text", list: "text"}
NUMBERS = r"^\s*[-+.\deE]+\s*(,\s*[-+.\deE]+\s*)*,?\s*$"
# Initial values of required fields.
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
# Suggestions; any metric of the form may be entered.
MONITORS = ("val_loss", "loss", "val_accuracy", "accuracy", "val_mean_absolute_error", "val_auc", "val_f1_score")
LABELS: dict[Any, str] = {0: "0: over the samples of a batch", -1: "-1: over the outputs of a sample"}
HELP: dict[str, str] = {
    "learning_rate": "Learning rate, and the initial one of a schedule. If empty: Keras' default.",
    "lr": "Kept for older workflows: old name of learning_rate, which it overrides.",
    "decay": "Kept for older workflows: the learning rate is divided by 1 + decay * step, as in Keras 2.",
    "schedule_decay": "Kept for older workflows: has no effect in Keras 3.",
    "momentum": "Momentum (0-1): fraction of the previous step that is added to the next one.",
    "nesterov": "Whether to use Nesterov momentum.",
    "rho": "Decay rate (0-1) of the moving average of squared gradients.",
    "beta_1": "Decay rate (0-1) of the first moment estimates.",
    "beta_2": "Decay rate (0-1) of the second moment estimates.",
    "adam_beta_1": "beta_1 of Adam, for the weights that Muon does not update.",
    "adam_beta_2": "beta_2 of Adam, for the weights that Muon does not update.",
    "beta_2_decay": "Exponent of the decay rate of squared gradients.",
    "epsilon": "Small constant for numerical stability.",
    "epsilon_1": "Small constant that is added to squared gradients.",
    "epsilon_2": "Minimum step size, relative to the size of the weights.",
    "centered": "Whether to normalize gradients by their estimated variance instead of their mean square.",
    "amsgrad": "Whether to use the AMSGrad variant of Adam.",
    "relative_step": "Whether the step size decreases with the step number; learning_rate is then its maximum.",
    "clip_threshold": "Updates with a larger root mean square are scaled down.",
    "initial_accumulator_value": "Initial value of the sum of squared gradients.",
    "learning_rate_power": "Exponent of the decrease of the learning rate; 0 keeps it constant.",
    "l1_regularization_strength": "L1 regularization strength.",
    "l2_regularization_strength": "L2 regularization strength.",
    "l2_shrinkage_regularization_strength": "L2 regularization strength that only affects gradients.",
    "warmup_steps": "Number of steps (batches) in which the learning rate increases to its maximum.",
    "adam_weight_decay": "Weight decay of Adam, for the weights that Muon does not update.",
    "adam_lr_ratio": "Ratio of the learning rate of Adam to that of Muon.",
    "exclude_embeddings": "Whether Adam updates the embeddings instead of Muon.",
    "muon_a": "First coefficient of the Newton-Schulz iteration.",
    "muon_b": "Second coefficient of the Newton-Schulz iteration.",
    "muon_c": "Third coefficient of the Newton-Schulz iteration.",
    "ns_steps": "Number of Newton-Schulz iterations.",
    "rms_rate": "Factor that scales updates to the size of Adam's.",
    "weight_decay": "Weight decay. If empty: the default of the optimizer.",
    "clipnorm": "Maximum norm of the gradient of each weight. Set only one of the three clipping options.",
    "clipvalue": "Maximum absolute value of each element of a gradient.",
    "global_clipnorm": "Maximum norm of all gradients together.",
    "use_ema": "Whether the fitted model has the exponential moving average of its weights.",
    "ema_momentum": "Momentum (0-1) of the exponential moving average.",
    "ema_overwrite_frequency": "Number of steps after which the average replaces the weights. If empty: at the end.",
    "loss_scale_factor": "Factor of the loss before gradients are computed, for half precision.",
    "gradient_accumulation_steps": "Number of batches (2 or more) whose gradients are averaged per update.",
    "decay_steps": "Number of steps (batches) of the decay. An epoch has rows / batch size steps.",
    "first_decay_steps": "Number of steps (batches) before the first restart.",
    "decay_rate": "Decay rate per decay_steps.",
    "staircase": "Whether the learning rate decays once per decay_steps instead of at every step.",
    "end_learning_rate": "Final learning rate.",
    "power": "Power of the polynomial; 1 is linear.",
    "cycle": "Whether to start a new decay after decay_steps.",
    "warmup_target": "Learning rate at the end of the warm-up. If empty: no warm-up.",
    "t_mul": "Factor of the number of steps after each restart.",
    "m_mul": "Factor of the learning rate after each restart.",
    "boundaries": "Step numbers separated by commas. After each of them, the next learning rate applies.",
    "values": "Learning rates separated by commas, one per boundary.",
    "reduction": "How the losses of the samples are combined.",
    "from_logits": "Whether the outputs are logits, because the last layer has no activation.",
    "label_smoothing": "Fraction (0-1) of the true label that is spread over all classes.",
    "apply_class_balancing": "Whether to weight the classes by alpha.",
    "alpha": "Weight (0-1) of the positive class (focal losses), or of false positives (tversky).",
    "beta": "Weight of false negatives.",
    "gamma": "Focusing parameter: larger values down-weight well-classified samples.",
    "q": "Exponent (0-1): near 0, the loss is a cross-entropy; 1 makes it robust to wrong labels.",
    "delta": "Absolute error above which the loss is linear.",
    "ignore_class": "Number of a class to ignore, starting at 0.",
    "threshold": "Outputs (0-1) above the threshold are positive.",
    "thresholds": "Outputs (0-1) above the threshold are positive. If empty: 0.5.",
    "top_k": "Only the k largest outputs of each sample count as positive.",
    "class_id": "Number of the only class to evaluate, starting at 0 in the order of the sorted labels.",
    "k": "Number of largest outputs that are searched for the true class.",
    "num_thresholds": "Number of thresholds that approximate the curve.",
    "curve": "ROC: receiver operating characteristic; PR: precision-recall curve.",
    "summation_method": "Method of numerical integration.",
    "multi_label": "Whether to compute a curve per output and average them.",
    "recall": "Recall (0-1) at which to compute the precision.",
    "precision": "Precision (0-1) at which to compute the recall.",
    "specificity": "Specificity (0-1) at which to compute the sensitivity.",
    "sensitivity": "Sensitivity (0-1) at which to compute the specificity.",
    "average": "How the scores of the classes are averaged.",
    "class_aggregation": "How the scores of the targets are aggregated.",
    "num_regressors": "Number of features, for the adjusted score. 0: not adjusted.",
    "num_classes": "Number of classes.",
    "target_class_ids": "Numbers of the classes to evaluate, separated by commas; 0 is the first sorted label.",
    "axis": "Axis along which to compare targets and outputs.",
    "monitor": "Metric to monitor: loss or a metric of this form. The prefix val_ selects the validation rows.",
    "mode": "min: smaller is better; max: larger is better; auto: depends on the metric.",
    "min_delta": "Minimum change that counts as an improvement.",
    "patience": "Number of epochs without improvement before the callback acts.",
    "baseline": "Value that the metric must improve on.",
    "restore_best_weights": "Whether to restore the weights of the best epoch at the end.",
    "start_from_epoch": "Number of epochs to wait before monitoring starts.",
    "factor": "Factor (below 1) by which to multiply the learning rate.",
    "cooldown": "Number of epochs to wait after a reduction.",
    "min_lr": "Minimum learning rate.",
    "initial_value_threshold": "Value that the metric must improve on before weights are saved.",
    "swap_on_epoch": "Whether to swap at the end of every epoch, for other callbacks, and not only for validation.",
}
SPECIAL_HELP: dict[tuple[str, str], str] = {
    ("Ftrl", "beta"): "Constant that is added to the denominator of the learning rate.",
    ("FBetaScore", "beta"): "Weight of recall relative to precision; 1 is the F1 score.",
    ("CosineDecay", "alpha"): "Final learning rate, as a fraction (0-1) of the initial one.",
    ("CosineDecayRestarts", "alpha"): "Minimum learning rate, as a fraction (0-1) of the initial one.",
    ("TopKCategoricalAccuracy", "k"): "Number of largest outputs that are searched for the true class; "
    "must be smaller than the number of classes.",
}


def list_option_fields(catalog: Catalog, class_name: str, without: tuple[str, ...] = ()) -> list[Field]:
    """Return the fields for the options of a class."""
    defaults = {name: value for name, value in catalog.list_defaults(class_name).items() if name not in without}
    return [
        make_option_field(
            *(name, value, find_option(class_name, name)), help=SPECIAL_HELP.get((class_name, name), HELP[name])
        )
        for name, value in defaults.items()
    ]


def make_option_field(name: str, default: Any = None, option: Option | None = None, **known: Any) -> Field:
    """Make the field of an option; an option without a default is required."""
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
            # Galaxy shows a slider for an integer with two bounds.
            fields["most"] = option.most if option.most is not None else option.below
    elif option.kind is list:
        fields |= {"pattern": NUMBERS, "message": "Enter numbers separated by commas, for example: 1000, 2000"}
    if name == "monitor":
        fields["options"] = MONITORS
    return Field(name, **{**fields, **known})
