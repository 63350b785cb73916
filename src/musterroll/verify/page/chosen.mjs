// What the person chose or dropped, as [path, File] pairs below one folder.

const MOST = 2_000_000;

/** From a file input: with a folder chosen, paths without the folder's own name. */
export function fromInput(files) {
  const pairs = [...files].map((file) => [file.webkitRelativePath || file.name, file]);
  return rooted(pairs);
}

/** From a drop: folders are walked. */
export async function fromDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return rooted([...transfer.files].map((file) => [file.name, file]));
  const pairs = [];
  for (const entry of entries) await walk(entry, "", pairs);
  return rooted(pairs);
}

async function walk(entry, before, pairs) {
  const path = before ? `${before}/${entry.name}` : entry.name;
  if (pairs.length > MOST) return;
  if (entry.isFile) {
    pairs.push([path, await new Promise((done, failed) => entry.file(done, failed))]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    for (const one of some) await walk(one, path, pairs);
  }
}

/** {name, pairs}: if everything lies in one folder, that folder is the root. */
function rooted(pairs) {
  const first = pairs[0]?.[0].split("/")[0];
  const inOne = pairs.length && pairs.every(([path]) => path.startsWith(`${first}/`));
  if (!inOne) return { name: "", pairs };
  return { name: first, pairs: pairs.map(([path, file]) => [path.slice(first.length + 1), file]) };
}
