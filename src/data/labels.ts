// Labels that a data set does not contain but that follow from its descriptions of the objects in an image, as the Visual
// Task Adaptation Benchmark (arXiv 1910.04867) defines its counting and distance tasks. Features are as TensorFlow Datasets
// flattens them: one list for all objects of an image, with three numbers per object for coordinates.

import { badFile } from "../core/errors/index.js";
import type { DerivedLabel, LabelRule } from "./catalog-entry.js";
import type { Features } from "./formats/example.js";

/** The label of an example; `where` is for messages. Throws data/bad-file if its features are missing. */
export function labelOf(rule: LabelRule, features: Features, where: string): number {
  const numbers = (name: string): readonly number[] => {
    const feature = features.get(name);
    if (!feature || typeof feature[0] === "object")
      throw badFile(where, `no numbers as ${name} among ${[...features.keys()].join(", ")}`, "its label");
    return feature as readonly number[];
  };
  if ("derived" in rule) return DERIVED[rule.derived](numbers);
  const values = numbers(rule.feature);
  if (values.length !== 1) throw badFile(where, `${values.length} values as ${rule.feature}`, "one label");
  return values[0]!;
}

type Numbers = (name: string) => readonly number[];

const DERIVED: Readonly<Record<DerivedLabel, (numbers: Numbers) => number>> = {
  // Three to ten objects.
  "clevr/count_all": (numbers) => numbers("objects/size").length - 3,
  "clevr/count_cylinders": (numbers) => numbers("objects/shape").filter((shape) => shape === 2).length,
  "clevr/closest_object_distance": (numbers) =>
    binOf(nearest(thirds(numbers("objects/pixel_coords"))), [0, 8, 8.5, 9, 9.5, 10, 100]),
  "kitti/closest_object_distance": (numbers) =>
    binOf(nearest(thirds(numbers("objects/location"))), [-100, 5.6, 8.4, 13.4, 23.4]),
  "kitti/count_vehicles": (numbers) => Math.min(3, numbers("objects/type").filter(isVehicle).length),
  // The last bin means that there is no vehicle.
  "kitti/closest_vehicle_distance": (numbers) => {
    const depths = thirds(numbers("objects/location"));
    const types = numbers("objects/type");
    const vehicles = depths.filter((_, i) => isVehicle(types[i]!));
    return binOf(nearest([...vehicles, 1000]), [-100, 8, 20, 999]);
  },
};

/** Car, van or truck, the first three of KITTI's types. */
const isVehicle = (type: number): boolean => type < 3;

/** Every third number: an object's distance from the camera. */
const thirds = (coordinates: readonly number[]): number[] => coordinates.filter((_, i) => i % 3 === 2);

const nearest = (distances: readonly number[]): number => Math.min(...distances);

/** The number of the last threshold below `value`; -1 where there is none. */
function binOf(value: number, thresholds: readonly number[]): number {
  return thresholds.findLastIndex((threshold) => threshold < value);
}
