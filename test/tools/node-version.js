// Plain JavaScript, first in every command: an old Node stops here with a sentence, not with a stack.
const needed = [22, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    [
      `Node ${needed.join('.')} or later is needed; this is ${process.versions.node} (${process.execPath}).`,
      'npm brings Node along as an optional dependency and puts it first on the path of every npm script:',
      '  1. run it as an npm script: `npm test`, `npm run check`, `npm start`;',
      '  2. if that says this, npm left optional dependencies out: `npm ci --include=optional`;',
      `  3. if that does not help, none is known for ${process.platform} on ${process.arch}: install Node 24 from https://nodejs.org`,
    ].join('\n'),
  );
  process.exit(1);
}
