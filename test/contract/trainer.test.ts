import { createTrainer } from "../../src/engine/trainer.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { tinyTraining } from "../support/tiny-generation.js";
import { trainerContract } from "./trainer.js";

trainerContract("fake", (given) => fakeTrainer({ ...given, training: tinyTraining }));
trainerContract("onnx", (given) => createTrainer({ ...given, training: tinyTraining, threads: 1 }));
trainerContract("tfjs", (given) =>
  createTrainer({ ...given, training: tinyTraining, engine: "tfjs", device: "wasm" }),
);
