// Commands that use the models of a run outside it.

import type { Command } from "commander";
import { command } from "./call.js";
import { engine, imagesOption, json, wholeNumber } from "./options.js";

export function addModels(mulab: Command): void {
  engine(
    mulab
      .command("predict")
      .description("classify images with a task's model: its most likely classes, with their probabilities")
      .argument("<dir>")
      .argument("<images...>", "files, folders, or patterns in quotes, such as 'photos/*.png'")
      .option("--task <name>", "the task whose model predicts (default: the run's only one)")
      .option("--top <n>", "classes to list for each image", wholeNumber(1), 5)
      .addOption(imagesOption()),
  ).action(command(() => import("../predict.js"), "predictCommand"));
  mulab
    .command("certify")
    .description(
      "sign what data could have influenced each model, for somebody who trusts neither you nor mulab",
    )
    .argument("<dir>")
    .requiredOption("--out <file>", "certificate to write; the public key goes to <file>.pub.pem")
    .option(
      "--key <file>",
      "private key to sign with, made if it does not exist (default: one in your configuration)",
    )
    .option(...json)
    .action(command(() => import("../certify.js"), "certifyCommand"));
  mulab
    .command("export")
    .description(
      "write a task's model as ONNX, all retained layers as safetensors, or all tables as CSV and Parquet",
    )
    .argument("<dir>")
    .option("--task <name>", "the task whose model to write; preprocessing and labels go into the file")
    .option("--out <file>", "ONNX file to write (default: the task's name with .onnx)")
    .option(
      "--no-check",
      "don't compare the ONNX file with mulab's predictions, which needs the task's images",
    )
    .option("--layers <file>", "safetensors file for the layers of all retained models, with a manifest")
    .option("--tables <folder>", "folder for every table of the run")
    .addOption(imagesOption())
    .option(...json)
    .action(command(() => import("../export.js"), "exportCommand"));
}
