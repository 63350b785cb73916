// One script for three places: the page, the worker that the page starts from the same text, and Node for tests.

import { Folder, ofFiles } from "./folder.mjs";
import { signedByScript } from "./ed25519.mjs";
import * as beacon from "./beacon.mjs";
import * as fairness from "./fairness.mjs";
import * as note from "./note.mjs";
import * as policies from "./policy.mjs";
import { show } from "./page.mjs";
import { sha256 } from "./sha256.mjs";
import * as tree from "./tree.mjs";
import { verify } from "./verify.mjs";
import { languages, printed } from "./words.mjs";
import { work } from "./worker.mjs";

if (typeof document !== "undefined") show(document.currentScript.textContent);
else if (typeof WorkerGlobalScope !== "undefined") work();
else globalThis.musterRollVerifier = { Folder, ofFiles, signedByScript, beacon, fairness, note, policies, sha256, tree, verify, languages, printed };
