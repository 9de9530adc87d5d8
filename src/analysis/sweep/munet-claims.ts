// The nine claims that muNet's text makes (arXiv 2205.10937; method.md §h), as data: the statement, where the paper makes it,
// the statistic that decides it, the variants of a sweep that it needs, and its tests. A claim says nothing of a verdict:
// claims.ts decides.

import type { Variant } from "../../core/variant.js";
import {
  againstFull,
  againstFullEvidence,
  type ClaimNeeds,
  type Evidence,
  exchangeEvidence,
  HIGH,
  LOW,
  onlyMunet,
  partEvidence,
  partNeeds,
  sizeEvidence,
  smallerParts,
  TUNING,
  TURN,
  tradeOffEvidence,
  tradeOffNeeds,
  wholeCurve,
} from "./claim-evidence.js";
import type { VariantGroup } from "./groups.js";

/** Points of accuracy that count as no difference: the paper's ± of muNet over its five repetitions (Table 1: 1.06). */
const SAME = 1;

export interface Claim {
  /** Its name in JSON and in options. */
  readonly name: string;
  readonly statement: string;
  /** Where the paper makes it. */
  readonly source: string;
  /** What is measured, in each repetition. */
  readonly statistic: string;
  /** The tables of mulab that show the numbers behind it. */
  readonly tables: readonly string[];
  /** The variants among `variants` that decide it, and what is missing for a decision. */
  readonly needs: (variants: readonly Variant[]) => ClaimNeeds;
  /** Its tests on those variants; it holds where all tests of one list hold. */
  readonly evidence: (groups: readonly VariantGroup[]) => Evidence;
}

/** The nine claims, in the order of the paper's argument. */
export const MUNET_CLAIMS: readonly Claim[] = [
  {
    name: "accuracy",
    statement: "muNet (s=1) is more accurate than full fine-tuning",
    source: "muNet abstract, Tables 1, 2",
    statistic: "mean test accuracy over the tasks, muNet minus full fine-tuning",
    tables: ["methods", "differences"],
    needs: againstFull,
    evidence: againstFullEvidence("accuracy"),
  },
  {
    name: "size",
    statement: "muNet (s=1) has fewer parameters per task than full fine-tuning",
    source: "muNet abstract, Tables 1, 2",
    statistic: "accounted parameters per task (eq. 3), muNet minus full fine-tuning",
    tables: ["methods", "differences"],
    needs: againstFull,
    evidence: againstFullEvidence("size"),
  },
  {
    name: "size-control",
    statement: "Parameters per task fall as the scale factor falls",
    source: "muNet §3.1, Fig. 3",
    statistic: "slope of the accounted parameters over the scale factors in order; no step may clearly rise",
    tables: ["methods"],
    needs: wholeCurve,
    evidence: sizeEvidence,
  },
  {
    name: "trade-off",
    statement: "At some scale factor muNet beats every baseline in both quality and size",
    source: "muNet §3.1, Fig. 3",
    statistic: "accuracy and size, muNet minus each baseline; all of them at one scale factor",
    tables: ["methods", "differences"],
    needs: tradeOffNeeds,
    evidence: tradeOffEvidence,
  },
  {
    name: "tuning",
    statement: "Auto-tuning of hyperparameters raises accuracy (s=1)",
    source: "muNet Tables 1, 2",
    statistic: "mean test accuracy, muNet minus muNet without auto-tuning",
    tables: ["methods", "differences"],
    needs: partNeeds(TUNING),
    evidence: partEvidence(TUNING, "above"),
  },
  {
    name: "adapters-low",
    statement: `Residual adapters raise accuracy at low scale factors (s < ${TURN})`,
    source: "muNet Fig. 4",
    statistic: "mean test accuracy, muNet minus muNet without adapters, mean over these scale factors",
    tables: ["methods", "differences"],
    needs: partNeeds(LOW),
    evidence: partEvidence(LOW, "above"),
  },
  {
    name: "adapters-high",
    statement: `Residual adapters make no difference at high scale factors (s > ${TURN}; within ${SAME} point)`,
    source: "muNet Fig. 4",
    statistic: "the same, as a test of equivalence: the whole interval within ± 1 point",
    tables: ["methods", "differences"],
    needs: partNeeds(HIGH),
    evidence: partEvidence(HIGH, "within", SAME),
  },
  {
    name: "smaller-parts",
    statement: "A lower scale factor shifts the search to fewer blocks and smaller adapters",
    source: "muNet Fig. 8",
    statistic: "slopes of the mean blocks and adapter size of all children over the scale factors in order",
    tables: ["hyperparams"],
    needs: wholeCurve,
    evidence: smallerParts,
  },
  {
    name: "exchange",
    statement: "Tasks with many images pass knowledge on; tasks with few take it",
    source: "muNet Fig. 6, 7",
    statistic:
      "models built on a task's models minus models that its own is built on, larger tasks minus smaller",
    tables: ["transfer"],
    needs: onlyMunet,
    evidence: exchangeEvidence,
  },
];
