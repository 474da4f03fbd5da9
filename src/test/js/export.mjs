// Sends what its one argument describes by OpenTelemetry's own exporters, and prints what the exporter made of the answer.
//   {"signal":"logs"|"traces","url":…,"token":…,"correlationIds":[…],"attempt":…,"message":…}
// → {"code":0|1,"http":401|null,"diagnostics":[…],"elapsedMs":…}
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const task = JSON.parse(process.argv[2]);
const diagnostics = [];
const note = (...words) => diagnostics.push(words.map(String).join(' '));
diag.setLogger({ error: note, warn: note, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);

const resource = resourceFromAttributes({
  'service.name': 'integration-worker',
  'deployment.environment.name': 'test',
  tenant_id: 'acme_eu_01',
  connector: 'crm_to_erp.js_sync',
});
const options = { url: task.url, headers: { Authorization: `Bearer ${task.token}` }, timeoutMillis: 15000 };

let outcome = { code: null, http: null };
/** Keeps the outcome that the exporter tells its processor. */
function watched(exporter) {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      outcome = { code: result.code, http: result.error?.code ?? null };
      done(result);
    });
  return exporter;
}

const attributesOf = (correlationId) => ({
  correlation_id: correlationId,
  entity_type: 'order',
  entity_id: 'SO-JS',
  attempt: task.attempt ?? 1,
});

async function logs() {
  const provider = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor(watched(new OTLPLogExporter(options)))],
  });
  for (const id of task.correlationIds) {
    provider.getLogger('orders').emit({
      severityNumber: SeverityNumber.INFO,
      eventName: 'order.status.updated',
      body: task.message ?? 'done',
      attributes: attributesOf(id),
    });
  }
  await provider.forceFlush().catch(note);
}

async function traces() {
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(watched(new OTLPTraceExporter(options)))],
  });
  for (const id of task.correlationIds) {
    provider.getTracer('orders').startSpan('erp.api.request', { attributes: attributesOf(id) }).end();
  }
  await provider.forceFlush().catch(note);
}

const started = performance.now();
await (task.signal === 'logs' ? logs() : traces());
console.log(JSON.stringify({ ...outcome, diagnostics, elapsedMs: Math.round(performance.now() - started) }));
