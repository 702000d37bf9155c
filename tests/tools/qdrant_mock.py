#!/usr/bin/env python3
"""Runs a command with MIRA_TEST_QDRANT_URL naming a server that checks every request with Qdrant's own models.

usage: qdrant_mock.py [--with REQUIREMENTS FOLDER] COMMAND...
e.g.   qdrant_mock.py --with tests/tools/qdrant-1.19.txt /tmp/q build/release/mira_vectors_test --gtest_filter='RealQdrant.*'

The PyPI package qdrant-client holds the models that are generated from the OpenAPI document Qdrant publishes (they
refuse unknown fields), and an implementation of the server in memory. Each request is read by the model of its
address and then done there, so scores and filters are Qdrant's own, too. What a model refuses is answered with
400 and told at the end; then the exit code is 1 whatever the command said. --with brings the packages of that
file, each held to its hash, into FOLDER once; exit code 77: they cannot be brought.
"""
import http.server, json, os, subprocess, sys, threading

if sys.argv[1:2] == ["--with"]:
    requirements, folder = sys.argv[2:4]
    del sys.argv[1:4]
    if not os.path.isdir(folder):
        ran = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "--no-deps", "--only-binary",
                              ":all:", "-r", requirements, "--target", folder + ".new"], capture_output=True, text=True)
        if ran.returncode != 0:
            print("skipped: %s cannot be brought: %s" % (requirements, ran.stderr.strip().splitlines()[-1:]))
            sys.exit(77)
        os.rename(folder + ".new", folder)
    sys.path.insert(0, folder)

from qdrant_client import QdrantClient
from qdrant_client.http import models as m
from importlib.metadata import version

lock, refused, metadata = threading.Lock(), [], {}
memory = QdrantClient(":memory:")


def plain(value):
    return json.loads(value.model_dump_json()) if hasattr(value, "model_dump_json") else value


def exists(name):
    return memory.collection_exists(name)


def create(name, body):
    asked = m.CreateCollection.model_validate(body)
    metadata[name] = body.get("metadata")
    return memory.create_collection(name, vectors_config=asked.vectors)


def delete_points(name, body):
    asked = (m.PointIdsList if "points" in body else m.FilterSelector).model_validate(body)
    return plain(memory.delete(name, points_selector=asked))


def query(name, body):
    asked = m.QueryRequest.model_validate(body)
    found = memory.query_points(name, query=asked.query, query_filter=asked.filter, limit=asked.limit,
                                with_payload=asked.with_payload or False, with_vectors=asked.with_vector or False,
                                search_params=asked.params)
    return plain(found)


def scroll(name, body):
    asked = m.ScrollRequest.model_validate(body)
    points, after = memory.scroll(name, scroll_filter=asked.filter, limit=asked.limit, offset=asked.offset,
                                  with_payload=asked.with_payload or False, with_vectors=asked.with_vector or False)
    return {"points": [plain(p) for p in points], "next_page_offset": after}


def count(name, body):
    asked = m.CountRequest.model_validate(body)
    return {"count": memory.count(name, count_filter=asked.filter, exact=True).count}


def upsert(name, body):
    return plain(memory.upsert(name, points=m.PointsList.model_validate(body).points))


def index(name, body):
    m.CreateFieldIndex.model_validate(body)
    return {"operation_id": 0, "status": "completed"}


def aliases(body):
    return memory.update_collection_aliases(m.ChangeAliasesOperation.model_validate(body).actions)


def answer(method, path, body):
    parts = path.split("?")[0].strip("/").split("/")
    if parts == ["collections"]:
        return {"collections": [{"name": c.name} for c in memory.get_collections().collections]}
    if parts == ["aliases"]:
        return {"aliases": [plain(a) for a in memory.get_aliases().aliases]}
    if parts == ["collections", "aliases"]:
        return aliases(body)
    name, rest = parts[1], "/".join(parts[2:])
    if (method, rest) == ("GET", "exists"):
        return {"exists": exists(name)}
    if (method, rest) == ("PUT", ""):
        return create(name, body)
    if not exists(name):
        raise KeyError(name)
    if (method, rest) == ("GET", ""):
        return {"status": "green", "config": {"metadata": metadata.get(name)}}
    if (method, rest) == ("DELETE", ""):
        return memory.delete_collection(name)
    doing = {("PUT", "index"): index, ("PUT", "points"): upsert, ("POST", "points/delete"): delete_points,
             ("POST", "points/query"): query, ("POST", "points/scroll"): scroll, ("POST", "points/count"): count}
    return doing[(method, rest)](name, body)


class Server(http.server.BaseHTTPRequestHandler):
    def log_message(self, *ignored):
        pass

    def do(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with lock:
            try:
                if self.path == "/":
                    return self.send(200, {"title": "qdrant", "version": version("qdrant-client")})
                result = answer(self.command, self.path, json.loads(body) if body else None)
                self.send(200, {"result": result, "status": "ok", "time": 0})
            except KeyError as error:
                self.send(404, {"status": {"error": "not found: %s" % error}, "time": 0})
            except Exception as error:
                refused.append("%s %s: %s" % (self.command, self.path, error))
                self.send(400, {"status": {"error": str(error)}, "time": 0})

    def send(self, status, answer):
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = do


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
environment = dict(os.environ, MIRA_TEST_QDRANT_URL="http://127.0.0.1:%d" % server.server_port)
code = subprocess.run(sys.argv[1:], env=environment).returncode
for one in refused:
    print("refused: " + one)
print("qdrant-client %s: %d requests refused" % (version("qdrant-client"), len(refused)))
sys.exit(code or bool(refused))
