import { join } from 'node:path';
import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import plugin from './lint-plugin.ts';

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester({ languageOptions: { parserOptions: { lang: 'tsx' } } });
const { rules } = plugin;
const errors = 1;

const popup = join(import.meta.dirname, '../../popup/main.tsx');
tester.run('rooms', rules.rooms, {
  valid: [{ filename: popup, code: "import { fault } from '#core/values/fault.ts';" }],
  invalid: [
    "import { x } from '../options/main.tsx';",
    "export { x } from '../options/main.tsx';",
    "export * from '../options/main.tsx';",
    "void import('../options/main.tsx');",
    "import 'undici';",
  ].map((code) => ({ filename: popup, code, errors })),
});

tester.run('expired-todo', rules['expired-todo'], {
  valid: ['// TODO [9999-01-01]: later', '// TODO: one day', '// since [2020-01-01]'],
  invalid: [
    '// TODO [2020-01-01]: it is time',
    '/**\n * A function.\n * fixme [2020-01-01] now\n */',
    '/* XXX: see above [2020-01-01] */',
  ].map((code) => ({ code, errors })),
});

tester.run('syntax', rules.syntax, {
  valid: ['const closed = ["a"] as const;', '<p>text</p>;', 'element.textContent = text;'],
  invalid: [
    'enum Closed { a }',
    'namespace N { f(); }',
    '<p dangerouslySetInnerHTML={{ __html: text }} />;',
    'element.innerHTML = text;',
    'element?.insertAdjacentHTML("beforeend", text);',
  ].map((code) => ({ code, errors })),
});

tester.run('current-time', rules['current-time'], {
  valid: ['new Date(nowMs);'],
  invalid: [{ code: 'new Date();', errors }],
});

tester.run('octal', rules.octal, {
  valid: ['f(0, 0.5, 0o17, "017");'],
  invalid: [
    {
      code: 'f(017);',
      languageOptions: { sourceType: 'script' as const, parserOptions: { lang: 'js' as const } },
      errors,
    },
  ],
});
