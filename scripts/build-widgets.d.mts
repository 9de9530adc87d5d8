/** Builds everything into dist/widgets; sizes in bytes. */
export function buildWidgets(): Promise<{ amd: number; labextension: number; inputs: string[] }>;
