"""The model: a small Llama (RMSNorm, RoPE in interleaved pairs, SwiGLU, tied embeddings), in JAX.

The initial weights hold the beginnings of copying: some heads of the first layer look one or two tokens back, and some
of the second look for the place in the note that follows what was just written ("induction"). Training can undo all of it;
on two cores it saves the first few million tokens, which otherwise pass before a model finds copying by itself.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np


class Shape(NamedTuple):
    """Sizes of a model."""

    vocabulary: int
    width: int = 192
    layers: int = 4
    heads: int = 4
    hidden: int = 512
    base: float = 1e6  # of RoPE; so large that a good part of each head hardly turns over a segment
    epsilon: float = 1e-5

    @property
    def head(self):
        """Width of a head."""
        return self.width // self.heads


SEED = 20261120  # of the initial weights, and from where the order of examples starts
SCALE = 0.06  # of the embeddings
CONSTANT = 4.0  # the first channel of every embedding, in units of SCALE: what heads that look at positions only read
WORDS = 128  # channels that hold the embeddings at first; the others are left to the heads of the first layer


def initial(shape, seed):
    """The weights before training."""
    rng = np.random.default_rng(seed)
    d, h = shape.width, shape.hidden

    def normal(rows, columns, scale):
        return rng.normal(0, scale, (rows, columns)).astype(np.float32)

    embedding = normal(shape.vocabulary, d, SCALE)
    embedding[:, WORDS:] *= 0.05
    embedding[:, 0] = SCALE * CONSTANT
    layers = []
    for _ in range(shape.layers):
        layers.append({
            "attention_norm": np.ones(d, np.float32), "q": normal(d, d, 0.04), "k": normal(d, d, 0.04), "v": normal(d, d, 0.05), "o": normal(d, d, 0.01),
            "hidden_norm": np.ones(d, np.float32), "gate": normal(d, h, 0.05), "up": normal(d, h, 0.05), "down": normal(h, d, 0.005),
        })
    copying(shape, layers, rng)
    return jax.tree.map(jnp.asarray, {"embedding": embedding, "layers": layers, "norm": np.full(d, 1.0, np.float32)})


def copying(shape, layers, rng):
    """Write looking back into layer 0 and induction into layer 1."""
    size = shape.head
    turns = shape.base ** (-np.arange(0, size, 2) / size)
    fast = [i for i, t in enumerate(turns) if t > 0.05]
    slow = [i for i, t in enumerate(turns) if t < 0.004]
    channels = [2 * i + j for i in slow for j in (0, 1)]
    count = min(len(channels), (shape.width - WORDS) // 2)
    channels = channels[:count]
    project = rng.normal(0, 1 / np.sqrt(WORDS - 1), (WORDS - 1, count)).astype(np.float32)
    places = [range(WORDS, WORDS + count), range(WORDS + count, WORDS + 2 * count)]
    for head, back in ((0, 1), (1, 2)):
        part = slice(head * size, (head + 1) * size)
        first = layers[0]
        for name in ("q", "k", "v"):
            first[name][:, part] = 0
        first["o"][part, :] = 0
        for i in fast:
            first["q"][0, head * size + 2 * i] = 1.9
            first["k"][0, head * size + 2 * i] = 1.9 * np.cos(back * turns[i])
            first["k"][0, head * size + 2 * i + 1] = 1.9 * np.sin(back * turns[i])
        first["v"][1:WORDS, head * size:head * size + count] = project
        for j, place in enumerate(places[head]):
            first["o"][head * size + j, place] = SCALE
    second = layers[1]
    for head in range(3):
        part = slice(head * size, (head + 1) * size)
        for name in ("q", "k", "v"):
            second[name][:, part] = 0
        second["o"][part, :] = 0
        for j, channel in enumerate(channels):
            if head < 2:  # this token against the one before that place
                second["q"][1:WORDS, head * size + channel] = 1.4 * project[:, j]
                second["k"][places[0][j], head * size + channel] = 1.4
            else:  # the token before this one against the second before that place
                second["q"][places[0][j], head * size + channel] = 1.4
                second["k"][places[1][j], head * size + channel] = 1.4
        value = np.linalg.qr(rng.normal(0, 1, (WORDS - 1, size)))[0].astype(np.float32)
        second["v"][1:WORDS, part] = value
        second["o"][part, 1:WORDS] = 2 * SCALE * value.T


def norm(x, weight, epsilon):
    """RMSNorm."""
    return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + epsilon) * weight


def rotations(shape, length):
    """Cosines and sines of RoPE, (length, head), each twice for the two numbers of a pair."""
    turns = shape.base ** (-jnp.arange(0, shape.head, 2) / shape.head)
    angles = jnp.repeat(jnp.arange(length)[:, None] * turns[None, :], 2, -1)
    return jnp.cos(angles), jnp.sin(angles)


def rotate(x, cosines, sines):
    """Turn the pairs (0, 1), (2, 3), ... of (batch, length, heads, head) by their positions."""
    # (a, b) -> (-b, a) as a small product: on a CPU much faster than taking every second number.
    size = x.shape[-1]
    swap = np.zeros((size, size), np.float32)
    for i in range(0, size, 2):
        swap[i + 1, i], swap[i, i + 1] = -1, 1
    return x * cosines[None, :, None, :] + (x @ swap) * sines[None, :, None, :]


def logits(weights, tokens, groups, shape, places=None):
    """Scores of the next token at every place of (batch, length) tokens, which see those of their own group only.

    With `places`, the scores at those places of the flattened batch.
    """
    batch, length = tokens.shape
    x = weights["embedding"][tokens]
    cosines, sines = rotations(shape, length)
    seen = jnp.tril(jnp.ones((length, length), bool)) & (groups[:, None, :, None] == groups[:, None, None, :])
    hidden = jnp.where(seen, 0.0, -1e9)
    for layer in weights["layers"]:
        y = norm(x, layer["attention_norm"], shape.epsilon)
        q, k, v = ((y @ layer[n]).reshape(batch, length, shape.heads, shape.head) for n in "qkv")
        q, k = rotate(q, cosines, sines), rotate(k, cosines, sines)
        scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / np.sqrt(shape.head) + hidden
        y = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores, -1), v).reshape(batch, length, shape.width)
        x = x + y @ layer["o"]
        y = norm(x, layer["hidden_norm"], shape.epsilon)
        x = x + (jax.nn.silu(y @ layer["gate"]) * (y @ layer["up"])) @ layer["down"]
    if places is not None:
        x = x.reshape(-1, shape.width)[places]
    return norm(x, weights["norm"], shape.epsilon) @ weights["embedding"].T
