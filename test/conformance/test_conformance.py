"""Jupyter's own tests of a kernel: https://github.com/jupyter/jupyter_kernel_test. $NXC_TEST_KERNEL names the kernelspec."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jupyter_kernel_test
import nbclient
import nbformat
import papermill
from jupyter_client.manager import start_new_kernel

KERNEL = os.environ["NXC_TEST_KERNEL"]


class KernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const answer = 42; answer", "result": "42"},
        {"code": "2 ** 10", "result": "1024"},
    ]
    code_display_data = [{"code": "display('shown')", "mime": "text/plain"}]
    code_clear_output = "clearOutput()"

    completion_samples = [{"text": "consol", "matches": {"console"}}]
    code_inspect_sample = "console"
    complete_code_samples = ["1 + 1", "console.log('x')", "function f(x) { return x; }", "// comment"]
    incomplete_code_samples = ["function f(x) {", "[1,", "`template"]
    invalid_code_samples = ["1 +* 1", "let 1 = 2"]

    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ? 7"


class IopubWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


class EncryptionTests(unittest.TestCase):
    def test_a_kernel_behind_curve_keys_runs_cells(self):
        manager, client = start_new_kernel(kernel_name=KERNEL, transport_encryption="required")
        try:
            self.assertIn("curve_publickey", manager.get_connection_info())
            reply = client.execute_interactive("6 * 7", timeout=30, output_hook=lambda _: None)
            self.assertEqual(reply["content"]["status"], "ok")
        finally:
            client.stop_channels()
            manager.shutdown_kernel()


def notebook(*codes):
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    kernelspec = {"name": KERNEL, "display_name": KERNEL, "language": "typescript"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


class FrontEndTests(unittest.TestCase):
    def test_nbclient_executes_a_notebook(self):
        executed = nbclient.execute(notebook("var a = 6; console.log('hi')", "a * 7"))
        self.assertEqual(executed.cells[0].outputs[0].text, "hi\n")
        self.assertEqual(executed.cells[1].outputs[0].data["text/plain"], "42")

    def test_nbclient_stops_at_the_cell_that_fails(self):
        with self.assertRaises(nbclient.exceptions.CellExecutionError) as raised:
            nbclient.execute(notebook("throw new TypeError('on purpose')", "1"))
        self.assertEqual((raised.exception.ename, raised.exception.evalue), ("TypeError", "on purpose"))

    def test_papermill_executes_a_notebook(self):
        with tempfile.TemporaryDirectory() as folder:
            source, result = Path(folder, "in.ipynb"), Path(folder, "out.ipynb")
            nbformat.write(notebook("6 * 7"), source)
            executed = papermill.execute_notebook(source, result, progress_bar=False)
            self.assertEqual(executed.cells[0].outputs[0].data["text/plain"], "42")

    def test_jupyter_console_runs_what_is_typed(self):
        command = [sys.executable, "-m", "jupyter_console", "--kernel", KERNEL, "--simple-prompt"]
        done = subprocess.run(command, input="6 * 7\n", text=True, capture_output=True, timeout=60)
        self.assertIn("42", done.stdout, done.stderr)
        self.assertIn("NixOS Compose", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
