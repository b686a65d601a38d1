"""The configuration of the local Galaxy server: copies of the tools, resolved requirements and Galaxy's own files."""

import json
from xml.etree import ElementTree

import pytest
from examples.scripts import ROOT

from dev.galaxy_config import write_configuration
from dev.paths import tool_folders, TOOL_IDS


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    write_configuration(folder, has_tests=False)
    return folder


def test_the_tools_are_copied_without_links_and_without_wrapper_tests(server):
    assert sorted(folder.name for folder in (server / "tools").iterdir()) == sorted(TOOL_IDS)
    assert [path for path in server.rglob("*") if path.is_symlink()] == []
    for tool_id in TOOL_IDS:
        wrapper = ElementTree.parse(server / "tools" / tool_id / f"{tool_id}.xml")
        assert wrapper.find("inputs") is not None
        assert wrapper.findall("tests/test") == []


def test_galaxy_loads_only_the_selected_tools(tmp_path):
    write_configuration(tmp_path, has_tests=False, tool_ids=("model_prediction",))
    tools = ElementTree.parse(tmp_path / "tool_conf.xml").findall("section[@id='deep_learning']/tool")
    assert [tool.get("file") for tool in tools] == [str(tmp_path / "tools/model_prediction/model_prediction.xml")]


def test_every_requirement_of_the_wrappers_is_resolved(server):
    files = [ROOT / "tools" / "shared" / "macros.xml", *(folder / f"{folder.name}.xml" for folder in tool_folders())]
    version = ElementTree.parse(files[0]).find("token[@name='@TOOL_VERSION@']").text
    required = {
        (item.text, item.get("version").replace("@TOOL_VERSION@", version))
        for file in files
        for item in ElementTree.parse(file).iter("requirement")
    }
    resolved = {path.parent.relative_to(server / "packages").parts for path in server.glob("packages/*/*/env.sh")}
    assert required == resolved


def test_galaxy_reads_its_files_from_the_folder_of_the_server(server):
    galaxy = json.loads((server / "galaxy.yml").read_text())["galaxy"]
    assert galaxy["data_dir"] == str(server / "data")
    panel = ElementTree.parse(galaxy["tool_config_file"])
    assert [tool.get("file") for tool in panel.findall("section[@id='deep_learning']/tool")] == [
        str(server / "tools" / tool_id / f"{tool_id}.xml") for tool_id in TOOL_IDS
    ]
    resolver = ElementTree.parse(galaxy["dependency_resolvers_config_file"]).find("galaxy_packages")
    assert resolver.get("base_path") == str(server / "packages")
