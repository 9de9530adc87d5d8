"""jupyter_kernel_test, the standard suite, with every optional feature switched on. Run by test/e2e/kernel-standard.test.ts."""

import unittest

import jupyter_kernel_test


class MulabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "mulab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('a warning')"
    completion_samples = [
        {"text": "Math.hyp", "matches": {"hypot"}},
        {"text": "consol", "matches": {"console"}},
    ]
    complete_code_samples = ["1", "console.log('hi')", "function f(x: number) { return x; }", "%%anything\n"]
    incomplete_code_samples = ["console.log('hi'", "function f() {", "const x = `a", "if (true) {\n  1"]
    invalid_code_samples = ["import = 7q", "const const x", "let 1x = ;;)\n2"]
    code_page_something = "%doc Math.hypot"
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "[1, 2].map((x) => x * 2)", "result": "[ 2, 4 ]"},
        {"code": "({ a: 'b' })", "result": "{ a: 'b' }"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) })", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "display({ _repr_html_: () => '<b>x</b>' })", "mime": "text/html"},
        {
            "code": "display({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', mark: 'bar' })",
            "mime": "application/vnd.vegalite.v5+json",
        },
    ]
    code_history_pattern = "1?+?1"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.hypot"
    code_clear_output = "clearOutput()"


if __name__ == "__main__":
    unittest.main()
