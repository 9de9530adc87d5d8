"""The child of bench/engine.ts in PyTorch: a ViT trained by SGD, every layer trainable. Reads commands from stdin, one a
line: a number of steps to run; answers with the milliseconds of each. First line out: torch's version and threads.

    python3 bench/torch_child.py BLOCKS IMAGE_SIZE BATCH THREADS whole|trimmed

whole: as a ViT is usually written. trimmed: the last block for the class token only, which is all that the head reads, as
mulab's graph has it.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

blocks, size, batch, threads = (int(a) for a in sys.argv[1:5])
trimmed = sys.argv[5] == "trimmed"
torch.set_num_threads(threads)
torch.manual_seed(0)
P, D, M, H, C = 16, 192, 768, 3, 10


class Block(nn.Module):
    def __init__(self, last):
        super().__init__()
        self.last = last
        self.norm0, self.norm1 = nn.LayerNorm(D, eps=1e-6), nn.LayerNorm(D, eps=1e-6)
        self.qkv, self.out = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.up, self.down = nn.Linear(D, M), nn.Linear(M, D)

    def forward(self, x):
        b, n, _ = x.shape
        z = self.norm0(x)
        if self.last:
            x = x[:, :1]
            q = F.linear(z[:, :1], self.qkv.weight[:D], self.qkv.bias[:D]).view(b, 1, H, D // H).transpose(1, 2)
            k, v = F.linear(z, self.qkv.weight[D:], self.qkv.bias[D:]).view(b, n, 2, H, D // H).permute(2, 0, 3, 1, 4)
        else:
            q, k, v = self.qkv(z).view(b, n, 3, H, D // H).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q * (D // H) ** -0.5 @ k.transpose(2, 3), -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(b, x.shape[1], D))
        return x + self.down(F.gelu(self.up(self.norm1(x)), approximate="tanh"))


class ViT(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(P * P * 3, D)  # unfolded: faster here than a convolution
        self.cls = nn.Parameter(torch.zeros(1, 1, D))
        self.positions = nn.Parameter(0.02 * torch.randn(1, (size // P) ** 2 + 1, D))
        self.blocks = nn.Sequential(*(Block(trimmed and i == blocks - 1) for i in range(blocks)))
        self.norm, self.head = nn.LayerNorm(D, eps=1e-6), nn.Linear(D, C)

    def forward(self, images):
        b, g = images.shape[0], size // P
        x = images.view(b, g, P, g, P * 3).transpose(2, 3).reshape(b, g * g, P * P * 3)
        x = torch.cat([self.cls.expand(b, 1, D), self.embed(x)], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


model = ViT()
parameters = list(model.parameters())
optimizer = torch.optim.SGD(parameters, lr=0.01, momentum=0.9, foreach=True)
images, labels = torch.rand(batch, size, size, 3) * 2 - 1, torch.randint(0, C, (batch,))


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    return loss.item()


print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append(f"{1000 * (time.perf_counter() - start):.3f}")
    print(" ".join(times), flush=True)
