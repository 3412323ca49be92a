# SPDX-License-Identifier: MIT OR Apache-2.0
"""The parts of the conformance harness. See ../conformance.py for what it is and how it is used."""
