// The check in a worker, so that the page stays alive: files in, progress and the finished report out.

import { ofFiles } from "./folder.mjs";
import { verify } from "./verify.mjs";

const EVERY = 100;

/** Check what the page asked for: {name, pairs, policy, receipt, alone}; `tell({step, share})` now and then. */
export async function check({ name, pairs, policy, receipt, alone }, tell, rest = () => {}) {
  let last = -EVERY;
  const progress = (step, share) => {
    const now = performance.now();
    if (now - last < EVERY) return undefined;
    last = now;
    tell({ step, share });
    return rest();
  };
  const bytes = async (file) => (file ? { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } : null);
  const asked = { policy: await bytes(policy), receipt: await bytes(receipt) };
  const report = await verify({ folder: ofFiles(pairs, name), ...asked, alone, progress });
  return { status: report.status, sections: report.sections };
}

export function work() {
  globalThis.onmessage = async ({ data }) => {
    try {
      globalThis.postMessage({ report: await check(data, (said) => globalThis.postMessage(said)) });
    } catch (error) {
      globalThis.postMessage({ failed: String(error?.message ?? error) });
    }
  };
}
