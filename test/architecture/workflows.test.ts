import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './imports.ts';

const files = globSync('.github/workflows/*.yml', { cwd: root });

/** The rights to write that a job may have: to attest what another job built. */
const writable = ['attestations', 'id-token'];

it('there are workflows', () => {
  expect(files.length).toBeGreaterThan(1);
});

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n');
  /** The jobs, each with its lines. */
  const jobs = (text.split('\njobs:\n')[1] ?? '').split(/^(?= {2}[\w-]+:$)/mu);

  it('uses actions at a full commit, with the version that it is', () => {
    const uses = lines.filter((line) => /^\s*(?:- )?uses:/u.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses)
      expect(line).toMatch(/uses: [\w-]+\/[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/u);
  });

  it('gives no right to all jobs, and to each what it needs', () => {
    expect(text).toMatch(/^permissions: \{\}$/mu);
    expect(jobs.length).toBeGreaterThan(0);
    for (const job of jobs) expect(job).toMatch(/^ {4}permissions:\n {6}[\w-]+: (?:read|write)$/mu);
    const written = [...text.matchAll(/^ +([\w-]+): write$/gmu)].map(([, right]) => right);
    expect(writable).toEqual(expect.arrayContaining(written));
    expect(text).not.toMatch(/write-all|read-all|secrets\./u);
  });

  it('runs nothing of ours in a job that may write', () => {
    for (const job of jobs.filter((one) => one.includes(': write')))
      expect(job).not.toMatch(/\brun:|actions\/checkout@/u);
  });

  it('leaves no credentials in a clone, and gives none to code of strangers', () => {
    const clones = text.match(/actions\/checkout@/gu) ?? [];
    expect(text.match(/persist-credentials: false/gu)).toHaveLength(clones.length);
    expect(text).not.toMatch(/pull_request_target|workflow_run/u);
  });

  it('has no expression in a command, where its value would be code', () => {
    const commands = lines.filter((line) => /^\s*(?:- )?run:/u.test(line));
    expect(commands.filter((line) => /\$\{\{|[|>]$/u.test(line))).toEqual([]);
  });
});
