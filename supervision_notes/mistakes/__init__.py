"""What a writer can get wrong in one text: a function a rule, its sentence in its body, its page in its docstring.

`text` holds SN1, what keeps a file from being read; `structure` holds SN2, what its kind does not know or misses.
"""
