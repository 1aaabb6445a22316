"""Tests of the gate, with real files through the real worker."""
