"""The model file: numbers in base64, little endian. What `timbred` opens, and what the training scripts read again.

Of an existing model the centroids, the specification of the features and the distances of the codes stay as they are;
what belonged to an older vector goes. The identifier goes too: the product computes it."""

import base64
import json

import numpy as np

from score import Score
from vector import DESCRIPTORS, Branch, Network

DEFINITION = "timbre descriptors 2"


def encoded(array, kind):
    return base64.b64encode(np.ascontiguousarray(array, kind).tobytes()).decode()


def decoded(text, kind, *shape):
    array = np.frombuffer(base64.b64decode(text), kind)
    return (array.reshape(shape) if shape else array).astype(np.float32)


def halved(network):
    """The same network with its matrices rounded to what 16 bits hold, as the file keeps them."""
    def half(matrix):
        return matrix.astype(np.float16).astype(np.float32)

    branches = [Branch(half(b.hidden), b.hidden_bias, b.gain, b.offset, half(b.output), b.output_bias, half(b.bypass))
                for b in network.branches]
    return Network(network.mean, network.deviation, half(network.linear), branches, network.precise_mean,
                   half(network.precise), network.precise_share, network.projection_mean, half(network.projection),
                   network.scale)


def network_document(network):
    branches = [{
        "hidden_f16le_base64": encoded(b.hidden, "<f2"),
        "hidden_bias_f32le_base64": encoded(b.hidden_bias, "<f4"),
        "gain_f32le_base64": encoded(b.gain, "<f4"),
        "offset_f32le_base64": encoded(b.offset, "<f4"),
        "output_f16le_base64": encoded(b.output, "<f2"),
        "output_bias_f32le_base64": encoded(b.output_bias, "<f4"),
        "bypass_f16le_base64": encoded(b.bypass, "<f2"),
    } for b in network.branches]
    return {
        "definition": DEFINITION,
        "descriptors": DESCRIPTORS,
        "mean_f32le_base64": encoded(network.mean, "<f4"),
        "deviation_f32le_base64": encoded(network.deviation, "<f4"),
        "linear_f16le_base64": encoded(network.linear, "<f2"),
        "branches": branches,
        "precise_mean_f32le_base64": encoded(network.precise_mean, "<f4"),
        "precise_f16le_base64": encoded(network.precise, "<f2"),
        "precise_share": float(network.precise_share),
        "projection_mean_f32le_base64": encoded(network.projection_mean, "<f4"),
        "projection_f16le_base64": encoded(network.projection, "<f2"),
        "scale": float(network.scale),
    }


def read_network(document):
    width = document["descriptors"]
    branches = [Branch(
        decoded(b["hidden_f16le_base64"], "<f2", width, -1), decoded(b["hidden_bias_f32le_base64"], "<f4"),
        decoded(b["gain_f32le_base64"], "<f4"), decoded(b["offset_f32le_base64"], "<f4"),
        decoded(b["output_f16le_base64"], "<f2", -1, 64), decoded(b["output_bias_f32le_base64"], "<f4"),
        decoded(b["bypass_f16le_base64"], "<f2", width, 64)) for b in document["branches"]]
    return Network(
        decoded(document["mean_f32le_base64"], "<f4"), decoded(document["deviation_f32le_base64"], "<f4"),
        decoded(document["linear_f16le_base64"], "<f2", width, 64), branches,
        decoded(document["precise_mean_f32le_base64"], "<f4"),
        decoded(document["precise_f16le_base64"], "<f2", width, 64), document["precise_share"],
        decoded(document["projection_mean_f32le_base64"], "<f4"),
        decoded(document["projection_f16le_base64"], "<f2", -1, 128), document["scale"])


def score_document(score):
    return {
        "reference_i8_base64": encoded(score.reference, "i1"),
        "offset": float(score.offset),
        "slope": float(score.slope),
        "bend": float(score.bend),
        "knee": float(score.knee),
        "surroundings": [{"first": first, "last": last, "weight": float(weight)}
                         for first, last, weight in score.surroundings],
    }


def read_score(document, scale):
    reference = decoded(document["reference_i8_base64"], "i1", -1, 128).astype(np.int8)
    surroundings = [(part["first"], part["last"], part["weight"]) for part in document["surroundings"]]
    return Score(reference, scale, document["offset"], document["slope"], document["bend"], document["knee"],
                 surroundings)


def read_model(path):
    """The network and the score of a model file."""
    with open(path) as file:
        trained = json.load(file)["timbred"]
    network = read_network(trained["network"])
    return network, read_score(trained["score"], network.scale)


def write_model(path, base, network, score, provenance=None):
    """Writes `base`, a model file's object, with another network and score."""
    document = dict(base)
    document["timbred"] = {
        key: value for key, value in base["timbred"].items()
        if key not in ("transform", "identifier", "network", "score") and not key.startswith("timbre_")}
    document["timbred"] |= {"network": network_document(network), "score": score_document(score)}
    if provenance:
        document["timbred"]["provenance"] = dict(document["timbred"].get("provenance", {}), vectors=provenance)
    with open(path, "w") as file:
        json.dump(document, file, indent=2, sort_keys=True)
        file.write("\n")
