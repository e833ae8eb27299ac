// Serves the bundle to browsers, over loopback only: a page on 127.0.0.1 is a secure context, so it has crypto.subtle.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const page = `<!doctype html>
<title>Regulus</title>
<script type="module">
  globalThis.outcome = import('/jobs.mjs').then(({ runJobs }) => runJobs());
  // Asked for as text: all three ways to drive a browser pass text on unchanged.
  globalThis.report = () => globalThis.outcome.then(JSON.stringify, (error) => JSON.stringify({ error: String(error) }));
</script>
`;

/** Resolves to the page's address and a function that stops serving. */
export function serve(bundle) {
  const files = {
    '/': ['text/html; charset=utf-8', page],
    '/jobs.mjs': ['text/javascript; charset=utf-8', readFileSync(bundle)],
  };
  const server = createServer(({ url }, response) => {
    const [type, body] = files[url] ?? [];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject).listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}/`,
        close() {
          server.close();
          server.closeAllConnections();
        },
      }),
    );
  });
}
