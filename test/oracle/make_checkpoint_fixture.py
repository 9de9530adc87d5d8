"""Makes fixtures/checkpoint-*.{npz,safetensors} with PyTorch and NumPy: the same small ViT as JAX publishes weights (both
spellings of a block, one compressed) and as timm writes them, and what PyTorch's forward pass gives with the first blocks
of it, at the image size of its position embedding and at another one.

    python3 test/oracle/make_checkpoint_fixture.py        (made with torch 1.13, numpy 1.24)
"""
import json
import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent / "fixtures"
P, D, M, H, BLOCKS, C, GRID, B = 8, 16, 24, 2, 3, 5, 4, 2
torch.manual_seed(23)


def normal(*dims, scale=0.3, mean=0.0):
    return mean + scale * torch.randn(*dims)


def timm_weights():
    w = {
        "cls_token": normal(1, 1, D),
        "pos_embed": normal(1, GRID**2 + 1, D),
        "patch_embed.proj.weight": normal(D, 3, P, P, scale=0.1),
        "patch_embed.proj.bias": normal(D),
        "norm.weight": normal(D, mean=1.0),
        "norm.bias": normal(D),
        "head.weight": normal(C, D),
        "head.bias": normal(C),
    }
    for i in range(BLOCKS):
        b = f"blocks.{i}."
        for n in ("norm1", "norm2"):
            w[f"{b}{n}.weight"], w[f"{b}{n}.bias"] = normal(D, mean=1.0), normal(D)
        for name, out, into in (("attn.qkv", 3 * D, D), ("attn.proj", D, D), ("mlp.fc1", M, D), ("mlp.fc2", D, M)):
            w[f"{b}{name}.weight"], w[f"{b}{name}.bias"] = normal(out, into), normal(out)
    return w


def jax_weights(w, attention, norm2, mlp):
    """timm's weights in JAX's names and layouts, by hand as timm's own loader reads them."""
    t = lambda name: w[name].T.contiguous()
    out = {
        "cls": w["cls_token"],
        "embedding/kernel": w["patch_embed.proj.weight"].permute(2, 3, 1, 0),
        "embedding/bias": w["patch_embed.proj.bias"],
        "Transformer/posembed_input/pos_embedding": w["pos_embed"],
        "Transformer/encoder_norm/scale": w["norm.weight"],
        "Transformer/encoder_norm/bias": w["norm.bias"],
        "head/kernel": t("head.weight"),
        "head/bias": w["head.bias"],
        "pre_logits/kernel": torch.eye(D),
        "pre_logits/bias": torch.zeros(D),
    }
    for i in range(BLOCKS):
        b, to = f"blocks.{i}.", f"Transformer/encoderblock_{i}/"
        for theirs, ours in (("norm1", "LayerNorm_0"), ("norm2", norm2)):
            out[f"{to}{ours}/scale"], out[f"{to}{ours}/bias"] = w[f"{b}{theirs}.weight"], w[f"{b}{theirs}.bias"]
        for part, name in enumerate(("query", "key", "value")):
            rows = slice(part * D, (part + 1) * D)
            out[f"{to}{attention}/{name}/kernel"] = w[f"{b}attn.qkv.weight"][rows].T.reshape(D, H, D // H)
            out[f"{to}{attention}/{name}/bias"] = w[f"{b}attn.qkv.bias"][rows].reshape(H, D // H)
        out[f"{to}{attention}/out/kernel"] = t(f"{b}attn.proj.weight").reshape(H, D // H, D)
        out[f"{to}{attention}/out/bias"] = w[f"{b}attn.proj.bias"]
        for theirs, ours in (("fc1", "Dense_0"), ("fc2", "Dense_1")):
            out[f"{to}{mlp}/{ours}/kernel"] = t(f"{b}mlp.{theirs}.weight")
            out[f"{to}{mlp}/{ours}/bias"] = w[f"{b}mlp.{theirs}.bias"]
    return {name: value.contiguous().numpy() for name, value in out.items()}


def images(size):
    """Made of whole numbers, so that the test has the same without a file."""
    i = np.arange(B * size * size * 3)
    return torch.tensor((i * 7919 % 2003 / 1001.5 - 1).astype(np.float32).reshape(B, size, size, 3))


def forward(w, x, blocks):
    def norm(x, at):
        return F.layer_norm(x, (D,), w[at + ".weight"], w[at + ".bias"], eps=1e-6)

    x = F.conv2d(x.permute(0, 3, 1, 2), w["patch_embed.proj.weight"], w["patch_embed.proj.bias"], stride=P)
    grid = x.shape[-1]
    cls, rest = w["pos_embed"][:, :1], w["pos_embed"][:, 1:]
    rest = rest.reshape(1, GRID, GRID, D).permute(0, 3, 1, 2)
    rest = F.interpolate(rest, size=(grid, grid), mode="bilinear", align_corners=True)
    position = torch.cat([cls, rest.flatten(2).transpose(1, 2)], 1)
    x = torch.cat([w["cls_token"].expand(B, 1, D), x.flatten(2).transpose(1, 2)], 1) + position
    for i in range(blocks):
        b = f"blocks.{i}."
        qkv = F.linear(norm(x, b + "norm1"), w[b + "attn.qkv.weight"], w[b + "attn.qkv.bias"])
        q, k, v = qkv.reshape(B, -1, 3, H, D // H).permute(2, 0, 3, 1, 4)
        a = torch.softmax(q @ k.transpose(2, 3) / (D // H) ** 0.5, -1) @ v
        x = x + F.linear(a.transpose(1, 2).flatten(2), w[b + "attn.proj.weight"], w[b + "attn.proj.bias"])
        y = F.linear(norm(x, b + "norm2"), w[b + "mlp.fc1.weight"], w[b + "mlp.fc1.bias"])
        x = x + F.linear(F.gelu(y, approximate="tanh"), w[b + "mlp.fc2.weight"], w[b + "mlp.fc2.bias"])
    return F.linear(norm(x, "norm")[:, 0], w["head.weight"], w["head.bias"])


def write_safetensors(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in tensors.items():
        raw = value.contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


w = timm_weights()
write_safetensors(HERE / "checkpoint-timm.safetensors", w)
np.savez(HERE / "checkpoint-pre-linen.npz", **jax_weights(w, "MultiHeadDotProductAttention_1", "LayerNorm_2", "MlpBlock_3"))
np.savez_compressed(HERE / "checkpoint-linen.npz", **jax_weights(w, "MultiHeadDotProductAttention_0", "LayerNorm_1", "MlpBlock_0"))
cases = [
    {"imageSize": size, "blocks": blocks, "logits": forward(w, images(size), blocks).flatten().tolist()}
    for size, blocks in ((P * GRID, 3), (P * GRID, 2), (P * 3, 2), (P * 6, 1))
]
head = {"kernel": w["head.weight"].T.flatten().tolist(), "bias": w["head.bias"].tolist()}
(HERE / "checkpoint.json").write_text(json.dumps({"head": head, "cases": cases}) + "\n")
