// Handwritten numerals of three Indian scripts: the tasks of µ2Net's preliminary experiment, and three of the eight of
// muNet's character benchmark. The papers hold out different shares for validation, so the experiment says which.

import { type DataFile, heldOut, type Pin, type PublishedTask } from "../catalog-entry.js";

const SOURCE =
  "https://raw.githubusercontent.com/prabhuomkar/CMATERdb/e65568bc9cd8c4d53cb68a9c9b031634389d259b/datasets";

const format = { kind: "npz" } as const;

function cmaterdb(script: string, counts: readonly [number, number], train: Pin, test: Pin): PublishedTask {
  const folder = `${script}-numerals`;
  const file = (name: string, pin: Pin): DataFile => ({
    path: `cmaterdb/${folder}/${name}`,
    url: `${SOURCE}/${folder}/${name}`,
    ...pin,
  });
  return {
    kind: "published",
    name: `cmaterdb/${script}`,
    title: `Handwritten ${script[0]!.toUpperCase()}${script.slice(1)} numerals`,
    classes: 10,
    imageSize: 32,
    channels: 3,
    sets: {
      train: { count: counts[0], pinned: { format, files: [file("training-images.npz", train)] } },
      test: { count: counts[1], pinned: { format, files: [file("testing-images.npz", test)] } },
    },
    splits: heldOut("share"),
    prepared: { dataset: `cmaterdb/${script}`, label: { feature: "label" } },
    licence: "Apache-2.0 (the repository); the original set is free for non-commercial use",
    source: "cmaterdb (published files)",
    citation:
      "N. Das et al., A statistical-topological feature combination for recognition of handwritten numerals, and A genetic algorithm based region sampling for selection of local features in handwritten digit recognition application, Applied Soft Computing 12, 2012",
    remark: "A few test images are also training images, pixel for pixel.",
  };
}

export const CMATERDB: readonly PublishedTask[] = [
  cmaterdb(
    "bangla",
    [5000, 1000],
    { sha256: "502957392649eecad013ac425b54fecc6d06dbc06bc647a46b0cfc6b96e2c130", bytes: 489_289 },
    { sha256: "d1c9780ba5decc135175a021bd29961cd7316db009f428d8c04b84ba36a6d67a", bytes: 98_295 },
  ),
  cmaterdb(
    "devanagari",
    [2500, 500],
    { sha256: "e690d54f7c82e12e3c5ba99221672dc3fc7b6ad493e495077f7e26332558ae86", bytes: 234_882 },
    { sha256: "1636fa10484100486b96a3e938cee4c6adeddcfb1e91c9dbb5166fb9a260216d", bytes: 47_017 },
  ),
  cmaterdb(
    "telugu",
    [2500, 500],
    { sha256: "32f9b5b135c8084f0cf646bc6a70358767653b1f8c6d19bd64ad5d5cbf1d9467", bytes: 241_764 },
    { sha256: "182806a45091da53b4ad98d4425130c0ebbf9bc1bf50fb58b3e5ea65ee33c7c6", bytes: 48_946 },
  ),
];
