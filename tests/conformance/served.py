"""`mira serve` over a small project in a home of its own, for scripts that speak to it."""
import json, os, shutil, subprocess, sys, tempfile, time


class Served:
    """Gives port, token and the project's folder; `fault` is told when the server does not end as it must."""
    def __init__(self, mira, *words, fault=print):
        self.mira, self.words, self.fault = mira, words, fault

    def __enter__(self):
        self.scratch = tempfile.mkdtemp(prefix="mira-conformance-")
        self.project = os.path.join(self.scratch, "shop")
        self.home = os.path.join(self.scratch, "home")
        os.makedirs(self.project)
        open(os.path.join(self.project, "money.py"), "w").write("def add_tax(cents):\n    return cents\n\n\ndef total():\n    return add_tax(1)\n")
        for words in (["init", "-q"], ["add", "."], ["-c", "user.name=Ada", "-c", "user.email=a@b", "commit", "-qm", "Start the shop"]):
            subprocess.run(["git", *words], cwd=self.project, check=True)
        os.environ["MIRA_HOME"], os.environ["HOME"] = self.home, self.scratch
        subprocess.run([self.mira, "index", "--quiet"], cwd=self.project, check=True, timeout=120, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([self.mira, "serve", "--quiet", *self.words], cwd=self.project, stdin=subprocess.DEVNULL)
        for _ in range(600):
            try:
                told = json.load(open(os.path.join(self.home, "serve.json")))
                self.port, self.token = told["port"], told["token"]
                return self
            except (OSError, ValueError):
                time.sleep(.05)
        sys.exit("mira serve did not start")

    def __exit__(self, *_):
        self.process.terminate()
        if self.process.wait(20) != 0:
            self.fault("mira serve ended with %d" % self.process.returncode)
        shutil.rmtree(self.scratch, ignore_errors=True)
