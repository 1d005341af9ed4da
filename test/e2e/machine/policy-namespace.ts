import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Policy files that only the browsers see that are started by {@link PolicyNamespace.wrapper}. */
export interface PolicyNamespace {
  /** A program that starts a browser, which it gets as its first argument, in a mount namespace of its own. */
  wrapper(binary: string): string;
  /** Writes the policy file that a browser reads. A browser that runs sees it at once. */
  write(policy: unknown): void;
  remove(): void;
}

/** Lays an empty folder over where the browsers look for policies, then becomes the browser. */
const script = (folder: string, binary: string): string => `#!/bin/sh
exec unshare --mount sh -c '
set -e
mount -t tmpfs tmpfs "${folder}/overlay"
mkdir "${folder}/overlay/upper" "${folder}/overlay/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=${folder}/overlay/upper,workdir=${folder}/overlay/work" /etc
mkdir -p /etc/chromium/policies/managed /etc/firefox/policies
mount --bind "${folder}/policies" /etc/chromium/policies/managed
mount --bind "${folder}/policies" /etc/firefox/policies
exec "${binary}" "$@"
' sh "$@"
`;

/** Why this machine does not allow mount namespaces; undefined when it does. */
export function whyNoNamespace(): string | undefined {
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], {
      stdio: 'pipe',
    });
    return undefined;
  } catch (thrown) {
    const { stderr } = thrown as { readonly stderr?: Buffer };
    return `no mount namespace of its own (unshare --mount): ${String(stderr ?? thrown).trim()}`;
  }
}

export function openPolicyNamespace(): PolicyNamespace {
  const folder = mkdtempSync(path.join(tmpdir(), 'threelo-policy-'));
  for (const name of ['overlay', 'policies']) mkdirSync(path.join(folder, name));
  return {
    wrapper: (binary) => {
      const file = path.join(folder, 'browser');
      writeFileSync(file, script(folder, binary));
      chmodSync(file, 0o755);
      return file;
    },
    write: (policy) => {
      writeFileSync(path.join(folder, 'policies', 'policies.json'), JSON.stringify(policy));
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
