import { describeStoneProof } from "../support/stone-suite.ts";

describeStoneProof("starknet");
