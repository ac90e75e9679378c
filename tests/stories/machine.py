"""A machine that speaks for itself: an MQTT 5 client that is not our agent, with everything in its own hands."""
import random
import threading

import paho.mqtt.client as mqtt
from google.protobuf import json_format
from google.protobuf.timestamp_pb2 import Timestamp
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from api import v1
from world import TENANT, wait_for

DEVICE = v1["device"]
JSON = "application/json"


def stamp(seconds):
    out = Timestamp()
    out.FromNanoseconds(int(seconds * 1e9))
    return out


class Machine:
    """Counts sequences, keeps what it said until a receipt covers it, and can lie about all of that when told to."""

    def __init__(self, world, device, tenant=TENANT, clock_error=0, epoch=None, epoch_started=None):
        self.world, self.device, self.tenant, self.clock_error = world, device, tenant, clock_error
        self.epoch = epoch or random.getrandbits(63) | 1
        self.epoch_started = epoch_started
        self.sequence, self.operating, self.said = 0, 0.0, []
        self.receipts, self.changed = [], threading.Condition()
        user = f"{tenant}/{device}"
        if user not in world.passwords:
            world.add_device(device, tenant)
        self.client = mqtt.Client(client_id=f"{device}-{self.epoch}", protocol=mqtt.MQTTv5)
        self.client.username_pw_set(user, world.passwords[user])
        self.client.on_connect = lambda client, *_: client.subscribe(self.topic("receipt"), 1)
        self.client.on_subscribe = lambda *_: self._set_ready()
        self.client.on_message = self._receipt
        self.ready = threading.Event()
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", world.mqtt_port)
        self.client.loop_start()
        assert self.ready.wait(20), "the broker does not let the machine in"

    def _set_ready(self):
        self.ready.set()

    def topic(self, channel):
        return f"firstfix/v1/{self.tenant}/{self.device}/{channel}"

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    # --- what it knows of time ---
    def now(self):
        """Its own clock: the world's, with the machine's error."""
        return self.world.now() + self.clock_error

    # --- what it says ---
    def record(self, at=None, **what):
        self.sequence += 1
        return DEVICE.DeviceRecord(sequence=self.sequence, occurred_at=stamp(self.now() if at is None else at), **what)

    def fault(self, code, kind="ACTIVE", at=None, **details):
        details.setdefault("component", "sa-0")
        change = DEVICE.FaultChange(kind=DEVICE.FaultChangeKind.Value(f"FAULT_CHANGE_KIND_{kind}"), code=code, **details)
        return self.record(at, fault=change)

    def worked(self, seconds, working=True):
        self.operating += seconds
        return self.record(operation=DEVICE.OperationReport(working=working, operating_s=self.operating))

    def batch(self, *records):
        return DEVICE.FaultBatch(device=self.device, epoch=self.epoch, sent_at=stamp(self.now()), records=records,
                                 epoch_started_at=stamp(self.epoch_started or 1_600_000_000))

    def send(self, batch, content_type=None):
        payload = batch.SerializeToString() if content_type != JSON else json_format.MessageToJson(batch).encode()
        self.send_raw(payload, content_type)

    def send_raw(self, payload, content_type=None, channel="faults"):
        properties = Properties(PacketTypes.PUBLISH)
        if content_type:
            properties.ContentType = content_type
        self.client.publish(self.topic(channel), payload, qos=1, properties=properties)

    def say(self, *records, content_type=None):
        """Says it, and returns when it is durable."""
        batch = self.batch(*records)
        self.said.append(batch)
        return self.until_durable(batch, content_type)

    def until_durable(self, batch, content_type=None):
        """Sends it again each five seconds, as a device does whose broker may be away."""
        last = batch.records[-1].sequence
        for _ in range(12):
            self.send(batch, content_type)
            receipt = self.wait_receipt(lambda r: r.epoch == self.epoch and r.durable_through >= last, 5)
            if receipt:
                return receipt
        raise TimeoutError(f"{self.device}: no receipt for sequence {last}; has {self.receipts[-3:]}")

    def wait_receipt(self, wanted, seconds=20):
        def found():
            return next((r for r in reversed(self.receipts) if wanted(r)), None)
        with self.changed:
            self.changed.wait_for(found, seconds)
            return found()

    def _receipt(self, _client, _userdata, message):
        with self.changed:
            self.receipts.append(DEVICE.Receipt.FromString(message.payload))
            self.changed.notify_all()


def case_of(world, asset):
    """The asset's newest case, as soon as there is one."""
    return wait_for(f"{asset} has a case", lambda: next(iter(sorted(
        world.dispatcher.CaseService.ListCases(asset=asset).cases, key=lambda c: c.name, reverse=True)), None))
