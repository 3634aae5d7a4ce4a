// Runs once before all tests: starts the product; what it returns ends it.

import { mkdir, readFile, writeFile } from 'node:fs/promises';

import { start, target, whereabouts } from './product.ts';

export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.PRODUCT) {
    // Somebody keeps one running while writing tests.
    await mkdir(target, { recursive: true });
    await writeFile(whereabouts, await readFile(process.env.PRODUCT));
    return async () => {};
  }
  const { product, stop } = await start();
  await writeFile(whereabouts, JSON.stringify(product, null, 2));
  return stop;
}
