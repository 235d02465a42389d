// Validate every *.json below a folder by ajv, in one process: the peer of `cib check --schema`.
//
//     node ajv.mjs SCHEMA FOLDER
//
// Prints how many are valid and how many are not; exit code 1 when some are not.
import fs from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [schemaFile, folder] = process.argv.slice(2);
// Without a precision ajv refuses 0.07 as a multiple of 0.01: it divides doubles.
const ajv = new Ajv2020({ strict: false, allErrors: false, multipleOfPrecision: 6 });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(schemaFile, 'utf8')));

let valid = 0;
let invalid = 0;
const walk = (dir) => {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) walk(file);
    else if (entry.name.endsWith('.json')) {
      if (validate(JSON.parse(fs.readFileSync(file, 'utf8')))) valid++;
      else invalid++;
    }
  }
};
walk(folder);
console.log(`${valid} valid, ${invalid} not`);
process.exitCode = invalid ? 1 : 0;
