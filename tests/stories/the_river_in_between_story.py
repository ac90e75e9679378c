"""Two engineers live equally far from the depot on the map. One of them lives across the river, and the next bridge is an
hour away; the system, which knew only the map, sent him every time.

How long a drive takes is asked of a table service that knows the roads. While it is away, plans are made by the map
again, and nobody waits.
"""
import http.server
import json
import threading
import urllib.parse

from story import MAP_SENSOR, Story, main

SITES = {"truck-7": (52.60, 13.30), "truck-8": (52.61, 13.31), "truck-9": (52.62, 13.30)}
ACROSS = (52.63, 13.33)   # li, 3 to 4 km off by air, but beyond the river
UPHILL = (52.75, 13.30)   # zoe, 14 to 17 km off by air, on the same bank


class Roads:
    """A table service: five minutes from anywhere to anywhere on the same bank, an hour across the river."""

    def __init__(self, port=0):
        roads = self
        self.asked = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                roads.asked += 1
                url = urllib.parse.urlsplit(self.path)
                assert url.path.startswith("/table/v1/driving/"), url.path
                places = [tuple(map(float, p.split(","))) for p in url.path.rsplit("/", 1)[1].split(";")]
                query = dict(part.split("=") for part in url.query.split("&"))
                sources, targets = ([int(i) for i in query[key].split(";")] for key in ("sources", "destinations"))
                across = [place == (ACROSS[1], ACROSS[0]) for place in places]
                body = json.dumps({"code": "Ok", "durations": [
                    [0 if a == b else 3600 if across[a] != across[b] else 300 for b in targets] for a in sources]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        if self.thread:
            self.server.shutdown()
            self.server.server_close()
            self.thread.join()
            self.thread = None


class River(Story):
    def organisation(self, data):
        for device, (latitude, longitude) in SITES.items():
            site = {**data["sites"][0], "name": f"sites/{device}", "position": {"latitude_deg": latitude, "longitude_deg": longitude}}
            data["sites"].append(site)
            if device == "truck-9":
                data["assets"].append({**data["assets"][0], "name": "assets/truck-9", "serial_number": "T9", "devices": ["truck-9"]})
            next(a for a in data["assets"] if a["name"] == f"assets/{device}")["site"] = site["name"]
        for engineer in data["engineers"]:
            latitude, longitude = ACROSS if engineer["name"] == "engineers/li" else UPHILL
            engineer["home"] = {"latitude_deg": latitude, "longitude_deg": longitude}
        # Both have all parts with them, so that the drive alone decides.
        for name in ("li", "zoe"):
            van = next(e["van"] for e in data["engineers"] if e["name"] == f"engineers/{name}")
            for part in data["parts"]:
                data["stock"] = [line for line in data["stock"] if (line["location"], line["part"]) != (van, part["name"])]
                data["stock"].append({"location": van, "part": part["name"], "on_hand": 20})

    def sent_to(self, device):
        """Who is sent when the machine breaks down, and why."""
        machine = self.machine(device)
        machine.say(machine.fault(MAP_SENSOR))
        visit = self.visit_of(self.case(f"assets/{device}").name)
        return visit.engineer, visit.assignment.reason


class ByTheMap(River):
    def test_without_a_table_service_who_is_near_on_the_map_is_sent(self):
        self.assertEqual(self.sent_to("truck-7")[0], "engineers/li")


class ByTheRoad(River):
    def configuration(self):
        self.roads = Roads()
        self.addCleanup(lambda: self.roads.close())
        return f'[travel]\nkind = "osrm"\nurl = "http://127.0.0.1:{self.roads.port}"\ntimeout_ms = 20000\n'

    def test_who_is_near_on_the_road_is_sent_and_while_the_service_is_away_planning_goes_on(self):
        engineer, reason = self.sent_to("truck-7")
        self.assertEqual(engineer, "engineers/zoe", reason)
        self.assertIn("there in 5 min (5 min of travel)", reason)
        self.assertGreater(self.roads.asked, 0)

        self.roads.close()
        engineer, reason = self.sent_to("truck-8")
        self.assertEqual(engineer, "engineers/li", "by the map again: " + reason)

        self.roads = Roads(self.roads.port)
        self.advance(minutes=1)
        engineer, _ = self.sent_to("truck-9")
        self.assertTrue(engineer)
        self.assertGreater(self.roads.asked, 0, "the service is asked again")


if __name__ == "__main__":
    main()
