// Runs once before all tests: starts the product; what it returns ends it. The tests find it in `PRODUCT`.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { start } from './product.ts';

export default async function setup(): Promise<() => Promise<void>> {
  // Somebody keeps one running while writing tests.
  if (process.env.PRODUCT) return async () => {};
  const { product, dir, stop } = await start();
  process.env.PRODUCT = join(dir, 'product.json');
  await writeFile(process.env.PRODUCT, JSON.stringify(product, null, 2));
  return stop;
}
