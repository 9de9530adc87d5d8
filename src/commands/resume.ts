// `mulab resume`: continues a run or a sweep, whichever the folder holds.

import { isSweep } from "../sweep/read.js";
import { type ResumeOptions, resumeCommand } from "./run.js";
import { sweepIn } from "./sweep.js";

export async function resumeAny(dir: string, options: ResumeOptions): Promise<void> {
  if (await isSweep(dir)) await sweepIn(dir, undefined, { ...options, yes: true });
  else await resumeCommand(dir, options);
}
