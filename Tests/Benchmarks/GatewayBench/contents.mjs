// What the servers are asked for: files of three sizes, more than one of each.
import { randomBytes } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** 20 MiB in all, which every server holds in memory. */
export const sizes = [
  { label: '1 KiB', bytes: 1_024, count: 256 },
  { label: '64 KiB', bytes: 65_536, count: 64 },
  { label: '1 MiB', bytes: 1_048_576, count: 16 },
];

export const pathsOf = ({ bytes, count }) =>
  Array.from({ length: count }, (_, index) => `parts/${bytes}-${index}.png`);

/**
 * Makes a folder that can be published: an application's, and files of every size beside it. Nothing
 * of them compresses.
 */
export async function writeContents(folder, application) {
  await cp(path.join(application, 'web'), folder, { recursive: true });
  // It lists what webpack wrote, and nothing else.
  await rm(path.join(folder, 'stats.json'));
  await mkdir(path.join(folder, 'parts'));
  for (const size of sizes) {
    for (const file of pathsOf(size)) {
      await writeFile(path.join(folder, file), randomBytes(size.bytes));
    }
  }
}
