// A receiver as Litestore's documents have it: their lines are those between the marks.
import crypto from 'node:crypto';
import http from 'node:http';

const webhookSecret = process.argv[2];

function accepts(request) {
  let processed = null;
  const processWebhook = (body) => { processed = JSON.parse(body); };
  // from "Webhook Security"
  const signature = request.headers['x-litestore-signature'];
  const expectedSignature = crypto
    .createHmac('sha256', webhookSecret)
    .update(request.body)
    .digest('hex');
  if (signature === expectedSignature) {
    // Valid webhook
    processWebhook(request.body);
  }
  // until here
  return processed;
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const processed = accepts({ headers: request.headers, body });
    console.log(JSON.stringify({ processed, again: processed && JSON.stringify(processed) === body.toString() }));
    response.writeHead(processed ? 204 : 401).end();
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
