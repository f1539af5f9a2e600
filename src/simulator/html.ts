const STYLE = `
:root { color-scheme: light dark; --line: #8886; --accent: #0f6cbd; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
.ribbon { background: repeating-linear-gradient(135deg, #fc0 0 16px, #222 16px 32px); height: 8px; }
.notice { margin: 0; padding: .5rem 1rem; background: #fff3c4; color: #3d2f00; text-align: center; }
main { max-width: 26rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; line-height: 1.25; overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; }
label { display: block; font-weight: 600; }
input { width: 100%; font: inherit; padding: .6rem .75rem; margin: .25rem 0 1rem;
  border: 1px solid var(--line); border-radius: .5rem; }
button { width: 100%; font: inherit; font-weight: 600; padding: .75rem; margin-top: .5rem;
  border: 1px solid var(--line); border-radius: 2rem; background: transparent; color: inherit; }
button.allow { background: var(--accent); border-color: var(--accent); color: #fff; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
p.post { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1.15rem; }
small { display: block; margin-top: 1.5rem; overflow-wrap: anywhere; }
`;

/** A page of a simulated network's, which says on its face that it is none of the real one's. `body` is HTML. */
export function simulatedPage(network: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} (simulator)</title>
<style>${STYLE}</style>
</head>
<body>
<div class="ribbon"></div>
<p class="notice" role="note"><b>Simulator.</b> This is not ${escapeHtml(network)}. Nothing is published anywhere.</p>
<main>
${body}
</main>
</body>
</html>
`;
}

/** Text as a page has it. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
