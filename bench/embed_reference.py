#!/usr/bin/env python3
"""Holds Mira's encoder against what the model was published with.

usage: embed_reference.py MIRA_EMBED_BENCH MODEL.embed JAR-OR-FOLDER TEXTS-FOLDER [--count 1000] [--bytes 220]

JAR-OR-FOLDER is what scripts/make_embedder.py reads; TEXTS-FOLDER any files (a clone). Needs numpy and tokenizers of PyPI.
Told: how many of 1,213 odd texts of 28 blocks of Unicode get other numbers than from the published tokenizer; over
COUNT pieces of the files, the cosines of Mira's vectors with a forward pass in f32 (numpy, weights dequantised); and
whether the bytes of a vector are the same alone, in another order and a second time. Exit code 1 when one number
of a text differs, a cosine is below .999 or a byte differs.
"""
import argparse, json, os, random, struct, subprocess, sys
import numpy as np
from math import erf
from tokenizers import Tokenizer

ap = argparse.ArgumentParser()
ap.add_argument("bench")
ap.add_argument("model")
ap.add_argument("published")
ap.add_argument("texts")
ap.add_argument("--count", type=int, default=1000)
ap.add_argument("--bytes", type=int, default=220)
args = ap.parse_args()
source = open(os.path.join(os.path.dirname(__file__), "..", "scripts", "make_embedder.py")).read()
maker = {}
exec(source.replace("\nmain()\n", "\n"), maker)
onnx, tokenizer_json = maker["read_pinned"](args.published)
tokenizer = Tokenizer.from_str(bytes(tokenizer_json).decode())
tensors, weights = maker["read_graph"](onnx)
GRID = np.linspace(-6, 6, 200001)  # between two points erf is off by less than 1e-9
ERF = np.array([erf(x) for x in GRID])


def gelu_erf(x):
    return np.interp(x, GRID, ERF)


BLOCKS = [(0x20, 0x7e), (0xa0, 0x17f), (0x370, 0x3ff), (0x400, 0x4ff), (0x530, 0x58f), (0x590, 0x5ff), (0x600, 0x6ff),
          (0x900, 0x97f), (0x980, 0x9ff), (0xb80, 0xbff), (0xe00, 0xe7f), (0x10a0, 0x10ff), (0x1100, 0x11ff), (0xac00, 0xd7a3),
          (0x3040, 0x30ff), (0x4e00, 0x9fff), (0x1200, 0x137f), (0x1780, 0x17ff), (0x1e00, 0x1eff), (0x2000, 0x206f),
          (0x2190, 0x21ff), (0x1f300, 0x1f64f), (0x20000, 0x2a6df), (0x3000, 0x303f), (0xff00, 0xffef), (0xf900, 0xfaff),
          (0x1, 0x1f), (0x7f, 0x9f)]
ODD = ["x" * 99, "x" * 100, "x" * 101, "é" * 100, "İstanbul ẞ ΑΣ ς", "def parse_header(self, x: int) -> None:", "안녕하세요 세계",
       "हिन्दी में", "don’t", "a\u0301b", "\u200b\u00ad", "\x85a\x85b", "𠀀𪚥"]


def floats(name):
    return np.frombuffer(tensors[name][1], "<f4").astype(np.float32)


def matrix(place):
    name = weights[place]
    dims, raw = tensors[name + "_quantized"]
    zero = np.frombuffer(tensors[name + "_zero_point"][1], np.int8).astype(np.float32)
    numbers = np.frombuffer(raw, np.int8).reshape(dims).astype(np.float32)
    return ((numbers - zero) * floats(name + "_scale")).astype(np.float32), floats(place + ".bias")


def table(what):
    name = "embeddings.%s_embeddings.weight" % what
    dims, raw = tensors[name + "_quantized"]
    (scale,) = struct.unpack("<f", tensors[name + "_scale"][1])
    zero = np.float32(tensors[name + "_zero_point"][1][0])
    return (np.frombuffer(raw, np.uint8).reshape(dims).astype(np.float32) - zero) * np.float32(scale)


WORDS, POSITIONS, TYPES = table("word"), table("position"), table("token_type")
PARTS = ["attention.self." + n for n in ("query", "key", "value")] + ["attention.output.dense", "intermediate.dense", "output.dense"]
LAYERS = [{part: matrix("encoder.layer.%d.%s" % (i, part)) for part in PARTS} for i in range(12)]


def normalised(x, place):
    mean = x.mean(-1, keepdims=True)
    deviation = np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-12)
    return (x - mean) / deviation * floats(place + ".weight") + floats(place + ".bias")


def forward(ids):
    x = normalised(WORDS[ids] + POSITIONS[:len(ids)] + TYPES[0], "embeddings.LayerNorm")
    for i, layer in enumerate(LAYERS):
        place = "encoder.layer.%d." % i
        times = lambda rows, part: rows @ layer[part][0] + layer[part][1]
        query, key, value = [times(x, part).reshape(len(ids), 12, 32).transpose(1, 0, 2) for part in PARTS[:3]]
        shares = query @ key.transpose(0, 2, 1) / np.sqrt(32)
        shares = np.exp(shares - shares.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        mixed = (shares @ value).transpose(1, 0, 2).reshape(len(ids), 384)
        x = normalised(x + times(mixed, PARTS[3]), place + "attention.output.LayerNorm")
        inner = times(x, PARTS[4])
        inner = inner / 2 * (1 + gelu_erf(inner / np.sqrt(2)))
        x = normalised(x + times(inner, PARTS[5]), place + "output.LayerNorm")
    out = x.mean(0)
    return out / np.linalg.norm(out)


def asked(what, texts):
    given = "\0".join(texts).encode() + b"\0"
    return subprocess.run([args.bench, args.model, what], input=given, stdout=subprocess.PIPE, check=True).stdout


def odd_texts():
    random.seed(1)
    out = []
    for _ in range(1200):
        blocks = random.sample(BLOCKS, random.randint(1, 3))
        out.append("".join(chr(random.randint(*random.choice(blocks))) if random.random() > .15 else " "
                           for _ in range(random.randint(1, 60))))
    return out + ODD


def pieces():
    out = []
    for folder, folders, names in os.walk(args.texts):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            try:
                text = open(os.path.join(folder, name), encoding="utf-8").read().replace("\0", "")
            except (UnicodeDecodeError, OSError):
                continue
            out += [text[at:at + args.bytes] for at in range(0, min(len(text), 5000), args.bytes)]
    random.seed(3)
    random.shuffle(out)
    return [text for text in out if text.strip()][:args.count]


def main():
    texts = odd_texts()
    lines = asked("ids", texts).decode().splitlines()
    other = sum([int(n) for n in line.split()] != tokenizer.encode(text).ids for text, line in zip(texts, lines))
    print("%d odd texts: %d with other numbers than the published tokenizer gives" % (len(texts), other), flush=True)
    texts = pieces()
    data = asked("vectors", texts)
    ours = np.frombuffer(data, "<f4").reshape(-1, 384)
    cosines, tokens = [], 0
    for text, vector in zip(texts, ours):
        ids = tokenizer.encode("passage: " + text).ids[:256]
        tokens += len(ids)
        cosines.append(float(vector @ forward(ids)))
    print("%d texts, %d tokens: cosine to the f32 forward least %.6f, mean %.7f" % (
        len(texts), tokens, min(cosines), sum(cosines) / len(cosines)), flush=True)
    some = random.sample(range(len(texts)), min(60, len(texts)))
    rows = asked("vectors", [texts[i] for i in some])
    same = all(rows[1536 * at:1536 * at + 1536] == data[1536 * i:1536 * i + 1536] for at, i in enumerate(some))
    same = same and all(asked("vectors", [texts[i]]) == data[1536 * i:1536 * i + 1536] for i in some[:10])
    print("in another order, alone and a second time: %s" % ("the same bytes" if same else "OTHER bytes"))
    sys.exit(0 if other == 0 and min(cosines) >= .999 and same else 1)


main()
