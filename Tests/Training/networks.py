"""The nets: each a linear path, begun with the discriminant analysis, beside one hidden layer. Needs JAX.

Two losses. A softmax over the labels by cosine, with a margin [1], pulls every sound to its label's place. A contrastive
loss over the sounds of a batch [2] pulls sounds of one label together wherever they lie. Learnt with AdamW [3], on sounds
and variants, with noise on the descriptors and dropout [4].

Sources
 [1] H. Wang et al., "CosFace: large margin cosine loss for deep face recognition", CVPR (2018)
 [2] P. Khosla et al., "Supervised contrastive learning", NeurIPS (2020)
 [3] I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR (2019)
 [4] N. Srivastava et al., "Dropout", J. Mach. Learn. Res. 15 (2014)
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from batches import Batches
from sounds import numbered
from vector import LIMIT, Branch, unit


@dataclass
class Plan:
    """How a net is trained; chosen on groups held out."""

    hidden: int = 1024
    steps: int = 2000
    rate: float = 2e-3
    noise: float = 0.1  # added to descriptors, in standard deviations
    dropped: float = 0.1  # of the descriptors
    dropped_hidden: float = 0.4
    decay: float = 0.02
    margin: float = 0.1
    smoothing: float = 0.05
    sharpness: float = 16.0  # of the softmax over labels
    temperature: float = 0.1  # of the contrastive loss
    contrast: float = 2.0  # its weight
    itself: float = 0.2  # how much two views of one sound count in it, beside two sounds


def started(plan, key, linear, proxies):
    first, second = jax.random.split(key)
    size, width = linear.shape
    normal = jax.random.normal
    return {
        "hidden": normal(first, (size, plan.hidden)) * np.sqrt(2 / size),
        "hidden_bias": jnp.zeros(plan.hidden), "gain": jnp.ones(plan.hidden), "offset": jnp.zeros(plan.hidden),
        "output": normal(second, (plan.hidden, width)) * np.sqrt(2 / plan.hidden) * 0.7,
        "output_bias": jnp.zeros(width), "bypass": jnp.asarray(linear), "proxies": jnp.asarray(proxies),
    }


def embedded(net, z, plan, key):
    """Unit vectors of standardised descriptors, with the noise and dropout of training."""
    noise, drop, drop_hidden = jax.random.split(key, 3)
    z = z + plan.noise * jax.random.normal(noise, z.shape)
    z = z * (jax.random.uniform(drop, z.shape) > plan.dropped)
    hidden = z @ net["hidden"] + net["hidden_bias"]
    hidden = (hidden - hidden.mean(1, keepdims=True)) / jnp.sqrt(hidden.var(1, keepdims=True) + 1e-5)
    hidden = jax.nn.relu(hidden * net["gain"] + net["offset"])
    hidden = hidden * (jax.random.uniform(drop_hidden, hidden.shape) > plan.dropped_hidden) / (1 - plan.dropped_hidden)
    place = z @ net["bypass"] + 0.5 * (hidden @ net["output"] + net["output_bias"])
    return place / jnp.sqrt((place**2).sum(1, keepdims=True) + 1e-9)


def loss(net, z, label, sound, plan, key):
    place = embedded(net, z, plan, key)
    proxies = net["proxies"] / jnp.linalg.norm(net["proxies"], axis=1, keepdims=True)
    chosen = jax.nn.one_hot(label, len(proxies))
    wanted = chosen * (1 - plan.smoothing) + plan.smoothing / len(proxies)
    told = jax.nn.log_softmax(plan.sharpness * (place @ proxies.T - plan.margin * chosen))
    by_label = -(wanted * told).sum(1).mean()

    likeness = place @ place.T / plan.temperature
    oneself = jnp.eye(len(place))
    pairs = (label[:, None] == label[None]) * (1 - oneself)
    pairs = jnp.where(sound[:, None] == sound[None], plan.itself * pairs, pairs)
    others = jax.scipy.special.logsumexp(jnp.where(oneself > 0, -1e9, likeness), axis=1, keepdims=True)
    paired = pairs.sum(1)
    by_pair = -(pairs * (likeness - others)).sum(1) / jnp.maximum(paired, 1e-6)
    return by_label + plan.contrast * (by_pair * (paired > 0)).sum() / jnp.maximum((paired > 0).sum(), 1)


def rate_at(step, plan):
    """Rises for a tenth of the steps, then falls along a cosine to a hundredth."""
    rising = plan.steps // 10
    falling = 0.505 + 0.495 * jnp.cos(jnp.pi * (step - rising) / (plan.steps - rising))
    return plan.rate * jnp.where(step < rising, step / rising, falling)


def make_step(plan, seed):
    @jax.jit
    def step(net, first, second, number, z, label, sound):
        key = jax.random.fold_in(jax.random.PRNGKey(seed + 7), number)
        value, gradient = jax.value_and_grad(loss)(net, z, label, sound, plan, key)
        each = jax.tree_util.tree_map
        first = each(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = each(lambda v, g: 0.999 * v + 0.001 * g**2, second, gradient)
        rate = rate_at(number, plan)

        def moved(weight, m, v):
            m, v = m / (1 - 0.9 ** (number + 1)), v / (1 - 0.999 ** (number + 1))
            return weight - rate * (m / (jnp.sqrt(v) + 1e-8) + plan.decay * weight)

        return each(moved, net, first, second), first, second, value
    return step


def train_branch(views, sounds, mean, deviation, linear, names, seed, plan=Plan()):
    """A branch. views: descriptors, float16 [sounds, views, 410], the views being called `names`; linear: the
    discriminant analysis, [410, 64]."""
    labels, label = numbered(sound.label for sound in sounds)

    def standardised(descriptors):
        return np.clip((descriptors.astype(np.float32) - mean) / deviation, -LIMIT, LIMIT)

    places = unit(standardised(views[:, 0]) @ linear)
    proxies = unit(np.array([places[label == number].mean(0) for number in range(len(labels))]))
    net = started(plan, jax.random.PRNGKey(seed), linear, proxies)
    first = jax.tree_util.tree_map(jnp.zeros_like, net)
    second, step, running = first, make_step(plan, seed), 0.0
    batches = Batches(sounds, seed, names)
    for number in range(plan.steps):
        sound, view = batches.next()
        seen = standardised(views[sound, view])
        net, first, second, value = step(net, first, second, number, seen, label[sound], sound)
        running = 0.99 * running + 0.01 * float(value) if number else float(value)
        if (number + 1) % 500 == 0:
            print(f"  net {seed}, step {number + 1}: loss {running:.3f}", flush=True)
    return Branch(*(np.asarray(net[name]) for name in Branch.__dataclass_fields__))
