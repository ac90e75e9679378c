"""From the publish at the device to the offer with its checklist on the engineer's stream, synced to disk in between.

One fault at a time, each a new case on another machine, against a real broker and a real firstfixd; the floor is one
MQTT hop, one synced RocksDB write and one message on a gRPC stream of the same sizes, chained in one process. Prints
the median and the 99th percentile, of the offer and of the device's receipt; with 400 open cases, and again (_grown)
when the store holds ten thousand cases, two thousand of them open.
"""
# Targets: firstfixd firstfix path_floor path_bench
import sys

from path import run

run("fault_to_offer", sys.argv[1], machines=2500, arguments=["--cases", 10000, "--open", 2000])
