"""Keep the target columns out of the features if both are in one table."""

from dataclasses import replace

from galaxy_keras.data.table_rows import TableSource
from galaxy_keras.data.table_shape import read_top
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.forms.sample_choices import SampleChoice, SEQUENCES
from galaxy_keras.log import say

# Number of columns that a message lists.
COLUMNS_LISTED = 5


def leave_out_target(samples: SampleChoice, target: TableSource | None, task: str) -> SampleChoice:
    """Return the samples without the target columns, and log which columns are left out.

    For a regression, target columns that the user selected by number or name remain features, because a network may
    be trained to copy them (an autoencoder) or to continue them. The log names these columns.

    Parameters
    ----------
    task
        ``classification`` or ``regression``.

    Raises
    ------
    InputError
        A column of classes was selected as a feature, or all columns are target columns.
    """
    source = samples.source
    if target is None or samples.kind in ("sparse", SEQUENCES) or not source.path.samefile(target.path):
        return samples
    table, targets = read_top(source), set(read_top(target).find_columns())
    features = table.find_columns()
    shared = [position for position in features if position in targets]
    if not shared:
        return samples
    listed = ", ".join(map(table.name_column, shared[:COLUMNS_LISTED])) + ", ..." * (len(shared) > COLUMNS_LISTED)
    rest = [position for position in features if position not in targets]
    if source.columns.is_explicit or not rest:
        if task == "regression":
            say(f"{source.name}: the features include target columns: {listed}")
            return samples
        raise InputError(
            f"{source.name}: found target columns among the features: {listed}; expected other columns, because the "
            "network would only copy them"
        )
    say(f"{source.name}: the features do not include the target columns: {listed}")
    columns = ColumnChoice("by_index_number", numbers=tuple(position + 1 for position in rest))
    return replace(samples, source=replace(source, columns=columns))
