// Compiles the portal's assets into ../static/portal. Same sources and lock file, same bytes.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";
import rtlcss from "rtlcss";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "portal");
const fonts = join(here, "node_modules", "@fontsource", "noto-sans");
mkdirSync(join(out, "fonts"), { recursive: true });

const { css } = compile(join(here, "portal.scss"), {
  style: "compressed",
  loadPaths: [join(here, "node_modules")],
  quietDeps: true,
});
if (/GDS Transport|crest|crown/i.test(css)) throw new Error("the GOV.UK font or marks came along");
// What rtlcss cannot mirror: the arrow of a closed <details>.
const arrow = ".govuk-details__summary::before{clip-path:polygon(100% 0,0 50%,100% 100%)}" +
  ".govuk-details[open]>.govuk-details__summary::before{clip-path:polygon(0 0,50% 100%,100% 0)}";
writeFileSync(join(out, "portal.css"), css + "\n");
writeFileSync(join(out, "portal.rtl.css"), rtlcss.process(css) + arrow + "\n");

buildSync({
  entryPoints: [join(here, "portal.mjs")],
  outfile: join(out, "portal.js"),
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});

for (const alphabet of ["latin", "latin-ext", "cyrillic"]) {
  for (const weight of [400, 700]) {
    const name = `noto-sans-${alphabet}-${weight}-normal.woff2`;
    copyFileSync(join(fonts, "files", name), join(out, "fonts", name));
  }
}
copyFileSync(join(fonts, "LICENSE"), join(out, "fonts", "OFL.txt"));
copyFileSync(join(here, "mark.svg"), join(out, "mark.svg"));
const licence = readFileSync(join(here, "govuk-frontend-licence.txt"), "utf8");
writeFileSync(join(out, "LICENCES.txt"), licence);
