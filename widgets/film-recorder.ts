// Records pictures as a video in the page, with the browser's own encoder: MP4 where it has one, otherwise WebM. The encoder
// takes time as it passes, so recording takes as long as the film.

/** Milliseconds of a picture and of the last, as in films (src/figures/film). */
const PICTURE_MS = 350;
const LAST_MS = 2000;

const TYPES = [
  "video/mp4;codecs=avc1.640028",
  "video/mp4;codecs=avc1",
  "video/mp4",
  "video/webm;codecs=vp9",
  "video/webm",
];

/** The kind of video that this browser records; undefined if it records none. */
export const videoType = (): string | undefined =>
  typeof MediaRecorder === "function" && "captureStream" in HTMLCanvasElement.prototype
    ? TYPES.find((type) => MediaRecorder.isTypeSupported(type))
    : undefined;

/** The ending of a file of `type`. */
export const endingOf = (type: string): string => (type.startsWith("video/mp4") ? "mp4" : "webm");

/** One picture of a film: SVG with its size in pixels, and the line above it. */
export interface FilmPicture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly caption: string;
}

export interface RecordOptions {
  readonly type: string;
  readonly ground: string;
  readonly ink: string;
  readonly signal: AbortSignal;
  /** Is called before each picture with its number, from 1. */
  readonly onPicture: (number: number) => void;
}

const CAPTION = 40;
const MOST_WIDTH = 1280;

/** The film of `pictures`, whose last one sets the scale of all; those that have nothing to show are left out. Null if it was aborted. */
export async function recordFilm(
  pictures: readonly (() => FilmPicture | undefined)[],
  { type, ground, ink, signal, onPicture }: RecordOptions,
): Promise<Blob | null> {
  const last = pictures.at(-1)!();
  if (!last) return null;
  const scale = Math.min(1.5, MOST_WIDTH / last.width);
  const canvas = document.createElement("canvas");
  // Encoders want even sizes.
  canvas.width = 2 * Math.ceil((last.width * scale) / 2);
  canvas.height = 2 * Math.ceil((last.height * scale + CAPTION) / 2);
  const context = canvas.getContext("2d")!;
  const stream = canvas.captureStream();
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 4_000_000 });
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));

  async function draw({ svg, width, height, caption }: FilmPicture): Promise<void> {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const fits = Math.min(scale, canvas.width / width, (canvas.height - CAPTION) / height);
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = ink;
    context.font = "600 15px system-ui, sans-serif";
    context.fillText(caption, 16, 26, canvas.width - 32);
    context.drawImage(image, 0, CAPTION, width * fits, height * fits);
  }

  try {
    for (const [i, picture] of pictures.entries()) {
      if (signal.aborted) return null;
      onPicture(i + 1);
      const drawn = picture();
      if (!drawn) continue;
      await draw(drawn);
      if (recorder.state === "inactive") recorder.start();
      await passed(i + 1 < pictures.length ? PICTURE_MS : LAST_MS, signal);
    }
    if (signal.aborted) return null;
    await draw(last); // ends the time of the last picture
    recorder.stop();
    await stopped;
    return new Blob(parts, { type });
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

/** Resolves after `ms` milliseconds, or when `signal` aborts. */
const passed = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
