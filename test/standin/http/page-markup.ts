const STYLE = `
  :root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #172b4d; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f5f7; }
  main { width: min(26rem, calc(100vw - 4rem)); margin: 2rem 0; padding: 2rem; background: #fff;
    border-radius: 8px; box-shadow: 0 1px 3px #091e4240, 0 8px 24px #091e4214; }
  h1 { font-size: 1.3rem; margin: 0 0 .75rem; }
  h2 { font-size: .95rem; margin: 1.25rem 0 .25rem; }
  ul { margin: 0; padding-left: 1.2rem; }
  code { font-size: .85rem; }
  label { display: block; padding: .25rem 0; }
  button { font: inherit; padding: .5rem 1rem; margin: 1rem .5rem 0 0; border: 1px solid #c1c7d0;
    border-radius: 4px; background: #fff; cursor: pointer; }
  button.primary { background: #0052cc; border-color: #0052cc; color: #fff; }
  form.account button { display: block; width: 100%; margin-top: .75rem; text-align: left; }
  footer { margin-top: 1.5rem; padding-top: .75rem; border-top: 1px solid #dfe1e6; color: #5e6c84;
    font-size: .8rem; }`;

/** A page of the stand-in: says on its face that it is not Atlassian. */
export function pageMarkup(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${content}
<footer>Stand-in for tests, not Atlassian</footer></main></body></html>`;
}

/** Text made safe for element content and quoted attributes. */
export function escapeHtml(value: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return value.replace(/[&<>"]/g, (character) => named[character] ?? character);
}
