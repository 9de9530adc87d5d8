// Headless Chromium through playwright-core, cut off from every network but this machine's own. Two guards:
// host names do not resolve, and each request that tries all the same is recorded for the test to fail on.

import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  "--no-sandbox", // needed as root, as in containers
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/** The Chromium to drive: MULAB_CHROMIUM, or the first usual place; undefined where there is none. */
export function chromiumPath(): string | undefined {
  return [process.env.MULAB_CHROMIUM, ...CANDIDATES].find((path) => path !== undefined && existsSync(path));
}

/** Starts Chromium with an empty profile that is deleted when it closes. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error("No Chromium found; set MULAB_CHROMIUM to its path");
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** True for addresses that leave this machine. data:, blob: and about: stay in the page. */
export function isExternal(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  if (!/^(https?|wss?|ftp):$/.test(protocol)) return false;
  return !["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** The addresses outside of this machine that any page of the context asks for; grows while the context lives. */
export function recordExternalRequests(context: BrowserContext): readonly string[] {
  const external: string[] = [];
  const note = (url: string) => {
    if (isExternal(url)) external.push(url);
  };
  context.on("request", (request) => note(request.url()));
  context.on("page", (page) => page.on("websocket", (socket) => note(socket.url())));
  return external;
}
