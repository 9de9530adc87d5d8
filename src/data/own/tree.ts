// The folders and files of own images, on disk or in a zip archive that is read in place. Names are texts (names.ts); files
// are only ever reached through listed nodes.

import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { sep } from "node:path";
import { badFile, badImage, folderMissing, imageTooLarge, MulabError } from "../../core/errors/index.js";
import { kindOf } from "../../disk/regular.js";
import { MOST_IMAGE_BYTES } from "../formats/decode-image.js";
import {
  checkZipEntry,
  localHeaderSize,
  readZipEnd,
  readZipEntries,
  unpackZipEntry,
  ZIP_TAIL,
  type ZipEntry,
  zipDataStart,
} from "../formats/zip-directory.js";
import { byName, isHidden, isImageName, nameOf } from "./names.js";

export interface Node {
  readonly name: string;
  /** For messages: its path. */
  readonly where: string;
  /** Below the root, with forward slashes; "" for the root. */
  readonly path: string;
}

/** The direct contents of a folder, each list sorted by name. */
export interface Listing {
  readonly folders: readonly Node[];
  readonly images: readonly Node[];
  /** All other files, including hidden ones. */
  readonly others: readonly Node[];
  /** Number of links that are not followed. */
  readonly links: number;
}

export interface Tree {
  readonly root: Node;
  /** Throws data/folder-missing. */
  list(folder: Node): Promise<Listing>;
  /** The whole file; throws data/bad-image, data/bad-file or data/image-too-large, and never reads more than an image may have. */
  read(file: Node): Uint8Array;
  /** Changes whenever the file's bytes may have. */
  stamp(file: Node): string;
  close(): void;
}

const listingOf = (
  nodes: readonly { readonly node: Node; readonly kind: "folder" | "file" | "link" | "other" }[],
): Listing => {
  const sorted = [...nodes].sort((a, b) => byName(a.node, b.node));
  const those = (kept: (of: (typeof sorted)[number]) => boolean) =>
    sorted.filter(kept).map(({ node }) => node);
  const isFolder = ({ node, kind }: (typeof sorted)[number]) => kind === "folder" && !isHidden(node.name);
  const isImage = ({ node, kind }: (typeof sorted)[number]) =>
    kind === "file" && !isHidden(node.name) && isImageName(node.name);
  return {
    folders: those(isFolder),
    images: those(isImage),
    others: those((of) => of.kind !== "link" && !isFolder(of) && !isImage(of)),
    links: sorted.filter(({ kind }) => kind === "link").length,
  };
};

const child = (parent: Node, name: string): Node => ({
  name,
  where: `${parent.where}${sep}${name}`,
  path: parent.path === "" ? name : `${parent.path}/${name}`,
});

// ---- on disk

/** A folder on disk. Links are followed on request, and otherwise counted. */
export function diskTree(path: string, followLinks: boolean): Tree {
  const root: Node = { name: "", where: path, path: "" };
  // Names may be bytes that are not text, so paths are bytes.
  const places = new Map<Node, Buffer>([[root, Buffer.from(path)]]);
  const placeOf = (node: Node): Buffer => places.get(node)!;
  return {
    root,
    async list(folder) {
      let entries: Dirent<Buffer>[];
      try {
        entries = await readdir(placeOf(folder), { withFileTypes: true, encoding: "buffer" });
      } catch (error) {
        throw folderMissing(folder.where, (error as NodeJS.ErrnoException).code ?? String(error));
      }
      return listingOf(
        entries.map((entry) => {
          const node = child(folder, nameOf(entry.name));
          const place = Buffer.concat([placeOf(folder), Buffer.from(sep), entry.name]);
          places.set(node, place);
          return { node, kind: kindOfEntry(entry, place, followLinks) };
        }),
      );
    },
    read: (file) => readWhole(placeOf(file), file.where, followLinks),
    stamp(file) {
      const stat = followLinks ? statSync : lstatSync;
      const { size, mtimeNs, ctimeNs, ino } = stat(placeOf(file), { bigint: true });
      return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
    },
    close: () => {},
  };
}

function kindOfEntry(entry: Dirent<Buffer>, place: Buffer, followLinks: boolean) {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  if (!entry.isSymbolicLink()) return "other";
  if (!followLinks) return "link";
  try {
    const target = statSync(place);
    return target.isDirectory() ? "folder" : target.isFile() ? "file" : "other";
  } catch {
    return "link"; // a dangling link
  }
}

/** The whole file; synchronous, because for small images most of the time would be spent waiting. Throws data/bad-image, data/image-too-large. */
export function readWhole(path: Buffer, where: string, followLinks: boolean): Uint8Array {
  let file: number | undefined;
  try {
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants; // Windows has neither
    file = openSync(path, O_RDONLY | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW));
    const stat = fstatSync(file);
    if (!stat.isFile()) throw badImage(where, `it is ${kindOf(stat)}, not a file`);
    if (stat.size > MOST_IMAGE_BYTES)
      throw imageTooLarge(where, `${stat.size} bytes`, `${MOST_IMAGE_BYTES} bytes`);
    const bytes = Buffer.allocUnsafeSlow(stat.size);
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, bytes.length - done, done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  } catch (error) {
    if (error instanceof MulabError) throw error;
    throw badImage(where, `it can't be read (${(error as NodeJS.ErrnoException).code})`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

// ---- in an archive

const MOST_DIRECTORY = 2 ** 28; // bytes of a zip's directory

interface Folder {
  readonly folders: Map<string, Folder>;
  /** A list: two names may be the same text. */
  readonly files: (readonly [name: string, entry: ZipEntry])[];
  readonly node: Node;
}

/** A zip archive on disk. Throws data/bad-file. */
export function zipTree(path: string): Tree {
  const file = openZip(path);
  try {
    const size = file.size;
    const tail = Math.min(size, ZIP_TAIL);
    const end = readZipEnd(file.read(size - tail, tail), size, path);
    if (end.size > MOST_DIRECTORY)
      throw badFile(path, `a directory of ${end.size} bytes`, `at most ${MOST_DIRECTORY}`);
    const entries = readZipEntries(file.read(end.start, end.size), end.count, path);
    const files = new Map<Node, ZipEntry>();
    const folders = new Map<Node, Folder>();
    const newFolder = (node: Node): Folder => {
      const folder: Folder = { folders: new Map(), files: [], node };
      folders.set(node, folder);
      return folder;
    };
    const root = newFolder({ name: "", where: path, path: "" });
    for (const entry of entries.values()) put(root, entry, newFolder);
    return {
      root: root.node,
      async list(node) {
        const folder = folders.get(node)!;
        return listingOf([
          ...[...folder.folders.values()].map((sub) => ({ node: sub.node, kind: "folder" as const })),
          ...folder.files.map(([name, entry]) => {
            const each = child(node, name);
            files.set(each, entry);
            return { node: each, kind: "file" as const };
          }),
        ]);
      },
      read(node) {
        const entry = files.get(node)!;
        if (entry.size > MOST_IMAGE_BYTES)
          throw imageTooLarge(node.where, `${entry.size} bytes`, `${MOST_IMAGE_BYTES} bytes`);
        checkZipEntry(entry, path);
        const local = Math.min(entry.local, end.start);
        const header = file.read(local, Math.min(localHeaderSize(entry), end.start - local));
        const start = zipDataStart(header, entry, end.start, path);
        return unpackZipEntry(entry, file.read(start, entry.packedSize), path);
      },
      stamp: (node) => `${file.stamp} ${files.get(node)!.crc} ${files.get(node)!.size}`,
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Adds a member at the place of its name. A name such as "../x" becomes x; nothing is unpacked to disk. */
function put(root: Folder, entry: ZipEntry, newFolder: (node: Node) => Folder): void {
  const steps = nameOf(Buffer.from(entry.name, "latin1"))
    .split(/[/\\]/)
    .filter((step) => !["", ".", ".."].includes(step));
  const isFolder = /[/\\]$/.test(entry.name);
  const name = isFolder ? undefined : steps.pop();
  let folder = root;
  for (const step of steps) {
    let next = folder.folders.get(step);
    if (!next) {
      next = newFolder(child(folder.node, step));
      folder.folders.set(step, next);
    }
    folder = next;
  }
  if (name !== undefined) folder.files.push([name, entry]);
}

function openZip(path: string) {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY);
  } catch (error) {
    throw folderMissing(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  const { size, mtimeNs, ino } = fstatSync(file, { bigint: true });
  return {
    size: Number(size),
    stamp: `${size} ${mtimeNs} ${ino}`,
    read(at: number, length: number): Uint8Array {
      const bytes = Buffer.allocUnsafeSlow(length);
      for (let done = 0; done < length; ) {
        const read = readSync(file, bytes, done, length - done, at + done);
        if (read === 0) throw badFile(path, `it ends at ${at + done}`, `${size} bytes`);
        done += read;
      }
      return bytes;
    },
    close: () => closeSync(file),
  };
}
