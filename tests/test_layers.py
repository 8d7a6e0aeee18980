"""What each layer may know: read off the sources, and off the package that was installed for the consumer."""
import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[1]
INSTALLED = pathlib.Path(os.environ["BUILD_FOLDER"]) / "consumer/prefix"
COMPILER = os.environ["COMPILER"]


def includes(folder, pattern="*"):
    """What the sources of a folder include, as (file, header)."""
    found = [(path, header) for path in sorted((SOURCE / folder).rglob(pattern)) if path.suffix in (".hpp", ".cpp")
             for header in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(), re.M)]
    assert found, folder
    return found


class Layers(unittest.TestCase):
    def test_the_kernel_includes_itself_and_the_standard_library(self):
        for path, header in includes("kernel/include") + includes("kernel/src"):
            own = header.startswith("agentslock/kernel/") or (path.parent / header).exists()
            self.assertTrue(own or re.fullmatch(r"[a-z_]+", header), f"{path} includes {header}")

    def test_the_kernel_reads_no_clock_file_or_environment(self):
        forbidden = {"fstream", "cstdio", "iostream", "filesystem", "thread", "mutex", "cstdlib", "ctime"}
        for path, header in includes("kernel/include") + includes("kernel/src"):
            self.assertNotIn(header, forbidden, path)
        for path in (SOURCE / "kernel").glob("*/**/*.[hc]pp"):
            if "tests" not in path.parts:
                self.assertNotRegex(path.read_text(), r"_clock::now\(|getenv", path)

    def test_io_knows_no_database_but_in_its_sources_for_one(self):
        for path, header in includes("io/include") + includes("io/src"):
            if "sqlite" not in path.name:
                self.assertNotIn("sqlite", header, path)

    def test_no_library_knows_the_command(self):
        for path, header in includes("kernel") + includes("io/include") + includes("io/src"):
            self.assertNotRegex(header, r"cli/|CLI|fmt/", path)


class Package(unittest.TestCase):
    def test_a_program_with_the_kernel_alone_reads_no_header_of_another_library(self):
        program = SOURCE / "tests/consumer/kernel_only.cpp"
        call = [COMPILER, "-std=c++20", "-M", f"-I{INSTALLED}/include", program]
        read = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()
        ours = [path for path in read if "agentslock/" in path and path.endswith(".hpp")]
        installed = {str(path) for path in (INSTALLED / "include/agentslock/kernel").glob("*.hpp")}
        self.assertEqual(set(ours), installed)
        for path in read:
            self.assertNotRegex(path, "/boost/|/openssl/|/sqlite3|agentslock/io/")

    def test_the_exported_kernel_asks_for_nothing(self):
        [targets] = INSTALLED.glob("lib/**/agentslockTargets.cmake")
        block = r"set_target_properties\(agentslock::(\w+) PROPERTIES\n(.*?)\n\)"
        blocks = dict(re.findall(block, targets.read_text(), re.S))
        self.assertEqual(set(blocks), {"kernel", "io", "sqlite", "kernel_laws", "laws"})
        self.assertNotIn("INTERFACE_LINK_LIBRARIES", blocks["kernel"])
        self.assertIn("agentslock::kernel", blocks["io"])

    def test_each_public_header_is_installed(self):
        for layer in ("kernel", "io"):
            here = {path.name for path in (SOURCE / layer / "include/agentslock" / layer).iterdir()}
            there = {path.name for path in (INSTALLED / "include/agentslock" / layer).iterdir()}
            self.assertEqual(here, there)


if __name__ == "__main__":
    unittest.main()
