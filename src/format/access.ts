// A task's access as tables and pictures mark it.

import { accessText, isPublic } from "../core/access.js";
import type { Access } from "../core/model.js";

/** Who may build on a task, in words; null if all may, which needs no mark. */
export const restriction = (access: Access): string | null => (isPublic(access) ? null : accessText(access));

export { accessText } from "../core/access.js";
