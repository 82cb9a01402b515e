/** What the documents name is there. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENTS = globSync(["README.md", "docs/*.md", "src/**/README.md"], { cwd: ROOT });
const FOLDERS = "src|tasks|contracts|test|bench|scripts|docs";

/** Paths from the project's root. A pattern stands for the folder that it looks into; a title after # is left off. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(new RegExp(`(?<![\\w./-])(?:${FOLDERS})/[\\w./*{},-]*[\\w*}]`, "g"))].map(
    ([path]) => path.replace(/[^/]*[*{].*$/, ""),
  );

/** Targets of links that are no URLs and no titles of the same document. */
const linksIn = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));

for (const document of DOCUMENTS)
  describe(document, () => {
    // Code is of the reader's own project.
    const text = readFileSync(join(ROOT, document), "utf8").replace(/^```(ts|sh)$[^]*?^```$/gm, "");

    it("names files that exist", () => {
      const missing = pathsIn(text).filter((path) => !existsSync(join(ROOT, path)));
      expect(missing).to.deep.equal([]);
    });

    it("links to files that exist", () => {
      const folder = join(ROOT, dirname(document));
      const missing = linksIn(text).filter((target) => !existsSync(join(folder, target)));
      expect(missing).to.deep.equal([]);
    });
  });

describe("the walk of docs/architecture.md", () => {
  it("names for each step where it happens", () => {
    const text = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
    const steps = text.split("\n").filter((line) => /^\| \d+ \|/.test(line));
    expect(steps.length).to.be.above(20);
    for (const step of steps) expect(pathsIn(step), step).not.to.have.length(0);
  });
});
