import { describeStoneProofOnL1 } from "../support/stone-suite.ts";

describeStoneProofOnL1("small");
