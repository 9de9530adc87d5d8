// Sets in MNIST's format: idx files of 28 × 28 grey images. Both papers hold out 5 % of train.

import { type DataFile, heldOut, type Pin, type PublishedSet, type PublishedTask } from "../catalog-entry.js";

/** sha256 and size of images, then of labels. */
type Pins = readonly [Pin, Pin];

const prepared = (dataset: string) => ({ dataset, label: { feature: "label" } }) as const;
const pin = (sha256: string, bytes: number): Pin => ({ sha256, bytes });

/** A set of two files, `<stem>-images-idx3-ubyte.gz` and its labels. */
function idx(
  folder: string,
  stem: string,
  count: number,
  [images, labels]: Pins,
  source?: string,
): PublishedSet {
  const file = (name: string, bytes: Pin): DataFile => ({
    path: `${folder}/${name}`,
    ...(source && { url: `${source}/${name}` }),
    ...bytes,
  });
  const files = [file(`${stem}-images-idx3-ubyte.gz`, images), file(`${stem}-labels-idx1-ubyte.gz`, labels)];
  return { count, pinned: { format: { kind: "idx" }, files } };
}

const MNIST_SOURCE = "https://storage.googleapis.com/cvdf-datasets/mnist";
const KMNIST_SOURCE = "http://codh.rois.ac.jp/kmnist/dataset/kmnist";

const KMNIST_TEST: Pins = [
  pin("edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5", 3_041_136),
  pin("20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c", 5120),
];

const kmnist = {
  kind: "published",
  classes: 10,
  imageSize: 28,
  channels: 1,
  splits: heldOut("5%"),
  licence: "CC BY-SA 4.0",
  citation:
    '"KMNIST Dataset" (created by CODH), adapted from "Kuzushiji Dataset" (created by NIJL and others), doi:10.20676/00000341',
} as const;

const kmnistTest = idx("kmnist", "t10k", 10_000, KMNIST_TEST, KMNIST_SOURCE);

/** Images of a set, and how many the archive's files hold if that is more. */
interface InArchive {
  readonly count: number;
  readonly holds?: number;
}

/** Both parts of EMNIST that muNet uses lie in one archive. */
function emnist(
  part: string,
  title: string,
  classes: number,
  [train, test]: readonly [InArchive, InArchive],
  remark = "",
): PublishedTask {
  const archive: DataFile = {
    path: "emnist/gzip.zip",
    url: "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip",
    sha256: "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
    bytes: 561_753_746,
  };
  const set = (name: string, { count, holds = count }: InArchive): PublishedSet => ({
    count,
    pinned: { format: { kind: "zipped-idx", stem: `gzip/emnist-${part}-${name}`, holds }, files: [archive] },
  });
  return {
    kind: "published",
    name: `emnist/${part}`,
    title,
    classes,
    imageSize: 28,
    channels: 1,
    sets: { train: set("train", train), test: set("test", test) },
    splits: heldOut("5%"),
    prepared: prepared(`emnist/${part}`),
    licence: "see source",
    source: "emnist (published files)",
    citation:
      "G. Cohen, S. Afshar, J. Tapson, A. van Schaik, EMNIST: extending MNIST to handwritten letters, 2017",
    remark: `The images lie on their side (rows and columns exchanged), as published; the papers leave them so.${remark}`,
  };
}

export const IDX_DIGITS: readonly PublishedTask[] = [
  emnist("digits", "Handwritten digits of many writers", 10, [{ count: 240_000 }, { count: 40_000 }]),
  // The papers' pipeline declares 37 classes for the letters; labels 1 to 26 occur. It also declares fewer images than the
  // files hold, as EMNIST's paper does, and TensorFlow Datasets reads exactly that many.
  emnist(
    "letters",
    "Handwritten letters of many writers",
    37,
    [
      { count: 88_800, holds: 124_800 },
      { count: 14_800, holds: 20_800 },
    ],
    " The published files hold 124,800 and 20,800 images; the papers read the first 88,800 and 14,800, and so does this.",
  ),
  {
    ...kmnist,
    name: "kmnist",
    title: "Handwritten cursive Japanese characters",
    source: "kmnist (published files)",
    prepared: prepared("kmnist"),
    sets: {
      train: idx(
        "kmnist",
        "train",
        60_000,
        [
          pin("51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4", 18_165_135),
          pin("e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17", 29_497),
        ],
        KMNIST_SOURCE,
      ),
      test: kmnistTest,
    },
  },
  {
    ...kmnist,
    name: "kmnist/first7000",
    title: "Handwritten cursive Japanese characters, the first 7,000 training images only",
    source: "kmnist (first 7,000 of 60,000 training images)",
    remark:
      "No published set: the beginning of kmnist's training images in published order, and its whole test set.",
    sets: {
      train: idx("kmnist", "train-first7000", 7000, [
        pin("9015dc17d0d3c52059dbd01880a6487de2ed30bca1f8ad4bbe7c4e45a86e7516", 2_115_850),
        pin("7070c05214dd44c224be9e552b87590de3dc0b9837e20191baa14c7af525936b", 3592),
      ]),
      test: kmnistTest,
    },
  },
  {
    kind: "published",
    name: "mnist",
    title: "Handwritten digits",
    classes: 10,
    imageSize: 28,
    channels: 1,
    splits: heldOut("5%"),
    prepared: prepared("mnist"),
    licence: "see source",
    source: "mnist (published files)",
    citation: "Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits",
    sets: {
      train: idx(
        "mnist",
        "train",
        60_000,
        [
          pin("440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9_912_422),
          pin("3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28_881),
        ],
        MNIST_SOURCE,
      ),
      test: idx(
        "mnist",
        "t10k",
        10_000,
        [
          pin("8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1_648_877),
          pin("f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4542),
        ],
        MNIST_SOURCE,
      ),
    },
  },
];
