// Lists the findings of a tenant: a frontend's certificate, a signed-in person's session, and the protos are all it takes.
//
//   node list-findings.mjs --server localhost:7443 --ca services-ca.crt --cert frontend.crt --key frontend.key \
//     --session TOKEN [--tenant UUID] [--protos ../../protos]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const { values: options } = parseArgs({
  options: {
    server: { type: 'string', default: 'localhost:7443' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    session: { type: 'string' },
    tenant: { type: 'string' },
    protos: { type: 'string', default: fileURLToPath(new URL('../../protos', import.meta.url)) },
    'page-size': { type: 'string', default: '100' },
  },
});

const definition = protoLoader.loadSync('kalisecu/findings/v1/finding_service.proto', {
  includeDirs: [options.protos],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});
const { kalisecu } = grpc.loadPackageDefinition(definition);

const read = (file) => (file ? readFileSync(file) : null);
const credentials = grpc.credentials.createSsl(read(options.ca), read(options.key), read(options.cert));
const findings = new kalisecu.findings.v1.FindingService(options.server, credentials);

// The session says who asks; the tenant is named by staff alone (a member's tenant is the member's own).
const headers = new grpc.Metadata();
if (options.session) headers.set('kalisecu-session', options.session);
if (options.tenant) headers.set('kalisecu-tenant', options.tenant);

const listFindings = (request) =>
  new Promise((resolve, reject) => {
    const deadline = Date.now() + 10_000;
    findings.ListFindings(request, headers, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });

try {
  let page_token = '';
  do {
    const page = await listFindings({ page_size: Number(options['page-size']), page_token });
    for (const finding of page.findings) console.log(JSON.stringify(finding));
    page_token = page.next_page_token;
  } while (page_token);
} catch (error) {
  // error.code is the gRPC status; the catalogued reason is in the details (google.rpc.Status, header grpc-status-details-bin).
  console.error(`${grpc.status[error.code]}: ${error.details}`);
  process.exitCode = 1;
} finally {
  findings.close();
}
