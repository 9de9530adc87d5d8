"""Makes fixtures/vit.safetensors and fixtures/sgd.json with PyTorch: a small ViT with an adapter written with torch's own
layers (convolution, layer_norm, softmax, gelu), its loss and all gradients by autograd; and steps of torch.optim.SGD.

    python3 test/oracle/make_fixture.py        (made with torch 1.13)
"""
import json
import pathlib
import struct

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent / "fixtures"
P, D, M, H, BLOCKS, ADAPTERS, A, C, S, B = 16, 16, 24, 2, 2, [1], 4, 5, 32, 3
torch.manual_seed(11)


def parameters():
    def normal(*dims, scale=0.3, mean=0.0):
        return (mean + scale * torch.randn(*dims)).requires_grad_()

    p = {
        "embedding/kernel": normal(P, P, 3, D, scale=0.05),
        "embedding/bias": normal(D),
        "cls/cls": normal(1, 1, D),
        "posembed_input/pos_embedding": normal(1, (S // P) ** 2 + 1, D),
        "encoder_norm/scale": normal(D, mean=1.0),
        "encoder_norm/bias": normal(D),
        "head/kernel": normal(D, C),
        "head/bias": normal(C),
    }
    for i in range(BLOCKS):
        b, att = f"encoderblock_{i}/", f"encoderblock_{i}/MultiHeadDotProductAttention_0/"
        for n in (0, 1):
            p[f"{b}LayerNorm_{n}/scale"] = normal(D, mean=1.0)
            p[f"{b}LayerNorm_{n}/bias"] = normal(D)
        for name in ("query", "key", "value"):
            p[f"{att}{name}/kernel"] = normal(D, H, D // H)
            p[f"{att}{name}/bias"] = normal(H, D // H)
        p[f"{att}out/kernel"] = normal(H, D // H, D)
        p[f"{att}out/bias"] = normal(D)
        p[f"{b}MlpBlock_0/Dense_0/kernel"] = normal(D, M)
        p[f"{b}MlpBlock_0/Dense_0/bias"] = normal(M)
        p[f"{b}MlpBlock_0/Dense_1/kernel"] = normal(M, D)
        p[f"{b}MlpBlock_0/Dense_1/bias"] = normal(D)
    for i in ADAPTERS:
        b = f"residual_adapter_{i}/"
        p[f"{b}LayerNorm_0/scale"] = normal(D, mean=1.0)
        p[f"{b}LayerNorm_0/bias"] = normal(D)
        p[f"{b}Dense_0/kernel"], p[f"{b}Dense_0/bias"] = normal(D, A), normal(A)
        p[f"{b}Dense_1/kernel"], p[f"{b}Dense_1/bias"] = normal(A, D), normal(D)
    return p


def forward(p, images):
    def norm(x, at):
        return F.layer_norm(x, (D,), p[at + "scale"], p[at + "bias"], eps=1e-6)

    kernel = p["embedding/kernel"].permute(3, 2, 0, 1)  # HWIO -> OIHW
    grid = F.conv2d(images.permute(0, 3, 1, 2), kernel, p["embedding/bias"], stride=P)
    x = grid.flatten(2).transpose(1, 2)  # [B, g*g, D], rows first
    x = torch.cat([p["cls/cls"].expand(B, 1, D), x], 1) + p["posembed_input/pos_embedding"]
    for i in range(BLOCKS):
        if i in ADAPTERS:
            a = f"residual_adapter_{i}/"
            y = norm(x, a + "LayerNorm_0/") @ p[a + "Dense_0/kernel"] + p[a + "Dense_0/bias"]
            x = x + F.gelu(y, approximate="tanh") @ p[a + "Dense_1/kernel"] + p[a + "Dense_1/bias"]
        b, att = f"encoderblock_{i}/", f"encoderblock_{i}/MultiHeadDotProductAttention_0/"
        y = norm(x, b + "LayerNorm_0/")
        q, k, v = (
            torch.einsum("bnd,dhe->bhne", y, p[f"{att}{name}/kernel"]) + p[f"{att}{name}/bias"][None, :, None]
            for name in ("query", "key", "value")
        )
        weights = torch.softmax(q @ k.transpose(2, 3) / (D // H) ** 0.5, -1)
        x = x + torch.einsum("bhne,hed->bnd", weights @ v, p[att + "out/kernel"]) + p[att + "out/bias"]
        y = norm(x, b + "LayerNorm_1/") @ p[b + "MlpBlock_0/Dense_0/kernel"] + p[b + "MlpBlock_0/Dense_0/bias"]
        y = F.gelu(y, approximate="tanh") @ p[b + "MlpBlock_0/Dense_1/kernel"]
        x = x + y + p[b + "MlpBlock_0/Dense_1/bias"]
    return norm(x, "encoder_norm/")[:, 0] @ p["head/kernel"] + p["head/bias"]


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, value in tensors.items():
        raw = value.detach().contiguous().float().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def vit():
    p = parameters()
    images = torch.rand(B, S, S, 3) * 2 - 1
    labels = torch.tensor([0, 3, 1])
    logits = forward(p, images)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    out = {"images": images, "labels": labels.float(), "logits": logits, "loss": loss.reshape(1)}
    out |= {f"value/{n}": v for n, v in p.items()} | {f"gradient/{n}": v.grad for n, v in p.items()}
    write_safetensors(HERE / "vit.safetensors", out)


def sgd():
    steps, size, clip, momentum = 6, 12, 1.0, 0.9
    start = torch.randn(size)
    gradients = [torch.randn(size) * scale for scale in (0.1, 0.4, 2.0, 0.05, 1.0, 0.2)]
    rates = [0.1, 0.5, 0.2, 0.3, 0.05, 0.4]
    cases = []
    for nesterov in (False, True):
        for precision in ("float32", "bfloat16"):
            theta = start.clone().requires_grad_()
            optimizer = torch.optim.SGD([theta], lr=1.0, momentum=momentum, nesterov=nesterov)
            trace = []
            for g, rate in zip(gradients, rates):
                optimizer.param_groups[0]["lr"] = rate
                norm = g.norm()
                theta.grad = g * clip / norm if norm >= clip else g.clone()
                optimizer.step()
                velocity = optimizer.state[theta]["momentum_buffer"]
                if precision == "bfloat16":  # the update used it in full; what is carried over is rounded
                    velocity.copy_(velocity.to(torch.bfloat16).float())
                trace.append({"theta": theta.tolist(), "velocity": velocity.tolist()})
            cases.append({"nesterov": nesterov, "precision": precision, "trace": trace})
    fixture = {"clip": clip, "momentum": momentum, "start": start.tolist(), "rates": rates}
    fixture |= {"gradients": [g.tolist() for g in gradients], "cases": cases}
    (HERE / "sgd.json").write_text(json.dumps(fixture) + "\n")


HERE.mkdir(exist_ok=True)
vit()
sgd()
