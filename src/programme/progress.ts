// How far a programme is: its steps, what the current one has done, and the time left at the pace of this session.

import { type Programme, segmentsOf } from "../core/programme.js";
import { forecastOf } from "./forecast.js";

/** A step of a programme: a segment of the system, or of one of its copies. */
export interface PlannedStep {
  /** 0 for the one with which the system begins. */
  readonly segment: number;
  readonly title: string;
  /** The number of the copy, from 1; undefined for the system itself. */
  readonly replica?: number;
  /** A count. */
  readonly children: number;
  /** By the forecast, before anything is measured. */
  readonly seconds: number;
}

export interface ProgrammeProgress {
  readonly steps: readonly PlannedStep[];
  /** Steps that have ended; a count. */
  readonly stepsDone: number;
  /** Children of the current step that have ended; a count. */
  readonly childrenDone: number;
  readonly secondsLeft: number;
}

/** The steps of `programme` in their order, copies after the system that they are copies of. */
export function plannedSteps(programme: Programme, threads: number): PlannedStep[] {
  const forecast = forecastOf(programme, threads);
  return segmentsOf(programme).flatMap(({ title, replicas }, segment) => {
    const { children, seconds } = forecast[segment]!;
    const copies = replicas?.copies ?? 1;
    const step = { segment, title, children: children / copies, seconds: seconds / copies };
    const others = Array.from({ length: copies }, (_, i) => i + 1).filter(
      (replica) => replicas && replica !== replicas.continued,
    );
    return [step, ...others.map((replica) => ({ ...step, replica }))];
  });
}

/** What a session has measured: which step it began with, and for how long it has worked. */
interface Session {
  readonly begun: { readonly step: number; readonly childrenDone: number };
  readonly seconds: number;
}

/** The progress at `stepsDone` and `childrenDone`; the pace is the forecast's until a share of a step has been done. */
export function progressOf(
  steps: readonly PlannedStep[],
  stepsDone: number,
  childrenDone: number,
  session: Session,
): ProgrammeProgress {
  const until = (step: number, children: number): number => {
    const whole = steps.slice(0, step).reduce((sum, { seconds }) => sum + seconds, 0);
    const now = steps[step];
    return whole + (now ? now.seconds * Math.min(1, children / Math.max(1, now.children)) : 0);
  };
  const done = until(stepsDone, childrenDone);
  const here = done - until(session.begun.step, session.begun.childrenDone);
  const pace = here > 0 && session.seconds > 0 ? session.seconds / here : 1;
  const secondsLeft = Math.max(0, until(steps.length, 0) - done) * pace;
  return { steps, stepsDone, childrenDone, secondsLeft };
}
