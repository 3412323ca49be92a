# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the oracle is made of: model and needs know no build, build and compare no edits; walk joins them."""
