"""FirstFix's gRPC services for Python, from the schema alone.

    api = Api("127.0.0.1:7443", token)
    case = api.CaseService.GetCase(name="cases/…")
    for event in api.CaseService.WatchCases(): …

A method takes the request's fields as keyword arguments and returns the response message; a failed call raises
grpc.RpcError. Nothing here is specific to one method.
"""
import importlib
import pathlib
import subprocess
import sys
import tempfile

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ("case", "dispatch", "appointment", "planning", "engineer", "fleet", "knowledge", "workforce", "inventory", "admin")


def compile_schema() -> str:
    """Compiles the schema to Python modules in a temporary directory, once a process."""
    out = tempfile.mkdtemp(prefix="firstfix-schema-")
    protos = [str(p.relative_to(ROOT / "proto")) for p in (ROOT / "proto").glob("firstfix/v1/*.proto")]
    subprocess.run(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={out}", *protos], check=True)
    sys.path.insert(0, out)
    return out


compile_schema()
v1 = {name: importlib.import_module(f"firstfix.v1.{name}_pb2")
      for name in ("device", "fleet", "knowledge", "workforce", "growth", "inventory", "case", "appointment", "plan_proposal", "visit", "common", "options")}


class Service:
    """One service; its methods are attributes."""

    def __init__(self, channel, token, descriptor):
        for method in descriptor.methods:
            setattr(self, method.name, self._caller(channel, token, descriptor, method))

    @staticmethod
    def _caller(channel, token, service, method):
        path = f"/{service.full_name}/{method.name}"
        request_type, response_type = method.input_type._concrete_class, method.output_type._concrete_class
        streams_in = method.containing_service.full_name.endswith("EngineerService") and method.name == "UploadBlob"
        streams_out = method.name in ("WatchCases", "StreamWork", "DownloadBlob")
        kind = {(False, False): channel.unary_unary, (False, True): channel.unary_stream,
                (True, False): channel.stream_unary}[(streams_in, streams_out)]
        call = kind(path, request_serializer=request_type.SerializeToString, response_deserializer=response_type.FromString)
        metadata = (("authorization", f"Bearer {token}"),) if token else ()

        def run(requests=None, timeout=30, **fields):
            request = (request_type(**one) for one in requests) if streams_in else request_type(**fields)
            return call(request, metadata=metadata, timeout=None if streams_out else timeout)

        return run


class Api:
    """All services, as one principal: of the token, or of the client certificate if the token is empty."""

    def __init__(self, address, token, ca_file=None, cert_file=None, key_file=None):
        options = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 1000)]
        if ca_file:
            read = lambda path: pathlib.Path(path).read_bytes() if path else None
            credentials = grpc.ssl_channel_credentials(read(ca_file), read(key_file), read(cert_file))
            self.channel = grpc.secure_channel(address, credentials, options)
        else:
            self.channel = grpc.insecure_channel(address, options)
        for name in SERVICES:
            module = importlib.import_module(f"firstfix.v1.{name}_service_pb2")
            for descriptor in module.DESCRIPTOR.services_by_name.values():
                setattr(self, descriptor.name, Service(self.channel, token, descriptor))

    def serving(self):
        """Does the health service answer SERVING on this channel? A channel whose server went away looks for it again
        at intervals of its own; until then calls fail."""
        return _health(self.channel)

    def close(self):
        self.channel.close()


def everything(call, **wanted):
    """All records of a List method, page by page."""
    records, token = [], ""
    while True:
        page = call(page_size=1000, page_token=token, **wanted)
        for field, value in page.ListFields():
            if field.label == field.LABEL_REPEATED:
                records.extend(value)
        token = page.next_page_token
        if not token:
            return records


def serving(address, service="", ca_file=None):
    """Does the health service say SERVING?"""
    tls = grpc.ssl_channel_credentials(pathlib.Path(ca_file).read_bytes()) if ca_file else None
    with grpc.secure_channel(address, tls) if tls else grpc.insecure_channel(address) as channel:
        return _health(channel, service)


def _health(channel, service=""):
    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    request = b"" if not service else b"\x0a" + bytes([len(service)]) + service.encode()
    try:
        return check(request, timeout=2) == b"\x08\x01"
    except grpc.RpcError:
        return False
