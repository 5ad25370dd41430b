"""The lab service as a Python program has it: the peer of test/runtime/fixtures/lab.ts."""
