// Verdicts of cib-bowtie and of ajv 8 on pairs of a schema and an instance, made at random from a seed.
//
//     node differential.mjs CIB-BOWTIE [SCHEMAS] [SEED]        five instances for each schema; 4,000 schemas by default
//
// A difference is explained when a rule of explanations.mjs says why the two differ there and who is right by the
// specification; explained.md is the same for people. Exit code 1 when one is left that no rule explains.
import { spawnSync } from 'node:child_process';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { explain } from './explanations.mjs';
import { Maker } from './pairs.mjs';

const [program, schemas = '4000', seed = '1'] = process.argv.slice(2);
const EACH = 5;

const maker = new Maker(Number(seed));
const cases = Array.from({ length: Number(schemas) }, () => ({
  schema: maker.document(),
  instances: Array.from({ length: EACH }, () => maker.instance()),
}));

const requests = ['{"cmd":"start","version":1}', '{"cmd":"dialect","dialect":"https://json-schema.org/draft/2020-12/schema"}'];
cases.forEach(({ schema, instances }, seq) => {
  const tests = instances.map((instance) => `{"description":"","instance":${instance}}`);
  requests.push(`{"cmd":"run","seq":${seq},"case":{"description":"","schema":${schema},"tests":[${tests}]}}`);
});
requests.push('{"cmd":"stop"}');
const run = spawnSync(program, ['--assert-format'], { input: `${requests.join('\n')}\n`, maxBuffer: 1 << 30, encoding: 'utf8' });
const answers = new Map();
for (const line of (run.stdout ?? '').split('\n')) {
  if (line) {
    const answer = JSON.parse(line);
    if ('seq' in answer) answers.set(answer.seq, answer);
  }
}
if (answers.size !== cases.length) {
  console.error(`differential: ${program} answered ${answers.size} of ${cases.length} cases (${run.error ?? run.stderr ?? run.signal})`);
  process.exit(1);
}

// One ajv for each schema: what it keeps of one must not reach the next.
function compile(schema) {
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: true, multipleOfPrecision: 6 });
  addFormats(ajv);
  return ajv.compile(schema);
}

const explained = new Map();
let differ = 0;
let open = 0;
let valid = 0;
cases.forEach(({ schema, instances }, seq) => {
  const answer = answers.get(seq);
  let ajv;
  try {
    const validate = compile(JSON.parse(schema));
    ajv = instances.map((instance) => validate(JSON.parse(instance)));
  } catch (error) {
    ajv = instances.map(() => `error: ${error.message}`);
  }
  instances.forEach((instance, i) => {
    const cib = answer.results ? answer.results[i].valid : `error: ${answer.context?.message}`;
    valid += cib === true;
    if (cib === ajv[i]) return;
    differ++;
    const why = explain(schema, instance, cib, (s, x) => compile(s)(x));
    if (why) {
      explained.set(why, (explained.get(why) ?? 0) + 1);
      return;
    }
    open++;
    if (open <= 20) console.log(`unexplained: cib ${cib}, ajv ${ajv[i]}\n  schema   ${schema}\n  instance ${instance}`);
  });
});

const pairs = cases.length * EACH;
console.log(`# ${pairs} pairs, ${valid} of them valid, ${differ} with different verdicts`);
for (const [why, count] of [...explained].sort((a, b) => b[1] - a[1])) console.log(`# ${count} explained: ${why}`);
console.log(`figure schema.differences-unexplained ${open} pairs target 0`);
process.exitCode = open ? 1 : 0;
