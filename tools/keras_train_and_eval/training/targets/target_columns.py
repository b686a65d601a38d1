"""Features and target from one table: a network that reads what it shall predict learns nothing else."""

from dataclasses import replace

from galaxy_keras.data.table_rows import read_top, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.forms.sample_choices import SampleChoice
from galaxy_keras.log import say

# Of a message.
COLUMNS_LISTED = 5


def leave_out_target(samples: SampleChoice, target: TableSource, task: str) -> SampleChoice:
    """Return the samples without the columns of the target, and say so in the log.

    Columns that someone chose by number or name stay where the target is real numbers, which a network may well learn
    to copy (an autoencoder) or to continue; the log says that they are read.

    Parameters
    ----------
    task
        ``classification`` or ``regression``.

    Raises
    ------
    InputError
        A column of classes was chosen as a feature, or there is no other column.
    """
    source = samples.source
    if samples.kind == "sparse" or not source.path.samefile(target.path):
        return samples
    table, aims = read_top(source), set(read_top(target).find_columns())
    features = table.find_columns()
    shared = [position for position in features if position in aims]
    if not shared:
        return samples
    listed = ", ".join(map(table.name_column, shared[:COLUMNS_LISTED])) + ", ..." * (len(shared) > COLUMNS_LISTED)
    rest = [position for position in features if position not in aims]
    if source.columns.names_its_columns or not rest:
        if task == "regression":
            say(f"{source.name}: the network reads columns of the target: {listed}")
            return samples
        raise InputError(
            f"{source.name}: found columns of the target among the features: {listed}; expected other columns, because "
            "the network would only copy them"
        )
    say(f"{source.name}: left out as columns of the target: {listed}")
    columns = ColumnChoice("by_index_number", numbers=tuple(position + 1 for position in rest))
    return replace(samples, source=replace(source, columns=columns))
