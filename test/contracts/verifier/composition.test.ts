/** The generated contracts state the constraints of the AIR, each of them. */
import { expect } from "chai";
import { add, div, type Felt, mul, pow } from "../../../src/field/felt.ts";
import { encodeCall } from "../../../src/l1/abi.ts";
import { VerifierClient } from "../../../src/l1/verifier/client.ts";
import { deployLayout } from "../../../src/l1/verifier/deployment.ts";
import { constraintValues } from "../../../src/prover/air/air.ts";
import { evaluateDomain } from "../../../src/prover/air/domain.ts";
import { PROOF_LAYOUTS } from "../../../src/prover/air/layouts/index.ts";
import { toMontgomery } from "../../../src/prover/montgomery.ts";
import { rootOfUnity } from "../../../src/prover/roots.ts";
import { initialAddress, verifierLayoutOf } from "../../../src/prover/verifier/layout.ts";
import { dilutedCumulativeValue } from "../../../src/prover/verifier/public-values.ts";
import { bigIntToBytes, bytesToBigInt } from "../../../src/util/bytes.ts";
import { VerifierFixture } from "../support/verifier.ts";

const random = (i: number): Felt => pow(7n, BigInt(5000 + i));

for (const definition of Object.values(PROOF_LAYOUTS))
  describe(`composition of layout ${definition.name}`, () => {
    const layout = verifierLayoutOf(definition);
    const { air } = layout;
    const rows = 2 ** 17;
    const z = random(0);
    const inputs = [
      ...layout.interactionElements,
      ...["memory/public_memory_product", "rc_min", "rc_max", "initial_ap", "final_ap"],
      ...layout.builtins.map(({ name }) => initialAddress(name)),
    ];
    const values = new Map(inputs.map((name, i): [string, Felt] => [name, random(1 + i)]));
    const mask = air.mask.map((_, i) => random(1000 + i));

    let fixture: VerifierFixture;
    let contract: VerifierClient;
    before(async () => {
      fixture = await VerifierFixture.create();
      const [composition] = await deployLayout(fixture.deploy, definition.name);
      const { provider } = fixture.connection;
      contract = new VerifierClient(provider, composition, fixture.account);
    });
    after(() => fixture.close());

    const compositionAt = async (alpha: Felt, claimed = mask): Promise<Felt> => {
      const words = [
        ...[BigInt(Math.log2(rows)), z, alpha],
        ...inputs.map((name) => values.get(name)!),
        ...claimed.map(toMontgomery),
      ];
      const bytes = Buffer.concat(words.map((word) => bigIntToBytes(word, 32)));
      return bytesToBigInt(await contract.call(encodeCall("compositionAt(bytes)", [bytes])));
    };

    it("has every constraint with its own power of alpha", async () => {
      const all = new Map([...values, ["initial_pc", 1n], ["final_pc", 5n]]);
      const { diluted } = definition;
      if (diluted !== undefined) {
        const [dilutedZ, alpha] = [all.get("diluted_check/z")!, all.get("diluted_check/alpha")!];
        const last = dilutedCumulativeValue(dilutedZ, alpha, diluted);
        all.set("diluted_check/final_cumulative_value", last);
      }
      const terms = constraintValues(air, { rows, x: z, mask, values: all }).map((value, i) => {
        const { domain } = air.constraints[i]!;
        const { numerator, denominator } = evaluateDomain(domain, z, rows, rootOfUnity(rows));
        return div(mul(value, numerator), denominator);
      });
      expect(terms.filter((term) => term === 0n)).to.deep.equal([]);
      // Two polynomials in alpha of degree below n that agree at n points have the same coefficients.
      for (let alpha = 1n; alpha <= BigInt(terms.length); alpha++) {
        const expected = terms.reduceRight((sum, term) => add(mul(sum, alpha), term), 0n);
        expect(await compositionAt(alpha), `alpha ${alpha}`).to.equal(expected);
      }
    });

    it("depends on every value of the mask", async () => {
      const alpha = random(2000);
      const before = await compositionAt(alpha);
      for (const i of mask.keys())
        expect(await compositionAt(alpha, mask.with(i, 5n)), `mask ${i}`).not.to.equal(before);
    });
  });
