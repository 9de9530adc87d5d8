// The kernel's comm layer as this side sees it: found at run time, never imported. Any kernel that offers the same few
// functions under the same symbol will do.

export type MimeBundle = Record<string, unknown>;

export interface WidgetModel {
  readonly id: string;
  readonly isOpen: boolean;
  get(): Readonly<Record<string, unknown>>;
  set(changes: Record<string, unknown>): void;
  onChange(handler: (changes: Record<string, unknown>) => void): () => void;
  onCustom(handler: (content: Record<string, unknown>) => void): () => void;
}

export interface CommLayer {
  widget(state: Record<string, unknown>, options?: { fallback?: () => MimeBundle }): WidgetModel;
  display(value: unknown): { update(value: unknown): void };
  /** Keeps the running cell from ending before `work` does. */
  hold?(work: Promise<unknown>): void;
  /** Adds a way to show values; it returns undefined for those it doesn't know. Returns a function that removes it. */
  addRenderer(renderer: (value: object) => MimeBundle | Promise<MimeBundle> | undefined): () => void;
}

/** The widget kernel that runs this code, or undefined. */
export function commLayer(): CommLayer | undefined {
  return (globalThis as { [key: symbol]: unknown })[Symbol.for("mulab.comms")] as CommLayer | undefined;
}
