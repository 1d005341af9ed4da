import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Taken } from './take-pictures.ts';

/** Writes `index.html`: all pictures on one page, and those that are missing. */
export async function writeContactSheet(folder: string, taken: readonly Taken[]): Promise<void> {
  const figures = taken.map(({ name, problem }) =>
    problem === undefined
      ? `<figure><a href="${name}.png"><img src="${name}.png" alt="" loading="lazy"></a><figcaption>${name}</figcaption></figure>`
      : `<figure><pre>${escaped(problem)}</pre><figcaption>${escaped(name)}: failed</figcaption></figure>`,
  );
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pictures of every view</title>
<style>
  body { margin: 1rem; background: #888; font: 14px system-ui, sans-serif; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem; align-items: start; }
  figure { margin: 0; padding: .5rem; background: #fff; }
  img { max-width: 100%; max-height: 30rem; border: 1px solid #ccc; }
  pre { white-space: pre-wrap; color: #a00; }
</style>
<h1>${String(taken.length)} pictures</h1>
<main>
${figures.join('\n')}
</main>
</html>
`;
  await writeFile(path.join(folder, 'index.html'), html);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
