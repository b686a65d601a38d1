"""What a script says at its end."""

import pytest

from galaxy_keras.errors import InputError, run_script


def test_a_users_mistake_is_one_line(capsys):
    def main():
        raise InputError("table, row 3: found x; expected y")

    assert run_script(main) == 1
    assert capsys.readouterr().err == "Error: table, row 3: found x; expected y\n"


def test_a_defect_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run_script(lambda: 1 / 0)


def test_success_is_zero():
    assert run_script(lambda: None) == 0
