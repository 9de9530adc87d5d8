// The multitask network of a sweep's point, whose run may no longer exist: the same picture as for a run. muNet Fig. 2 and
// 9.

import type { Architecture, ArchitectureNode } from "../analysis/architecture.js";
import type { SweepPoint } from "../analysis/point.js";
import { isPublic } from "../core/access.js";
import type { LayerId } from "../core/model.js";

/** The architecture from what a point keeps of its final models' layers; it doesn't keep how long each was trained. */
export function architectureOfPoint({ tasks }: Pick<SweepPoint, "tasks">): Architecture {
  const privates = new Set(tasks.filter(({ access }) => !isPublic(access)).map(({ task }) => task));
  const nodes: (ArchitectureNode & { users: number[] })[] = [];
  const index = new Map<string, number>();
  const paths = tasks.map(({ layers }, user) =>
    layers.map(({ id, name, paramCount, trainedBy }) => {
      const known = index.get(id);
      if (known !== undefined) {
        nodes[known]!.users.push(user);
        return known;
      }
      index.set(id, nodes.length);
      return (
        nodes.push({
          id: id as LayerId,
          name,
          paramCount,
          trainedBy,
          history: trainedBy === null ? [] : [{ task: trainedBy, steps: 0 }],
          isPrivate: trainedBy !== null && privates.has(trainedBy),
          users: [user],
          isRoots: trainedBy === null,
        }) - 1
      );
    }),
  );
  return {
    taskNames: tasks.map(({ task }) => task),
    tasks: tasks.map(({ task, access, validationAccuracy, testAccuracy, lineage }, i) => ({
      name: task,
      access,
      model: lineage.at(-1)?.model ?? 0,
      validationAccuracy,
      testAccuracy,
      path: paths[i]!,
    })),
    nodes,
  };
}
