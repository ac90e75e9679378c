"""Faults a second, one a batch from many devices, each acknowledged as durable; 256 on the way at any time.

breakdowns: each opens a case, is diagnosed, planned and offered. updates: the count of a known fault goes up. The floor
is the same chain with group commit and receipts and nothing between; here a ratio nearer to 1 is better.
"""
# Targets: firstfixd firstfix path_floor path_bench
import sys

from path import run

run("ingest_rate", sys.argv[1], machines=2000)
