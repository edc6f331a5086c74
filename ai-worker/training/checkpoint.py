"""Checkpoints of a training run: the state before the first step, written and read."""

import os

import jax
import jax.numpy as jnp
import numpy as np

import model


def save(path, state):
    """Write a checkpoint; a reader never sees half of it."""
    leaves = {f"a{i}": np.asarray(x) for i, x in enumerate(jax.tree.leaves(state))}
    np.savez(path + ".part.npz", **leaves)
    os.replace(path + ".part.npz", path)


def load(path, state):
    """Read a checkpoint of the same form as `state`."""
    with np.load(path) as file:
        leaves = [jnp.asarray(file[f"a{i}"]) for i in range(len(file.files))]
    return jax.tree.unflatten(jax.tree.structure(state), leaves)


def fresh(shape):
    """The state before the first step."""
    weights = model.initial(shape, model.SEED)
    zeros = jax.tree.map(jnp.zeros_like, weights)
    return {"weights": weights, "first": zeros, "second": jax.tree.map(jnp.zeros_like, weights), "mean": jax.tree.map(jnp.array, weights),
            "count": jnp.zeros((), jnp.float32), "step": 0, "tokens": 0, "seconds": 0.0}
