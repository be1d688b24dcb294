// What the sources import of each other: never in a circle, not for a type either, so that each can be read, tested and moved alone.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = import.meta.dirname;
const FILES = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** Also what is fetched when it is needed. */
function imports(file: string): string[] {
  return [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/(?:from|import) ?\(?'(\.[^']+)'/g)]
    .map((found) => `${join(dirname(file), found[1] ?? '')}.ts`)
    .filter((other) => FILES.includes(other));
}

/** A way from a file back to one on the road to it. */
function circle(file: string, road: string[], done: Set<string>): string[] | undefined {
  if (road.includes(file)) {
    return [...road.slice(road.indexOf(file)), file];
  }
  if (done.has(file)) {
    return undefined;
  }
  for (const other of imports(file)) {
    const found = circle(other, [...road, file], done);
    if (found) {
      return found;
    }
  }
  done.add(file);
  return undefined;
}

test('no source file imports itself, by whatever way', () => {
  const done = new Set<string>();
  expect(FILES.flatMap((file) => imports(file)).length).toBeGreaterThan(100);
  expect(FILES.map((file) => circle(file, [], done)).find(Boolean)).toBeUndefined();
});
