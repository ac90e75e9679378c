"""A small service organisation: what the demo and the tests are about.

Everything goes in through the public API, in the order in which one thing refers to another.
"""
import json
import pathlib

from google.protobuf import json_format

from api import ROOT, v1

COLLECTIONS = [  # (key in the file, message, service, method, request field)
    ("customers", v1["fleet"].Customer, "FleetService", "UpdateCustomer", "customer"),
    ("contacts", v1["fleet"].Contact, "FleetService", "UpdateContact", "contact"),
    ("territories", v1["fleet"].Territory, "FleetService", "UpdateTerritory", "territory"),
    ("sites", v1["fleet"].Site, "FleetService", "UpdateSite", "site"),
    ("skills", v1["knowledge"].Skill, "KnowledgeService", "UpdateSkill", "skill"),
    ("asset_models", v1["fleet"].AssetModel, "FleetService", "UpdateAssetModel", "asset_model"),
    ("assets", v1["fleet"].Asset, "FleetService", "UpdateAsset", "asset"),
    ("parts", v1["knowledge"].Part, "KnowledgeService", "UpdatePart", "part"),
    ("fault_codes", v1["knowledge"].FaultCode, "KnowledgeService", "UpdateFaultCode", "fault_code"),
    ("standards", v1["knowledge"].ServiceStandard, "KnowledgeService", "UpdateServiceStandard", "service_standard"),
    ("causes", v1["knowledge"].Cause, "KnowledgeService", "UpdateCause", "cause"),
    ("stock_locations", v1["inventory"].StockLocation, "InventoryService", "UpdateStockLocation", "stock_location"),
    ("engineers", v1["workforce"].Engineer, "WorkforceService", "UpdateEngineer", "engineer"),
    ("shifts", v1["workforce"].Shift, "WorkforceService", "UpdateShift", "shift"),
]


def load(api, source):
    """Writes a fleet (a path to JSON, or the parsed object) through the API; returns how many records."""
    data = json.loads(pathlib.Path(source).read_text()) if isinstance(source, (str, pathlib.Path)) else source
    count = 0
    for key, message, service, method, field in COLLECTIONS:
        for record in data.get(key, []):
            getattr(getattr(api, service), method)(**{field: json_format.ParseDict(record, message())})
            count += 1
    for line in data.get("stock", []):
        api.InventoryService.SetStock(**line)
        count += 1
    return count


def demo():
    """The demo's fleet, parsed."""
    return json.loads((ROOT / "deploy/demo/fleet.json").read_text())
